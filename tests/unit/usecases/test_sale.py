"""What can go wrong between the basket and the order, and what is kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from posapp.domain.customer import Address
from posapp.domain.errors import (
    ClaimMismatch,
    EmptyBasket,
    NoDisclosure,
    NotAllowed,
    NotPaid,
    NotSignedIn,
    SaleMoved,
    SaleUnsettled,
    UnknownProduct,
    WrongMode,
)
from posapp.domain.intent import IntentKind, IntentState
from posapp.domain.sale import Delivery, SaleState, Step
from posapp.domain.shop import Mode
from posapp.sandbox.director import Fault, FaultKind
from posapp.settle.errors import StillUnknown
from tests.helpers.builders import a_customer, a_party, a_sale
from tests.helpers.logfail import LogWatch
from tests.helpers.shop import open_shop
from tests.unit.usecases.conftest import OpenShop


async def test_an_unknown_code_is_named_and_the_basket_is_kept(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        shop.sign_in()
        sale = await shop.fill("MUG-WHT")
        with pytest.raises(UnknownProduct) as unknown:
            await shop.desks.sale.scan(sale, "4006381999999")
        assert unknown.value.code == "4006381999999"
        assert (await shop.desks.sale.take_up()).basket == sale.basket


async def test_hold_and_recall_swap_the_sale_in_hand(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        shop.sign_in()
        desk = shop.desks.sale
        first = await shop.fill("MUG-WHT")
        second = await desk.hold(first, "Ada")
        with pytest.raises(EmptyBasket):
            await desk.hold(second)
        [held] = await desk.held()
        assert (held.id, held.held_as) == (first.id, "Ada")
        second = await desk.scan(second, "PEN-FTN")
        back = await desk.recall(second, held)
        assert (back.id, back.state) == (first.id, SaleState.OPEN)
        assert [sale.id for sale in await desk.held()] == [second.id]


async def test_a_till_that_is_called_anew_keeps_the_basket_in_hand(tmp_path: Path) -> None:
    async with open_shop(tmp_path, till="1") as shop:
        shop.sign_in()
        sale = await shop.fill("MUG-WHT")
    async with open_shop(tmp_path, till="Front") as shop:
        shop.sign_in()
        assert await shop.desks.sale.take_up() == sale


async def test_a_dropped_sale_takes_its_checkout_with_it(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        shop.sign_in()
        sale = await shop.quoted("MUG-WHT")
        fresh = await shop.desks.sale.discard(sale)
        await shop.session.settler.rest()
        assert fresh.basket.lines == ()
        gone = [x for x in shop.transport.calls if x.startswith("DELETE /checkouts/")]
        assert len(gone) == 1


async def test_a_registered_customer_is_stored_at_the_service_and_found_here(
    shop_at: OpenShop,
) -> None:
    async with shop_at() as shop:
        shop.sign_in()
        sale = await shop.desks.sale.register(await shop.fill("MUG-WHT"), a_party())
        assert sale.customer is not None
        assert sale.customer.id is not None
        stored = await shop.session.river.customers.get(sale.customer.id)
        assert stored.party.email == "ada@example.com"
        assert await shop.desks.sale.customers("lovel") == (sale.customer,)


async def test_who_does_not_sell_looks_nobody_up(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        with pytest.raises(NotSignedIn):
            await shop.desks.sale.customers("lovel")
        shop.sign_in("finn")
        with pytest.raises(NotAllowed):
            await shop.desks.sale.customers("lovel")


async def test_a_checkout_whose_answer_was_lost_is_taken_over_not_made_again(
    shop_at: OpenShop, expected_log: LogWatch
) -> None:
    expected_log.expect("looking it up|look-up failed")
    async with shop_at() as shop:
        shop.sign_in()
        sale = await shop.fill("MUG-WHT")
        sale = await shop.desks.sale.choose(sale, a_customer())
        lost = Fault(FaultKind.LOST_ANSWER, method="POST", path="/checkouts", times=1)
        away = Fault(FaultKind.STATUS, method="GET", path="/checkouts", status=503, times=6)
        shop.world.director.faults += [lost, away]
        with pytest.raises(StillUnknown):
            await shop.desks.sale.checkout(sale)
        shop.world.director.faults.clear()
        now = await shop.desks.sale.get(sale.id)
        assert now is not None
        quoted = await shop.desks.sale.checkout(now)
        assert quoted.quote is not None
        assert quoted.step is Step.PAYMENT
        assert shop.transport.calls.count("POST /checkouts") == 1


async def test_a_checkout_found_late_is_not_taken_over_for_another_buyer(
    shop_at: OpenShop, expected_log: LogWatch
) -> None:
    expected_log.expect("looking it up|look-up failed")
    async with shop_at() as shop:
        shop.sign_in()
        desk = shop.desks.sale
        sale = await desk.choose(await shop.fill("MUG-WHT", ship=True), a_customer())
        lost = Fault(FaultKind.LOST_ANSWER, method="POST", path="/checkouts", times=1)
        away = Fault(FaultKind.STATUS, method="GET", path="/checkouts", status=503, times=6)
        shop.world.director.faults += [lost, away]
        with pytest.raises(StillUnknown):
            await desk.checkout(sale)
        shop.world.director.faults.clear()

        now = await desk.get(sale.id)
        assert now is not None
        oregon = Address("1 Other St", "Portland", "97201", "US", "OR")
        buyer = a_party(email="grace@example.com", address=oregon)
        quoted = await desk.checkout(await desk.choose(now, a_customer(party=buyer)))
        assert quoted.quote is not None
        assert (quoted.quote.email, quoted.quote.tax.minor) == ("grace@example.com", 0)
        await shop.session.settler.rest()
        calls = shop.transport.calls
        assert calls.count("POST /checkouts") == 2
        assert [call for call in calls if call.startswith("DELETE /checkouts/")]


async def test_a_checkout_is_made_once_for_one_basket(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        shop.sign_in()
        sale = await shop.quoted("MUG-WHT")
        assert await shop.desks.sale.checkout(sale) == sale
        assert shop.transport.calls.count("POST /checkouts") == 1


async def test_an_answer_of_the_other_mode_stops_the_sale(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        shop.sign_in()
        shop.desks.sale.mode = Mode.LIVE
        with pytest.raises(WrongMode):
            await shop.quoted("MUG-WHT")


async def test_the_form_is_not_believed_before_the_service_was_asked(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        shop.sign_in()
        other = await shop.quoted("MUG-WHT")
        claim = shop.type_card(other)
        sale = await shop.desks.sale.discard(other)
        sale = await shop.quoted("PEN-FTN")
        with pytest.raises(ClaimMismatch) as mismatch:
            await shop.desks.sale.paid(sale, claim)
        assert mismatch.value.what == "session"


async def test_a_source_the_service_calls_failed_pays_nothing(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        shop.sign_in()
        sale = await shop.quoted("MUG-WHT")
        failed = shop.type_card(sale, "4000000000003295")
        with pytest.raises(ClaimMismatch) as mismatch:
            await shop.desks.sale.paid(sale, failed)
        assert mismatch.value.what == "state"


async def test_a_card_the_customer_wants_kept_is_stored_before_it_pays(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        shop.sign_in()
        sale = await shop.desks.sale.register(await shop.fill("MUG-WHT"), a_party())
        sale = await shop.desks.sale.checkout(sale)
        claim = replace(shop.type_card(sale), ready_for_storage=True)
        sale = await shop.desks.sale.paid(sale, claim)
        assert sale.customer is not None
        stored = await shop.session.river.customers.get(str(sale.customer.id))
        assert [source.last_four for source in stored.sources] == ["1111"]
        kinds = [intent.kind for intent in await shop.desks.sale.ledger(sale)]
        assert kinds.index(IntentKind.SAVE_SOURCE) < kinds.index(IntentKind.ATTACH_SOURCE)


async def test_what_was_stored_or_attached_is_not_sent_again_when_the_payment_is_checked_again(
    shop_at: OpenShop, expected_log: LogWatch
) -> None:
    expected_log.expect("looking it up|look-up failed")
    async with shop_at() as shop:
        shop.sign_in()
        desk = shop.desks.sale
        sale = await desk.register(await shop.fill("MUG-WHT"), a_party())
        sale = await desk.checkout(sale)
        claim = replace(shop.type_card(sale), ready_for_storage=True)
        faults = shop.world.director.faults
        faults.append(Fault(FaultKind.LOST_ANSWER, method="POST", path="^/checkouts/", times=1))
        faults.append(Fault(FaultKind.STATUS, method="GET", path="^/checkouts", times=0))
        with pytest.raises(StillUnknown):
            await desk.paid(sale, claim)
        faults.clear()
        await shop.session.engine.doubts.settle_unknown()
        assert (await desk.paid(sale, claim)).step is Step.REVIEW
        sent = [x for x in shop.transport.calls if x.startswith("POST") and "/sources/" in x]
        assert len(sent) == 2


async def test_no_order_without_payment_texts_or_basket(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        shop.sign_in()
        sale = await shop.quoted("MUG-WHT")
        with pytest.raises(NotPaid):
            await shop.place(sale)
        with pytest.raises(NotPaid):
            await shop.desks.sale.review(sale)
        with pytest.raises(NoDisclosure):
            await shop.desks.sale.place(sale, None, where="review")
        with pytest.raises(EmptyBasket):
            shop.desks.sale.payment(a_sale())
        edited = await shop.desks.sale.set_quantity(sale, sale.basket.lines[0].key, 2)
        with pytest.raises(SaleMoved):
            await shop.place(edited)
        assert not any(call.startswith("POST /orders") for call in shop.transport.calls)


async def test_giving_up_a_payment_keeps_the_checkout_until_a_source_was_used(
    shop_at: OpenShop,
) -> None:
    async with shop_at() as shop:
        shop.sign_in()
        sale = await shop.quoted("MUG-WHT")
        back = await shop.desks.sale.give_up_payment(sale)
        assert (back.step, back.quote) == (Step.CHECKOUT, sale.quote)
        paid = await shop.desks.sale.paid(sale, shop.type_card(sale))
        back = await shop.desks.sale.give_up_payment(paid)
        assert (back.step, back.quote, back.method) == (Step.CHECKOUT, None, None)


async def test_a_basket_is_locked_while_nobody_knows_whether_the_order_exists(
    shop_at: OpenShop, expected_log: LogWatch
) -> None:
    expected_log.expect("looking it up")
    async with shop_at() as shop:
        shop.sign_in()
        sale = await shop.paid("MUG-WHT")
        shop.world.director.faults.append(
            Fault(FaultKind.TIMEOUT, method="POST", path="/orders", times=1)
        )
        with pytest.raises(StillUnknown):
            await shop.place(sale)
        [unsettled] = await shop.desks.sale.unsettled()
        with pytest.raises(SaleUnsettled):
            await shop.desks.sale.set_delivery(unsettled, Delivery.SHIP)
        assert (await shop.desks.sale.look_again(unsettled)).state is SaleState.UNKNOWN
        shop.clock.turn(120)
        assert (await shop.desks.sale.look_again(unsettled)).state is SaleState.OPEN
        orders = [x for x in await shop.desks.sale.ledger(sale) if x.kind is IntentKind.ORDER]
        assert [intent.state for intent in orders] == [IntentState.NOT_DONE]


async def test_an_order_placed_twice_at_once_is_one_order_and_one_charge(
    shop_at: OpenShop, expected_log: LogWatch
) -> None:
    expected_log.expect("looking it up")
    async with shop_at() as shop:
        shop.sign_in()
        sale = await shop.paid("MUG-WHT")
        one, other = await asyncio.gather(shop.place(sale), shop.place(sale))
        assert one.id == other.id
        assert len(one.charges) == 1
        done = await shop.desks.sale.get(sale.id)
        assert done is not None
        assert (done.state, done.order_id) == (SaleState.DONE, one.id)
        assert shop.books_agree()
