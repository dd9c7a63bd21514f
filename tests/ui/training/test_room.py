"""The training menu, what is counted, and everything that may come in between."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from posapp.domain.lesson import Score
from posapp.ui.changes import ChangeSignals
from posapp.ui.kit.palette import Palette
from posapp.ui.kit.scanner import ScanFilter
from posapp.ui.kit.web import SMALLEST
from posapp.ui.main_window.floor import ShopFloor
from posapp.ui.main_window.freshness import Freshness
from posapp.ui.messages import Message
from posapp.ui.sale.counter import Place
from posapp.ui.training.bar import TrainingBar
from posapp.ui.training.keys import KeyCounter
from posapp.ui.training.sheets import Briefing, ResultSheet
from posapp.ui.training.stage import Result
from posapp.usecases.lessons import DECLINED, IN_REVIEW, PARTIAL_FULFILMENT
from posapp.usecases.outcomes import OUTCOMES
from tests.helpers.running import real_runner
from tests.helpers.shop import open_shop
from tests.helpers.waiting import settled, until
from tests.ui.training.conftest import Classroom, OpenRoom


def queued(room: Classroom) -> list[str]:
    """What the service has in store for the next orders."""
    return [str(each.outcome) for each in room.shop.world.director.outcomes]


# ── the next outcome ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("digit", [1, 2, 3, 4, 5, 6, 8])
async def test_each_outcome_is_set_by_its_digit_and_seen(room_of: OpenRoom, digit: int) -> None:
    async with room_of("cleo") as room:
        await room.training.set_next(str(digit))
        outcome = OUTCOMES[digit - 1]
        assert queued(room) == [outcome.name]
        await room.training.expect_ahead(f"Next: {outcome.title.lower()}")


async def test_only_one_thing_is_ahead_and_it_can_be_forgotten(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await room.training.set_next("2")
        await room.training.set_next("3")
        assert queued(room) == ["in_review"]

        room.training.click(room.training.bar.clear_button)
        await room.training.expect_ahead("")
        assert queued(room) == []

        await room.training.set_next("4")
        await room.training.set_next("0")
        await room.training.expect_ahead("")
        assert queued(room) == []


async def test_by_keys_alone_arrows_move_and_enter_sets(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        menu = await room.training.menu()
        for _ in range(2):
            QTest.keyClick(menu.focusWidget(), Qt.Key.Key_Down)
        QTest.keyClick(menu.focusWidget(), Qt.Key.Key_Return)
        await room.training.expect_ahead("Next: declined")
        QTest.keyClick(menu.focusWidget(), Qt.Key.Key_Up)
        QTest.keyClick(menu.focusWidget(), Qt.Key.Key_Return)
        await room.training.expect_ahead("Next: accepted")
        await room.training.close(menu)


async def test_what_was_set_is_gone_once_it_has_come_to_pass(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await room.training.set_next("2")
        till = room.till
        await till.add("MUG-WHT")
        await till.forward()
        await till.fill_walk_in()
        await till.forward()
        await till.expect_place(Place.CHECKOUT)
        await room.pay()
        await till.forward()
        await till.expect_place(Place.PAYMENT)

        await room.training.expect_ahead("")


async def test_an_outage_counts_down_until_it_is_over(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await room.training.set_next("7")
        await room.training.expect_ahead("Outage: 30 s left")
        room.shop.clock.turn(20)
        await room.training.expect_ahead("Outage: 10 s left")
        room.shop.clock.turn(11)
        await room.training.expect_ahead("")


async def test_a_service_that_is_away_says_so_and_nothing_is_set(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        room.port.is_down = True
        menu = await room.training.menu()
        QTest.keyClicks(menu, "2")
        await until(menu.banner.isVisible, what="a sentence")
        assert "training service did not take that" in menu.banner.title.text()
        await room.training.close(menu)
        assert room.training.ahead == ""

        await room.training.set_next_fails("A")
        assert room.practice.trainer.lesson is None
        await room.training.expect_says("Nothing was changed")
        room.port.is_down = False
        room.training.click(room.training.bar.leave_button)
        await room.training.set_next("2")
        assert queued(room) == ["declined"]


async def test_the_palette_reaches_outcomes_lessons_and_places(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        palette = await room.training.palette("next decl")
        assert [find.text for find in palette.model.rows] == ["Next order: declined"]
        QTest.keyClick(palette.search.edit, Qt.Key.Key_Return)
        await room.training.expect_ahead("Next: declined")

        palette = await room.training.palette("lesson bloc")
        QTest.keyClick(palette.search.edit, Qt.Key.Key_Return)
        briefing = await room.training.sheet(Briefing)
        assert "never leave the counter" in briefing.goal.text()
        await room.training.close(briefing)

        palette = await room.training.palette("go to ord")
        QTest.keyClick(palette.search.edit, Qt.Key.Key_Return)
        await until(
            lambda: room.floor.pages.currentWidget() is room.floor.screen_of("orders"),
            what="the orders",
        )


async def test_the_palette_finds_an_order(room_of: OpenRoom) -> None:
    async with room_of("mara") as room:
        order = await room.shop.sold("MUG-WHT")
        chosen: list[str] = []
        room.floor.order_wanted.connect(chosen.append)
        palette = await room.training.palette(str(order.id))
        await until(lambda: palette.model.rows, what="the order")
        QTest.keyClick(palette.search.edit, Qt.Key.Key_Return)
        assert chosen == [order.id]


async def test_f1_shows_the_keys_of_what_is_on_show(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        sheet = await room.training.keys()
        words = room.training.figures(sheet)
        assert "Training menu" in words
        assert "Go to Orders" in words
        await room.training.close(sheet)


async def test_a_role_sees_the_lessons_it_may_take(room_of: OpenRoom) -> None:
    async with room_of("finn") as room:
        menu = await room.training.menu()
        rows = {row.choice.id: row for row in menu.lessons.rows}
        assert [name for name, row in rows.items() if row.isEnabled()] == ["partial"]
        assert rows["declined"].choice.note == "another role’s work"
        await room.training.close(menu)


async def test_a_shop_with_keys_of_its_own_has_no_training_room(
    tmp_path: Path, qapp: QApplication
) -> None:
    async with open_shop(tmp_path) as shop:
        shop.sign_in("mara")
        run, errors = real_runner(asyncio.get_running_loop())
        changes = ChangeSignals(shop.desks.changes)
        floor = ShopFloor(
            run, shop.desks, changes, lambda: Freshness(None), shop.clock.now, {},
            database="this computer",
        )  # fmt: skip
        assert floor.findChild(TrainingBar) is None
        assert not [verb for verb in floor.verbs() if verb.id.startswith("training")]
        assert errors == []
        floor.deleteLater()
        changes.deleteLater()


# ── what is counted ──────────────────────────────────────────────────────────────────────────


async def test_each_press_counts_once_and_what_holds_others_does_not(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await room.training.begin(DECLINED)
        await room.till.expect_place(Place.CHECKOUT)
        keys = room.practice.trainer.keys
        assert keys.count == 0
        room.training.press("F3")
        await room.till.expect_place(Place.CUSTOMER)
        assert keys.count == 1
        QTest.keyClick(QApplication.focusWidget() or room.window, Qt.Key.Key_Shift)
        assert keys.count == 1
        room.training.click_at(room.till.screen.basket)
        assert keys.count == 2
        assert "2 keys" in room.training.cost


async def test_a_scan_counts_as_no_key(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        scans = ScanFilter(lambda: 0.0)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        scans.install(app)
        try:
            scans.scanned.connect(room.practice.trainer.on_scan)
            await room.training.begin(DECLINED)
            keys = room.practice.trainer.keys
            await until(lambda: QApplication.focusWidget() is not None, what="the keyboard")
            before = keys.count
            target = QApplication.focusWidget()
            assert target is not None
            QTest.keyClicks(target, "4006381000017")
            QTest.keyClick(target, Qt.Key.Key_Return)
            assert keys.count == before
        finally:
            scans.remove()


async def test_no_key_reaches_us_while_a_form_exists(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await room.training.begin(DECLINED)
        await room.till.expect_place(Place.CHECKOUT)
        await room.till.forward()
        form = await room.till.form()
        keys = room.practice.trainer.keys
        seen: list[str] = []
        keys.pressed.connect(seen.append)
        count = keys.count
        assert not keys.is_watching
        form.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        form.setFocus()
        QTest.keyClicks(form, "4444222233331111")
        room.training.click_at(form)
        assert (keys.count, seen) == (count, [])
        assert not room.training.bar.menu_button.isEnabled()
        assert not room.training.bar.leave_button.isEnabled()
        for key in ("Ctrl+T", "Ctrl+K", "Ctrl+E", "F1"):
            room.training.press(key)
        await settled()
        assert room.practice.trainer.lesson is DECLINED
        assert not room.window.findChildren(Palette)

        await room.pay()
        assert keys.is_watching
        room.training.press("F5")
        assert keys.count == count + 1


def test_a_key_held_down_counts_once(qapp: QApplication) -> None:
    window = QWidget()
    counter = KeyCounter()
    counter.start(qapp, window)
    kind, none = QEvent.Type.ShortcutOverride, Qt.KeyboardModifier.NoModifier
    counter._on_key(QKeyEvent(kind, Qt.Key.Key_Down, none))
    counter._on_key(QKeyEvent(kind, Qt.Key.Key_Down, none, "", True))
    assert counter.count == 1
    assert counter.is_watching
    counter.stop()
    assert not counter.is_watching


async def test_a_no_on_the_screen_counts_once_a_press(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await room.training.begin(DECLINED)
        await room.till.expect_place(Place.CHECKOUT)
        room.training.press("Esc")
        await room.till.expect_place(Place.CART)
        room.till.enter("no such thing")
        await room.till.expect_said("no such thing")
        await room.training.expect_says("Mistake:")
        assert "1 mistake" in room.training.cost


# ── what may come in between ─────────────────────────────────────────────────────────────────


async def test_a_sale_in_hand_is_put_on_hold_and_comes_back(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await room.till.add("LAMP-BRS")
        number = room.till.sale.number
        await room.training.begin(DECLINED)
        await room.training.expect_says("put on hold; F7 brings it back")
        held = await room.shop.desks.sale.held()
        assert [sale.number for sale in held] == [number]
        assert room.till.sale.number != number


async def test_a_payment_in_hand_is_finished_first(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await room.training.begin(DECLINED)
        await room.pay()
        sale = room.till.sale
        await room.training.begin_refused(IN_REVIEW)
        assert room.practice.trainer.lesson is DECLINED
        assert room.till.sale.id == sale.id


async def test_leaving_clears_the_scene_away(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await room.training.begin(DECLINED)
        await room.till.expect_place(Place.CHECKOUT)
        practised = room.till.sale.id
        assert queued(room) == ["declined"]
        await room.training.leave()
        await until(lambda: room.till.sale.id != practised, what="the next sale")
        await room.till.expect_place(Place.CART)
        assert queued(room) == []
        assert not room.practice.trainer.keys.is_watching
        assert room.training.says == ""
        assert await room.practice.trainer.desk.bests() == {}


async def test_another_lesson_begins_by_leaving_the_one_that_runs(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await room.training.begin(DECLINED)
        await room.till.expect_place(Place.CHECKOUT)
        await room.training.begin(IN_REVIEW)
        assert queued(room) == ["in_review"]
        assert await room.shop.desks.sale.held() == ()


async def test_locking_the_till_stops_the_lesson_unscored(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await room.training.begin(DECLINED)
        await room.till.expect_place(Place.CHECKOUT)
        room.window.lock()
        await until(lambda: queued(room) == [], what="the scene to be cleared")
        assert room.practice.trainer.lesson is None
        await room.sign_in("mara")
        await room.training.expect_says("Nothing was scored")
        assert room.till.sale.basket.lines
        room.training.click(room.training.bar.leave_button)
        assert room.training.says == ""


async def test_a_service_started_again_stops_the_lesson_with_a_sentence(
    room_of: OpenRoom,
) -> None:
    async with room_of("cleo") as room:
        await room.training.begin(DECLINED)
        await room.till.expect_place(Place.CHECKOUT)
        room.shop.world.director.clear()
        room.practice.trainer.service_restarted()
        assert room.practice.trainer.lesson is None
        await room.training.expect_says("Begin it once more")


async def test_a_command_that_was_not_taken_is_sent_again(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await room.training.begin(IN_REVIEW)
        await room.pay()
        await room.till.forward()
        await room.training.expect_says("Amber")
        room.port.is_down = True
        await room.pass_by(9)
        await room.training.expect_says("did not take that")
        room.port.is_down = False
        await room.pass_by(3)
        await room.training.expect_says("F10")


async def test_an_outage_in_the_lesson_breaks_nothing(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await room.training.begin(DECLINED)
        await room.till.expect_place(Place.CHECKOUT)
        room.shop.transport.is_down = True
        room.training.press("Esc")
        await room.till.expect_place(Place.CART)
        await room.till.add("TOWEL-LIN")
        await room.till.forward()
        await room.till.expect_place(Place.CHECKOUT)
        page = room.till.screen.steps.checkout.page
        await until(page.again.isVisible, what="the way to try again")
        assert room.practice.trainer.lesson is DECLINED
        assert "0 mistakes" in room.training.cost

        room.shop.transport.is_down = False
        room.training.press("F12")
        await until(lambda: room.till.sale.quote is not None, what="the prices")
        await room.pay()
        await room.training.expect_says("place the order")


async def test_the_window_may_be_closed_in_the_middle(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await room.training.begin(DECLINED)
        await room.till.expect_place(Place.CHECKOUT)
        room.window.close()
        await settled()
        assert not room.window.isVisible()
    app = QApplication.instance()
    assert app is not None


async def test_a_result_waits_until_no_form_is_open(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await room.training.begin(DECLINED)
        await room.till.expect_place(Place.CHECKOUT)
        await room.till.forward()
        await room.till.form()
        room.practice.trainer.ended.emit(Result(DECLINED, Score(1.0, 1, 0), (), False, "Why."))
        await settled()
        assert not room.window.findChildren(ResultSheet)
        await room.pay()
        await room.training.close(await room.training.result())


async def test_the_coach_takes_no_room_from_the_form(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        size = room.window.size()
        await room.training.begin(DECLINED)
        await room.till.expect_place(Place.CHECKOUT)
        await room.till.forward()
        form = await room.till.form()
        await until(lambda: form.width() > 0 and form.isVisible(), what="the form")
        assert (form.width() >= SMALLEST[0], form.height() >= SMALLEST[1]) == (True, True)
        assert room.window.size() == size


async def test_an_ordinary_sentence_is_put_away_by_hand(room_of: OpenRoom) -> None:
    async with room_of("finn") as room:
        room.practice.trainer.told.emit(Message("Something", "To be read."))
        await room.training.expect_says("To be read.")
        room.training.press("Ctrl+E")
        assert room.training.says == ""
        await room.training.begin(PARTIAL_FULFILMENT)
        await room.training.leave()
