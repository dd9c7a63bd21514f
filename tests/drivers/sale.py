"""The sale screen as a clerk works it: keys, scans and what stands on the screen. Only drivers
touch widgets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget

from posapp.domain.sale import Sale
from posapp.ui.kit.dialogs import SheetDialog
from posapp.ui.kit.release_light import Light as Lamp
from posapp.ui.kit.web import PaymentView
from posapp.ui.sale.counter import Place
from posapp.ui.sale.page import SalePage
from posapp.ui.sale.screen import SaleScreen
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from posapp.domain.payment_form import PaidClaim


class SaleDriver:
    """One clerk at the sale screen."""

    def __init__(self, screen: SaleScreen, *, limit_s: float = 5.0) -> None:
        self.screen = screen
        self._limit_s = limit_s

    # ── hands ────────────────────────────────────────────────────────────────────────────────

    def key(self, name: str, on: QWidget | None = None) -> None:
        """Press a key, as in "F12", "Esc", "Alt+T"."""
        pressed = QKeySequence(name)[0]  # type: ignore[index]  # the stubs lack __getitem__
        target = on or QApplication.focusWidget() or self.screen.window()
        QTest.keyClick(target, pressed.key(), pressed.keyboardModifiers())

    def type(self, text: str) -> None:
        """Type where the keyboard is."""
        target = QApplication.focusWidget() or self.screen.window()
        QTest.keyClicks(target, text)

    async def add(self, what: str) -> None:
        """Type or scan into the field, press Enter, wait until it lies in the basket."""
        before = self.sale.basket.version
        self.enter(what)
        await until(
            lambda: self.sale.basket.version > before,
            timeout_s=self._limit_s,
            what=f"{what} in the basket",
        )

    def enter(self, what: str) -> None:
        """Type into the field and press Enter; wait for nothing."""
        box = self.screen.steps.cart.page.search_box
        box.set_text(what)
        QTest.keyClick(box.edit, Qt.Key.Key_Return)

    async def forward(self) -> None:
        """Press F12 once it works."""
        button = self.screen.basket.forward_button
        await until(
            lambda: button.isVisible() and button.isEnabled(),
            timeout_s=self._limit_s,
            what="the primary key to work",
        )
        self.key("F12")

    async def fill_walk_in(self, **values: str) -> None:
        """Open the short form with F8 and fill it in."""
        self.key("F8")
        await self.fill_form(**values)

    async def fill_form(self, **values: str) -> None:
        """Fill the buyer's form in."""
        page = self.screen.steps.customer.page
        await until(lambda: page.is_form, timeout_s=self._limit_s, what="the form")
        ordinary = {
            "given_name": "Ada",
            "family_name": "Lovelace",
            "email": "ada@example.com",
            "line1": "10 Hennepin Ave",
            "postal_code": "55401",
        }
        for name, value in (ordinary | values).items():
            self._put(page.form.field(name).editor, value)

    async def pay(self, claim: PaidClaim) -> None:
        """Let the buyer's form claim this payment."""
        (await self.form()).paid.emit(claim)

    async def form(self) -> PaymentView:
        """Return the form once it is there."""
        page = self.screen.steps.payment.page
        await until(lambda: page.view is not None, timeout_s=self._limit_s, what="the payment form")
        assert page.view is not None
        return page.view

    async def answer(self, *, yes: bool) -> None:
        """Answer the question on the screen."""
        dialog = await self.dialog()
        name = "yes_button" if yes else "cancel_button"
        button = next(b for b in dialog.findChildren(QWidget) if b.objectName() == name)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.screen.window().activateWindow()  # off-screen no window manager gives it back

    async def dialog(self) -> SheetDialog:
        """Return the sheet that is open over the window."""
        await until(lambda: self._dialog() is not None, timeout_s=self._limit_s, what="a question")
        found = self._dialog()
        assert found is not None
        return found

    # ── eyes ─────────────────────────────────────────────────────────────────────────────────

    @property
    def sale(self) -> Sale:
        """The sale in hand."""
        sale = self.screen.in_hand.sale
        assert sale is not None, "no sale in hand yet"
        return sale

    @property
    def page(self) -> SalePage:
        """The page on show."""
        return self.screen.steps.at(self.screen.place).sale_page

    @property
    def basket(self) -> list[tuple[str, str]]:
        """(quantity, product) of each line as it stands on the screen."""
        model = self.screen.basket.table.lines
        return [model.cells(at).texts[:2] for at in range(len(model.rows))]  # type: ignore[misc]

    @property
    def banner(self) -> str:
        """The sentence on top of the page, or nothing."""
        banner = self.page.banner
        return f"{banner.title.text()} {banner.body.text()}" if banner.isVisible() else ""

    @property
    def lamp(self) -> Lamp:
        """What the release light shows."""
        return self.screen.steps.done.page.release_light.light

    async def expect_place(self, place: Place) -> None:
        """Wait for this page; fail with what stands there instead."""
        await until(
            lambda: self.screen.place is place,
            timeout_s=self._limit_s,
            what=f"the page {place} (it is {self.screen.place}: {self.banner})",
        )

    async def expect_said(self, words: str) -> None:
        """Wait for a sentence with these words on top of the page."""
        await until(
            lambda: words in self.banner,
            timeout_s=self._limit_s,
            what=f"“{words}” on the page (it says: {self.banner})",
        )

    async def expect_lamp(self, lamp: Lamp) -> None:
        """Wait until the release light shows this."""
        await until(
            lambda: self.lamp is lamp, timeout_s=self._limit_s, what=f"the {lamp.value} light"
        )

    def field_error(self, name: str) -> str:
        """Return the sentence at a field of the buyer's form."""
        return self.screen.steps.customer.page.form.field(name).error

    def _dialog(self) -> SheetDialog | None:
        found = [d for d in self.screen.window().findChildren(SheetDialog) if d.isVisible()]
        return found[-1] if found else None

    @staticmethod
    def _put(editor: QWidget, value: str) -> None:
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(editor.findData(value))
            editor.activated.emit(editor.currentIndex())
        elif isinstance(editor, QLineEdit):
            editor.setText(value)
