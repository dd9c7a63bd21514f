"""Units add up, whatever is shipped, dropped, waiting or blocked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.errors import BadQuantity, NothingOpen, StateForbids, TooMany
from posapp.domain.fulfilment import check, preview, standing
from posapp.domain.money import Money
from posapp.domain.order import LineState, OrderState
from tests.helpers.builders import a_fulfilment, a_line, a_request, an_order, usd


def test_a_line_adds_up_over_fulfilments_and_waiting_intents() -> None:
    order = an_order(lines=(a_line(quantity=6),))
    [line] = standing(order, [a_fulfilment(("l-1", 2, 1))], [a_request(("l-1", 1, 0))])
    assert (line.ordered, line.fulfilled, line.cancelled, line.waiting, line.open) == (
        6,
        2,
        1,
        1,
        2,
    )


@given(
    st.integers(1, 9),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=4),
    st.sampled_from([OrderState.ACCEPTED, OrderState.CANCELLED, OrderState.BLOCKED]),
    st.sampled_from(list(LineState)),
)
def test_ordered_is_fulfilled_and_cancelled_and_waiting_and_open(
    ordered: int, parts: list[tuple[int, int]], state: OrderState, line_state: LineState
) -> None:
    done, left = [], ordered
    for number, (shipped, dropped) in enumerate(parts):
        if shipped + dropped <= left:
            done.append(a_fulfilment(("l-1", shipped, dropped), fulfilment_id=f"f{number}"))
            left -= shipped + dropped
    order = an_order(state=state, lines=(a_line(quantity=ordered, state=line_state),))
    [line] = standing(order, done, [])
    assert line.ordered == line.fulfilled + line.cancelled + line.waiting + line.open
    assert line.open >= 0


def test_a_line_the_service_cancelled_or_blocked_has_nothing_open() -> None:
    for state in (LineState.CANCELLED, LineState.BLOCKED):
        [line] = standing(an_order(lines=(a_line(state=state),)), [], [])
        assert line.open == 0
    [line] = standing(an_order(state=OrderState.BLOCKED), [], [])
    assert line.open == 0


def test_a_fulfilled_line_is_closed_before_its_fulfilment_was_read() -> None:
    [line] = standing(an_order(lines=(a_line(state=LineState.FULFILLED),)), [], [])
    assert (line.fulfilled, line.open) == (2, 0)


@pytest.mark.parametrize("state", [s for s in OrderState if s is not OrderState.ACCEPTED])
def test_only_an_accepted_order_can_be_fulfilled(state: OrderState) -> None:
    order = an_order(state=state)
    with pytest.raises(StateForbids):
        check(a_request(("l-1", 1, 0)), order, standing(order, [], []))


def test_more_than_is_open_is_refused_with_what_is_open() -> None:
    order = an_order()
    with pytest.raises(TooMany) as caught:
        check(a_request(("l-1", 2, 1)), order, standing(order, [], []))
    assert (caught.value.asked, caught.value.open) == (3, 2)


def test_a_line_of_another_order_is_refused() -> None:
    order = an_order()
    with pytest.raises(TooMany):
        check(a_request(("elsewhere", 1, 0)), order, standing(order, [], []))


def test_nothing_asked_and_nothing_open_are_told_apart() -> None:
    order = an_order()
    with pytest.raises(BadQuantity):
        check(a_request(("l-1", 0, 0)), order, standing(order, [], []))
    with pytest.raises(BadQuantity):
        check(a_request(("l-1", -1, 2)), order, standing(order, [], []))
    with pytest.raises(NothingOpen):
        check(a_request(("l-1", 1, 0)), order, standing(order, [a_fulfilment(("l-1", 2, 0))], []))


def test_the_first_of_two_parts_is_rounded_and_the_last_takes_the_rest() -> None:
    """The same sample shipped in two goes: 24.20 first, 24.18 with the last."""
    order = an_order(lines=(a_line(quantity=2, amount="44.79", tax=usd("3.59")),))
    first = preview(order, standing(order, [], []), a_request(("l-1", 1, 0)).items)
    assert (first.captures, first.remains) == (usd("24.20"), usd("24.18"))
    half = standing(order, [a_fulfilment(("l-1", 1, 0))], [])
    last = preview(order, half, a_request(("l-1", 1, 0)).items)
    assert (last.captures, last.remains) == (usd("24.18"), usd("0"))


def test_the_preview_follows_the_published_sample() -> None:
    """Two units of 48.38 went 24.20 captured and 24.18 cancelled (contract 10)."""
    order = an_order(lines=(a_line(quantity=2, amount="44.79", tax=usd("3.59")),))
    lines = standing(order, [], [])
    money = preview(order, lines, a_request(("l-1", 1, 1)).items)
    assert (money.captures, money.releases) == (usd("24.20"), usd("24.18"))
    assert money.remains == usd("0")


@given(st.integers(1, 6), st.integers(0, 10**6), st.data())
def test_a_preview_never_loses_a_cent(quantity: int, minor: int, data: st.DataObject) -> None:
    order = an_order(lines=(a_line(quantity=quantity, amount="0", tax=Money(minor, "USD")),))
    shipped = data.draw(st.integers(0, quantity))
    dropped = data.draw(st.integers(0, quantity - shipped))
    money = preview(order, standing(order, [], []), a_request(("l-1", shipped, dropped)).items)
    assert money.captures + money.releases + money.remains == Money(minor, "USD")
    assert min(money.captures.minor, money.releases.minor, money.remains.minor) >= -quantity
