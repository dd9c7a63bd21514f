"""One order: what stands on its sheet, and what a person decides there."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from posapp.domain.fulfilment import FulfilmentItem, Tracking
from posapp.domain.intent import IntentState
from posapp.domain.order import LineId, OrderState
from posapp.domain.payment import OperationKind, OperationState
from posapp.gateway.errors import Offline
from posapp.ui.kit.theme import Tone
from posapp.ui.orders.line_bar import standing_words
from posapp.ui.orders.parcels_panel import fate_words
from tests.drivers.orders import press
from tests.helpers.waiting import until
from tests.ui.orders.conftest import Table
from tests.ui.orders.fakes import CLEO, operation

ORDER = "231388420006"  # three widgets, one cable
HANDED = "231388420002"


def line(number: int) -> LineId:
    """Return a line of the order."""
    return LineId(f"{ORDER}-{number}")


async def test_the_sheet_says_what_it_waits_for_and_whose_turn_it_is(table: Table) -> None:
    await table.at.arrive()
    await table.at.open(ORDER)
    head = table.screen.detail.head
    assert head.number.text() == ORDER
    assert head.sentence.text() == "The order is accepted and waits for the goods to leave."
    assert head.next_action.text().startswith("Waits for us.")
    assert (head.light.word, head.light.tone) == ("Release goods", Tone.READY)


async def test_an_order_one_stays_on_is_read_again_by_itself_when_the_answer_is_old(
    table: Table,
) -> None:
    await table.at.arrive()
    table.desk.seen_at[ORDER] = table.clock.now() - timedelta(hours=1)
    await table.at.open(ORDER)
    light = table.screen.detail.head.light
    await until(lambda: f"refresh {ORDER}" in table.desk.asked, what="the order to be asked for")
    await until(lambda: light.word != "Too old to tell", what="the light to be fresh")
    assert light.word == "Release goods"
    assert f"refresh {ORDER}" in table.desk.asked


async def test_without_a_line_the_light_stays_grey_and_no_error_is_thrown_at_anybody(
    table: Table,
) -> None:
    await table.at.arrive()
    table.desk.seen_at[ORDER] = table.clock.now() - timedelta(hours=1)
    table.desk.fails["refresh"] = Offline(method="GET", path="/orders/{id}")
    await table.at.open(ORDER)
    await until(lambda: f"refresh {ORDER}" in table.desk.asked, what="the order to be asked for")
    assert table.screen.detail.head.light.word == "Too old to tell"
    assert not table.screen.detail.banner.isVisible()
    assert table.errors == []


async def test_an_old_answer_turns_the_light_grey_by_itself(table: Table) -> None:
    await table.at.arrive()
    await table.at.open(ORDER)
    table.clock.turn(61)
    table.screen.detail.tick()
    light = table.screen.detail.head.light
    assert (light.word, light.tone) == ("Too old to tell", Tone.NEUTRAL)
    assert "R reads it again" in light.toolTip()


async def test_every_line_adds_up(table: Table) -> None:
    await table.at.arrive()
    await table.desk.fulfil(ORDER, [FulfilmentItem(line(0), 1)])
    table.desk.settle(ORDER, IntentState.DONE)
    await table.desk.fulfil(ORDER, [FulfilmentItem(line(0), 1, 1)])
    await table.at.open(ORDER)
    lines = table.screen.detail.lines.lines
    assert standing_words(lines[0]) == "3 ordered = 1 fulfilled + 2 sending"
    assert standing_words(lines[1]) == "1 ordered = 1 open"
    for told in lines:
        assert told.ordered == told.fulfilled + told.cancelled + told.waiting + told.open


async def test_fulfil_all_with_three_keys(table: Table) -> None:
    await table.at.arrive()
    await table.at.open(ORDER)
    dialog = await table.at.fulfil_sheet()
    assert table.desk.claims[ORDER][0] == "Mia"
    press(dialog.lines._rows[line(0)].ship.edit, "F")
    assert dialog.strip.captures.text() == "41.99 EUR"
    assert dialog.strip.remains.text() == "0.00 EUR"
    assert dialog.send_button.text() == "Ship 4"
    await table.at.send(dialog)
    request, _intent = table.desk.outbox[ORDER][-1]
    assert {item.line_id: item.quantity for item in request.items} == {line(0): 3, line(1): 1}
    await table.at.expect_state(ORDER, "Sending")
    assert table.at.message.startswith("Decided: 3 × Widget")
    await until(lambda: ORDER not in table.desk.claims, what="the order to be laid down")


async def test_ship_some_cancel_some_and_see_the_money(table: Table) -> None:
    await table.at.arrive()
    await table.at.open(ORDER)
    dialog = await table.at.fulfil_sheet("C")
    first = dialog.lines._rows[line(0)]
    first.ship.set_quantity(2)
    first.cancel.set_quantity(1)
    assert dialog.strip.captures.text() == "24.00 EUR"
    assert dialog.strip.releases.text() == "12.00 EUR"
    assert dialog.strip.remains.text() == "5.99 EUR"
    assert dialog.send_button.text() == "Ship 2, cancel 1"
    await table.at.send(dialog)
    request, _intent = table.desk.outbox[ORDER][-1]
    assert request.items == (FulfilmentItem(line(0), 2, 1),)


async def test_too_many_is_said_on_the_line_and_nothing_is_sent(table: Table) -> None:
    await table.at.arrive()
    await table.at.open(ORDER)
    dialog = await table.at.fulfil_sheet()
    dialog.lines._rows[line(1)].ship.set_quantity(2)
    assert dialog.lines._rows[line(1)].error.text() == "Only 1 open, 2 entered."
    assert dialog.strip.captures.text() == "–"
    dialog.send_button.click()
    assert ORDER not in table.desk.outbox
    dialog.reject()


async def test_another_till_was_faster_and_what_was_entered_stays(table: Table) -> None:
    await table.at.arrive()
    await table.at.open(ORDER)
    dialog = await table.at.fulfil_sheet()
    dialog.lines.fill(cancelling=False)
    await table.desk.fulfil(ORDER, [FulfilmentItem(line(0), 2)])
    row = dialog.lines._rows[line(0)]
    await until(row.error.isVisible, what="the line to complain")
    assert row.error.text() == "Only 1 open, 3 entered."
    assert row.ship.quantity() == 3
    dialog.reject()


async def test_an_order_blocked_meanwhile_stops_the_sheet(table: Table) -> None:
    await table.at.arrive()
    await table.at.open(ORDER)
    dialog = await table.at.fulfil_sheet()
    dialog.lines.fill(cancelling=False)
    order = table.desk.orders[ORDER]
    table.desk.put(replace(order, state=OrderState.BLOCKED, raw_state="blocked"))
    await until(dialog.banner.isVisible, what="the sheet to say so")
    assert "what you entered is kept" in dialog.banner.body.text()
    dialog.reject()


async def test_leaving_the_sheet_keeps_what_was_entered_and_lays_the_order_down(
    table: Table,
) -> None:
    await table.at.arrive()
    await table.at.open(ORDER)
    dialog = await table.at.fulfil_sheet()
    dialog.lines._rows[line(0)].ship.set_quantity(2)
    dialog.tracking.set_tracking(Tracking("GLS", "12345678901", "https://gls-group.com/x"))
    press(dialog, "Esc")
    await until(lambda: ORDER not in table.desk.claims, what="the order to be laid down")
    again = await table.at.fulfil_sheet()
    assert again.lines._rows[line(0)].ship.quantity() == 2
    assert again.tracking.tracking().number == "12345678901"
    again.reject()


async def test_a_tracking_number_brings_company_and_page(table: Table) -> None:
    await table.at.arrive()
    await table.at.open(ORDER)
    dialog = await table.at.fulfil_sheet()
    dialog.lines.fill(cancelling=False)
    dialog.tracking.number.setFocus()
    for letter in "1Z999AA10123456784":
        press(dialog.tracking.number, letter if letter.isdigit() else f"Shift+{letter}")
    tracking = dialog.tracking.tracking()
    assert tracking.company == "UPS"
    assert tracking.url == "https://www.ups.com/track?tracknum=1Z999AA10123456784"
    dialog.tracking.company.setEditText("DHL")
    assert "dhl.com" in dialog.tracking.tracking().url
    await table.at.send(dialog)
    request, _intent = table.desk.outbox[ORDER][-1]
    assert request.tracking.company == "DHL"


async def test_scans_count_goods_in_and_read_the_label(table: Table) -> None:
    await table.at.arrive()
    table.screen.scan(ORDER)
    await table.at.expect_open(ORDER)
    dialog = await table.at.fulfil_sheet()
    table.screen.scan("SKU-1")
    table.screen.scan("SKU-1")
    table.screen.scan("SKU-2")
    assert dialog.send_button.text() == "Ship 3"
    table.screen.scan("1Z999AA10123456784")
    assert dialog.tracking.tracking().company == "UPS"
    table.screen.scan("SKU-99")
    assert dialog.banner.title.text() == "“SKU-99” is not of this order"
    table.screen.scan("SKU-2")
    assert dialog.lines.problems() == {line(1): "Only 1 open, 2 entered."}
    dialog.reject()


async def test_a_clerk_may_ship_and_not_cancel(table: Table) -> None:
    table.desk.present.enter(CLEO)
    await table.at.arrive()
    await table.at.open(ORDER)
    assert table.screen.detail.fulfil_button.isEnabled()
    assert not table.screen.detail.cancel_button.isEnabled()
    assert table.screen.detail.cancel_button.toolTip() == "Your role may not do this."
    dialog = await table.at.fulfil_sheet()
    assert not dialog.lines._rows[line(0)].cancel.isVisible()
    dialog.reject()


async def test_take_away_goods_are_handed_over_with_one_key(table: Table) -> None:
    await table.at.arrive()
    await table.at.open(HANDED)
    assert table.screen.detail.hand_over_button.isVisible()
    table.at.key("H")
    await until(lambda: HANDED in table.desk.outbox, what="the goods to be reported")
    assert HANDED not in table.desk.handover


async def test_the_fate_of_a_decision_is_told(table: Table) -> None:
    await table.at.arrive()
    await table.desk.fulfil(ORDER, [FulfilmentItem(line(0), 1)])
    now = table.clock.now()
    intent = table.desk.outbox[ORDER][0][1]
    told = {
        state: fate_words(replace(intent, state=state, reason="no such line"), now)
        for state in IntentState
    }
    assert told[IntentState.WRITTEN] == "waiting to be sent"
    assert told[IntentState.SENDING] == "sending"
    assert told[IntentState.UNKNOWN] == "no answer: being checked"
    assert told[IntentState.REFUSED] == "refused: no such line"
    done = replace(intent, state=IntentState.DONE, settled_at=now - timedelta(days=1))
    assert fate_words(done, now).startswith("sent 1 Mar ")


async def test_a_note_reaches_sheet_and_timeline(table: Table) -> None:
    await table.at.arrive()
    await table.at.open(ORDER)
    await table.at.note("Fragile, pack twice")
    await until(lambda: table.screen.detail.notes.notes, what="the note")
    assert table.screen.detail.notes.notes[0].text == "Fragile, pack twice"
    titles = [entry.title for entry in table.screen.detail.history.timeline.entries]
    assert "Fragile, pack twice" in titles


async def test_money_shows_every_movement(table: Table) -> None:
    moved = operation(OperationKind.CAPTURE, 1200, OperationState.FAILED, table.clock.now())
    order = table.desk.orders[ORDER]
    charge = replace(order.charges[0], operations=(moved,))
    await table.at.arrive()
    await table.at.open(ORDER)
    table.desk.put(replace(order, charges=(charge,)))
    await table.at.expect_state(ORDER, "Capture failed")
    await until(
        lambda: table.screen.detail.head.light.word == "Do not release", what="the red light"
    )
    words = [
        text.text()
        for text in table.screen.detail.money.findChildren(type(table.screen.detail.head.about))
    ]
    assert any(text.startswith("Capture failed ") for text in words)


async def test_no_connection_on_refresh_keeps_the_sheet(table: Table) -> None:
    await table.at.arrive()
    await table.at.open(ORDER)
    table.desk.fails["refresh"] = Offline(method="GET", path="/orders/{id}")
    table.at.key("R")
    await until(lambda: table.at.message != "", what="a sentence")
    assert table.screen.detail.sheet is not None
    assert "F6" not in table.screen.detail.banner.body.text()  # the sale's key, not the queue's
    del table.desk.fails["refresh"]
    table.at.key("R")
    await until(lambda: table.at.message == "", what="the sentence to go")


async def test_an_order_we_do_not_hold_can_be_read(table: Table) -> None:
    await table.at.arrive()
    table.screen.open_order("999")
    await until(lambda: table.at.message != "", what="a sentence")
    assert table.at.message == "Order 999 is not stored in this shop"


async def test_a_slow_order_never_wears_the_face_of_the_one_before(table: Table) -> None:
    await table.at.arrive()
    await table.at.open(ORDER)
    table.desk.gate = asyncio.Event()
    table.screen.open_order(HANDED)
    head = table.screen.detail.head
    await until(lambda: head.number.text() == HANDED, what="the new number")
    assert not head.light.isVisible()
    assert table.screen.detail.sheet is None
    table.desk.gate.set()
    await table.at.expect_open(HANDED)
    assert head.light.isVisible()


async def test_letters_typed_into_a_field_press_no_button(table: Table) -> None:
    await table.at.arrive()
    await table.at.open(ORDER)
    box = table.screen.queue.search_box
    table.at.key("/")
    for letter in "fcnr":
        press(box.edit, letter)
    await until(lambda: box.text() == "fcnr", what="the letters in the box")
    assert ORDER not in table.desk.claims
    assert not table.errors
