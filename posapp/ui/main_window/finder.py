"""Ctrl+K and F1 for the whole window: what can be done here, where one can go, orders, customers
and products by what is typed, and the keys of the screen on show. Decides nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from posapp.domain.catalogue import Product
from posapp.domain.customer import Customer
from posapp.domain.queue import Page, View
from posapp.domain.words import tr
from posapp.ui.kit.actions import Action, KeysOverlay
from posapp.ui.kit.fields import money_words
from posapp.ui.kit.palette import ActionSource, AskSource, Find, Palette, Source
from posapp.ui.kit.run import Runner

if TYPE_CHECKING:
    from posapp.usecases.orders import OrderDesk
    from posapp.usecases.sale import SaleDesk

MOST_OF_A_KIND = 6


@runtime_checkable
class HasVerbs(Protocol):
    """A screen or a tool that says what can be done with it now."""

    def verbs(self) -> tuple[Action, ...]:
        """Return what can be done."""
        ...


def verbs_of(thing: object) -> tuple[Action, ...]:
    """Return what can be done with this screen or tool; nothing when it does not say."""
    return thing.verbs() if isinstance(thing, HasVerbs) else ()


def orders_source(desk: OrderDesk, choose: Callable[[str], object]) -> AskSource[Page]:
    """Find orders by number, buyer or e-mail; `choose` opens one."""

    def show(page: Page) -> Sequence[Find]:
        return [
            Find(
                f"order:{row.order_id}",
                tr("Order {order}", order=row.order_id),
                partial(choose, row.order_id),
                detail=row.buyer,
                icon="orders",
                kind=tr("Orders"),
            )
            for row in page.rows
        ]

    return AskSource(
        tr("Orders"), lambda text: desk.page(View.ALL, limit=MOST_OF_A_KIND, search=text), show
    )


def products_source(
    desk: SaleDesk, choose: Callable[[str], object]
) -> AskSource[tuple[Product, ...]]:
    """Find products by name or number; `choose` puts one into the basket."""

    def show(found: tuple[Product, ...]) -> Sequence[Find]:
        return [
            Find(
                f"product:{product.sku}",
                product.name,
                partial(choose, product.sku),
                detail=f"{product.sku} · {money_words(product.price)}",
                icon="product" if product.physical else "digital",
                kind=tr("Products"),
            )
            for product in found
        ]

    return AskSource(tr("Products"), lambda text: desk.products(text, MOST_OF_A_KIND), show)


def customers_source(
    desk: SaleDesk, choose: Callable[[Customer], object]
) -> AskSource[tuple[Customer, ...]]:
    """Find customers by name, e-mail or phone; `choose` lets one buy."""

    def show(found: tuple[Customer, ...]) -> Sequence[Find]:
        return [
            Find(
                f"customer:{customer.id}",
                customer.party.organization or customer.party.name,
                partial(choose, customer),
                detail=customer.party.email,
                icon="customer",
                kind=tr("Customers"),
            )
            for customer in found
        ]

    return AskSource(tr("Customers"), lambda text: desk.customers(text, MOST_OF_A_KIND), show)


class Finder(QObject):
    """The two keys, and what they open."""

    def __init__(
        self,
        owner: QWidget,
        run: Runner,
        actions: Callable[[], Iterable[Action]],
        sources: Callable[[], Sequence[Source]] = tuple,
    ) -> None:
        """`actions` and `sources` are asked each time: they depend on who is in."""
        super().__init__(owner)
        self._owner = owner
        self._run = run
        self._actions = actions
        self._sources = sources
        self._keys = [
            self._key("Ctrl+K", self.open_palette),
            self._key("F1", self.open_keys),
        ]

    def sources(self) -> Sequence[Source]:
        """Return what is looked through besides the actions, for whoever is in."""
        return self._sources()

    def set_open(self, is_open: bool) -> None:
        """While a payment form exists no key of ours does anything."""
        for key in self._keys:
            key.setEnabled(is_open)

    def open_palette(self) -> None:
        """Open the palette."""
        here = ActionSource(self._actions)
        Palette(self._owner, self._run, [here, *self._sources()]).open()

    def open_keys(self) -> None:
        """Show the keys of what is on show."""
        KeysOverlay(self._owner, self._actions()).open()

    def _key(self, key: str, do: Callable[[], None]) -> QShortcut:
        shortcut = QShortcut(QKeySequence(key), self._owner)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(do)
        return shortcut
