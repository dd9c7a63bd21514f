"""The script as a page sees it: calls that throw, elements, legal texts, the provider's window."""

from __future__ import annotations

import asyncio
import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.domain.legal_text import DisclosureText
from posapp.sandbox.form import LANGUAGES
from posapp.ui.kit.form_filler import FormFiller
from tests.drivers.payment import PaymentDriver
from tests.helpers.waiting import emitted, until
from tests.ui.kit.web_fixtures import Till, run_script, shop
from tests.unit.sandbox_form.fake_world import OWNER

pytestmark = pytest.mark.usefixtures("qapp")

TRY = (
    "(() => {{ try {{ return JSON.stringify({0}); }} "
    "catch (e) {{ return 'throws ' + e.message; }} }})()"
)
NO_FOOTER = "document.querySelector('.DR-Legal-Footer') === null"
RIVER = "new DigitalRiver('pk_test_sandbox', {locale: 'en-US'})"
BILLING = {**OWNER, "phoneNumber": "+49 221 1"}


async def tried(till: Till, expression: str) -> str:
    """The JSON of what a page's script gets, or what was thrown at it."""
    return str(await run_script(till.view, TRY.format(expression)))


async def blank(till: Till) -> None:
    """A page that loads the script and calls nothing."""
    ready = emitted(till.view.ready, timeout_s=15)
    till.open(till.page())
    await ready


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("new DigitalRiver()", "Pass an API key."),
        ("new DigitalRiver(7)", "Pass an API key."),
        (f"{RIVER}.createDropin({{}})", "Please provide a sessionId"),
        (
            f"{RIVER}.createDropin({{options: {{flow: 'managePaymentMethods'}}}})",
            "Please provide a billingAddress",
        ),
        (
            f"{RIVER}.createDropin({{sessionId: 's', billingAddress: {{firstName: 'A'}}}})",
            "Please provide a billingAddress",
        ),
        (
            f"{RIVER}.createDropin({{sessionId: 's', paymentMethodConfiguration: "
            "{enabledPaymentMethods: ['ideal'], disabledPaymentMethods: ['ideal']}})",
            "both enabled and disabled",
        ),
        (
            f"{RIVER}.createDropin({{sessionId: 's', options: "
            "{redirect: {disableAutomaticRedirects: true, returnUrl: 'a', cancelUrl: 'b'}}})",
            "returnUrl and an equal cancelUrl",
        ),
        (f"{RIVER}.createDropin({{sessionId: 's'}}).mount('#payment-form')", "element"),
        (f"{RIVER}.createElement('nothing')", "Unknown element type"),
        (f"{RIVER}.createElement('delayedPaymentInstructions', {{}})", "Please provide a sourceId"),
        (f"{RIVER}.authenticateSource({{sessionId: 's'}})", "Please provide a sourceId"),
        (
            f"(() => {{ const r = {RIVER}; r.createElement('compliance'); "
            "r.createElement('Compliance'); })()",
            "already exists",
        ),
    ],
)
async def test_wrong_calls_throw(expression: str, told: str) -> None:
    async with shop() as till:
        await blank(till)
        answer = await tried(till, expression)
        assert answer.startswith("throws ")
        assert told in answer


async def test_legal_texts_of_every_entity_in_every_language() -> None:
    entities = ("DR_INC", "C5_INC", "DR_IRELAND", "DR_UK", "DR_JAPAN", "DR_TAIWAN", "DR_KOREA")
    async with shop() as till:
        await blank(till)
        seen = set()
        for entity in (f"{name}-ENTITY" for name in entities):
            for language in LANGUAGES:
                call = {"businessEntityCode": entity, "language": language, "country": "US"}
                raw = await tried(till, f"{RIVER}.Compliance.getDetails({json.dumps(call)})")
                told = json.loads(raw)["disclosure"]
                assert told["businessEntity"]["id"] == entity
                name = told["businessEntity"]["name"]
                assert name in told["resellerDisclosure"]["localizedText"]
                confirm = DisclosureText("", told["confirmDisclosure"]["localizedText"], "")
                assert len(confirm.links) == 2
                assert confirm.links[0][1] == told["termsOfSale"]["url"]
                assert "{" not in raw.replace('{"', "")
                seen.add(told["confirmDisclosure"]["localizedText"])
        assert len(seen) == len(entities) * len(LANGUAGES)


@pytest.mark.parametrize(
    ("country", "there", "absent"),
    [
        ("DE", {"cancellationRights", "cookiePolicy"}, {"warrantyInformation", "invoiceAgreement"}),
        ("IT", {"cancellationRights", "warrantyInformation"}, {"californiaPrivacyRights"}),
        ("US", {"californiaPrivacyRights"}, {"cancellationRights", "japaneseCommerceLaw"}),
        ("JP", {"japaneseCommerceLaw"}, {"californiaPrivacyRights"}),
        ("TW", {"invoiceAgreement"}, {"cancellationRights"}),
        ("IN", {"termsOfSale", "privacyPolicy"}, {"cookiePolicy", "legalNotice"}),
    ],
)
async def test_the_country_decides_which_texts(
    country: str, there: set[str], absent: set[str]
) -> None:
    async with shop() as till:
        await blank(till)
        call = {
            "businessEntityCode": "DR_IRELAND-ENTITY",
            "language": "en",
            "country": country,
            "jpCommerceLawPageUrl": "https://shop.example/law",
        }
        raw = await tried(till, f"{RIVER}.Compliance.getDetails({json.dumps(call)})")
        told = json.loads(raw)["disclosure"]
        assert there <= told.keys()
        assert not absent & told.keys()
        if country == "JP":
            assert told["japaneseCommerceLaw"]["url"] == "https://shop.example/law"


async def test_the_older_call_and_the_wrong_call() -> None:
    async with shop() as till:
        await blank(till)
        raw = await tried(till, f"{RIVER}.Compliance.getDetails('DR_UK-ENTITY', 'en_GB')")
        assert "cancellationRights" in json.loads(raw)["disclosure"]
        assert await tried(till, f"{RIVER}.Compliance.getDetails({{}})") == (
            "throws businessEntityCode is missing or unsupported, "
            "country is missing or unsupported, language is missing or unsupported"
        )


async def test_the_compliance_element_is_drawn_and_redrawn() -> None:
    async with shop() as till:
        await blank(till)
        await run_script(
            till.view,
            f"window.e = {RIVER}.createElement('compliance', {{classes: {{base: 'mine'}}, "
            "compliance: {entity: 'DR_UK-ENTITY', language: 'en', country: 'GB'}}); "
            "e.mount('payment-instructions'); 1",
        )
        buyer = PaymentDriver(till.view)
        await buyer.expect_text(".DR-Legal-Footer.mine", "Right of Cancellation")
        await run_script(till.view, "e.update({compliance: {country: 'US'}}); 1")
        await buyer.expect_text(".DR-Legal-Footer", "California")
        await run_script(till.view, "e.destroy(); 1")
        assert await run_script(till.view, NO_FOOTER) is True


async def test_cards_are_kept_without_a_sale() -> None:
    async with shop() as till:
        till.open(
            till.page(
                dropin={"billingAddress": BILLING, "options": {"flow": "managePaymentMethods"}}
            )
        )
        buyer = PaymentDriver(till.view)
        await buyer.wait_open()
        paid = emitted(till.view.paid, timeout_s=15)
        await buyer.expect_text(".DR-pay-button", "Save")
        await buyer.type_card()
        await buyer.submit()
        (claim,) = await paid
        assert claim.ready_for_storage
        assert till.vendor.world.orders[-1]["owner"] == BILLING
        assert await run_script(till.view, NO_FOOTER) is True


async def test_a_locale_nobody_knows_is_english() -> None:
    async with shop() as till:
        till.open_form(locale="xx-YY")
        buyer = PaymentDriver(till.view)
        await buyer.wait_open()
        await buyer.expect_text(".DR-pay-button", "Pay now")


@pytest.mark.parametrize(("button", "outcome"), [("#approve", "paid"), ("#decline", "cancelled")])
async def test_an_automatic_redirect_opens_the_provider_and_hears_back(
    qapp: QApplication, button: str, outcome: str
) -> None:
    async with shop() as till:
        till.open_form(redirect={})
        buyer = PaymentDriver(till.view)
        await buyer.wait_open()
        await buyer.choose("klarnaCredit")
        await buyer.agree("klarnaCredit")
        told = emitted(till.view.paid if outcome == "paid" else till.view.cancelled, timeout_s=15)
        await _press_enter_on(till, qapp, ".DR-klarnaCredit .DR-pay-button")
        session = till.view.session()
        assert session is not None
        await until(lambda: session.popup is not None, what="the provider's window")
        popup = session.popup
        assert popup is not None
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        FormFiller(popup.page).press(button, done.set_result)
        assert await done
        (claim,) = await told
        if outcome == "paid":
            assert claim.state == "chargeable"
        else:
            assert claim == "klarnaCredit"
        await until(lambda: session.popup is None, what="the window to close by itself")


async def _press_enter_on(till: Till, qapp: QApplication, selector: str) -> None:
    """A real key: only a person's press may open a window."""
    till.view.activateWindow()
    till.view.focus_form()
    await until(till.view.has_form_focus)
    await run_script(till.view, f"document.querySelector('{selector}').focus(); 1")
    focus = qapp.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_Return)
