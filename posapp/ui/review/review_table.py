"""The columns of the Review screen: a declaration. Adding a column is adding a line."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime

from posapp.domain.ages import age, at_time
from posapp.domain.review import ReviewItem
from posapp.domain.words import tr
from posapp.ui.kit.table import Align, CellKind, Column
from posapp.ui.review.concerns import concern_look

CONCERN, WAITING, ORDER, SALE, CUSTOMER, TOTAL, NOTES = range(7)

GIVEN_UP_FIRST = (NOTES, SALE, TOTAL, WAITING)
"""Which columns a narrow table does without, the first first."""


def key_of(item: ReviewItem) -> Hashable:
    """Return what tells one item from every other."""
    return (item.concern, item.order_id, item.sale_id, item.intent_id)


def review_columns(now: Callable[[], datetime]) -> tuple[Column[ReviewItem], ...]:
    """Return the columns; `now` is the clock that waiting is told by."""
    return (
        Column(
            tr("Concern"),
            lambda item: concern_look(item.concern)[0],
            icon=lambda item: concern_look(item.concern)[1],
            tone=lambda item: concern_look(item.concern)[2],
            kind=CellKind.STATUS,
            width=16,
        ),
        Column(
            tr("Waiting"),
            lambda item: age(item.since, now()),
            align=Align.END,
            tip=lambda item: tr("since {time}", time=at_time(item.since, now())),
            width=6,
        ),
        Column(tr("Order"), lambda item: item.order_id or "–", kind=CellKind.STRONG, width=12),
        Column(tr("Sale"), lambda item: item.sale_number, kind=CellKind.MUTED, width=7),
        Column(tr("Customer"), lambda item: item.buyer or tr("no name"), width=0),
        Column(
            tr("Total"),
            lambda item: str(item.total) if item.total is not None else "",
            kind=CellKind.MONEY,
            align=Align.END,
            width=10,
        ),
        Column(
            tr("Notes"),
            lambda item: str(item.notes) if item.notes else "",
            icon=lambda item: "note" if item.notes else "",
            kind=CellKind.MUTED,
            width=6,
        ),
    )
