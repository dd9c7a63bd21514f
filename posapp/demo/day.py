"""One day at the shop, step by step.

Drives the real window; asks the desks only to see what came of it.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QWidget

from posapp.demo.hands import DemoFailed, Hands
from posapp.domain.money import Money
from posapp.domain.order import OrderState
from posapp.domain.review import Concern, Outcome
from posapp.ui.kit.fields import QuantityEdit
from posapp.ui.kit.release_light import Light
from posapp.ui.orders.fulfil_dialog import FulfilDialog
from posapp.ui.orders.screen import OrdersScreen
from posapp.ui.review.decision_dialog import DecisionDialog
from posapp.ui.review.review_table import key_of
from posapp.ui.review.screen import ReviewScreen
from posapp.ui.sale.counter import Place
from posapp.ui.sale.screen import SaleScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from posapp.app.opening import OpenShop
    from posapp.domain.order import Order
    from posapp.domain.sale import Sale
    from posapp.ui.main_window import MainWindow
    from posapp.ui.main_window.floor import ShopFloor

W = TypeVar("W", bound=QWidget)

VISA = "4444222233331111"
DECLINED = "4000000000003600"
BUYER = {
    "given_name": "Ada",
    "family_name": "Lovelace",
    "email": "ada@example.com",
    "line1": "10 Hennepin Ave",
    "postal_code": "55401",
}


@dataclass(frozen=True)
class Form:
    """How the form is filled in and sent; the selectors of the sandbox unless others are given."""

    fills: tuple[tuple[str, str], ...] = ()
    press: str = ".DR-creditCard .DR-pay-button"

    def filled(self, number: str) -> tuple[tuple[str, str], ...]:
        """Return selector and value of each field."""
        return self.fills or (
            ("#card-number", number),
            ("#card-expiry", "12/30"),
            ("#card-cvv", "123"),
            ("#DR-terms-checkbox-creditCard", "yes"),
        )


@dataclass
class Day:
    """The window, the hands, and what was sold."""

    shop: OpenShop
    window: MainWindow
    hands: Hands
    form: Form
    sold: list[str] = field(default_factory=list)

    @property
    def floor(self) -> ShopFloor:
        """The shop floor."""
        if self.window.floor is None:
            raise DemoFailed("nobody is signed in")
        return self.window.floor

    @property
    def sell(self) -> SaleScreen:
        """The sale screen."""
        return _as(self.floor.screen_of("sell"), SaleScreen)

    @property
    def orders(self) -> OrdersScreen:
        """The orders screen."""
        return _as(self.floor.screen_of("orders"), OrdersScreen)

    async def sign_in(self, staff_id: str, pin: str) -> None:
        """Choose a name, type the PIN."""
        sign_in = self.window.sign_in
        await self.hands.until(lambda: sign_in.people, "the names")
        await self.hands.step("sign-in", "names on screen, digits are taken")
        at = [staff.id for staff in sign_in.people].index(staff_id)  # type: ignore[arg-type]  # an id is a text
        for _ in range(at):
            self.hands.key("Down")
        for digit in pin:
            self.hands.key(digit)
        await self.hands.until(lambda: self.window.floor is not None, "the shop floor")
        await self.hands.until(lambda: self.sell.in_hand.sale, "a sale in hand")

    async def basket(self, *codes: str, ship: bool) -> None:
        """Scan products into the basket."""
        box = self.sell.steps.cart.page.search_box
        for count, code in enumerate(codes, start=1):
            self.hands.put(box.edit, code)
            self.hands.enter(box.edit)
            await self.hands.until(partial(self._holds, count), f"{code} in the basket")
        if ship:
            await self.hands.press(self.sell.basket.ship_button, "Ship")
            await self.hands.until(
                lambda: all(x.delivery == "ship later" for x in self._sale().basket.lines),
                "the lines to be shipped",
            )
        await self.hands.step("basket", f"sale {self._sale().label}: {', '.join(codes)}")

    async def customer(self) -> None:
        """Fill in a walk-in."""
        await self._forward(Place.CUSTOMER)
        page = self.sell.steps.customer.page
        await self.hands.press(page.walk_in_button, "Walk-in")
        await self.hands.until(lambda: page.is_form, "the buyer's form")
        for name, value in BUYER.items():
            self.hands.put(page.form.field(name).editor, value)
        await self.hands.step("customer", BUYER["email"])

    async def checkout(self) -> None:
        """Have it taxed."""
        await self._forward(Place.CHECKOUT)
        await self.hands.until(
            lambda: self._sale().quote and self.sell.basket.forward_button.isEnabled(),
            "taxes and legal texts",
        )
        quote = self._sale().quote
        if quote is None:
            raise DemoFailed("no quote")
        await self.hands.step(
            "checkout",
            f"checkout {quote.checkout_id}: tax {quote.tax}, total {quote.total},"
            f" seller {quote.selling_entity_name}",
        )

    async def pay(self, number: str = VISA, *, step: str = "payment") -> None:
        """Fill the form in and send it."""
        await self._forward(Place.PAYMENT)
        await self._fill(number, step)

    async def pay_again(self, number: str = VISA) -> None:
        """After a decline: another card for the same basket, with a new checkout behind it."""
        if self.sell.place is Place.CHECKOUT:
            await self._forward(Place.PAYMENT)
        await self._fill(number, "another-card")

    async def _fill(self, number: str, step: str) -> None:
        page = self.sell.steps.payment.page
        await self.hands.until(lambda: page.view and page.view.state == "ready", "the form")
        view = page.view
        web = view.page() if view is not None else None
        if web is None:
            raise DemoFailed("the form is not open")
        for selector, value in self.form.filled(number):
            await self.hands.fill_web(web, selector, value)
        await self.hands.step(step, "form filled in the web view")
        await self.hands.press_web(web, self.form.press)
        await self.hands.until(lambda: self.sell.place is Place.REVIEW, "the review page")

    async def place(self, name: str, *, wanted: tuple[Place, ...] = (Place.DONE,)) -> str:
        """Review and place the order; returns its id, or nothing when it was declined."""
        method = self._sale().method
        paid_with = f"{method.brand or method.type} {method.last_four}" if method else "nothing"
        await self.hands.step("review", f"pays with {paid_with}")
        button = self.sell.basket.forward_button
        page = self.sell.steps.review.page
        if page.terms_box.isVisible() and not page.terms_box.isChecked():
            page.terms_box.click()
        await self.hands.press(button, "the order key")
        await self.hands.until(lambda: self.sell.place in wanted, f"one of {wanted}", 90)
        order_id = self._sale().order_id
        if order_id:
            self.sold.append(order_id)
        lamp = self.sell.steps.done.page.release_light
        if order_id:
            await self.hands.until(lambda: lamp.light is not Light.GREY, "the release light", 60)
        light = lamp.light if order_id else "no order"
        await self.hands.step(name, f"order {order_id or '–'}: {light}")
        return order_id

    async def expect_light(self, light: Light) -> None:
        """Wait for the release light."""
        lamp = self.sell.steps.done.page.release_light
        await self.hands.until(lambda: lamp.light is light, f"the light to say {light}", 60)

    async def next_sale(self) -> None:
        """Begin the next one."""
        await self._forward(Place.CART)

    async def queue(self, order_id: str) -> None:
        """Wait until the order's events have come by the feed, and open it."""
        await self._told(order_id, "order.accepted", synonyms=("order.created", "order.updated"))
        self.floor.go("orders")
        self.orders.open_order(order_id)
        button = self.orders.detail.fulfil_button
        await self.hands.until(button.isEnabled, "the order to be open")
        await self.hands.step("queue", f"order {order_id} came by event and is ready")

    async def fulfil(self, order_id: str, number: str) -> None:
        """Fulfil all lines with a tracking number."""
        dialog = await self._dialog(self.orders.detail.fulfil_button)
        await self.hands.press(_part(dialog, "fill_button"), "All open")
        self.hands.put(dialog.tracking.number, number)
        await self.hands.step("fulfil", f"all lines, tracking {number}")
        await self.hands.press(_part(dialog, "send_button"), "Send")
        order = await self._ended(order_id)
        if order.captured != order.total:
            raise DemoFailed(f"order {order_id}: {order.captured} captured of {order.total}")
        await self.hands.step("captured", f"order {order_id}: captured, as the feed told")

    async def fulfil_one(self, order_id: str, number: str) -> None:
        """Fulfil one unit of the first line; the rest of the order stays open."""
        dialog = await self._dialog(self.orders.detail.fulfil_button)
        first = next(x for x in dialog.findChildren(QuantityEdit) if "ship_" in x.objectName())
        self.hands.put(first.edit, "1")
        self.hands.put(dialog.tracking.number, number)
        await self.hands.step("fulfil-part", "one unit of the first line, the rest waits")
        await self.hands.press(_part(dialog, "send_button"), "Send")
        order = await self._until_order(order_id, lambda order: bool(order.captured), "a capture")
        await self.hands.step("part-sent", f"{order.captured} captured of {order.total}")

    async def cancel_rest(self, order_id: str) -> None:
        """Cancel what is still open; what was held for it is released."""
        dialog = await self._dialog(self.orders.detail.cancel_button)
        await self.hands.press(_part(dialog, "fill_button"), "All open")
        await self.hands.step("cancel", "all that is open is cancelled")
        await self.hands.press(_part(dialog, "send_button"), "Send")
        order = await self._ended(order_id)
        await self.hands.step("released", f"{order.captured} captured, {order.cancelled} released")

    async def acknowledge_blocked(self, order_id: str) -> None:
        """See the blocked order on Review and write down what became of it."""
        self.floor.go("review")
        screen = _as(self.floor.screen_of("review"), ReviewScreen)
        await self._until_review(order_id, Concern.BLOCKED)
        screen.refresh()
        await self.hands.until(lambda: self._choose(screen, order_id), "the blocked order")
        await self.hands.until(screen.detail.acknowledge_button.isVisible, "the order, blocked")
        await self.hands.step("blocked", f"order {order_id} is blocked: nothing may leave the shop")
        await self.hands.press(screen.detail.acknowledge_button, "Acknowledge")
        await self.hands.until(lambda: _shown(self.window, DecisionDialog), "the sheet")
        sheet = _as(_shown(self.window, DecisionDialog), DecisionDialog)
        sheet.choose(Outcome.CUSTOMER_TOLD.value)
        self.hands.put(sheet.reason, "Called the customer; goods stay on the shelf.")
        await self.hands.step("acknowledge", "the customer was told")
        await self.hands.press(sheet.store_button, "Store")
        await self.hands.until(lambda: not _shown(self.window, DecisionDialog), "the sheet to go")
        self.floor.go("sell")

    async def on_review(self, order_id: str) -> None:
        """See the order on the Review screen and leave a note."""
        self.floor.go("review")
        screen = _as(self.floor.screen_of("review"), ReviewScreen)
        desk = self.shop.session.desks
        await self._until_review(order_id)
        await desk.orders.note(order_id, "Customer asked to wait; ID seen at the counter.")
        screen.refresh()
        await self.hands.step("on-review", f"order {order_id} stands on Review, with a note")
        await self._told(order_id, "order.accepted")
        await self.hands.step("reviewed", f"order {order_id} accepted after review")
        self.floor.go("sell")

    async def _until_review(self, order_id: str, concern: Concern | None = None) -> None:
        for _ in range(200):
            items = await self.shop.session.desks.review.items()
            known = {item.concern for item in items if item.order_id == order_id}
            if known and (concern is None or concern in known):
                return
            await asyncio.sleep(0.1)
        raise DemoFailed(f"order {order_id} never stood on Review as {concern or 'anything'}")

    def _choose(self, screen: ReviewScreen, order_id: str) -> bool:
        item = next((x for x in screen.model.rows if x.order_id == order_id), None)
        return item is not None and screen.table.choose(key_of(item))

    async def _dialog(self, button: QWidget) -> FulfilDialog:
        await self.hands.press(button, "the order's key")
        await self.hands.until(lambda: _shown(self.window, FulfilDialog), "the dialog")
        return _as(_shown(self.window, FulfilDialog), FulfilDialog)

    async def _ended(self, order_id: str) -> Order:
        """Wait until nothing of the order is open and its money is taken or released."""
        return await self._until_order(
            order_id,
            lambda order: (
                order.state is OrderState.COMPLETE
                and Money.total(
                    filter(None, (order.captured, order.cancelled)), order.total.currency
                )
                == order.total
            ),
            "its end",
        )

    async def _until_order(
        self, order_id: str, holds: Callable[[Order], bool], what: str, limit_s: float = 120
    ) -> Order:
        """Ask the mirror until it says so; a read may follow the event."""
        end = time.monotonic() + limit_s
        while time.monotonic() < end:
            order = (await self.shop.session.desks.orders.open(order_id)).order
            if holds(order):
                return order
            await asyncio.sleep(0.1)
        raise DemoFailed(f"order {order_id} waited {limit_s:.0f} s in vain for {what}")

    async def _told(
        self, order_id: str, event: str, limit_s: float = 90, synonyms: tuple[str, ...] = ()
    ) -> None:
        end = time.monotonic() + limit_s
        while time.monotonic() < end:
            sheet = await self.shop.session.desks.orders.open(order_id)
            if any(entry.what in (event, *synonyms) for entry in sheet.timeline):
                return
            await asyncio.sleep(0.1)
        raise DemoFailed(f"{event} for order {order_id} did not come within {limit_s:.0f} s")

    async def _forward(self, wanted: Place) -> None:
        await self.hands.press(self.sell.basket.forward_button, f"the key to {wanted}")
        await self.hands.until(lambda: self.sell.place is wanted, str(wanted))

    def _holds(self, count: int) -> bool:
        return len(self._sale().basket.lines) == count

    def _sale(self) -> Sale:
        sale = self.sell.in_hand.sale
        if sale is None:
            raise DemoFailed("no sale in hand")
        return sale


def _as(widget: QWidget | None, kind: type[W]) -> W:
    if not isinstance(widget, kind):
        raise DemoFailed(f"{widget} is no {kind.__name__}")
    return widget


def _shown(window: QWidget, kind: type[W]) -> W | None:
    found = window.findChild(kind)
    return found if found is not None and found.isVisible() else None


def _part(owner: QWidget, name: str) -> QWidget:
    found = owner.findChild(QWidget, name)
    if not isinstance(found, QWidget):
        raise DemoFailed(f"there is no {name}")
    return found
