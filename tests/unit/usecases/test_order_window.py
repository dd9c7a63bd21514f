"""The queue's window moves down and up, whatever comes in meanwhile, and skips no order."""

from __future__ import annotations

from datetime import timedelta

from posapp.domain.changes import Changes
from posapp.domain.queue import OrderRow, View
from posapp.usecases.order_window import OrderWindow
from tests.helpers.clock import FakeClock
from tests.ui.orders.fakes import FakeOrderDesk, an_order

PAGE = 4


def a_desk(orders: int) -> FakeOrderDesk:
    """Return a desk with so many orders, three of them of one moment."""
    desk = FakeOrderDesk(FakeClock(), Changes())
    for number in range(orders):
        minutes = 5 if number in (5, 6, 7) else number
        made = desk.clock.now() - timedelta(minutes=minutes)
        desk.put(an_order(number, created_at=made))
    return desk


async def down(window: OrderWindow, pages: int) -> list[OrderRow]:
    """Read so many pages downwards."""
    rows = list(await window.read(PAGE))
    for _ in range(pages - 1):
        rows += await window.read(PAGE, after=rows[-1])
    return rows


async def test_pages_follow_each_other_without_a_gap() -> None:
    desk = a_desk(10)
    rows = await down(OrderWindow(desk, View.ALL), 3)
    assert len({row.order_id for row in rows}) == 10
    assert [row.created_at for row in rows] == sorted(
        (row.created_at for row in rows), reverse=True
    )


async def test_the_way_back_up_brings_the_nearest_rows_last() -> None:
    desk = a_desk(14)
    window = OrderWindow(desk, View.ALL)
    rows = await down(window, 3)
    above = await window.read(PAGE, before=rows[8])
    assert above == tuple(rows[4:8])
    assert await window.read(PAGE, before=rows[4]) == tuple(rows[:4])
    assert await window.read(PAGE, before=rows[0]) == ()


async def test_orders_of_one_moment_are_neither_lost_nor_doubled_on_the_way_up() -> None:
    desk = a_desk(14)
    window = OrderWindow(desk, View.ALL)
    rows = await down(window, 3)
    for at in range(5, 12):
        assert await window.read(PAGE, before=rows[at]) == tuple(rows[max(0, at - PAGE) : at])


async def test_orders_that_came_in_above_are_found_on_the_way_up() -> None:
    desk = a_desk(10)
    window = OrderWindow(desk, View.ALL)
    rows = await down(window, 2)
    for number in range(50, 56):
        made = desk.clock.now() + timedelta(minutes=number)
        desk.put(an_order(number, created_at=made))
    above = await window.read(PAGE, before=rows[0])
    assert [row.order_id[-2:] for row in above] == ["53", "52", "51", "50"]
