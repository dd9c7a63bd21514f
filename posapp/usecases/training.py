"""The training room's desk: sets the next outcome, sets the scene of a lesson, says how it stands,
keeps the best runs. Never meets a real service: it exists in training only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from posapp.domain.clock import Clock
from posapp.domain.customer import Customer, Party
from posapp.domain.intent import Intent, IntentKind, IntentState
from posapp.domain.lesson import Best, Command, Facts, Lesson, Score
from posapp.domain.staff import Permission, Staff, may
from posapp.usecases.orders import LEASE
from posapp.usecases.outcomes import Ahead, NextOutcome, ahead_of
from posapp.usecases.present import Present

if TYPE_CHECKING:
    from posapp.domain.fulfilment import FulfilmentRequest
    from posapp.domain.order import Order
    from posapp.domain.sale import Sale
    from posapp.gateway.sandbox_control import SandboxControl
    from posapp.store.store import Store
    from posapp.store.transaction import Tx
    from posapp.usecases.sale import SaleDesk


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a lesson: whose, and which sale or order it is about."""

    lesson: Lesson
    staff: Staff
    began_at: datetime
    sale: Sale | None = None
    order_id: str = ""
    has_held: bool = False  # a sale that was in hand was put on hold


@dataclass(frozen=True, slots=True)
class Touched:
    """What was announced as changed since the run began."""

    sales: frozenset[str] = field(default_factory=frozenset)
    orders: frozenset[str] = field(default_factory=frozenset)


@dataclass(slots=True)
class TrainingDesk:
    """What the training menu and its lessons do."""

    store: Store
    control: SandboxControl
    sale: SaleDesk
    present: Present
    clock: Clock
    look_now: Callable[[], None]

    # ── the next outcome ─────────────────────────────────────────────────────────────────────

    async def choose(self, outcome: NextOutcome) -> Ahead | None:
        """Let the next order end so; whatever was set before is forgotten.

        Raises TrainingControlFailed.
        """
        await self.control.send("/clear")
        await self.control.send("/next", outcome.command)
        return await self.ahead()

    async def clear(self) -> None:
        """Let the next order end as most do. Raises TrainingControlFailed."""
        await self.control.send("/clear")

    async def ahead(self) -> Ahead | None:
        """Return what is still to come, or None for an ordinary day. Raises
        TrainingControlFailed.
        """
        return ahead_of(await self.control.send("/state"))

    # ── lessons ──────────────────────────────────────────────────────────────────────────────

    async def bests(self) -> dict[str, Best]:
        """Return the best runs of whoever stands at the till, by lesson."""
        staff = self.present.staff
        if staff is None:
            return {}
        return await self.store.shared.read(lambda tx: tx.lessons.of(staff.id))

    async def begin(self, lesson: Lesson) -> Run:
        """Set the scene: put a sale in hand on hold, fill the basket or let an order come in, and
        tell the service what is to happen.

        Raises NotAllowed, TrainingControlFailed, StoreError.
        """
        staff = self.present.require(lesson.needs)
        run = Run(lesson, staff, self.clock.now())
        await self.control.send("/clear")
        if lesson.scene.order:
            run = replace(run, order_id=await self.control.order(*lesson.scene.order))
            self.look_now()
        if lesson.scene.basket:
            sale, has_held = await self._counter(lesson.scene.basket)
            run = replace(run, sale=sale, has_held=has_held)
        await self.tell(lesson.scene.commands, run.order_id)
        return run

    async def tell(self, commands: Sequence[Command], order_id: str) -> None:
        """Ask this of the service; the lesson's order stands where a command names it."""
        for command in commands:
            asked = command.about(order_id)
            await self.control.send(asked.path, asked.body)
        self.look_now()

    async def look(self, run: Run, place: str, touched: Touched) -> Facts:
        """Return how the run's sale and order stand now, all of it from the store."""
        sale_id = run.sale.id if run.sale is not None else ""
        sale, ledger, again = await self.store.journal.read(
            lambda tx: _sale_facts(tx, run, sale_id, touched)
        )
        order_id = run.order_id or (sale.order_id if sale is not None else "")
        told = await self.store.shared.read(lambda tx: _order_facts(tx, run, order_id, touched))
        return Facts(
            place=place,
            sale_state=sale.state if sale is not None else None,
            refusals=sum(
                x.kind is IntentKind.ORDER and x.state is IntentState.REFUSED for x in ledger
            ),
            order_id=order_id,
            order_state=told.order.state if told.order is not None else None,
            shipped=told.count(lambda item: item[0]),
            dropped=told.count(lambda item: item[1]),
            is_confirmed=told.is_confirmed,
            strays=told.strays,
            wrong_in_hand=told.wrong_in_hand,
            sold_again=again,
        )

    async def finish(self, run: Run, score: Score) -> Best | None:
        """Keep a passed run; returns the person's best before it."""
        now = self.clock.now()
        return await self.store.shared.write(
            lambda tx: tx.lessons.keep(run.staff.id, run.lesson.id, score, now)
        )

    async def leave(self, run: Run) -> Sale | None:
        """Drop a sale of the scene that came to nothing; returns the next one if so. What was
        asked of the service is for `clear` to end.
        """
        if run.sale is None or self.present.staff is None:
            return None
        sale_id = run.sale.id
        sale = await self.store.journal.read(lambda tx: tx.sales.get(sale_id))
        in_hand = await self.sale.take_up()
        if sale is None or not sale.editable or in_hand.id != sale.id:
            return None
        return await self.sale.discard(sale)

    # ── inside ───────────────────────────────────────────────────────────────────────────────

    async def _counter(self, basket: Sequence[str]) -> tuple[Sale, bool]:
        """A new sale with these goods and their buyer; what was in hand is held, never lost."""
        self.present.require(Permission.SELL)
        sale = await self.sale.take_up()
        has_held = bool(sale.basket.lines) and sale.editable
        if has_held:
            sale = await self.sale.hold(sale)
        elif not sale.editable:
            sale = await self.sale.begin()
        for sku in basket:
            sale = await self.sale.scan(sale, sku)
        return await self.sale.choose(sale, self._buyer()), has_held

    def _buyer(self) -> Customer:
        """Somebody who lives where the shop is, so that every country's rules are met."""
        shop = self.sale.shop
        return Customer(
            None,
            Party("Robin", "Practice", shop.address, email="robin@example.com"),
            locale=shop.locale,
        )


def may_learn(staff: Staff | None, lesson: Lesson) -> bool:
    """Say whether this person's role has what the lesson needs."""
    return staff is not None and may(staff, lesson.needs)


@dataclass(frozen=True, slots=True)
class _Decided:
    """What was decided about the lesson's order since the run began."""

    order: Order | None = None
    entries: tuple[tuple[FulfilmentRequest, Intent], ...] = ()
    strays: int = 0
    wrong_in_hand: int = 0

    @property
    def is_confirmed(self) -> bool:
        return bool(self.entries) and all(x.state is IntentState.DONE for _, x in self.entries)

    def count(self, units: Callable[[tuple[int, int]], int]) -> dict[str, int]:
        """Add up shipped or dropped units by product."""
        found: dict[str, int] = {}
        for request, _intent in self.entries:
            for item in request.items:
                line = self.order.line(item.line_id) if self.order is not None else None
                sku = line.sku if line is not None else ""
                found[sku] = found.get(sku, 0) + units((item.quantity, item.cancel_quantity))
        return {sku: number for sku, number in found.items() if number}


def _sale_facts(
    tx: Tx, run: Run, sale_id: str, touched: Touched
) -> tuple[Sale | None, tuple[Intent, ...], int]:
    if not sale_id:
        return None, (), 0
    others = (tx.sales.get(other) for other in touched.sales if other != sale_id)
    goods = set(run.lesson.scene.basket)
    again = sum(
        x is not None
        and x.started_at >= run.began_at
        and any(line.sku in goods for line in x.basket.lines)
        for x in others
    )
    return tx.sales.get(sale_id), tx.intents.for_sale(sale_id), again


def _order_facts(tx: Tx, run: Run, order_id: str, touched: Touched) -> _Decided:
    def mine(other: str) -> tuple[tuple[FulfilmentRequest, Intent], ...]:
        return tuple(
            (request, intent)
            for request, intent in tx.outbox.history(other)
            if request.decided_by == run.staff.name
            and request.decided_at is not None
            and request.decided_at >= run.began_at
        )

    strays = sum(len(mine(other)) for other in touched.orders if other != order_id)
    since = run.began_at + LEASE  # when a claim taken now would end
    wrong = sum(
        claim.order_id != order_id and claim.until >= since
        for claim in tx.claims.of(run.staff.name)
    )
    if not order_id:
        return _Decided(strays=strays, wrong_in_hand=wrong)
    return _Decided(tx.orders.get(order_id), mine(order_id), strays, wrong)
