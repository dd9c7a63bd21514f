"""Views of the queue: one rule for the store's index and for the news that reaches a screen."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest

from posapp.domain.money import Money
from posapp.domain.order import OrderState, Outlook
from posapp.domain.queue import OrderRow, View, stands_in, view_of


def a_row(state: OrderState, ahead: Outlook, open_units: int, *, to_hand_over: bool) -> OrderRow:
    """Return a row of the queue."""
    return OrderRow(
        order_id="1",
        state=state,
        raw_state=state.value,
        outlook=ahead,
        sale_number="7",
        buyer="Jonas Weber",
        email="jonas@example.com",
        line_count=1,
        units=3,
        open_units=open_units,
        total=Money(1200, "EUR"),
        created_at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
        updated_at=None,
        to_hand_over=to_hand_over,
    )


def test_an_order_stands_in_all_and_in_at_most_one_view_beside() -> None:
    for state, ahead, open_units, waits in product(OrderState, Outlook, (0, 2), (False, True)):
        ours = view_of(state, ahead, open_units, to_hand_over=waits)
        row = a_row(state, ahead, open_units, to_hand_over=waits)
        assert [view for view in View if stands_in(row, view)] == [
            view for view in View if view in (ours, View.ALL)
        ]


@pytest.mark.parametrize(
    ("ahead", "view"),
    [
        (Outlook.TO_FULFIL, View.READY),
        (Outlook.IN_REVIEW, View.REVIEW),
        (Outlook.AWAITING_PAYMENT, View.UNPAID),
        (Outlook.BLOCKED, View.BLOCKED),
        (Outlook.COMPLETE, None),
    ],
)
def test_an_order_stands_where_it_waits(ahead: Outlook, view: View | None) -> None:
    assert view_of(OrderState.ACCEPTED, ahead, 1, to_hand_over=False) is view


def test_a_part_that_is_being_sent_leaves_the_rest_ready() -> None:
    assert view_of(OrderState.ACCEPTED, Outlook.SENDING, 1, to_hand_over=False) is View.READY
    assert view_of(OrderState.ACCEPTED, Outlook.SENDING, 0, to_hand_over=False) is None
