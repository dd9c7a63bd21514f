"""Sell: the step bar on top, one page at the left, the basket always at the right.

Wires pages, steps and the sale in hand; decides where a sale is taken up. Never calls the service.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from posapp.domain.changes import Change, PersonChanged, SalesChanged
from posapp.domain.customer import Customer
from posapp.domain.sale import Sale, Step, furthest_step
from posapp.domain.words import tr
from posapp.ui import messages
from posapp.ui.changes import ChangeSignals
from posapp.ui.kit import theme
from posapp.ui.kit.actions import Action
from posapp.ui.kit.buttons import Button, Kind
from posapp.ui.kit.panels import Rule, column, holder, row
from posapp.ui.kit.run import Runner
from posapp.ui.kit.step_bar import StepBar
from posapp.ui.kit.texts import Pill
from posapp.ui.kit.theme import Tone
from posapp.ui.messages import Message
from posapp.ui.sale.aside import Aside, DoubtWatch
from posapp.ui.sale.basket import BasketPanel
from posapp.ui.sale.cart_step import BasketEdits
from posapp.ui.sale.counter import STEPS, Counter, Place, Route, is_locked, place_of
from posapp.ui.sale.forms import FormPages
from posapp.ui.sale.in_hand import SaleInHand
from posapp.ui.sale.sounds import Play, Sound, beep
from posapp.ui.sale.step import SaleStep
from posapp.ui.sale.steps import Steps
from posapp.ui.sale.words import step_title
from posapp.usecases.orders import OrderDesk
from posapp.usecases.sale import SaleDesk

_OPEN = (Place.CART, Place.CUSTOMER)
_MAY_HOLD = (Place.CART, Place.CUSTOMER, Place.CHECKOUT)


def open_outside(address: str) -> None:
    """Open a link in the computer's own browser, never inside the till."""
    QDesktopServices.openUrl(QUrl(address))


class SaleScreen(QWidget):
    """The sale from the first scan to the green light."""

    form_open_changed = Signal(bool)  # a payment form exists: no filter, no keys of ours meanwhile
    place_changed = Signal(str)  # Place: another page is on show

    def __init__(  # the desks of two areas, and three ways to reach the world
        self,
        run: Runner,
        desk: SaleDesk,
        orders: OrderDesk,
        changes: ChangeSignals,
        forms: FormPages,
        *,
        play: Play = beep,
        open_link: Callable[[str], None] = open_outside,
    ) -> None:
        super().__init__()
        self.setObjectName("sale_screen")
        self.in_hand = SaleInHand(run, self)
        self._counter = Counter(
            run, desk, orders, changes, forms, self.in_hand, Route(self), play, open_link
        )
        self._is_starting = False
        self._place = Place.CART
        self.aside = Aside(self._counter, self, self._say)
        self.steps = Steps.made(self._counter, self.aside.next_sale)
        self.doubts = DoubtWatch(self._counter, self)
        self.basket = BasketPanel(self)
        self.edits = BasketEdits(self._counter, self.basket, self._say)
        self.step_bar = StepBar([step_title(step) for step in Step])
        self.doubt_pill = Pill("", Tone.WAIT, name="doubt_pill")
        self.back_button = Button("", name="back_button", kind=Kind.QUIET, icon="back", key="Esc")
        self.pages = QStackedWidget()
        self._build()
        self._connect()

    # ── what the window asks ─────────────────────────────────────────────────────────────────

    @property
    def place(self) -> Place:
        """Which page is on show."""
        return self._place

    @property
    def is_form_open(self) -> bool:
        """Whether a payment form exists."""
        return self.steps.payment.page.view is not None

    def start(self) -> None:
        """Take the sale up where it stood, or begin one. Safe to call again."""
        if self.in_hand.sale is not None or self._is_starting:
            return
        self._is_starting = True
        self._counter.run(
            self, self._counter.desk.take_up(), done=self._on_taken_up, failed=self._on_no_start
        )

    def take_in_hand(self, sale: Sale) -> None:
        """Show this sale in place of the one in hand, where it stands: a lesson's scene."""
        self.in_hand.take(sale)
        self._go(resumed_at(sale), None)

    def scan(self, code: str) -> None:
        """A scanner read this somewhere in the window: into the basket, or refused with a sound."""
        if self.in_hand.sale is None or self._place not in _OPEN or self.is_form_open:
            self._counter.play(Sound.REFUSED)
            if not self.is_form_open:
                self._say(_no_scan_here() if self.in_hand.sale is not None else _not_ready())
            return
        if self._place is not Place.CART:
            self._counter.route.go(Place.CART)
        self.steps.cart.take_scan(code)

    def take_customer(self, customer: Customer) -> None:
        """Let this customer buy, or refuse with a sound where the buyer is settled already."""
        if self.in_hand.sale is None or self._place not in _OPEN or self.is_form_open:
            self._counter.play(Sound.REFUSED)
            if not self.is_form_open:
                self._say(_not_now() if self.in_hand.sale is not None else _not_ready())
            return
        self._counter.route.go(Place.CUSTOMER)
        self.steps.customer.use(customer)

    def verbs(self) -> tuple[Action, ...]:
        """Return what the keys do on this page now, for the F1 sheet and the palette."""
        buttons = [
            button
            for button in self.findChildren(Button)
            if button.key and button.isVisibleTo(self) and (button.text() or button.toolTip())
        ]
        return tuple(
            Action(
                f"sale.{button.objectName()}",
                button.text() or button.toolTip(),
                button.click,
                button.key,
                group=tr("Sale"),
                is_possible=button.isEnabled,
            )
            for button in buttons
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's override: the first time, take the sale up."""
        super().showEvent(event)
        self.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's override: page and basket share the width."""
        super().resizeEvent(event)
        self.basket.fit(self.width())

    # ── building ─────────────────────────────────────────────────────────────────────────────

    def _build(self) -> None:
        sizes = theme.metrics()
        for step in self.steps:
            self.pages.addWidget(step.sale_page)
        self.doubt_pill.hide()
        top = QFrame()
        top.setProperty("part", "topbar")
        bar = row(self.step_bar, 1, self.doubt_pill)
        bar.setContentsMargins(sizes.space(2), sizes.space(1), sizes.space(2), sizes.space(1))
        top.setLayout(bar)
        self.foot = holder(row(self.back_button, 1))
        page = column(self.pages, self.foot, gap=1)
        page.setStretch(0, 1)
        page.setContentsMargins(sizes.space(2), sizes.space(1.5), sizes.space(2), sizes.space(1))
        middle = row(holder(page), Rule(vertical=True), self.basket, gap=0)
        middle.setStretch(0, 1)
        lines = column(top, holder(middle), gap=0)
        lines.setStretch(1, 1)
        self.setLayout(lines)

    def _connect(self) -> None:
        counter = self._counter
        counter.route.asked.connect(self._go)
        counter.changes.changed.connect(self._on_change)
        self.in_hand.changed.connect(self._on_sale)
        for step in self.steps:
            step.sale_page.forward_changed.connect(self._refresh)
        self.steps.payment.form_changed.connect(self._on_form_changed)
        self.step_bar.step_chosen.connect(self._on_step_chosen)
        self.back_button.clicked.connect(self._on_back)
        self.basket.forwarded.connect(self._on_forward)
        self.basket.customer_wanted.connect(lambda: counter.route.go(Place.CUSTOMER))
        self.basket.held.connect(self.aside.hold)
        self.basket.recalled.connect(self.aside.recall)
        self.basket.dropped.connect(self.aside.drop)
        self.in_hand.replaced.connect(self._on_replaced)
        self.doubts.counted.connect(self._on_doubts)
        self.doubts.settled.connect(self._say)

    # ── where the sale is ────────────────────────────────────────────────────────────────────

    def _on_taken_up(self, sale: Sale) -> None:
        self._is_starting = False
        if self.in_hand.sale is not None:
            return  # another was taken in hand meanwhile
        self.in_hand.take(sale)
        place = resumed_at(sale)
        if place in (Place.PAYMENT, Place.REVIEW):
            self._show(Place.PAYMENT)
            self._refresh()
            self.steps.payment.resume()
            self._refresh()
            return
        message = _resumed(sale) if sale.basket.lines and place is not Place.LOCKED else None
        self._go(place, message)

    def _on_no_start(self, error: Exception) -> None:
        self._is_starting = False
        self._say(messages.explain_sale(error))

    def _go(self, place: Place, message: Message | None) -> None:
        if self.in_hand.sale is None:
            return
        self._show(place)
        self._refresh()  # first, so that what a page does not need makes room for it
        self._step().enter(message)
        self._refresh()

    def _show(self, place: Place) -> None:
        self._step().leave()
        self._place = place
        self.pages.setCurrentWidget(self._step().sale_page)
        if place in STEPS:
            self.step_bar.set_current(STEPS.index(place))
        self.place_changed.emit(place.value)

    def _step(self) -> SaleStep:
        return self.steps.at(self._place)

    def _on_sale(self, sale: Sale) -> None:
        step = self._step()
        if step.is_on:
            step.sale_changed(sale)
        self._refresh()

    def _on_change(self, change: Change) -> None:
        match change:
            case SalesChanged():
                self._follow_doubt(change)
            case PersonChanged():
                if self.isVisible():
                    self.start()
            case _:
                return

    def _follow_doubt(self, change: SalesChanged) -> None:
        """Only a sale in doubt is changed by others; everything else this screen does itself."""
        sale = self.in_hand.sale
        if sale is None or sale.id not in change.sale_ids or not is_locked(sale):
            return

        def done(found: Sale | None) -> None:
            if (
                found is not None
                and self.in_hand.sale is not None
                and (found.id == self.in_hand.sale.id)
            ):
                self.in_hand.take(found)

        self._counter.run(self, self._counter.desk.get(sale.id), done=done, failed=self._explain)

    def _on_back(self) -> None:
        self._step().sale_page.went_back.emit()

    def _on_forward(self) -> None:
        self._step().sale_page.forwarded.emit()

    def _on_step_chosen(self, at: int) -> None:
        if self._place in (Place.PAYMENT, Place.REVIEW):
            self._step().go_back()
        elif self._place in _MAY_HOLD:
            self._counter.route.go(STEPS[at])

    # ── what is shown around the page ────────────────────────────────────────────────────────

    def _refresh(self) -> None:
        sale = self.in_hand.sale
        if sale is None:
            return
        page = self._step().sale_page
        locked = is_locked(sale) or (
            self._place is Place.REVIEW and self.steps.review.page.is_placing
        )
        self.basket.show_sale(
            sale,
            is_open=self._place in _OPEN and not locked,
            may_hold=self._place in _MAY_HOLD and not locked,
        )
        self.basket.show_lock(self._lock_words(locked=locked))
        self.basket.show_forward(page.forward())
        back = page.back()
        self.back_button.set_text(back.words)
        self.back_button.setVisible(bool(back.words))
        self.back_button.setEnabled(back.is_open)
        self.foot.setVisible(bool(back.words))

    def _lock_words(self, *, locked: bool) -> str:
        if locked:
            return tr("Locked until we know whether the order exists.")
        if self.is_form_open:
            return tr("The customer is paying. Only Cancel works.")
        if self._place in (Place.CHECKOUT, Place.REVIEW):
            return tr("Esc goes back to change the basket.")
        return ""

    def _on_form_changed(self, is_open: bool) -> None:
        """While a form exists nothing of ours takes keys but Cancel and Reload (drop-in.md 6.9)."""
        self._refresh()
        self.form_open_changed.emit(is_open)

    def _on_replaced(self, _sale: Sale) -> None:
        """What was in hand may be in doubt now, and what was in doubt may be in hand."""
        self.doubts.look()

    def _on_doubts(self, count: int) -> None:
        words = tr("1 sale being checked") if count == 1 else tr("{n} sales being checked", n=count)
        self.doubt_pill.say(words, Tone.WAIT)
        self.doubt_pill.setVisible(count > 0)

    def _explain(self, error: Exception) -> None:
        self._say(messages.explain_sale(error))

    def _say(self, message: Message) -> None:
        self._step().sale_page.say(message)


def resumed_at(sale: Sale) -> Place:
    """Return the page a sale is taken up at after a restart: where it stood, never further than its
    answers carry.
    """
    if is_locked(sale):
        return Place.LOCKED
    order = list(Step)
    furthest = furthest_step(sale)
    stood = min(order.index(sale.step), order.index(furthest))
    return place_of(order[stood])


def _resumed(sale: Sale) -> Message:
    return Message(
        tr("Sale {number} was taken up where it stood", number=sale.label),
        tr("Nothing was lost when the program ended."),
        Tone.INFO,
    )


def _not_ready() -> Message:
    return Message(
        tr("The sale is being taken up"),
        tr("Nothing was added. Try again in a moment."),
        Tone.WAIT,
        can_retry=True,
    )


def _not_now() -> Message:
    return Message(
        tr("The customer was not changed"),
        tr("The sale is past that step. Go back with Esc, then choose again."),
        Tone.WAIT,
    )


def _no_scan_here() -> Message:
    return Message(
        tr("The scan was not taken"),
        tr("The basket is priced already. Go back with Esc, then scan again."),
        Tone.WAIT,
    )
