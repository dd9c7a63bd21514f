"""The manager's list: what waits, what may be done about it, and that nobody can approve."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from posapp.domain.intent import IntentState
from posapp.domain.order import OrderState
from posapp.domain.review import Concern, Outcome
from posapp.gateway.errors import Offline
from posapp.store.errors import StoreBusy
from posapp.ui.kit.theme import Tone
from posapp.ui.review.concerns import concern_look, fact_words
from posapp.ui.review.review_table import WAITING
from tests.drivers.orders import press
from tests.helpers.waiting import emitted, until
from tests.ui.orders.fakes import CLEO, an_order
from tests.ui.review.conftest import Office
from tests.ui.review.fakes import about


async def test_the_longest_waiting_stands_on_top_and_is_opened(office: Office) -> None:
    await office.at.arrive()
    assert office.at.concerns[0] is Concern.DISPUTE
    assert office.at.concerns[-1] is Concern.UNKNOWN_INTENT
    assert office.screen.count.text() == "6 to look at"
    assert office.screen.detail.item is not None
    assert office.screen.detail.item.concern is Concern.DISPUTE


async def test_every_concern_has_icon_word_and_tone() -> None:
    looks = [concern_look(concern) for concern in Concern]
    assert len({word for word, _icon, _tone in looks}) == len(Concern)
    assert all(icon for _word, icon, _tone in looks)
    assert {tone for _word, _icon, tone in looks} <= {Tone.WAIT, Tone.PROBLEM}


async def test_nobody_here_can_approve_an_order_in_review(office: Office) -> None:
    await office.at.arrive()
    await office.at.choose(Concern.IN_REVIEW)
    sentence = office.screen.detail.sentence.text()
    assert sentence == "Digital River is checking this order; nobody here can approve it."
    assert office.at.offers() == {"open_button", "note_button"}
    office.at.key("A")
    assert office.desk.decisions == []


async def test_the_facts_behind_a_concern_stand_beside_it(office: Office) -> None:
    await office.at.arrive()
    await office.at.choose(Concern.BLOCKED)
    await until(office.screen.detail.order_card.isVisible, what="the order's facts")
    item = await office.at.choose(Concern.UNKNOWN_INTENT)
    assert fact_words(item) == [
        ("What was sent", "Order placed"),
        ("Reference", "chk_77"),
        ("Looked up in vain", "once"),
    ]
    assert not office.screen.detail.order_card.isVisible()
    assert office.screen.detail.title.text() == "Sale 1077"


async def test_a_note_left_here_stands_beside_the_concern(office: Office) -> None:
    await office.at.arrive()
    item = await office.at.choose(Concern.IN_REVIEW)
    await office.at.note("Regular customer, ID seen")
    assert office.orders.notes[item.order_id][0].text == "Regular customer, ID seen"
    await until(office.screen.detail.notes_card.isVisible, what="the note")


async def test_blocked_is_acknowledged_with_outcome_and_reason(office: Office) -> None:
    await office.at.arrive()
    item = await office.at.choose(Concern.BLOCKED)
    sheet = await office.at.sheet("A")
    sheet.store_button.click()
    assert sheet.banner.title.text() == "Choose one first"
    press(sheet, "2")
    assert sheet.choice() == Outcome.RESOLD
    sheet.store_button.click()
    assert sheet.extra_field.error == "This is needed for “Sold again”."
    sheet.extra.setText("1080")
    sheet.store_button.click()
    assert sheet.reason_field.error.startswith("Say why")
    sheet.reason.setText("Paid with another card")
    sheet.store_button.click()
    await office.at.expect_sheet_gone()
    await office.at.expect_gone(Concern.BLOCKED)
    assert office.desk.decisions == [
        (item.order_id, Outcome.RESOLD, "Paid with another card", "1080")
    ]
    assert office.screen.banner.title.text() == "Acknowledged."


async def test_a_reason_survives_a_busy_database(office: Office) -> None:
    await office.at.arrive()
    await office.at.choose(Concern.CAPTURE_FAILED)
    office.desk.fails["acknowledge"] = StoreBusy()
    sheet = await office.at.sheet("A")
    press(sheet, "1")
    sheet.reason.setText("Parcel called back")
    sheet.store_button.click()
    await until(sheet.banner.isVisible, what="a sentence")
    assert sheet.reason.text() == "Parcel called back"
    assert "kept" in sheet.banner.body.text()
    sheet.reject()


async def test_look_again_tells_what_was_found(office: Office) -> None:
    await office.at.arrive()
    await office.at.choose(Concern.UNKNOWN_INTENT)
    office.at.key("L")
    await until(lambda: office.at.message == "Still not known", what="the answer")
    office.desk.fails["look_again"] = Offline(method="GET", path="/orders")
    office.at.key("L")
    await until(lambda: "No connection" in office.at.message, what="the sentence")
    del office.desk.fails["look_again"]
    office.desk.end("intent-77", IntentState.DONE)
    office.at.key("L")
    await office.at.expect_gone(Concern.UNKNOWN_INTENT)


async def test_a_doubt_is_ended_in_two_steps_with_a_reason(office: Office) -> None:
    await office.at.arrive()
    await office.at.choose(Concern.UNKNOWN_INTENT)
    sheet = await office.at.sheet("D")
    press(sheet, "2")
    sheet.reason.setText("Not in the dashboard")
    sheet.store_button.click()
    assert office.desk.resolved == []
    await office.at.say_yes()
    await office.at.expect_gone(Concern.UNKNOWN_INTENT)
    assert office.desk.resolved == [("intent-77", False, "Not in the dashboard")]


async def test_a_clerk_sees_and_decides_nothing(office: Office) -> None:
    office.desk.present.enter(CLEO)
    await office.at.arrive()
    await office.at.choose(Concern.BLOCKED)
    assert not office.screen.detail.acknowledge_button.isEnabled()
    await office.at.choose(Concern.UNKNOWN_INTENT)
    assert not office.screen.detail.resolve_button.isEnabled()


async def test_news_comes_in_and_the_selection_stays(office: Office) -> None:
    await office.at.arrive()
    item = await office.at.choose(Concern.BLOCKED)
    order = an_order(210, OrderState.IN_REVIEW, created_at=office.clock.now())
    office.desk.waiting.append(about(order, Concern.IN_REVIEW, timedelta(days=9), office.desk))
    office.orders.put(order)
    await until(lambda: len(office.at.concerns) == 7, what="the new concern")
    assert office.at.concerns[0] is Concern.IN_REVIEW
    assert office.screen.table.chosen() == item


async def test_waiting_times_grow_by_themselves(office: Office) -> None:
    await office.at.arrive()
    last = len(office.at.concerns) - 1
    assert office.screen.model.cells(last).texts[WAITING] == "55 s"
    office.clock.turn(10)
    await until(
        lambda: office.screen.model.cells(last).texts[WAITING] == "1 min", what="the time to pass"
    )
    assert not office.errors


async def test_enter_opens_the_order(office: Office) -> None:
    await office.at.arrive()
    item = await office.at.choose(Concern.DISPUTE)
    opened = emitted(office.screen.order_opened)
    office.at.key("Return")
    assert await opened == (item.order_id,)


async def test_a_quiet_day_says_so(office: Office) -> None:
    office.desk.waiting.clear()
    await office.at.arrive()
    assert office.screen.empty.sentence.text() == "Nothing needs you"
    assert office.screen.empty.isVisible()
    assert not office.screen.detail.isVisible()


async def test_a_list_that_cannot_be_read_says_so_and_can_be_asked_again(office: Office) -> None:
    office.desk.fails["items"] = StoreBusy()
    await office.at.arrive()
    assert office.screen.banner.title.text() == "The database is busy"
    del office.desk.fails["items"]
    office.at.key("F5")
    await until(lambda: len(office.at.concerns) == 6, what="the list after all")
    assert not office.screen.banner.isVisible()


async def test_the_list_stays_with_the_order_looked_at_when_its_concern_changes(
    office: Office,
) -> None:
    await office.at.arrive()
    seen = await office.at.choose(Concern.IN_REVIEW)
    office.desk.waiting.remove(seen)
    office.desk.waiting.append(
        replace(seen, concern=Concern.BLOCKED, since=seen.since + timedelta(minutes=41))
    )
    office.screen.refresh()
    await until(
        lambda: (
            office.screen.detail.item is not None
            and office.screen.detail.item.concern is Concern.BLOCKED
        ),
        what="the same order, blocked now",
    )
    assert office.screen.detail.item is not None
    assert office.screen.detail.item.order_id == seen.order_id
    assert office.screen.table.chosen() == office.screen.detail.item
