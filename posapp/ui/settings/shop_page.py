"""Settings: the shop's own facts, which stand on papers and go along with every checkout."""

from __future__ import annotations

from posapp.domain.errors import BadField
from posapp.domain.shop import Shop
from posapp.domain.words import tr
from posapp.ui.kit.run import Runner
from posapp.ui.settings.page import SettingsPage, check_filled
from posapp.ui.settings.shop_fields import shop_fields, shop_of, values_of_shop
from posapp.usecases.settings import SettingsDesk


class ShopPage(SettingsPage):
    """Name, address, money, delivery."""

    def __init__(self, run: Runner, desk: SettingsDesk) -> None:
        super().__init__(
            run,
            title=tr("Shop"),
            reason=tr(
                "These facts go along with every checkout: the service works out taxes and the "
                "selling entity from them. Orders already made stay as they are."
            ),
            name="shop_page",
        )
        self._desk = desk
        self._till = ""
        self.form.choice_changed.connect(self._on_choice)

    def read(self) -> None:
        """Show the shop as the store has it."""
        self._run(self, self._desk.shop(), done=self._show, failed=self.fail)

    def save(self) -> None:
        """Keep the shop's facts."""
        try:
            check_filled(self.form)
            shop = shop_of({**self.form.values(), "till": self._till})
        except BadField as error:
            self.fail(error)
            return
        self.keep(
            self._desk.change_shop(shop),
            lambda still: _say_saved(still, shop.currency),
            needs_opening=True,
        )

    def _show(self, shop: Shop | None) -> None:
        if shop is None or self.is_dirty:
            return
        self._till = shop.till
        self._declare(shop.address.country)
        self.form.set_values(values_of_shop(shop))

    def _on_choice(self, field: str, _value: str) -> None:
        if field == "country":
            self._declare(self.form.values()["country"])

    def _declare(self, country: str) -> None:
        self.form.set_fields([field for field in shop_fields(country) if field.id != "till"])


def _say_saved(still: str, currency: str) -> str:
    """`still` is the currency that products are priced in when it is not the shop's."""
    if not still:
        return tr("The shop is saved.")
    return tr(
        "The shop is saved. Its products are still priced in {still}: once it is opened, bring in "
        "their prices in {currency} (Products).",
        still=still,
        currency=currency,
    )
