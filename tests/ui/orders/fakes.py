"""An order desk without a store: the real verbs over orders in memory, and a shop's day."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from posapp.domain.changes import Changes, OrdersChanged, OutboxChanged
from posapp.domain.customer import Address, Party
from posapp.domain.errors import ClaimedByOther, ReasonMissing
from posapp.domain.fulfilment import (
    Fulfilment,
    FulfilmentId,
    FulfilmentItem,
    FulfilmentRequest,
    Tracking,
    check,
    standing,
)
from posapp.domain.intent import Intent, IntentId, IntentKind, IntentState
from posapp.domain.money import Money
from posapp.domain.order import (
    LineId,
    LineState,
    Order,
    OrderId,
    OrderLine,
    OrderState,
    outlook,
)
from posapp.domain.payment import (
    Charge,
    ChargeId,
    ChargeOperation,
    ChargeState,
    OperationKind,
    OperationState,
    PaymentMethod,
    SourceId,
)
from posapp.domain.queue import Cursor, OrderRow, Page, View, stands_in
from posapp.domain.staff import Permission, Role, Staff, StaffId
from posapp.domain.timeline import EntryKind, Note, TimelineEntry
from posapp.usecases.orders import LEASE, OrderDesk, OrderSheet, UnknownOrder
from posapp.usecases.present import Present
from tests.helpers.clock import FakeClock

MIA = Staff(StaffId("mia"), "Mia", Role.MANAGER)
NO_TRACKING = Tracking()
FINN = Staff(StaffId("finn"), "Finn", Role.FULFILMENT)
CLEO = Staff(StaffId("cleo"), "Cleo", Role.CLERK)

_BUYERS = (
    ("Amélie", "Laurent", "FR", "75011", "Paris", "12 Rue Oberkampf"),
    ("Jonas", "Weber", "DE", "10115", "Berlin", "Invalidenstraße 44"),
    ("Sora", "Tanaka", "JP", "150-0001", "Tokyo", "1-2-3 Jingumae"),
    ("Olivia", "Hughes", "GB", "SW1A 1AA", "London", "221B Baker Street"),
    ("Maximilian-Alexander", "von Hohenstein-Oberbergen", "DE", "80331", "Munich", "Marienplatz 1"),
)
_GOODS = (
    ("Widget", "SKU-1", 1000),
    ("Cable, 2 m", "SKU-2", 499),
    ("Desk lamp “Halo”", "SKU-3", 8950),
)


def a_line(number: int, quantity: int, currency: str = "EUR", order_id: str = "1") -> OrderLine:
    """Return a line of so many units of the shop's goods."""
    name, sku, cents = _GOODS[number % len(_GOODS)]
    amount = Money(cents * quantity, currency)
    return OrderLine(
        id=LineId(f"{order_id}-{number}"),
        sku=sku,
        name=name,
        quantity=quantity,
        amount=amount,
        tax=amount.share(20, 100),
        rate="20",
        shipping=Money.zero(currency),
        shipping_tax=Money.zero(currency),
        state=LineState.CREATED,
        physical=True,
        key=f"line-{number}",
    )


def an_order(
    number: int = 1,
    state: OrderState = OrderState.ACCEPTED,
    *,
    quantities: Sequence[int] = (3, 1),
    created_at: datetime,
    charge: ChargeState = ChargeState.CAPTURABLE,
    operations: Sequence[ChargeOperation] = (),
    raw: str = "",
) -> Order:
    """Return an order as the service tells it."""
    order_id = f"{231388420000 + number}"
    given, family, country, postal, city, street = _BUYERS[number % len(_BUYERS)]
    lines = tuple(a_line(i, quantity, order_id=order_id) for i, quantity in enumerate(quantities))
    total = Money.total((line.gross for line in lines), "EUR")
    party = Party(
        given, family, Address(street, city, postal, country), email=f"{given.lower()}@example.com"
    )
    captured = [x for x in operations if x.kind is OperationKind.CAPTURE]
    done = [x.amount for x in captured if x.state is OperationState.COMPLETE]
    return Order(
        id=OrderId(order_id),
        state=state,
        raw_state=raw or state.value,
        currency="EUR",
        total=total,
        lines=lines,
        sale_number=str(1000 + number),
        created_at=created_at,
        updated_at=created_at,
        email=party.email,
        bill_to=party,
        ship_to=party,
        selling_entity_name="DR globalTech Inc.",
        subtotal=Money.total((line.amount for line in lines), "EUR"),
        tax=Money.total((line.tax for line in lines), "EUR"),
        captured=Money.total(done, "EUR"),
        charges=(
            Charge(ChargeId(f"ch_{number}"), order_id, "src_1", total, charge, tuple(operations)),
        ),
        methods=(PaymentMethod(SourceId("src_1"), "creditCard", total, "Visa", "1111"),),
    )


class FakeOrderDesk(OrderDesk):
    """Orders in memory. `fails[verb]` makes that verb fail; `gate` holds every answer back."""

    def __init__(self, clock: FakeClock, changes: Changes, staff: Staff | None = MIA) -> None:
        nothing = cast("Any", None)
        numbers = iter(range(1, 10_000))
        present = Present(changes)
        super().__init__(nothing, nothing, clock, lambda: f"id-{next(numbers)}", present, "till 1")
        present.enter(staff)
        self.changes = changes
        self.orders: dict[str, Order] = {}
        self.fulfilments: dict[str, list[Fulfilment]] = {}
        self.outbox: dict[str, list[tuple[FulfilmentRequest, Intent]]] = {}
        self.seen_at: dict[str, datetime] = {}  # when the service last told, now if absent
        self.claims: dict[str, tuple[str, str, datetime]] = {}
        self.notes: dict[str, list[Note]] = {}
        self.events: dict[str, list[tuple[datetime, str]]] = {}
        self.handover: set[str] = set()
        self.fails: dict[str, Exception] = {}
        self.asked: list[str] = []
        self.gate: asyncio.Event | None = None

    # ---- what a test does to the world

    def put(self, *orders: Order) -> None:
        """Have the service tell of these orders."""
        for order in orders:
            self.orders[order.id] = order
            self.events.setdefault(order.id, []).append(
                (self.clock.now(), f"order.{order.raw_state}")
            )
        self.changes.announce(OrdersChanged(frozenset(order.id for order in orders)))

    def settle(self, order_id: str, state: IntentState, reason: str = "") -> None:
        """End the last request of an order; a done one becomes a fulfilment."""
        request, intent = self.outbox[order_id][-1]
        ended = replace(intent, state=state, settled_at=self.clock.now(), reason=reason)
        self.outbox[order_id][-1] = (request, ended)
        if state is IntentState.DONE:
            made = Fulfilment(
                FulfilmentId(f"ful_{request.request}"),
                request.order_id,
                request.items,
                self.clock.now(),
                request.tracking,
                request.request,
            )
            self.fulfilments.setdefault(order_id, []).append(made)
        self.changes.announce(OutboxChanged(frozenset({order_id})))

    # ---- the desk's verbs

    async def page(
        self, view: View, after: Cursor | None = None, limit: int = 100, search: str = ""
    ) -> Page:
        await self._answer(f"page {view} {search}".strip())
        rows = sorted(map(self._row, self.orders.values()), key=_place, reverse=True)
        words = search.casefold().split()
        found = [row for row in rows if stands_in(row, view) and _has(row, words)]
        if after is not None:
            found = [row for row in found if _place(row) < (after.created_at, after.order_id)]
        shown = tuple(found[:limit])
        more = len(found) > limit
        return Page(shown, Cursor(shown[-1].created_at, shown[-1].order_id) if more else None)

    async def rows(self, order_ids: Sequence[str]) -> tuple[OrderRow, ...]:
        await self._answer("rows")
        return tuple(self._row(self.orders[x]) for x in order_ids if x in self.orders)

    async def counts(self) -> dict[View, int]:
        await self._answer("counts")
        rows = [self._row(order) for order in self.orders.values()]
        return {view: sum(stands_in(row, view) for row in rows) for view in View}

    async def open(self, order_id: str) -> OrderSheet:
        await self._answer(f"open {order_id}")
        return self.sheet(order_id)

    async def refresh(self, order_id: str) -> OrderSheet:
        await self._answer(f"refresh {order_id}")
        self.seen_at[order_id] = self.clock.now()
        self.changes.announce(OrdersChanged(frozenset({order_id})))
        return self.sheet(order_id)

    async def fulfil(
        self, order_id: str, items: Sequence[FulfilmentItem], tracking: Tracking = NO_TRACKING
    ) -> FulfilmentRequest:
        await self._answer(f"fulfil {order_id}")
        staff = self.present.require(Permission.FULFIL)
        if any(item.cancel_quantity for item in items):
            self.present.require(Permission.CANCEL_LINES)
        now = self.clock.now()
        chosen = tuple(item for item in items if item.quantity or item.cancel_quantity)
        request = FulfilmentRequest(
            self.new_id(), OrderId(order_id), chosen, tracking, staff.name, now
        )
        sheet = self.sheet(order_id)
        check(request, sheet.order, sheet.lines)
        intent = Intent(
            IntentId(self.new_id()), IntentKind.FULFILMENT, f"order:{order_id}", request.request,
            "", now, order_id=order_id,
        )  # fmt: skip
        self.outbox.setdefault(order_id, []).append((request, intent))
        self.handover.discard(order_id)
        self.changes.announce(OutboxChanged(frozenset({order_id})))
        return request

    async def hand_over(self, order_id: str) -> FulfilmentRequest:
        await self._answer(f"hand over {order_id}")
        lines = self.sheet(order_id).lines
        return await self.fulfil(order_id, [FulfilmentItem(x.line.id, x.open) for x in lines])

    async def claim(self, order_id: str, *, take_over: bool = False) -> datetime:
        await self._answer(f"{'take over' if take_over else 'claim'} {order_id}")
        staff = self.present.require(Permission.TAKE_OVER if take_over else Permission.FULFIL)
        now = self.clock.now()
        held = self.claims.get(order_id)
        if held and held[2] > now and held[0] != staff.name and not take_over:
            raise ClaimedByOther(order_id, *held)
        self.claims[order_id] = (staff.name, self.till, now + LEASE)
        self.changes.announce(OrdersChanged(frozenset({order_id})))
        return now + LEASE

    async def renew_claim(self, order_id: str) -> bool:
        await self._answer(f"renew {order_id}")
        held = self.claims.get(order_id)
        staff = self.present.staff
        if staff is None or held is None or held[:2] != (staff.name, self.till):
            return False
        self.claims[order_id] = (staff.name, self.till, self.clock.now() + LEASE)
        self.changes.announce(OrdersChanged(frozenset({order_id})))
        return True

    async def release_claim(self, order_id: str) -> None:
        await self._answer(f"release {order_id}")
        staff = self.present.require(Permission.FULFIL)
        held = self.claims.get(order_id)
        if held and held[2] > self.clock.now() and held[0] != staff.name:
            raise ClaimedByOther(order_id, *held)
        self.claims.pop(order_id, None)
        self.changes.announce(OrdersChanged(frozenset({order_id})))

    async def note(self, order_id: str, text: str) -> Note:
        await self._answer(f"note {order_id}")
        staff = self.present.require(Permission.NOTE)
        if not text.strip():
            raise ReasonMissing("note")
        note = Note(order_id, text.strip(), staff.name, self.clock.now())
        self.notes.setdefault(order_id, []).append(note)
        self.changes.announce(OrdersChanged(frozenset({order_id})))
        return note

    # ---- inside

    def sheet(self, order_id: str) -> OrderSheet:
        """Return what the desk would show of an order."""
        order = self.orders.get(order_id)
        if order is None:
            raise UnknownOrder(order_id)
        outbox = tuple(self.outbox.get(order_id, ()))
        waiting = tuple(request for request, intent in outbox if intent.open)
        made = tuple(self.fulfilments.get(order_id, ()))
        notes = tuple(self.notes.get(order_id, ()))
        return OrderSheet(
            order=order,
            lines=standing(order, made, waiting),
            fulfilments=made,
            outbox=outbox,
            timeline=self._timeline(order_id),
            notes=notes,
            outlook=outlook(order, sending=bool(waiting)),
            seen_at=self.seen_at.get(order_id, self.clock.now()),
            claim=self.claims.get(order_id),
            to_hand_over=order_id in self.handover,
        )

    def _timeline(self, order_id: str) -> tuple[TimelineEntry, ...]:
        told = [TimelineEntry(at, EntryKind.EVENT, what) for at, what in self.events[order_id]]
        for request, _intent in self.outbox.get(order_id, ()):
            at = request.decided_at or self.clock.now()
            told.append(
                TimelineEntry(at, EntryKind.DECISION, "fulfil", "2 × Widget", request.decided_by)
            )
        told += [
            TimelineEntry(note.written_at, EntryKind.NOTE, "note", note.text, note.author)
            for note in self.notes.get(order_id, ())
        ]
        return tuple(sorted(told, key=lambda entry: entry.at))

    def _row(self, order: Order) -> OrderRow:
        sheet = self.sheet(order.id)
        holder, _till, until = sheet.claim or ("", "", None)
        return OrderRow(
            order_id=order.id,
            state=order.state,
            raw_state=order.raw_state,
            outlook=sheet.outlook,
            sale_number=order.sale_number,
            buyer=order.buyer,
            email=order.email,
            line_count=len(order.lines),
            units=sum(x.ordered for x in sheet.lines),
            open_units=sum(x.open for x in sheet.lines),
            total=order.total,
            created_at=order.created_at or self.clock.now(),
            updated_at=order.updated_at,
            sending=sum(x.waiting for x in sheet.lines),
            to_hand_over=sheet.to_hand_over,
            claimed_by=holder,
            claim_until=until,
            notes=len(sheet.notes),
        )

    async def _answer(self, what: str) -> None:
        self.asked.append(what)
        if self.gate is not None:
            await self.gate.wait()
        error = self.fails.get(what.split(maxsplit=1)[0])
        if error is not None:
            raise error


def _place(row: OrderRow) -> tuple[datetime, str]:
    return (row.created_at, row.order_id)


def _has(row: OrderRow, words: Sequence[str]) -> bool:
    text = f"{row.order_id} {row.sale_number} {row.buyer} {row.email}".casefold().split()
    return all(any(part.startswith(word) for part in text) for word in words)


def operation(
    kind: OperationKind, cents: int, state: OperationState, at: datetime
) -> ChargeOperation:
    """Return one movement of money."""
    return ChargeOperation(f"op_{kind}_{cents}", kind, Money(cents, "EUR"), state, at, at)


def fill(desk: FakeOrderDesk, ready: int = 14) -> None:
    """Give the desk a day: orders in every state, one to hand over, one claimed, one noted."""
    now = desk.clock.now()
    for number in range(1, ready + 1):
        quantities = ((3, 1), (1,), (2, 2, 1))[number % 3]
        made = now - timedelta(minutes=7 * number)
        desk.put(an_order(number, quantities=quantities, created_at=made))
    states = (
        (OrderState.IN_REVIEW, ChargeState.CAPTURABLE),
        (OrderState.IN_REVIEW, ChargeState.CAPTURABLE),
        (OrderState.PENDING_PAYMENT, ChargeState.PENDING),
        (OrderState.BLOCKED, ChargeState.CANCELLED),
        (OrderState.FULFILLED, ChargeState.PROCESSING),
        (OrderState.COMPLETE, ChargeState.COMPLETE),
        (OrderState.CANCELLED, ChargeState.CANCELLED),
        (OrderState.DISPUTE, ChargeState.COMPLETE),
    )
    for at, (state, charge) in enumerate(states):
        made = now - timedelta(minutes=3 + 31 * at)
        desk.put(an_order(100 + at, state, charge=charge, created_at=made))
    made = now - timedelta(hours=30)
    desk.put(an_order(120, OrderState.UNKNOWN, raw="on_hold_by_bank", created_at=made))
    failed = operation(OperationKind.CAPTURE, 2400, OperationState.FAILED, now)
    desk.put(an_order(121, OrderState.FULFILLED, operations=(failed,), created_at=made))
    desk.handover.add("231388420002")
    desk.claims["231388420003"] = ("Finn", "till 2", now + LEASE)
    desk.notes["231388420004"] = [
        Note("231388420004", "Customer calls at five: leave at the neighbour’s.", "Cleo", now)
    ]
