"""Two tellings of an order become one, in whatever order they come."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.order import (
    OWNER,
    Light,
    Order,
    OrderState,
    Outlook,
    capture_failed,
    merge,
    merge_charge,
    merge_read,
    outlook,
    release_light,
)
from posapp.domain.payment import ChargeState, OperationState
from tests.helpers.builders import a_capture, a_charge, a_line, an_order, later, usd


def test_the_newer_telling_wins_and_the_older_changes_nothing() -> None:
    old = an_order(state=OrderState.IN_REVIEW)
    new = later(old, 5, state=OrderState.ACCEPTED)
    assert merge(old, new).order.state is OrderState.ACCEPTED
    assert merge(new, old) == merge(new, old)
    assert not merge(new, old).changed
    assert merge(new, old).order == new


def test_the_same_telling_twice_changes_nothing() -> None:
    order = an_order()
    again = merge(order, an_order())
    assert not again.changed
    assert not again.reread


def test_a_tie_with_other_content_asks_for_the_order_itself() -> None:
    order = an_order()
    told = replace(order, state=OrderState.FULFILLED, raw_state="fulfilled")
    assert merge(order, told).reread
    assert merge(order, told).order == order


def test_a_telling_without_a_time_asks_for_the_order_itself() -> None:
    assert merge(an_order(), replace(an_order(), updated_at=None, email="x@example.com")).reread


def test_an_event_that_tells_less_takes_nothing_away() -> None:
    known = an_order(charges=(a_charge(),), lines=(a_line(key="line-1"),))
    told = later(known, 5, state=OrderState.FULFILLED, charges=(), lines=(a_line(name=""),))
    merged = merge(known, told).order
    assert merged.charges == known.charges
    assert merged.lines[0].key == "line-1"
    assert merged.lines[0].name == "Enamel mug"
    assert merged.state is OrderState.FULFILLED


def test_a_read_is_the_truth_unless_it_is_older() -> None:
    known = later(an_order(), 10, state=OrderState.FULFILLED)
    assert not merge_read(known, an_order()).changed
    same_time = replace(known, captured=usd("21.61"))
    assert merge_read(known, same_time).order.captured == usd("21.61")
    assert merge_read(None, known).changed


def test_a_charge_told_by_an_event_joins_its_order() -> None:
    known = an_order(charges=(a_charge(),))
    captured = a_charge(ChargeState.COMPLETE, operations=(a_capture(),))
    merged = merge_charge(known, captured)
    assert merged.order.charges == (captured,)
    assert merged.reread
    assert not merge_charge(merged.order, captured).changed


@given(st.permutations(range(6)), st.lists(st.integers(0, 5), max_size=6))
def test_any_shuffle_with_repeats_ends_in_the_newest(order: list[int], repeats: list[int]) -> None:
    tellings = [later(an_order(), n, email=f"{n}@example.com") for n in range(6)]
    held: Order | None = None
    for n in [*order, *repeats]:
        held = merge(held, tellings[n]).order
    assert held == tellings[5]


@pytest.mark.parametrize(
    ("state", "light"),
    [
        (OrderState.ACCEPTED, Light.RELEASE),
        (OrderState.FULFILLED, Light.RELEASE),
        (OrderState.COMPLETE, Light.RELEASE),
        (OrderState.IN_REVIEW, Light.HOLD),
        (OrderState.PENDING_PAYMENT, Light.HOLD),
        (OrderState.DISPUTE, Light.HOLD),
        (OrderState.UNKNOWN, Light.HOLD),
        (OrderState.BLOCKED, Light.DO_NOT_RELEASE),
        (OrderState.CANCELLED, Light.DO_NOT_RELEASE),
        (OrderState.RETURNED, Light.DO_NOT_RELEASE),
    ],
)
def test_goods_leave_only_for_an_accepted_order(state: OrderState, light: Light) -> None:
    assert release_light(an_order(state=state), age_s=1) is light


def test_an_old_answer_never_stays_green() -> None:
    assert release_light(an_order(), age_s=61) is Light.STALE
    assert release_light(an_order(state=OrderState.BLOCKED), age_s=61) is Light.DO_NOT_RELEASE


def test_a_failed_charge_or_session_keeps_the_goods_here() -> None:
    assert release_light(an_order(session_state="failed"), 1) is Light.DO_NOT_RELEASE
    failed = an_order(charges=(a_charge(ChargeState.FAILED),))
    assert release_light(failed, 1) is Light.DO_NOT_RELEASE


def test_every_state_has_an_outlook_and_every_outlook_an_owner() -> None:
    assert {outlook(an_order(state=state)) for state in OrderState} <= set(OWNER)
    assert set(OWNER) == set(Outlook)


def test_a_failed_capture_is_told_before_anything_else() -> None:
    order = an_order(
        state=OrderState.FULFILLED,
        charges=(a_charge(operations=(a_capture(OperationState.FAILED),)),),
    )
    assert capture_failed(order)
    assert release_light(order, 1) is Light.DO_NOT_RELEASE  # stop the shipment
    assert outlook(order) is Outlook.CAPTURE_FAILED


def test_an_intent_under_way_shows_as_sending() -> None:
    assert outlook(an_order(), sending=True) is Outlook.SENDING
    assert outlook(an_order(session_state="failed")) is Outlook.PAYMENT_FAILED


def test_the_buyer_is_shown_by_name_else_by_e_mail() -> None:
    assert an_order().buyer == "Ada Lovelace"
    assert an_order(bill_to=None).buyer == "ada@example.com"
    assert an_order().line("l-1") == a_line()
    assert an_order().line("nope") is None
