"""The queue: views, search, news, and a selection that nothing takes away."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from posapp.domain.order import OrderState
from posapp.domain.queue import View
from posapp.store.errors import StoreBusy
from posapp.sync.engine import Health, Line
from posapp.ui.kit.theme import Tone
from posapp.ui.orders.queue_table import AGE, CLAIMED, LINES
from tests.drivers.orders import press
from tests.helpers.waiting import settled, until
from tests.ui.orders.conftest import Table
from tests.ui.orders.fakes import FINN, an_order

FIRST, SECOND, HELD = "231388420001", "231388420003", "231388420003"


async def test_the_queue_opens_on_what_is_ready_with_every_count(table: Table) -> None:
    await table.at.arrive()
    await table.at.expect_count(View.READY, 13)
    assert table.at.count(View.TO_HAND_OVER) == 1
    assert table.at.count(View.REVIEW) == 2
    assert table.at.count(View.BLOCKED) == 1
    assert len(table.at.order_ids) == 13
    assert table.at.state(FIRST) == ("To fulfil", Tone.READY)
    assert table.at.chosen == FIRST
    await table.at.expect_open(FIRST)


async def test_digits_choose_views_and_every_state_has_its_word(table: Table) -> None:
    await table.at.arrive()
    await table.at.view(View.ALL)
    words = {table.at.state(order_id)[0] for order_id in table.at.order_ids}
    assert words >= {
        "To fulfil", "To hand over", "In review", "Awaiting payment", "Blocked", "Capturing",
        "Complete", "Cancelled", "Dispute", "Capture failed", "on hold by bank",
    }  # fmt: skip
    await table.at.view(View.BLOCKED)
    assert {table.at.state(order_id)[0] for order_id in table.at.order_ids} == {"Blocked"}


async def test_the_search_box_takes_letters_and_the_list_takes_keys(table: Table) -> None:
    await table.at.arrive()
    await table.at.search("jonas")
    assert table.at.order_ids
    assert all(row.buyer == "Jonas Weber" for row in table.screen.queue.model.rows)
    await table.at.search("nobody called so")
    assert "nobody called so" in table.screen.queue.empty.sentence.text()
    press(table.screen.queue.search_box.edit, "Esc")
    await until(lambda: len(table.at.order_ids) == 13, what="the whole view again")


async def test_j_and_k_move_and_the_order_beside_follows(table: Table) -> None:
    await table.at.arrive()
    await table.at.expect_open(FIRST)
    await table.at.step("J")
    assert table.at.chosen == SECOND
    await table.at.step("K")
    assert table.at.chosen == FIRST


async def test_news_repaints_a_row_where_it_stands(table: Table) -> None:
    await table.at.arrive()
    await table.at.step("J")
    order = table.desk.orders[FIRST]
    table.desk.put(replace(order, state=OrderState.BLOCKED, raw_state="blocked"))
    await until(lambda: FIRST not in table.at.order_ids, what="the blocked order to leave")
    assert table.at.chosen == SECOND
    await table.at.expect_count(View.BLOCKED, 2)
    table.desk.put(an_order(300, created_at=table.clock.now()))
    await until(lambda: table.at.order_ids[0] == "231388420300", what="the new order on top")
    assert table.at.chosen == SECOND


async def test_the_row_a_person_stands_on_stays_until_they_move(table: Table) -> None:
    await table.at.arrive()
    await table.at.expect_open(FIRST)
    order = table.desk.orders[FIRST]
    table.desk.put(replace(order, state=OrderState.FULFILLED, raw_state="fulfilled"))
    await table.at.expect_state(FIRST, "Capturing")
    assert table.at.chosen == FIRST
    await table.at.step("J")
    await until(lambda: FIRST not in table.at.order_ids, what="the row to go once left")


async def test_space_claims_and_lays_down_again(table: Table) -> None:
    await table.at.arrive()
    await table.at.expect_open(FIRST)
    table.at.key("Space")
    row = table.screen.queue.model
    await until(lambda: row.cells(0).texts[CLAIMED] == "Mia", what="the claim in the row")
    await until(lambda: table.screen.detail.claim_button.text() == "Lay down", what="the button")
    table.at.key("Space")
    await until(lambda: row.cells(0).texts[CLAIMED] == "", what="the claim to be gone")


async def test_a_claim_of_another_is_seen_and_taken_over_after_a_question(table: Table) -> None:
    await table.at.arrive()
    await table.at.open(HELD)
    assert table.screen.detail.head.claim.text().startswith("Finn at till 2 has it in hand")
    assert not table.screen.detail.fulfil_button.isEnabled()
    table.at.key("Space")
    await table.at.say_yes()
    await until(lambda: table.desk.claims[HELD][0] == "Mia", what="the order to be taken over")
    await until(table.screen.detail.fulfil_button.isEnabled, what="the order to be ours")


async def test_who_may_not_take_over_is_told_so(table: Table) -> None:
    table.desk.present.enter(FINN)
    table.desk.claims[FIRST] = ("Cleo", "till 3", table.clock.now() + timedelta(minutes=5))
    await table.at.arrive()
    await table.at.open(FIRST)
    assert not table.screen.detail.claim_button.isEnabled()
    assert "Somebody else" in table.screen.detail.fulfil_button.toolTip()


async def test_a_claim_that_ran_out_counts_no_more(table: Table) -> None:
    await table.at.arrive()
    at = table.screen.queue.model.position(HELD)
    assert at is not None
    assert table.screen.queue.model.cells(at).texts[CLAIMED] == "Finn"
    table.clock.turn(601)
    table.screen.queue.tick()
    assert table.screen.queue.model.cells(at).texts[CLAIMED] == ""


async def test_an_order_that_stays_open_stays_in_hand(table: Table) -> None:
    await table.at.arrive()
    await table.at.expect_open(FIRST)
    table.at.key("Space")
    await until(lambda: table.screen.detail.claim_button.text() == "Lay down", what="the claim")
    for _ in range(3):  # eighteen minutes at the packing table
        table.clock.turn(6 * 60)
        before = table.desk.asked.count(f"renew {FIRST}")
        for _second in range(3):
            table.screen.detail.tick()
        sheet = table.screen.detail
        await until(
            lambda s=sheet: s.sheet.claim[2] > table.clock.now() + timedelta(minutes=9),  # type: ignore[misc]
            what="the claim to be prolonged",
        )
        assert table.desk.asked.count(f"renew {FIRST}") == before + 1
    assert table.desk.claims[FIRST][0] == "Mia"


async def test_an_order_nobody_looks_at_any_more_is_anybody_s_after_ten_minutes(
    table: Table,
) -> None:
    await table.at.arrive()
    await table.at.expect_open(FIRST)
    table.at.key("Space")
    await until(lambda: table.screen.detail.claim_button.text() == "Lay down", what="the claim")
    await table.at.step("J")
    table.clock.turn(6 * 60)
    table.screen.detail.tick()
    await table.at.open(HELD)  # Finn's: looking at it prolongs nothing
    table.screen.detail.tick()
    assert not [asked for asked in table.desk.asked if asked.startswith("renew")]
    table.clock.turn(5 * 60)
    assert table.desk.claims[FIRST][2] < table.clock.now()


async def test_ages_grow_without_reading_anything(table: Table) -> None:
    await table.at.arrive()
    await until(lambda: "counts" in table.desk.asked, what="the first reading")
    assert table.screen.queue.model.cells(0).texts[AGE] == "7 min"
    asked = list(table.desk.asked)
    table.clock.turn(3 * 60)
    table.screen.queue.tick()
    assert table.screen.queue.model.cells(0).texts[AGE] == "10 min"
    assert table.desk.asked == asked


async def test_the_feed_says_how_old_the_picture_is(table: Table) -> None:
    await table.at.arrive()
    chip = table.screen.queue.feed_chip
    assert chip.text() == "connecting…"
    now = table.clock.now()
    table.screen.set_feed(Health(Line.ONLINE, now - timedelta(seconds=2)))
    assert (chip.text(), chip.tone) == ("live, 2 s", Tone.READY)
    table.clock.turn(4 * 60)
    table.screen.queue.tick()
    assert chip.text().startswith("stale 4 min: showing ")
    table.screen.set_feed(Health(Line.OFFLINE, now))
    assert (chip.text().split(":")[0], chip.tone) == ("offline 4 min", Tone.WAIT)


async def test_a_queue_that_cannot_be_read_says_so_and_can_be_asked_again(table: Table) -> None:
    table.desk.fails["page"] = StoreBusy()
    await table.at.arrive()
    assert table.screen.queue.banner.isVisible()
    assert table.screen.queue.empty.sentence.text() == "The orders could not be read"
    del table.desk.fails["page"]
    table.at.key("F5")
    await until(lambda: len(table.at.order_ids) == 13, what="the queue after all")
    assert not table.screen.queue.banner.isVisible()


async def test_an_empty_view_says_what_will_come_in(table: Table) -> None:
    table.desk.orders.clear()
    await table.at.arrive()
    assert table.screen.queue.empty.isVisible()
    assert table.screen.queue.empty.sentence.text() == "Nothing to fulfil"


async def test_a_narrow_window_shows_one_thing_at_a_time(table: Table) -> None:
    await table.at.arrive(width=900)
    assert table.screen.queue.sheet.isVisible()
    assert not table.screen.detail.isVisible()
    await table.at.open(FIRST)
    assert not table.screen.queue.sheet.isVisible()
    assert table.screen.detail.back_button.isVisible()
    table.screen.detail.back_button.click()
    assert table.screen.queue.sheet.isVisible()


async def test_a_narrow_table_does_without_its_least_columns(table: Table) -> None:
    await table.at.arrive(width=1184)
    assert table.screen.queue.table.isColumnHidden(LINES)
    table.screen.resize(1900, 900)
    await until(lambda: not table.screen.queue.table.isColumnHidden(LINES), what="every column")


async def test_an_order_opened_from_elsewhere_stays_open_when_the_queue_comes_late(
    table: Table,
) -> None:
    blocked = next(x for x in table.desk.orders.values() if x.state is OrderState.BLOCKED)
    table.screen.open_order(blocked.id)
    await table.at.arrive()
    await table.at.expect_open(blocked.id)
    await until(lambda: len(table.at.order_ids) == 13, what="the queue beside it")
    await settled(turns=20)
    await until(lambda: not table.screen.queue.is_choosing, what="the choice to rest")
    assert table.screen.detail.order_id == blocked.id
    assert table.screen.queue.table.chosen() is None
