"""Every lesson run through in the real window on the sandbox, well and badly."""

from __future__ import annotations

from posapp.domain.lesson import Best, Score
from posapp.domain.sale import SaleState
from posapp.ui.kit.release_light import Light as Lamp
from posapp.ui.sale.counter import Place
from posapp.usecases.lessons import (
    BLOCKED,
    DECLINED,
    IN_REVIEW,
    LOST_ANSWER,
    PARTIAL_FULFILMENT,
    WIRE_TRANSFER,
)
from tests.helpers.logfail import LogWatch
from tests.helpers.waiting import until
from tests.ui.training.conftest import Classroom, OpenRoom


async def hand_over(room: Classroom) -> None:
    """Give the goods away once the light is green."""
    await room.till.expect_lamp(Lamp.GREEN)
    page = room.till.screen.steps.done.page
    await until(page.hand_over_button.isVisible, what="the hand-over key")
    await room.training.expect_says("F10")
    room.till.key("F10")


async def test_a_declined_card_is_paid_with_another(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await room.training.begin(DECLINED)
        await room.till.expect_place(Place.CHECKOUT)
        assert [sku for _n, sku in room.till.basket] == ["Enamel mug, white", "Stoneware bowl"]
        await room.training.expect_says("F12. The customer types")

        await room.pay()
        await room.training.expect_says("place the order")
        await room.till.forward()
        await room.training.expect_says("Declined. Ask for another card")
        await room.pay()
        await room.till.forward()
        await hand_over(room)

        result = (await room.training.result()).result_shown
        assert (result.lesson, result.has_passed, result.mistakes) == (DECLINED, True, ())
        assert result.best is None
        bests = await room.practice.trainer.desk.bests()
        assert bests["declined"].score.mistakes == 0
        assert bests["declined"].runs == 1


async def test_going_back_to_the_basket_after_a_decline_is_a_mistake(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await room.training.begin(DECLINED)
        await room.pay()
        await room.till.forward()
        await room.training.expect_says("Declined. Ask for another card")
        await room.till.form()
        room.till.screen.steps.payment.go_back()
        await room.till.answer(yes=True)
        await room.till.expect_place(Place.CHECKOUT)
        room.till.screen.steps.checkout.go_back()
        await room.till.expect_place(Place.CART)

        await room.training.expect_says("Mistake: Back to the basket")
        assert "1 mistake" in room.training.cost


async def test_dropping_the_sale_ends_the_lesson_unscored(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await room.training.begin(DECLINED)
        await room.till.expect_place(Place.CHECKOUT)
        room.till.screen.aside.drop()
        await room.till.answer(yes=True)

        result = await room.training.result()
        assert "the customer went away with nothing" in room.training.figures(result)
        assert "Time" not in room.training.figures(result)
        assert await room.practice.trainer.desk.bests() == {}


async def test_goods_in_review_wait_for_the_green_light(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await room.training.begin(IN_REVIEW)
        await room.pay()
        await room.till.forward()
        await room.till.expect_lamp(Lamp.AMBER)
        await room.training.expect_says("Amber: keep the goods")
        await room.pass_by(3)
        await room.till.expect_lamp(Lamp.AMBER)
        await room.pass_by(6)
        await hand_over(room)

        result = (await room.training.result()).result_shown
        assert (result.has_passed, result.mistakes) == (True, ())
        assert result.score.seconds >= 9


async def test_f10_on_an_amber_light_is_a_mistake_each_time(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await room.training.begin(IN_REVIEW)
        await room.pay()
        await room.till.forward()
        await room.till.expect_lamp(Lamp.AMBER)
        await room.training.expect_says("Amber")
        room.till.key("F10")
        await room.training.expect_says("Mistake: F10 before the light was green")
        room.till.key("F10")
        await until(lambda: "2 mistakes" in room.training.cost, what="the second one")
        await room.pass_by(9)
        await hand_over(room)

        sheet = await room.training.result()
        assert "the goods must stay (2 ×)" in room.training.figures(sheet)
        assert sheet.result_shown.score.mistakes == 2


async def test_a_blocked_order_never_leaves_the_counter(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await room.training.begin(BLOCKED)
        await room.pay()
        await room.till.forward()
        await room.till.expect_lamp(Lamp.AMBER)
        await room.pass_by(7)
        await room.till.expect_lamp(Lamp.RED)
        await room.training.expect_says("Red: the goods go back")
        room.till.key("F10")
        await room.till.forward()

        result = (await room.training.result()).result_shown
        assert result.has_passed
        assert len(result.mistakes) == 1


async def test_leaving_an_undecided_order_for_the_next_customer_counts(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await room.training.begin(BLOCKED)
        await room.pay()
        await room.till.forward()
        await room.till.expect_lamp(Lamp.AMBER)
        await room.till.forward()
        await room.training.expect_says("Mistake: The next customer was served")
        await room.pass_by(7)

        result = (await room.training.result()).result_shown
        assert (result.has_passed, result.score.mistakes) == (True, 1)


async def test_goods_paid_by_transfer_wait_for_the_money(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await room.training.begin(WIRE_TRANSFER)
        await room.transfer()
        await room.till.forward()
        await room.till.expect_lamp(Lamp.AMBER)
        await room.training.expect_says("hand out the reference")
        facts = room.till.screen.steps.done.page.facts
        await until(lambda: "SBX" in said_by(facts), what="the reference")
        await room.pass_by(9)
        await hand_over(room)

        assert (await room.training.result()).result_shown.has_passed


async def test_any_card_becomes_a_transfer_in_that_lesson(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await room.training.begin(WIRE_TRANSFER)
        await room.pay()
        await room.till.forward()
        await room.till.expect_lamp(Lamp.AMBER)
        await room.training.expect_says("the goods wait for the money")


async def test_a_lost_answer_is_looked_up_and_sold_once(
    room_of: OpenRoom, expected_log: LogWatch
) -> None:
    expected_log.expect("no answer|look-up failed")
    async with room_of("cleo") as room:
        await room.training.begin(LOST_ANSWER)
        await room.pay()
        await room.till.forward()
        await room.till.expect_place(Place.LOCKED)
        await room.training.expect_says("Nobody knows yet")
        room.till.key("F5")
        await until(room.till.screen.steps.locked.page.look_button.isEnabled, what="the look-up")
        await room.pass_by(11)
        room.till.key("F5")
        await room.till.expect_place(Place.DONE)
        await hand_over(room)

        result = (await room.training.result()).result_shown
        assert (result.has_passed, result.mistakes) == (True, ())
        assert room.shop.books_agree()


async def test_ringing_the_goods_up_again_in_doubt_is_a_mistake(
    room_of: OpenRoom, expected_log: LogWatch
) -> None:
    expected_log.expect("no answer|look-up failed")
    async with room_of("cleo") as room:
        await room.training.begin(LOST_ANSWER)
        await room.pay()
        await room.till.forward()
        await room.till.expect_place(Place.LOCKED)
        await room.till.forward()
        await room.till.expect_place(Place.CART)
        assert room.till.sale.state is SaleState.OPEN
        await room.till.add("MUG-NVY")

        await room.training.expect_says("Mistake: The same goods were rung up again")


async def open_in_queue(room: Classroom) -> str:
    """Go to the orders and open the one of the lesson, once it has come in."""
    await room.training.expect_says("two mugs, one towel")
    order_id = room.training.says.partition("order ")[2].partition(",")[0]
    await room.shop.catch_up()
    room.training.press("Ctrl+2")
    await room.orders.open(order_id)
    await until(room.orders.screen.detail.fulfil_button.isEnabled, what="the order to be open")
    return order_id


async def test_what_is_packed_leaves_and_the_rest_stays_open(room_of: OpenRoom) -> None:
    async with room_of("finn") as room:
        await room.training.begin(PARTIAL_FULFILMENT)
        order_id = await open_in_queue(room)
        dialog = await room.orders.fulfil_sheet()
        for sku in ("MUG-WHT", "MUG-WHT", "TOWEL-LIN"):
            dialog.scan(sku)
        await room.orders.send(dialog)
        await room.training.expect_says("Sent: wait")
        await room.shop.catch_up()

        result = (await room.training.result()).result_shown
        assert (result.has_passed, result.mistakes) == (True, ())
        sheet = await room.shop.sheet(order_id)
        assert [line.open for line in sheet.lines] == [1, 0]


async def test_shipping_more_than_was_packed_ends_the_lesson(room_of: OpenRoom) -> None:
    async with room_of("finn") as room:
        await room.training.begin(PARTIAL_FULFILMENT)
        await open_in_queue(room)
        dialog = await room.orders.fulfil_sheet()
        dialog.lines.fill(cancelling=False)
        await room.orders.send(dialog)

        result = (await room.training.result()).result_shown
        assert not result.has_passed
        assert "More was reported as shipped" in result.why


async def test_taking_another_order_in_hand_is_a_mistake(room_of: OpenRoom) -> None:
    async with room_of("finn") as room:
        room.shop.sign_in("mara")
        other = await room.shop.sold("LAMP-BRS")
        room.shop.sign_in("finn")
        await room.training.begin(PARTIAL_FULFILMENT)
        await open_in_queue(room)
        await room.orders.open(other.id)
        dialog = await room.orders.fulfil_sheet()
        await room.training.expect_says("Mistake: Another order was taken in hand")
        dialog.reject()
        await until(lambda: "1 mistake" in room.training.cost, what="one mistake")


async def test_again_is_measured_against_the_best(room_of: OpenRoom) -> None:
    async with room_of("finn") as room:
        best = Score(500.0, 3, 0)
        when = room.shop.clock.now()
        await room.shop.session.store.shared.write(
            lambda tx: tx.lessons.keep("finn", "partial", best, when)
        )
        await room.training.begin(PARTIAL_FULFILMENT)
        await open_in_queue(room)
        dialog = await room.orders.fulfil_sheet()
        for sku in ("MUG-WHT", "MUG-WHT", "TOWEL-LIN"):
            dialog.scan(sku)
        await room.orders.send(dialog)
        await room.shop.catch_up()

        sheet = await room.training.result()
        figures = room.training.figures(sheet)
        assert sheet.result_shown.best == Best(best, 1)
        assert "your best so far" in figures
        assert "8:20" in figures
        assert "s faster" in figures
        assert "Again" in room.training.buttons(sheet)
        await room.training.again()
        await until(
            lambda: room.practice.trainer.lesson is PARTIAL_FULFILMENT, what="the lesson again"
        )
        assert room.practice.trainer.score.keys == 0


def said_by(facts: object) -> str:
    """All that stands in a list of facts."""
    from PySide6.QtWidgets import QLabel, QWidget

    assert isinstance(facts, QWidget)
    return " ".join(label.text() for label in facts.findChildren(QLabel))
