"""A review desk without a store: concerns in memory, the real verbs' signatures."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from posapp.domain.changes import Changes, OrdersChanged
from posapp.domain.errors import ReasonMissing
from posapp.domain.intent import Intent, IntentId, IntentKind, IntentState
from posapp.domain.money import Money
from posapp.domain.order import Order, OrderState
from posapp.domain.review import Concern, Outcome, ReviewItem
from posapp.domain.staff import Permission
from posapp.usecases.review import ReviewDesk
from tests.helpers.clock import FakeClock
from tests.ui.orders.fakes import FakeOrderDesk, an_order


class FakeReviewDesk(ReviewDesk):
    """Concerns in memory. `fails[verb]` makes that verb fail; `gate` holds every answer back."""

    def __init__(self, clock: FakeClock, changes: Changes, orders: FakeOrderDesk) -> None:
        nothing = cast("Any", None)
        super().__init__(nothing, nothing, clock, orders.present)
        self.changes = changes
        self.waiting: list[ReviewItem] = []
        self.intents: dict[str, Intent] = {}
        self.decisions: list[tuple[str, Outcome, str, str]] = []
        self.resolved: list[tuple[str, bool, str]] = []
        self.fails: dict[str, Exception] = {}
        self.gate: asyncio.Event | None = None

    async def items(self) -> tuple[ReviewItem, ...]:
        await self._answer("items")
        return tuple(sorted(self.waiting, key=lambda item: item.since))

    async def acknowledge(
        self, item: ReviewItem, outcome: Outcome, reason: str, *, resold_as: str = ""
    ) -> None:
        await self._answer("acknowledge")
        self.present.require(Permission.DECIDE)
        if not reason.strip():
            raise ReasonMissing("decision")
        self.decisions.append((item.order_id, outcome, reason, resold_as))
        self.waiting.remove(item)
        self._announce(item)

    async def look_again(self, item: ReviewItem) -> Intent | None:
        await self._answer("look_again")
        intent = self.intents.get(item.intent_id)
        if intent is None or not intent.open:
            self.waiting.remove(item)
        self._announce(item)
        return intent

    async def resolve(self, item: ReviewItem, *, happened: bool, reason: str) -> None:
        await self._answer("resolve")
        self.present.require(Permission.SETTLE)
        self.resolved.append((item.intent_id, happened, reason))
        self.waiting.remove(item)
        self._announce(item)

    # ---- what a test does to the world

    def end(self, intent_id: str, state: IntentState) -> None:
        """Have the next look-up find how the write ended."""
        self.intents[intent_id] = replace(self.intents[intent_id], state=state)

    async def _answer(self, verb: str) -> None:
        if self.gate is not None:
            await self.gate.wait()
        if verb in self.fails:
            raise self.fails[verb]

    def _announce(self, item: ReviewItem) -> None:
        self.changes.announce(OrdersChanged(frozenset({item.order_id})))


def about(order: Order, concern: Concern, ago: timedelta, desk: FakeReviewDesk) -> ReviewItem:
    """Return a concern about an order, waiting so long."""
    return ReviewItem(
        concern=concern,
        since=desk.clock.now() - ago,
        order_id=order.id,
        sale_number=order.sale_number,
        buyer=order.buyer,
        total=order.total,
        facts=(("state", order.raw_state),),
    )


def fill(desk: FakeReviewDesk, orders: FakeOrderDesk) -> None:
    """Give the manager a day's worth of concerns."""
    now = desk.clock.now()
    days = (
        (201, OrderState.IN_REVIEW, Concern.IN_REVIEW, timedelta(minutes=42)),
        (202, OrderState.BLOCKED, Concern.BLOCKED, timedelta(minutes=12)),
        (203, OrderState.PENDING_PAYMENT, Concern.UNPAID, timedelta(days=2)),
        (204, OrderState.FULFILLED, Concern.CAPTURE_FAILED, timedelta(minutes=3)),
        (205, OrderState.DISPUTE, Concern.DISPUTE, timedelta(days=3)),
    )
    for number, state, concern, ago in days:
        order = an_order(number, state, created_at=now - ago - timedelta(minutes=9))
        orders.put(order)
        desk.waiting.append(about(order, concern, ago, desk))
    sale = ReviewItem(
        concern=Concern.UNKNOWN_INTENT,
        since=now - timedelta(seconds=55),
        sale_id="sale-77",
        intent_id="intent-77",
        sale_number="1077",
        buyer="Sora Tanaka",
        total=Money(4199, "EUR"),
        facts=(("kind", "create order"), ("key", "chk_77"), ("missed look-ups", "1")),
    )
    desk.waiting.append(sale)
    desk.intents["intent-77"] = Intent(
        IntentId("intent-77"), IntentKind.ORDER, "sale:77", "chk_77", "", now,
        state=IntentState.UNKNOWN, sale_id="sale-77",
    )  # fmt: skip
