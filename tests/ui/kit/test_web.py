"""The payment form in its view: what a buyer can do there, and what the till hears of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from posapp.domain.legal_text import Disclosure
from posapp.domain.payment_form import (
    Authenticated,
    AuthenticationResult,
    OfferedMethod,
    PaidClaim,
    SourceFlow,
)
from posapp.ui.kit.web import FormState
from tests.drivers.payment import PaymentDriver
from tests.helpers.waiting import emitted, until
from tests.ui.kit.web_fixtures import shop
from tests.unit.sandbox_form.fake_world import FakeWorld

pytestmark = pytest.mark.usefixtures("qapp")


async def test_a_card_is_paid_and_the_till_hears_no_number() -> None:
    async with shop() as till:
        till.open_form()
        buyer = PaymentDriver(till.view)
        await buyer.wait_open()
        claim = await buyer.pay_by_card()
        assert claim == PaidClaim(
            source_id=claim.source_id,
            type="creditCard",
            state="chargeable",
            flow=SourceFlow.STANDARD,
            reusable=False,
            amount=Decimal("29.70"),
            currency="EUR",
            session_id="sess_1",
            brand="Visa",
            last_four="1111",
            expiration_month=12,
            expiration_year=2029,
            redirect_url="",
            ready_for_storage=False,
            supports_storage=True,
            consents=claim.consents,
        )
        assert claim.consents.terms_of_sale
        await buyer.expect_text(".DR-pay-button", "Payment details received")


async def test_the_number_is_masked_once_it_is_right() -> None:
    async with shop() as till:
        till.open_form()
        buyer = PaymentDriver(till.view)
        await buyer.wait_open()
        await buyer.type_card()
        await buyer.expect_text("#card-number", "•••• •••• •••• 1111")


async def test_ready_names_the_methods_on_screen() -> None:
    async with shop() as till:
        ready = emitted(till.view.ready, timeout_s=15)
        till.open_form()
        (methods,) = await ready
        assert methods[0] == "creditCard"
        assert "wireTransfer" in methods
        assert not {"googlePay", "applePay", "konbini"} & set(methods)
        assert till.view.state is FormState.READY


async def test_the_page_got_exactly_the_configuration_of_the_sale() -> None:
    async with shop() as till:
        till.open_form(futureOption={"kept": True})
        buyer = PaymentDriver(till.view)
        await buyer.wait_open()
        sent = till.vendor.form.recorded[-1]["config"]
        assert sent["options"]["redirect"]["returnUrl"] == till.server.return_url
        assert sent["options"]["futureOption"] == {"kept": True}
        assert sent["paymentMethodConfiguration"]["creditCard"] == {"mask": True}


async def test_no_tick_no_payment() -> None:
    async with shop() as till:
        made = len(till.vendor.world.orders)
        till.open_form()
        buyer = PaymentDriver(till.view)
        await buyer.wait_open()
        await buyer.type_card()
        await buyer.submit()
        await buyer.expect_text("#DR-terms-checkbox-error-creditCard", "tick this box")
        assert len(till.vendor.world.orders) == made


async def test_wrong_fields_are_named_and_nothing_is_sent() -> None:
    async with shop() as till:
        made = len(till.vendor.world.orders)
        till.open_form()
        buyer = PaymentDriver(till.view)
        await buyer.wait_open()
        failed = emitted(till.view.failed, timeout_s=15)
        await buyer.type_card("4444222233331112", "13/29", "12")
        await buyer.agree()
        await buyer.submit()
        (told,) = await failed
        assert told.type == "validation_error"
        assert told.codes == (
            "invalid_card_number",
            "invalid_expiration_month",
            "incomplete_security_code",
        )
        await buyer.expect_text("#card-expiry-error", "01 to 12")
        assert len(till.vendor.world.orders) == made


async def test_a_refused_card_may_be_replaced_by_another() -> None:
    async with shop() as till:
        till.open_form()
        buyer = PaymentDriver(till.view)
        await buyer.wait_open()
        told = await buyer.expect_declined("4000000000003295")
        assert told.codes == ("source_creation_failed",)
        assert told.failed_source_id
        await buyer.expect_text(".DR-creditCard .DR-error-message", "declined")
        claim = await buyer.pay_by_card()
        assert claim.last_four == "1111"


@pytest.mark.parametrize("answer", ["password", "1234"])
async def test_the_bank_asks_and_is_answered(answer: str) -> None:
    async with shop() as till:
        till.open_form()
        buyer = PaymentDriver(till.view)
        await buyer.wait_open()
        paid = emitted(till.view.paid, timeout_s=15)
        await buyer.type_card("5454545454545454", "03/2030", "737")
        await buyer.agree()
        await buyer.save_card()
        await buyer.submit()
        await buyer.answer_bank(answer)
        (claim,) = await paid
        assert (claim.state, claim.brand, claim.last_four) == ("chargeable", "MasterCard", "5454")
        assert claim.ready_for_storage


async def test_a_wrong_answer_to_the_bank_is_a_decline() -> None:
    async with shop() as till:
        till.open_form()
        buyer = PaymentDriver(till.view)
        await buyer.wait_open()
        failed = emitted(till.view.failed, timeout_s=15)
        await buyer.type_card("4917610000000000", "03/30", "737")
        await buyer.agree()
        await buyer.submit()
        await buyer.answer_bank("guess")
        (told,) = await failed
        assert told.codes == ("source_creation_failed",)
        await buyer.expect_text(".DR-creditCard .DR-error-message", "declined")


async def test_a_bank_transfer_waits_for_its_money() -> None:
    async with shop() as till:
        till.open_form()
        buyer = PaymentDriver(till.view)
        await buyer.wait_open()
        claim = await buyer.pay_by("wireTransfer")
        assert (claim.state, claim.flow) == ("pending_funds", SourceFlow.RECEIVER)


async def test_a_redirect_method_says_where_to_go_and_goes_nowhere() -> None:
    async with shop() as till:
        till.open_form()
        buyer = PaymentDriver(till.view)
        await buyer.wait_open()
        claim = await buyer.pay_by("klarnaCredit")
        assert (claim.state, claim.flow) == ("pending_redirect", SourceFlow.REDIRECT)
        assert claim.redirect_url.startswith(till.vendor.origin)
        assert till.vendor.world.visited == []
        assert till.vendor.world.orders[-1]["returnUrl"] == till.server.return_url


async def test_konbini_wants_a_store() -> None:
    world = FakeWorld(country="JP", currency="JPY", entity="DR_JAPAN-ENTITY")
    async with shop(world) as till:
        till.open_form(locale="ja-JP")
        buyer = PaymentDriver(till.view)
        await buyer.wait_open()
        await buyer.choose("konbini")
        await buyer.agree("konbini")
        await buyer.submit("konbini")
        await buyer.expect_text(".DR-konbini .DR-error-message", "店舗を選択してください")
        paid = emitted(till.view.paid, timeout_s=15)
        await buyer.fill("#DR-konbini-store", "060")
        await buyer.submit("konbini")
        (claim,) = await paid
        assert claim.type == "konbini"
        assert till.vendor.world.orders[-1]["konbini"] == {"storeId": "060"}


@pytest.mark.parametrize(
    ("locale", "words"),
    [("en-US", "Pay now"), ("de-DE", "Jetzt bezahlen"), ("fr-FR", "Payer"), ("ja-JP", "支払う")],
)
async def test_the_form_speaks_the_buyers_language(locale: str, words: str) -> None:
    async with shop() as till:
        till.open_form(locale=locale)
        buyer = PaymentDriver(till.view)
        await buyer.wait_open()
        await buyer.expect_text(".DR-pay-button", words)


async def test_the_legal_texts_arrive_without_a_form() -> None:
    async with shop() as till:
        told = emitted(till.view.disclosure, timeout_s=15)
        till.open(till.texts("DR_UK-ENTITY", "en", "GB"))
        (disclosure,) = await told
        assert isinstance(disclosure, Disclosure)
        assert (disclosure.entity_id, disclosure.country) == ("DR_UK-ENTITY", "GB")
        confirm = disclosure.text("confirmDisclosure")
        assert confirm is not None
        assert "Terms of Sale of Digital River UK" in confirm.plain
        assert disclosure.text("cancellationRights") is not None
        assert disclosure.text("californiaPrivacyRights") is None


async def test_the_methods_of_a_session_can_be_asked() -> None:
    async with shop() as till:
        told = emitted(till.view.methods, timeout_s=15)
        till.open(till.page(methods={"sessionId": "sess_1"}))
        (methods,) = await told
        assert OfferedMethod("creditCard", SourceFlow.STANDARD, True) in methods


@pytest.mark.parametrize(
    ("number", "result"),
    [
        ("4444222233331111", AuthenticationResult.NOT_REQUIRED),
        ("5454545454545454", AuthenticationResult.COMPLETE),
    ],
)
async def test_a_saved_card_is_authenticated(number: str, result: AuthenticationResult) -> None:
    card = {"number": number, "expirationMonth": 3, "expirationYear": 2030, "cvv": "737"}
    world = FakeWorld()
    source = world.create_source({"type": "creditCard", "creditCard": card})
    call = {
        "sessionId": "sess_1",
        "sourceId": source["id"],
        "sourceClientSecret": source["clientSecret"],
    }
    async with shop(world) as till:
        told = emitted(till.view.authenticated, timeout_s=15)
        till.open(till.page(authenticate=call))
        if result is AuthenticationResult.COMPLETE:
            await PaymentDriver(till.view).answer_bank("password")
        assert await told == (Authenticated(result),)


async def test_transfer_instructions_are_shown() -> None:
    world = FakeWorld()
    source = world.create_source({"type": "wireTransfer", "sessionId": "sess_1"})
    call = {"sourceId": source["id"], "sourceClientSecret": source["clientSecret"]}
    async with shop(world) as till:
        till.open(till.page(instructions=call, locale="de-DE"))
        buyer = PaymentDriver(till.view)
        await buyer.wait_open()
        await buyer.expect_text(".DR-instructions", "JB646P5RB5D26GSB")
        await buyer.expect_text(".DR-instructions", "29,70")


async def test_one_view_serves_many_sales() -> None:
    async with shop() as till:
        for _ in range(3):
            till.open_form()
            buyer = PaymentDriver(till.view)
            await until(lambda: till.view.state is FormState.LOADING)
            await buyer.wait_open()
            assert (await buyer.pay_by_card()).last_four == "1111"
        till.view.dispose()
        assert till.view.state is FormState.EMPTY
