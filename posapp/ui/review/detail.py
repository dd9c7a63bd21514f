"""One concern: its sentence, facts, notes, and what may be done about it. Approves nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QStackedLayout, QWidget

from posapp.domain.ages import age, at_time
from posapp.domain.clock import Clock
from posapp.domain.order import Order
from posapp.domain.review import ReviewItem
from posapp.domain.staff import Permission
from posapp.domain.stopped import stopped
from posapp.domain.timeline import Note
from posapp.domain.words import tr
from posapp.ui.kit import theme
from posapp.ui.kit.actions import Action
from posapp.ui.kit.banner import Banner
from posapp.ui.kit.buttons import Button, Kind, Size
from posapp.ui.kit.compare import CompareTable
from posapp.ui.kit.empty import EmptyState
from posapp.ui.kit.panels import (
    Card,
    Detail,
    DetailRows,
    Rule,
    clear,
    column,
    holder,
    row,
    scrolled,
)
from posapp.ui.kit.texts import Pill, Text
from posapp.ui.kit.theme import Type
from posapp.ui.messages import concern_sentence, stopped_heads, stopped_rows
from posapp.ui.review.concerns import (
    concern_look,
    fact_words,
    is_in_doubt,
    may_be_acknowledged,
)
from posapp.ui.review.deciding import Deciding
from posapp.usecases.orders import OrderSheet


class ReviewDetail(QWidget):
    """What stands beside the list."""

    open_wanted = Signal(str)  # the order id

    def __init__(self, deciding: Deciding, clock: Clock) -> None:
        super().__init__()
        self.setObjectName("review_detail")
        self.deciding = deciding
        self._clock = clock
        self._item: ReviewItem | None = None
        self._build()
        self._connect()
        self.show_item(None)

    # ---- what the screen asks and tells

    @property
    def item(self) -> ReviewItem | None:
        """What is shown."""
        return self._item

    def show_item(self, item: ReviewItem | None) -> None:
        """Show one concern, or that none is chosen."""
        is_other = item is None or self._item is None or _subject(item) != _subject(self._item)
        self._item = item
        if item is None:
            self._stack.setCurrentWidget(self.empty)
            return
        if is_other:
            self.banner.hush()
            self.show_sheet(None)
        self._stack.setCurrentWidget(self.page)
        self._paint(item)

    def show_sheet(self, sheet: OrderSheet | None) -> None:
        """Show what is known of the order behind the concern."""
        now = self._clock.now()
        self.order_card.setVisible(sheet is not None)
        self._show_notes(sheet.notes if sheet is not None else (), now)
        self._show_stopped(sheet)
        if sheet is not None:
            self.order_rows.show_details(order_facts(sheet.order, now))

    def tick(self) -> None:
        """A second has passed."""
        if self._item is not None:
            self._paint_waiting(self._item)

    def verbs(self) -> tuple[Action, ...]:
        """Return what can be done, for the screen's keys, F1 and the palette."""
        group = tr("Concern")
        pressed = (
            ("review.note", self.note_button, "N", "note"),
            ("review.acknowledge", self.acknowledge_button, "A", "check"),
            ("review.look_again", self.look_button, "L", "search"),
            ("review.resolve", self.resolve_button, "D", "edit"),
            ("review.open", self.open_button, "", "orders"),
        )
        return tuple(
            Action(name, button.text(), button.click, key, icon, group, _pressable(button))
            for name, button, key, icon in pressed
        )

    # ---- building

    def _build(self) -> None:
        self.title = Text("", Type.HEADING, name="title")
        self.pill = Pill(name="pill")
        self.about = Text("", muted=True, wrap=True, name="about")
        self.sentence = Text("", Type.STRONG, wrap=True, name="sentence")
        self.next_action = Text("", wrap=True, name="next_action")
        self.box = QFrame()
        self.box.setProperty("part", "banner")
        inner = column(self.sentence, self.next_action, gap=0.5)
        inner.setContentsMargins(14, 10, 14, 10)
        self.box.setLayout(inner)
        self.banner = Banner(name="review_banner")
        self._build_buttons()
        self.facts = DetailRows(name="facts")
        self.facts_card = Card(tr("Facts"), name="facts_card").add(self.facts)
        self.compare = CompareTable(name="compare")
        self.compare_card = Card(tr("What was decided"), name="compare_card").add(self.compare)
        self.order_rows = DetailRows(name="order_rows")
        self.order_card = Card(tr("Order"), name="order_card").add(self.order_rows)
        self.notes_card = Card(tr("Notes"), name="notes_card")
        panels = column(
            self.notes_card, self.compare_card, self.facts_card, self.order_card, 1, gap=1.5
        )
        panels.setContentsMargins(0, 0, 6, 0)
        self.area = scrolled(holder(panels), name="review_scroll")
        head = row(self.title, 1, self.pill)
        self.look_button.hide()  # or the room for every button is asked for, ever after
        buttons = (self.acknowledge_button, self.look_button, self.open_button, self.note_button)
        first = row(*buttons, 1, gap=0.5)
        top = QFrame()
        top.setProperty("card", True)
        parts = (head, self.about, self.box, self.banner, Rule(), first, self.resolve_button)
        lines = column(*parts, gap=1, margins=2)
        lines.setAlignment(self.resolve_button, Qt.AlignmentFlag.AlignLeft)
        top.setLayout(lines)
        self.page = holder(column(top, self.area, gap=1.5), name="review_page")
        self.empty = EmptyState("review", tr("Nothing chosen"), tr("J and K move, Enter opens."))
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.page)

    def _build_buttons(self) -> None:
        def button(text: str, name: str, icon: str, key: str, kind: Kind = Kind.QUIET) -> Button:
            size = Size.SMALL if kind is Kind.QUIET else Size.NORMAL
            return Button(text, name=name, kind=kind, icon=icon, key=key, bind=False, size=size)

        self.open_button = button(tr("Open"), "open_button", "orders", "Enter", Kind.SECONDARY)
        self.acknowledge_button = button(
            tr("Acknowledge"), "acknowledge_button", "check", "A", Kind.PRIMARY
        )
        self.look_button = button(tr("Look again"), "look_button", "search", "L", Kind.PRIMARY)
        self.note_button = button(tr("Note"), "note_button", "note", "N")
        self.resolve_button = button(tr("Decide it"), "resolve_button", "edit", "D")

    def _connect(self) -> None:
        self.open_button.clicked.connect(self._on_open)
        self.acknowledge_button.clicked.connect(self._on_acknowledge)
        self.look_button.clicked.connect(self._on_look)
        self.note_button.clicked.connect(self._on_note)
        self.resolve_button.clicked.connect(self._on_resolve)

    # ---- painting

    def _paint(self, item: ReviewItem) -> None:
        word, icon, tone = concern_look(item.concern)
        sale = tr("Sale {number}", number=item.sale_number) if item.sale_number else ""
        self.title.setText(item.order_id or sale or tr("Unfinished sale"))
        self.pill.say(word, tone, icon=icon)
        told = concern_sentence(item.concern)
        theme.set_tone(self.box, tone)
        self.sentence.setText(told.text)
        waits = tr("Waits for {owner}.", owner=told.owner)
        self.next_action.setText(f"{waits} {told.next_action}")
        self.box.setAccessibleName(f"{told.text} {self.next_action.text()}")
        facts = fact_words(item)
        self.facts_card.setVisible(bool(facts))
        self.facts.show_details([Detail(label, value) for label, value in facts])
        self._paint_waiting(item)
        self._paint_buttons(item)

    def _paint_waiting(self, item: ReviewItem) -> None:
        now = self._clock.now()
        waiting = tr(
            "waiting {age}, since {time}", age=age(item.since, now), time=at_time(item.since, now)
        )
        has_both = item.sale_number and item.order_id
        sale = tr("Sale {number}", number=item.sale_number) if has_both else ""
        parts = (sale, item.buyer, str(item.total) if item.total else "", waiting)
        self.about.setText(" · ".join(part for part in parts if part))

    def _paint_buttons(self, item: ReviewItem) -> None:
        self.open_button.setVisible(bool(item.order_id))
        self.acknowledge_button.setVisible(may_be_acknowledged(item))
        self.acknowledge_button.setEnabled(self.deciding.may(Permission.DECIDE))
        self.look_button.setVisible(is_in_doubt(item))
        self.resolve_button.setVisible(is_in_doubt(item))
        self.resolve_button.setEnabled(self.deciding.may(Permission.SETTLE))
        self.note_button.setVisible(bool(item.order_id))
        self.note_button.setEnabled(self.deciding.may(Permission.NOTE))

    def _show_stopped(self, sheet: OrderSheet | None) -> None:
        """Compare what was seen with how it stands, for a decision that was stopped."""
        wanted = self._item.intent_id if self._item is not None else ""
        for request, intent in sheet.outbox if sheet is not None and wanted else ():
            told = stopped(intent)
            if intent.id == wanted and told is not None and sheet is not None:
                title = tr("Decided by {name}", name=request.decided_by)
                self.compare_card.title.setText(title)
                rows = stopped_rows(sheet.order, request, told)
                self.compare.show_rows(stopped_heads(), rows)
                self.compare_card.show()
                return
        self.compare_card.hide()

    def _show_notes(self, notes: Sequence[Note], now: datetime) -> None:
        self.notes_card.setVisible(bool(notes))
        clear(self.notes_card.body)
        for note in reversed(notes):
            head = f"{note.author} · {at_time(note.written_at, now)}"
            lines = (Text(head, Type.CAPTION, muted=True), Text(note.text, wrap=True))
            self.notes_card.add(holder(column(*lines, gap=0.25)))

    # ---- what people do

    def _on_open(self) -> None:
        if self._item is not None and self._item.order_id:
            self.open_wanted.emit(self._item.order_id)

    def _on_acknowledge(self) -> None:
        if self._item is not None:
            self.deciding.acknowledge(self._item)

    def _on_look(self) -> None:
        if self._item is not None:
            self.deciding.look_again(self._item, self.look_button)

    def _on_note(self) -> None:
        if self._item is not None:
            self.deciding.note(self._item)

    def _on_resolve(self) -> None:
        if self._item is not None:
            self.deciding.resolve(self._item)


def order_facts(order: Order, now: datetime) -> list[Detail]:
    """Return what a manager wants to know of an order before calling the customer."""
    lines = " · ".join(
        tr("{n} × {name}", n=line.quantity, name=line.name or line.sku) for line in order.lines
    )
    bill, ship = order.bill_to, order.ship_to
    countries = [party.address.country for party in (bill, ship) if party is not None]
    if len(set(countries)) > 1:
        places = tr("billed in {bill}, shipped to {ship}", bill=countries[0], ship=countries[1])
    elif bill is not None and ship is not None and bill.address != ship.address:
        places = tr("billed and shipped to two addresses in {country}", country=countries[0])
    else:
        places = tr("one address, {country}", country=countries[0]) if countries else ""
    made = at_time(order.created_at, now) if order.created_at else ""
    phone = bill.phone if bill is not None else ""
    told = (
        (tr("Lines"), lines),
        (tr("Total"), str(order.total)),
        (tr("Made"), made),
        (tr("Addresses"), places),
        (tr("E-mail"), order.email),
        (tr("Phone"), phone),
        (tr("Fraud check"), order.fraud_state.replace("_", " ")),
    )
    return [Detail(label, value) for label, value in told if value]


def _subject(item: ReviewItem) -> tuple[str, ...]:
    return (item.concern, item.order_id, item.sale_id, item.intent_id)


def _pressable(button: Button) -> Callable[[], bool]:
    return lambda: button.isVisible() and button.isEnabled()
