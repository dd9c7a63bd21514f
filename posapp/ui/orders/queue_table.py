"""The columns of the order queue: a declaration. Adding a column is adding a line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from posapp.domain.ages import age, at_time
from posapp.domain.queue import OrderRow
from posapp.domain.words import tr
from posapp.ui.kit.table import Align, CellKind, Column
from posapp.ui.orders.states import row_look

STATE, ORDER, SALE, CUSTOMER, LINES, OPEN, TOTAL, AGE, CLAIMED = range(9)

GIVEN_UP_FIRST = (LINES, SALE, CLAIMED, OPEN, AGE)
"""Which columns a narrow table does without, the first first."""


def queue_columns(now: Callable[[], datetime]) -> tuple[Column[OrderRow], ...]:
    """Return the columns; `now` is the clock that ages are told by."""
    return (
        Column(
            tr("State"),
            lambda row: row_look(row).word,
            tone=lambda row: row_look(row).tone,
            icon=lambda row: "claim" if _is_held(row, now()) else row_look(row).icon,
            tip=lambda row: _claim_tip(row, now()),
            kind=CellKind.STATUS,
            width=16,
        ),
        Column(tr("Order"), lambda row: row.order_id, kind=CellKind.STRONG, width=13),
        Column(tr("Sale"), lambda row: row.sale_number, kind=CellKind.MUTED, width=6),
        Column(
            tr("Customer"),
            lambda row: row.buyer or row.email or tr("no name"),
            tip=lambda row: row.email,
            width=0,
        ),
        Column(tr("Lines"), lambda row: str(row.line_count), align=Align.END, width=5),
        Column(tr("Open"), _open, align=Align.END, tip=_open_tip, width=7),
        Column(
            tr("Total"), lambda row: str(row.total), kind=CellKind.MONEY, align=Align.END, width=11
        ),
        Column(
            tr("Age"),
            lambda row: age(row.created_at, now()),
            align=Align.END,
            tip=lambda row: at_time(row.created_at, now()),
            kind=CellKind.MUTED,
            width=7,
        ),
        Column(
            tr("Claimed by"),
            lambda row: row.claimed_by if _is_held(row, now()) else "",
            icon=lambda row: "claim" if _is_held(row, now()) else "",
            kind=CellKind.MUTED,
            width=10,
        ),
    )


def _open(row: OrderRow) -> str:
    return tr("{open} of {units}", open=row.open_units, units=row.units)


def _open_tip(row: OrderRow) -> str:
    told = tr("{open} of {units} units still to leave", open=row.open_units, units=row.units)
    return f"{told}, {tr('{n} being sent', n=row.sending)}" if row.sending else told


def _is_held(row: OrderRow, now: datetime) -> bool:
    return bool(row.claimed_by) and (row.claim_until is None or row.claim_until > now)


def _claim_tip(row: OrderRow, now: datetime) -> str:
    if not _is_held(row, now):
        return ""
    until = at_time(row.claim_until, now) if row.claim_until else ""
    return tr("{name} has it in hand until {time}", name=row.claimed_by, time=until)
