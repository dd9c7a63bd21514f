"""A lost answer is settled by looking up, never by hoping: money is not taken twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from posapp.domain.intent import IntentId, IntentKind, IntentState
from posapp.domain.sale import SaleState, Step
from posapp.gateway.errors import LostAnswer, Offline, PaymentDeclined
from posapp.settle.errors import StillUnknown
from posapp.sync.doubts import Doubts
from tests.helpers.builders import a_fulfilment, a_quote, a_request, an_intent, an_order
from tests.helpers.logfail import LogWatch
from tests.unit.settle.conftest import Till, open_till


async def test_an_answer_that_comes_closes_sale_and_intent_and_mirrors_the_order(
    till: Till,
) -> None:
    await open_till(till)
    await till.ring_up()
    order = await till.place(till.order_intent())
    sale = await till.sale()
    assert (sale.state, sale.step, sale.order_id) == (SaleState.DONE, Step.DONE, order.id)
    kept = await till.intent(till.order_intent())
    assert (kept.state, kept.remote_id) == (IntentState.DONE, order.id)
    assert await till.store.shared.read(lambda tx: tx.orders.get(order.id)) == order
    await till.store.close()


async def test_sales_leave_nothing_behind_in_memory(till: Till) -> None:
    await open_till(till)
    for number in range(1, 30):
        await till.ring_up(number)
        await till.place(till.order_intent(number))
    assert len(till.settler._busy) == 0
    await till.store.close()


async def test_the_intent_is_on_disk_as_sending_before_the_service_is_asked(till: Till) -> None:
    await open_till(till)
    await till.ring_up()
    intent = till.order_intent()
    seen: list[IntentState] = []

    async def write() -> object:
        seen.append(await till.state(intent))
        return an_order()

    await till.settler.send(intent, write)
    assert seen == [IntentState.SENDING]
    await till.store.close()


async def test_a_lost_answer_is_found_and_the_order_made_once(
    till: Till, expected_log: LogWatch
) -> None:
    expected_log.expect("looking it up")
    await open_till(till)
    await till.ring_up()
    till.river.script = ["lose"]
    order = await till.place(till.order_intent())
    assert till.river.writes == 1
    assert list(till.river.made.values()) == [order]
    assert (await till.sale()).order_id == order.id
    await till.store.close()


async def test_a_call_that_vanished_locks_the_sale_until_absence_is_proven(
    till: Till, expected_log: LogWatch
) -> None:
    expected_log.expect("looking it up")
    await open_till(till)
    await till.ring_up()
    till.river.script = ["vanish"]
    with pytest.raises(StillUnknown):
        await till.place(till.order_intent())
    assert (await till.sale()).state is SaleState.UNKNOWN
    doubts = Doubts(till.store, till.settler)
    till.clock.turn(85)
    assert await doubts.settle_unknown() == 0
    till.clock.turn(10)
    assert await doubts.settle_unknown() == 1
    sale = await till.sale()
    assert (sale.state, sale.step) == (SaleState.OPEN, Step.REVIEW)
    assert till.river.writes == 1
    await till.store.close()


async def test_an_order_that_appears_late_is_adopted_not_made_again(
    till: Till, expected_log: LogWatch
) -> None:
    expected_log.expect("looking it up")
    await open_till(till)
    await till.ring_up()
    till.river.script = ["vanish"]
    intent = till.order_intent()
    with pytest.raises(StillUnknown):
        await till.place(intent)
    till.river.made["chk-1"] = an_order("late-1", checkout_id="chk-1")
    assert await Doubts(till.store, till.settler).settle_unknown() == 1
    assert (await till.sale()).order_id == "late-1"
    await till.store.close()


async def test_while_the_service_is_away_a_doubt_stays_a_doubt(
    till: Till, expected_log: LogWatch
) -> None:
    expected_log.expect("looking it up|look-up failed")
    await open_till(till)
    await till.ring_up()
    till.river.script, till.river.is_away = ["vanish"], True
    with pytest.raises(StillUnknown):
        await till.place(till.order_intent())
    till.clock.turn(3600)
    with pytest.raises(Offline):
        await Doubts(till.store, till.settler).settle_unknown()
    assert await till.state(till.order_intent()) is IntentState.UNKNOWN
    await till.store.close()


async def test_no_second_order_leaves_while_the_first_is_in_doubt(
    till: Till, expected_log: LogWatch
) -> None:
    expected_log.expect("looking it up")
    await open_till(till)
    await till.ring_up()
    till.river.script = ["vanish"]
    with pytest.raises(StillUnknown):
        await till.place(till.order_intent())
    again = replace(till.order_intent(), id=IntentId("intent-again"))
    with pytest.raises(StillUnknown):
        await till.place(again)
    assert till.river.writes == 1
    await till.store.close()


async def test_a_decline_keeps_the_basket_and_asks_for_a_new_checkout(till: Till) -> None:
    await open_till(till)
    sale = replace(await till.ring_up(), quote=a_quote())
    await till.store.journal.write(lambda tx: tx.sales.save(sale, till="1"))
    till.river.script = ["decline"]
    with pytest.raises(PaymentDeclined):
        await till.place(till.order_intent())
    kept = await till.sale()
    assert (kept.state, kept.step, kept.quote) == (SaleState.OPEN, Step.CHECKOUT, None)
    assert kept.basket == sale.basket
    assert await till.state(till.order_intent()) is IntentState.REFUSED
    await till.store.close()


async def test_without_a_connection_nothing_happened_and_the_checkout_is_kept(till: Till) -> None:
    await open_till(till)
    sale = replace(await till.ring_up(), quote=a_quote())
    await till.store.journal.write(lambda tx: tx.sales.save(sale, till="1"))
    till.river.script = ["offline"]
    with pytest.raises(Offline):
        await till.place(till.order_intent())
    kept = await till.sale()
    assert (kept.state, kept.step, kept.quote) == (SaleState.OPEN, Step.REVIEW, sale.quote)
    assert await till.state(till.order_intent()) is IntentState.NOT_DONE
    await till.store.close()


async def test_a_window_closed_mid_flight_does_not_lose_the_answer(till: Till) -> None:
    await open_till(till)
    await till.ring_up()
    answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()

    async def write() -> object:
        return await answer

    waiting = asyncio.ensure_future(till.settler.send(till.order_intent(), write))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    answer.set_result(an_order("order-1"))
    await till.settler.rest()
    assert (await till.sale()).order_id == "order-1"
    await till.store.close()


async def test_after_a_crash_while_placing_the_next_start_looks_up(
    till: Till, expected_log: LogWatch
) -> None:
    await open_till(till)
    await till.ring_up()
    sending = replace(till.order_intent().moved(IntentState.SENDING), sent_at=till.clock.now())
    await till.store.journal.write(lambda tx: tx.intents.save(sending))
    till.river.made["chk-1"] = an_order("order-1", checkout_id="chk-1")
    await till.store.close()

    await open_till(till)
    doubts = Doubts(till.store, till.settler)
    assert await doubts.recover() == 1
    assert (await till.sale()).state is SaleState.UNKNOWN
    assert await doubts.settle_unknown() == 1
    assert (await till.sale()).order_id == "order-1"
    assert till.river.writes == 0
    await till.store.close()


async def test_after_a_crash_before_anything_left_the_sale_is_in_hand_again(till: Till) -> None:
    await open_till(till)
    await till.ring_up()
    await till.store.journal.write(lambda tx: tx.intents.save(till.order_intent()))
    await Doubts(till.store, till.settler).recover()
    assert (await till.sale()).state is SaleState.OPEN
    assert await till.state(till.order_intent()) is IntentState.NOT_DONE
    await till.store.close()


async def test_a_manager_ends_a_doubt_by_decision(till: Till, expected_log: LogWatch) -> None:
    expected_log.expect("looking it up")
    await open_till(till)
    await till.ring_up()
    till.river.script = ["vanish"]
    with pytest.raises(StillUnknown) as caught:
        await till.place(till.order_intent())
    await till.settler.resolve(caught.value.intent, happened=False, reason="seen in the dashboard")
    kept = await till.intent(till.order_intent())
    assert (kept.state, kept.reason) == (IntentState.NOT_DONE, "seen in the dashboard")
    assert (await till.sale()).state is SaleState.OPEN
    await till.store.close()


async def test_a_fulfilment_that_vanished_waits_for_its_next_turn_once_absence_is_proven(
    till: Till, expected_log: LogWatch
) -> None:
    expected_log.expect("looking it up")
    await open_till(till)
    request = a_request(("l-1", 1, 0))
    intent = an_intent(
        IntentKind.FULFILMENT,
        key=request.request,
        resource=f"order:{request.order_id}",
        order_id=request.order_id,
        sale_id="",
        body='{"seen": []}',
        written_at=till.clock.now(),
    )
    now = till.clock.now()
    await till.store.shared.write(lambda tx: tx.orders.save(an_order(), now))
    await till.store.shared.write(lambda tx: tx.outbox.add(request, intent))
    till.river.script = ["vanish"]
    with pytest.raises(StillUnknown):
        await till.settler.send(intent, lambda: till.river.create(request))
    till.clock.turn(60)
    [(_, unknown)] = await till.store.shared.read(lambda tx: tx.outbox.history(request.order_id))
    assert unknown.state is IntentState.UNKNOWN
    settled = await till.settler.settle(unknown)
    assert (settled.state, settled.sent_at) == (IntentState.WRITTEN, None)
    await till.store.close()


async def test_absence_does_not_count_while_the_order_moves_under_it(
    till: Till, expected_log: LogWatch
) -> None:
    """Another till's fulfilment appeared: ours may still be on its way."""
    expected_log.expect("looking it up")
    await open_till(till)
    request = a_request(("l-1", 1, 0))
    intent = an_intent(
        IntentKind.FULFILMENT,
        key=request.request,
        resource=f"order:{request.order_id}",
        order_id=request.order_id,
        sale_id="",
        body='{"seen": []}',
        written_at=till.clock.now(),
    )
    now = till.clock.now()
    await till.store.shared.write(lambda tx: tx.orders.save(an_order(), now))
    await till.store.shared.write(lambda tx: tx.outbox.add(request, intent))
    till.river.script = ["vanish"]
    till.river.fulfilled["another till's"] = a_fulfilment(("l-1", 1, 0))
    with pytest.raises(StillUnknown):
        await till.settler.send(intent, lambda: till.river.create(request))
    till.clock.turn(3600)
    [(_, unknown)] = await till.store.shared.read(lambda tx: tx.outbox.history(request.order_id))
    assert (await till.settler.settle(unknown)).state is IntentState.UNKNOWN
    await till.store.close()


async def test_a_fault_of_ours_in_flight_leaves_a_doubt_not_a_hole(till: Till) -> None:
    await open_till(till)
    await till.ring_up()

    async def write() -> object:
        raise KeyError("ours")

    with pytest.raises(KeyError):
        await till.settler.send(till.order_intent(), write)
    assert await till.state(till.order_intent()) is IntentState.UNKNOWN
    assert (await till.sale()).state is SaleState.UNKNOWN
    await till.store.close()


def test_a_lost_answer_is_in_doubt_and_a_refused_connection_is_not() -> None:
    assert LostAnswer(method="POST").in_doubt
    assert not Offline(method="POST").in_doubt
