"""What becomes of an order: accepted, declined, refused, in review, unpaid, or nobody knows yet."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from posapp.domain.sale import SaleState
from posapp.gateway.errors import Offline
from posapp.sandbox.director import FaultKind, Outcome
from posapp.settle.settler import Settler
from posapp.store.errors import StoreBusy
from posapp.ui.kit.release_light import Light as Lamp
from posapp.ui.sale.counter import Place
from posapp.ui.sale.sounds import Sound
from posapp.usecases.orders import OrderDesk
from tests.helpers.logfail import LogWatch
from tests.helpers.shop import DECLINED
from tests.helpers.waiting import settled, until
from tests.ui.sale.conftest import OpenTill, Till
from tests.ui.sale.test_payment import said


async def test_a_declined_card_keeps_everything_and_another_card_pays(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.to_review("MUG-WHT", number=DECLINED)
        number, basket = till.sale.number, till.basket
        await till.forward()

        await till.expect_place(Place.PAYMENT)
        await until(lambda: len(till.forms.requests) == 2, what="a form for a new checkout")
        assert "Card declined. Ask for another card." in said(till)
        assert (till.sale.number, till.basket) == (number, basket)

        await till.pay_card()
        await till.forward()
        await till.expect_place(Place.DONE)
        await till.expect_lamp(Lamp.GREEN)
        assert till.orders_made == 1
        assert till.shop.books_agree()


async def test_a_fraud_refusal_is_neutral_and_enter_does_not_try_again(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.to_review()
        till.will(Outcome.BLOCKED)
        await till.forward()

        await till.expect_place(Place.CHECKOUT)
        await till.expect_said("cannot go ahead with this payment")
        assert "fraud" not in till.banner.lower()
        calls = len(till.shop.transport.calls)
        till.key("Return", till.page)
        await settled(turns=30)
        assert len(till.shop.transport.calls) == calls
        assert till.basket

        await till.forward()
        await until(lambda: till.sale.quote is not None, what="a new checkout on purpose")


async def test_in_review_holds_the_goods_until_a_sound_says_otherwise(till_at: OpenTill) -> None:
    async with till_at() as till:
        till.will(Outcome.IN_REVIEW, seconds=120.0)
        await till.to_review()
        await till.forward()
        await till.expect_lamp(Lamp.AMBER)
        page = till.screen.steps.done.page
        assert "You will hear a sound" in page.sentence.text()
        assert not page.hand_over_button.isEnabled()

        till.shop.clock.turn(125.0)
        await till.shop.catch_up(1.0)
        await till.expect_lamp(Lamp.GREEN)
        assert till.sounds[-1] is Sound.DECIDED
        assert page.hand_over_button.isEnabled()


async def test_a_payment_still_to_come_says_who_must_act(till_at: OpenTill) -> None:
    async with till_at() as till:
        till.will(Outcome.PENDING, seconds=600.0)
        await till.to_review()
        await till.forward()
        await till.expect_lamp(Lamp.AMBER)

        assert "the customer" in till.screen.steps.done.page.duty.text()


async def test_goods_are_handed_over_once(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.to_review()
        await till.forward()
        await till.expect_lamp(Lamp.GREEN)
        page = till.screen.steps.done.page
        await until(page.hand_over_button.isVisible, what="the hand-over key")
        till.key("F10")
        await until(page.handed_note.isVisible, what="the goods to be gone")

        assert not page.hand_over_button.isVisible()
        sheet = await till.shop.sheet(till.sale.order_id)
        assert sheet.sending
        assert not sheet.to_hand_over


async def test_a_light_too_old_turns_grey_and_is_read_again(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.to_review()
        await till.forward()
        await till.expect_lamp(Lamp.GREEN)
        till.shop.clock.turn(120.0)
        till.shop.transport.is_down = True
        till.screen.steps.done.page.ticked.emit()
        await till.expect_lamp(Lamp.GREY)
        assert "F5" in till.screen.steps.done.page.sentence.text()

        till.shop.transport.is_down = False
        till.key("F5")
        await till.expect_lamp(Lamp.GREEN)


async def test_a_line_that_hangs_is_asked_once_and_the_light_turns_grey_all_the_same(
    till_at: OpenTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with till_at() as till:
        await till.to_review()
        await till.forward()
        await till.expect_lamp(Lamp.GREEN)
        hung = asyncio.Event()
        asked: list[str] = []

        async def hangs(_desk: OrderDesk, order_id: str) -> None:
            asked.append(order_id)
            await hung.wait()
            raise Offline(method="GET", path="/orders/{id}")

        monkeypatch.setattr(OrderDesk, "refresh", hangs)
        page = till.screen.steps.done.page
        for _ in range(30):
            page.ticked.emit()
            await settled()
        assert asked == [till.sale.order_id]
        till.shop.clock.turn(61.0)
        page.ticked.emit()
        await till.expect_lamp(Lamp.GREY)
        hung.set()


async def test_verify_proves_one_order_and_one_charge(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.to_review()
        await till.forward()
        await till.expect_lamp(Lamp.GREEN)
        ledger = till.screen.steps.done.page.ledger
        till.key("F5")

        await until(lambda: "1 order, 1 charge" in ledger.verdict.text(), what="the proof")
        assert "0 duplicates" in ledger.verdict.text()
        assert till.sale.order_id in {row.remote_id for row in ledger.ledger.rows}


async def test_two_presses_are_one_order(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.to_review()
        await until(till.screen.basket.forward_button.isEnabled, what="F12")
        till.key("F12")
        till.key("F12")
        till.screen.steps.review.go_forward()
        await till.expect_place(Place.DONE)

        assert till.shop.transport.calls.count("POST /orders") == 1


async def test_the_customer_ticks_here_when_not_in_the_form(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.to_review()
        till.screen.steps.payment.ticked_terms_of = ""
        till.screen.steps.review.enter(None)
        page = till.screen.steps.review.page
        await until(page.terms_box.isVisible, what="the box to tick")
        assert not till.screen.basket.forward_button.isEnabled()
        till.key("Alt+G")
        assert till.screen.basket.forward_button.isEnabled()

        await till.forward()
        await till.expect_place(Place.DONE)
        assert till.sale.consent is not None
        assert till.sale.consent.where == "review screen"


async def test_no_texts_no_order(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.to_review()
        page = till.screen.steps.review.page
        await until(till.screen.basket.forward_button.isEnabled, what="the texts")
        await till.forget_texts()
        till.forms.texts_fail.append(True)
        till.screen.steps.review.enter(None)

        await till.expect_said("legal texts are missing")
        assert not till.screen.basket.forward_button.isEnabled()
        till.key("F5")
        await until(till.screen.basket.forward_button.isEnabled, what="F12 again")
        assert page.confirm_text.text().startswith("By placing your order")


async def test_leaving_review_gives_the_payment_up_after_asking(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.to_review()
        till.key("Esc")
        await till.answer(yes=True)

        await till.expect_place(Place.CHECKOUT)
        assert till.sale.method is None
        await till.forward()
        await till.expect_place(Place.PAYMENT)
        await till.pay_card()


async def test_a_lost_answer_finds_its_order_and_goes_on(
    till_at: OpenTill, expected_log: LogWatch
) -> None:
    expected_log.expect("no answer")
    async with till_at() as till:
        await till.to_review()
        till.fault(FaultKind.LOST_ANSWER, method="POST", path="^/orders$")
        await till.forward()

        await till.expect_place(Place.DONE)
        await till.expect_lamp(Lamp.GREEN)
        assert till.orders_made == 1


async def in_doubt(till: Till, *, happened: bool) -> None:
    """Place an order of which nobody knows whether it exists."""
    await till.to_review()
    kind = FaultKind.LOST_ANSWER if happened else FaultKind.TIMEOUT
    till.fault(kind, method="POST", path="^/orders$")
    till.fault(FaultKind.STATUS, method="GET", path="^/orders", times=0)
    await till.forward()
    await till.expect_place(Place.LOCKED)


async def look_now(till: Till) -> None:
    """Press F5 on the waiting page and let the look-up end."""
    before = len(till.shop.transport.calls)
    button = till.screen.steps.locked.page.look_button
    till.key("F5")
    await until(
        lambda: len(till.shop.transport.calls) > before and button.isEnabled(),
        what="the look-up",
    )


async def test_nobody_knows_yet_locks_the_basket_and_moves_on_when_it_went_through(
    till_at: OpenTill, expected_log: LogWatch
) -> None:
    expected_log.expect("no answer|look-up failed")
    async with till_at() as till:
        await in_doubt(till, happened=True)
        page = till.screen.steps.locked.page
        assert f"sale {till.sale.label} went through" in page.title.text()
        assert till.sale.state is SaleState.UNKNOWN
        assert not till.screen.basket.table.isEnabled()
        assert "Locked" in till.screen.basket.lock_note.text()

        till.shop.world.director.clear()
        await till.shop.session.engine.doubts.settle_unknown()
        await till.expect_place(Place.DONE)
        assert till.orders_made == 1


async def test_nobody_knows_yet_comes_back_to_review_when_it_did_not(
    till_at: OpenTill, expected_log: LogWatch
) -> None:
    expected_log.expect("no answer|look-up failed")
    async with till_at() as till:
        await in_doubt(till, happened=False)
        till.shop.world.director.clear()
        await look_now(till)
        assert till.screen.place is Place.LOCKED

        till.shop.clock.turn(timedelta(minutes=2).total_seconds())
        await look_now(till)
        await till.expect_place(Place.REVIEW)
        await till.expect_said("It did not go through")

        await till.forward()
        await till.expect_place(Place.DONE)
        assert till.orders_made == 1


async def test_a_sale_in_doubt_blocks_only_itself(
    till_at: OpenTill, expected_log: LogWatch
) -> None:
    expected_log.expect("no answer|look-up failed")
    async with till_at() as till:
        await in_doubt(till, happened=True)
        doubtful = till.sale
        till.shop.world.director.clear()
        await till.forward()
        await till.expect_place(Place.CART)
        await until(till.screen.doubt_pill.isVisible, what="the open doubt")

        await till.shop.session.engine.doubts.settle_unknown()
        await till.expect_said(f"Sale {doubtful.label} went through")
        assert not till.screen.doubt_pill.isVisible()


async def test_an_order_that_was_made_is_shown_whatever_fails_afterwards(
    till_at: OpenTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with till_at() as till:
        await till.to_review()

        async def busy(*_given: object) -> None:
            raise StoreBusy

        monkeypatch.setattr(Settler, "_mirror", busy)
        await till.forward()
        await till.expect_place(Place.DONE)
        await till.expect_lamp(Lamp.GREEN)
        assert till.orders_made == 1


async def test_a_doubt_that_a_manager_ended_leads_on_with_true_words(
    till_at: OpenTill, expected_log: LogWatch
) -> None:
    expected_log.expect("no answer|look-up failed")
    async with till_at() as till:
        await in_doubt(till, happened=True)
        review = till.shop.desks.review
        (item,) = await review.items()
        await review.resolve(item, happened=True, reason="seen in the dashboard")
        await till.expect_place(Place.DONE)
        await till.expect_lamp(Lamp.GREY)
        shown = till.screen.steps.done.page.release_light
        assert "A manager saw the order" in shown.reason.text()
