"""Every option and callback of the drop-in form, as a shop's own page meets them (drop-in 1.2)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.sandbox_form.fake_world import OWNER, FakeWorld
from tests.unit.sandbox_form.pages import ShopPage, card_only, shop_page

pytestmark = pytest.mark.usefixtures("qapp")

BILLING = {**OWNER, "phoneNumber": "+49 221 1"}
WITH_WALLETS = "window.PaymentRequest = function () {}"
BACK = "https://shop.example/back"


def offline(frame: str, answer: str) -> dict[str, str]:
    """A script that makes every call of a frame end so."""
    return {"source": f"window.fetch = () => {answer}; return 1", "frame": frame}


# -- what is on screen ---------------------------------------------------------------------------


async def test_a_form_without_options_shows_what_the_documents_say() -> None:
    async with shop_page() as page:
        told = await page.drop_in()
        assert told["paymentMethodTypes"][0] == "creditCard"
        assert await page.count("#DR-terms-checkbox-creditCard") == 1
        assert await page.count(".DR-Legal-Footer") == 1
        assert await page.count("[id^=DR-mandate-checkbox]") == 0
        await page.buyer.expect_text(".DR-creditCard .DR-pay-button", "Continue")
        assert await page.value(
            "[document.querySelector('.DR-creditCard .DR-button').getAttribute('aria-expanded'), "
            "document.querySelectorAll('.DR-collapse.DR-show').length]"
        ) == ["true", 1]


async def test_terms_can_be_left_to_the_shop() -> None:
    async with shop_page() as page:
        await page.drop_in(**card_only())
        assert await page.count("[id^=DR-terms-checkbox]") == 0
        await page.buyer.type_card()
        await page.buyer.submit()
        assert "consents" not in await page.heard("onSuccess")


async def test_the_legal_footer_can_be_left_out() -> None:
    async with shop_page() as page:
        await page.drop_in(options={"showComplianceSection": False})
        assert await page.count(".DR-Legal-Footer") == 0


@pytest.mark.parametrize("signed", [True, False])
async def test_only_what_can_be_stored_asks_whether_to_store_it(signed: bool) -> None:
    async with shop_page() as page:
        await page.drop_in(
            options={"showSavePaymentAgreement": True, "showTermsOfSaleDisclosure": False}
        )
        assert await page.count("#DR-mandate-checkbox-creditCard") == 1
        assert await page.count("#DR-mandate-checkbox-directDebit") == 1
        assert await page.count("#DR-mandate-checkbox-klarnaCredit") == 0
        assert await page.count("#DR-mandate-checkbox-wireTransfer") == 0
        await page.buyer.type_card()
        if signed:
            await page.buyer.save_card()
        await page.buyer.submit()
        told = await page.heard("onSuccess")
        assert (told["readyForStorage"], told["supportsStorage"]) == (signed, True)
        terms = page.world.orders[-1].get("mandate", {}).get("terms", "")
        assert ("keep it and to charge it" in terms) is signed


async def test_a_subscription_shows_the_renewal_terms() -> None:
    async with shop_page() as page:
        await page.drop_in(options={"usage": "subscription"})
        await page.buyer.expect_text(".DR-creditCard .DR-terms", "renews by itself")
        await page.buyer.type_card()
        await page.buyer.agree()
        await page.buyer.submit()
        await page.heard("onSuccess")
        assert page.world.orders[-1]["usage"] == "subscription"


async def test_a_shop_adds_its_own_licence_and_terms() -> None:
    consents = {
        "companyName": "Harbour & <b>Pine</b>",
        "eula": {"url": "https://shop.example/eula"},
        "termsOfUse": {"url": "javascript:alert(1)"},
    }
    async with shop_page() as page:
        await page.drop_in(options={"consents": consents})
        await page.buyer.expect_text(".DR-terms label", "Harbour & <b>Pine</b>: Licence agreement")
        assert await page.count(".DR-terms a[href^=javascript]") == 0
        await page.buyer.type_card()
        await page.buyer.agree()
        await page.buyer.submit()
        told = await page.heard("onSuccess")
        assert told["consents"] == {"termsOfSale": True, "eula": True, "termsOfUse": False}


async def test_own_terms_need_the_company() -> None:
    async with shop_page() as page:
        refused = await page.run(
            "try { river.createDropin({sessionId: 's', options: {consents: {}}}); return ''; } "
            "catch (error) { return error.message; }"
        )
        assert "companyName" in refused
        fine = {"sessionId": "s", "options": {"consents": {}, "showTermsOfSaleDisclosure": False}}
        assert await page.run(f"return typeof river.createDropin({json.dumps(fine)}).refresh") == (
            "function"
        )


BUTTONS: list[tuple[dict[str, str], str]] = [
    ({}, "Continue"),
    ({"type": "continue"}, "Continue"),
    ({"type": "payNow"}, "Pay now"),
    ({"type": "buyNow"}, "Buy now"),
    ({"type": "completeOrder"}, "Complete order"),
    ({"type": "submitOrder"}, "Submit order"),
    ({"type": "custom", "buttonText": "Seal the deal"}, "Seal the deal"),
    ({"type": "payNow", "buttonText": "Not shown"}, "Pay now"),
    ({"type": "custom"}, "Continue"),
    ({"type": "unheardOf"}, "Continue"),
]


async def test_the_words_of_the_button() -> None:
    async with shop_page() as page:
        for button, words in BUTTONS:
            await page.run("told.length = 0; return 1")
            await page.drop_in(options={"button": button})
            shown = "document.querySelector('.DR-creditCard .DR-pay-button').textContent"
            assert await page.value(shown) == words


async def test_nothing_needs_to_be_open_at_first() -> None:
    async with shop_page() as page:
        await page.drop_in(options={"expandFirstPaymentMethod": False})
        assert await page.count(".DR-collapse.DR-show") == 0
        await page.buyer.choose("wireTransfer")
        assert await page.count(".DR-wireTransfer .DR-collapse.DR-show") == 1


async def test_an_order_that_costs_nothing_needs_no_source() -> None:
    world = FakeWorld()
    world.amount = "0"
    async with shop_page(world) as page:
        told = await page.drop_in(options={"skipPaymentForZeroDollarOrders": True})
        assert told == {"paymentMethodTypes": []}
        await page.buyer.submit("free")
        await page.buyer.expect_text("#DR-terms-checkbox-error-free", "tick this box")
        await page.buyer.agree("free")
        await page.buyer.submit("free")
        assert await page.heard("onSuccess") == {
            "source": None,
            "sourceNotRequired": True,
            "readyForStorage": False,
            "supportsStorage": False,
            "consents": {"termsOfSale": True, "eula": False, "termsOfUse": False},
        }
        assert page.world.orders == []


async def test_an_order_that_costs_something_is_paid_all_the_same() -> None:
    async with shop_page() as page:
        told = await page.drop_in(options={"skipPaymentForZeroDollarOrders": True})
        assert "creditCard" in told["paymentMethodTypes"]


async def test_methods_are_switched_on_and_off() -> None:
    async with shop_page() as page:
        told = await page.drop_in(
            paymentMethodConfiguration={
                "enabledPaymentMethods": ["wireTransfer", "creditCard", "konbini", "klarnaCredit"],
                "disabledPaymentMethods": ["klarnaCredit2", "trustly"],
            }
        )
        assert told["paymentMethodTypes"] == ["creditCard", "klarnaCredit", "wireTransfer"]


async def test_cards_on_file_are_offered_what_can_be_kept() -> None:
    async with shop_page() as page:
        told = await page.drop_in(
            sessionId=None,
            billingAddress=BILLING,
            options={
                "flow": "managePaymentMethods",
                "showComplianceSection": True,
                "button": {"type": "buyNow"},
            },
        )
        types = told["paymentMethodTypes"]
        assert {"creditCard", "payPalBilling", "klarnaCreditRecurring", "directDebit"} <= set(types)
        assert not {"payPal", "klarnaCredit", "wireTransfer"} & set(types)
        assert await page.count(".DR-Legal-Footer") == 0
        assert await page.count("[id^=DR-terms-checkbox]") == 0
        await page.buyer.expect_text(".DR-creditCard .DR-tick", "Digital River Ireland Ltd.")
        await page.buyer.expect_text(".DR-creditCard .DR-pay-button", "Save")


@pytest.mark.parametrize("target", ["'payment-form'", "document.getElementById('payment-form')"])
async def test_a_form_is_mounted_by_id_or_element(target: str) -> None:
    async with shop_page() as page:
        await page.run(
            "river.createDropin({sessionId: 'sess_1', onReady: note('onReady')})"
            f".mount({target}); return 1"
        )
        await page.heard("onReady")
        assert await page.count("#payment-form > .DR-drop-in") == 1


# -- fields and buttons of the methods -----------------------------------------------------------

STYLE = {
    "base": {
        "color": "rgb(1, 2, 3)",
        "fontSize": "19px",
        "letterSpacing": "3px",
        "fontSmoothing": "antialiased",
        "::placeholder": {"color": "rgb(4, 5, 6)"},
        ":focus": {"fontStyle": "italic"},
        "backgroundImage": "url(https://elsewhere.example/x.png)",
        "fontFamily": "serif; } body { display: none",
        ":visited": {"color": "red"},
    },
    "empty": {"fontWeight": "300"},
    "complete": {"color": "rgb(7, 8, 9)"},
    "invalid": {"color": "rgb(10, 11, 12)"},
    "focus": {"textTransform": "uppercase"},
}


async def test_a_shop_styles_the_fields_in_every_state() -> None:
    async with shop_page() as page:
        await page.drop_in(paymentMethodConfiguration={"style": STYLE})

        async def style(selector: str, key: str, pseudo: str = "") -> Any:
            element = f"document.querySelector('{selector}')"
            return await page.value(
                f"getComputedStyle({element}, '{pseudo}').getPropertyValue('{key}')", frame="card"
            )

        assert await style("#card-number", "color") == "rgb(1, 2, 3)"
        assert await style("#card-number", "font-size") == "19px"
        assert await style("#card-number", "letter-spacing") == "3px"
        assert await style("#card-number", "font-weight") == "300"
        assert await style("#card-number", "color", "::placeholder") == "rgb(4, 5, 6)"
        assert await style("#card-number", "background-image") == "none"
        assert await style("body", "display") == "block"
        await page.buyer.type_card("4444222233331111", "13/29")
        assert await style("#card-number", "color") == "rgb(7, 8, 9)"
        assert await style("#card-expiry", "color") == "rgb(10, 11, 12)"
        rules = await page.value(
            "Array.from(document.adoptedStyleSheets[0].cssRules, (rule) => rule.cssText).join()",
            frame="card",
        )
        assert ".DRElement--focus :is(input, select) { text-transform: uppercase; }" in rules
        assert ":is(input, select):focus { font-style: italic; }" in rules
        assert "visited" not in rules


async def test_a_shop_writes_its_own_placeholders() -> None:
    own = {
        "cardNumberPlaceholderText": "Number here",
        "cardExpirationPlaceholderText": "Until",
        "cardCvvPlaceholderText": "Code",
        "style": {"base": {"color": "rgb(9, 9, 9)"}},
        "mask": False,
    }
    async with shop_page(locale="de-DE") as page:
        await page.drop_in(
            paymentMethodConfiguration={
                "creditCard": own,
                "style": {"base": {"color": "rgb(1, 1, 1)"}},
            }
        )
        shown = "Array.from(document.querySelectorAll('input'), (one) => one.placeholder)"
        assert await page.value(shown, frame="card") == ["Number here", "Until", "Code"]
        number = "document.getElementById('card-number')"
        assert await page.value(f"getComputedStyle({number}).color", frame="card") == "rgb(9, 9, 9)"
        await page.buyer.type_card()
        assert await page.value(f"{number}.value", frame="card") == "4444 2222 3333 1111"


async def test_placeholders_speak_the_buyers_language() -> None:
    async with shop_page(locale="de-DE") as page:
        await page.drop_in()
        hint = await page.value("document.getElementById('card-expiry').placeholder", frame="card")
        assert hint == "MM / JJ"


async def test_online_banking_wants_one_of_the_countrys_banks() -> None:
    async with shop_page(FakeWorld(country="PL", currency="PLN")) as page:
        await page.drop_in(
            options={
                "showTermsOfSaleDisclosure": False,
                "redirect": {
                    "disableAutomaticRedirects": True, "returnUrl": BACK, "cancelUrl": BACK,
                },
            },
            paymentMethodConfiguration={
                "onlineBanking": {
                    "placeholderText": "Which bank?",
                    "style": {"base": {"letterSpacing": "2px"}},
                }
            },
        )  # fmt: skip
        await page.buyer.choose("onlineBanking")
        await page.buyer.submit("onlineBanking")
        await page.buyer.expect_text(".DR-onlineBanking .DR-error-message", "choose your bank")
        options = await page.value(
            "Array.from(document.querySelectorAll('#DR-online-bank option'), (o) => o.text)"
        )
        assert options[0] == "Which bank?"
        assert len(options) > 10
        spacing = "getComputedStyle(document.getElementById('DR-online-bank')).letterSpacing"
        assert await page.value(spacing) == "2px"
        await page.buyer.fill("#DR-online-bank", "pekao")
        await page.buyer.submit("onlineBanking")
        told = await page.heard("onSuccess")
        assert told["source"]["type"] == "onlineBanking"
        assert page.world.orders[-1]["onlineBanking"] == {"bankCode": "pekao"}
        assert page.world.orders[-1]["returnUrl"] == page.world.orders[-1]["cancelUrl"] == BACK


async def test_wallets_need_a_browser_that_runs_them() -> None:
    async with shop_page() as page:
        told = await page.drop_in()
        assert not {"googlePay", "applePay"} & set(told["paymentMethodTypes"])


async def test_wallets_draw_their_own_buttons() -> None:
    async with shop_page(before=WITH_WALLETS) as page:
        told = await page.drop_in(
            options={"button": {"type": "payNow"}, "showTermsOfSaleDisclosure": False},
            paymentMethodConfiguration={
                "googlePay": {
                    "style": {"buttonType": "buy", "buttonColor": "dark", "buttonLanguage": "de"}
                },
                "applePay": {"style": {"buttonColor": "light"}},
            },
        )
        assert told["paymentMethodTypes"][:3] == ["creditCard", "googlePay", "applePay"]
        await page.buyer.choose("googlePay")
        await page.buyer.expect_text(".DR-wallet-google.DR-wallet-dark", "Mit Google Pay kaufen")
        await page.buyer.choose("applePay")
        await page.buyer.expect_text(".DR-wallet-apple.DR-wallet-light", "Apple Pay")
        await page.buyer.submit("applePay")
        told = await page.heard("onSuccess")
        assert (told["source"]["type"], told["source"]["state"]) == ("applePay", "chargeable")
        assert told["supportsStorage"] is True


@pytest.mark.parametrize(
    ("style", "classes", "label"),
    [
        ({}, "DR-paypal-gold DR-pill", "PayPal"),
        (
            {"label": "buynow", "color": "blue", "shape": "rect", "size": "small"},
            "DR-paypal-blue DR-rect DR-size-small",
            "Buy with PayPal",
        ),
        (
            {"label": "checkout", "color": "no colour", "layout": "horizontal", "tagline": "false"},
            "DR-paypal-gold DR-pill",
            "Check out with PayPal",
        ),
    ],
)
async def test_paypal_draws_its_own_button(style: dict[str, str], classes: str, label: str) -> None:
    async with shop_page() as page:
        await page.drop_in(
            options={"button": {"type": "payNow"}},
            paymentMethodConfiguration={"payPal": {"style": style}},
        )
        await page.buyer.choose("payPal")
        await page.buyer.expect_text(f".DR-payPal .{'.'.join(classes.split())}", label)


async def test_a_business_account_can_be_applied_for() -> None:
    async with shop_page() as page:
        await page.drop_in(
            paymentMethodConfiguration={"msts": {"enrollmentUrl": "https://apply.example/x"}}
        )
        await page.buyer.choose("msts")
        await page.buyer.expect_text(
            ".DR-msts a[href='https://apply.example/x']", "Apply for an account"
        )


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("klarnaCredit", "accept Klarna’s terms"),
        ("directDebit", "SEPA mandate"),
        ("wireTransfer", "released when the money has arrived"),
        ("trustly", "on the page of Trustly"),
    ],
)
async def test_methods_say_what_will_happen(method: str, words: str) -> None:
    async with shop_page() as page:
        await page.drop_in(
            options={
                "redirect": {
                    "disableAutomaticRedirects": True, "returnUrl": BACK, "cancelUrl": BACK,
                }
            }
        )  # fmt: skip
        await page.buyer.choose(method)
        await page.buyer.expect_text(f".DR-{method} .DR-inner", words)


async def test_recurring_ideal_has_its_own_agreement() -> None:
    async with shop_page(FakeWorld(country="NL")) as page:
        await page.drop_in(options={"showSavePaymentAgreement": True})
        await page.buyer.choose("ideal")
        await page.buyer.expect_text(".DR-ideal .DR-inner", "by SEPA direct debit")


async def test_taiwan_agrees_to_its_electronic_invoice() -> None:
    world = FakeWorld(country="TW", currency="TWD", entity="DR_TAIWAN-ENTITY")
    async with shop_page(world) as page:
        await page.drop_in()
        await page.buyer.expect_text(".DR-creditCard .DR-terms", "electronic invoice")


# -- what the page is told -----------------------------------------------------------------------


async def test_ready_tells_the_methods_in_their_order() -> None:
    async with shop_page() as page:
        told = await page.drop_in()
        heads = await page.value(
            "Array.from(document.querySelectorAll('.DR-card'), "
            "(card) => card.className.split('DR-card DR-')[1].split(' ')[0])"
        )
        assert told == {"paymentMethodTypes": heads}


async def test_success_tells_a_source_without_a_digit_of_the_card() -> None:
    async with shop_page() as page:
        await page.drop_in()
        await page.buyer.type_card()
        await page.buyer.agree()
        await page.buyer.submit()
        told = await page.heard("onSuccess")
        assert told.keys() == {"source", "readyForStorage", "supportsStorage", "consents"}
        source = told["source"]
        assert source["creditCard"]["lastFourDigits"] == "1111"
        assert source["amount"] == "29.70"
        assert "44442222" not in json.dumps(told)
        assert await page.told("onError") == []


@pytest.mark.parametrize(
    ("number", "expiry", "code", "codes"),
    [
        ("4444", "", "", ["incomplete_card_number", "incomplete_expiration_date",
                          "incomplete_security_code"]),
        ("4444222233331112", "13/30", "12", ["invalid_card_number", "invalid_expiration_month",
                                             "incomplete_security_code"]),
        ("4444222233331111", "12/20", "123", ["invalid_expiration_year"]),
        ("4444222233331111", "12/29", "1234", ["invalid_security_code"]),
    ],
)  # fmt: skip
async def test_wrong_fields_are_told_by_their_codes(
    number: str, expiry: str, code: str, codes: list[str]
) -> None:
    async with shop_page() as page:
        await page.drop_in(**card_only())
        await page.run("document.getElementById('card-cvv').maxLength = 4; return 1", frame="card")
        await page.buyer.type_card(number, expiry, code)
        await page.buyer.submit()
        told = await page.heard("onError")
        assert (told["paymentMethod"], told["type"]) == ("creditCard", "validation_error")
        assert [error["code"] for error in told["errors"]] == codes
        assert all(error["message"] for error in told["errors"])


async def test_a_month_of_this_year_that_has_passed_is_told() -> None:
    async with shop_page() as page:
        await page.drop_in(**card_only())
        rule = "expiryProblem('01 / 26', new Date(2026, 10, 24))"
        assert await page.value(rule, frame="card") == "invalid_expiration_date"


async def test_a_refused_card_names_the_source_that_failed() -> None:
    async with shop_page() as page:
        await page.drop_in(**card_only())
        await page.buyer.type_card("4000000000003295")
        await page.buyer.submit()
        told = await page.heard("onError")
        assert told["paymentMethod"] == "creditCard"
        assert told["type"] == "bad_request"
        assert told["errors"][0]["code"] == "source_creation_failed"
        assert (told["failedSourceId"], told["liveMode"]) == ("src_1", False)
        await page.buyer.expect_text(".DR-creditCard .DR-error-message", "declined")


@pytest.mark.parametrize(
    ("trouble", "kind", "words"),
    [
        ("fetch = () => Promise.reject(new TypeError('gone'))", "no_network", "did not answer"),
        ("AbortSignal.timeout = () => AbortSignal.abort(new DOMException('', 'TimeoutError'))",
         "request_timeout", "did not answer"),
        ("fetch = () => Promise.resolve(new Response('oops', {status: 500}))", "unknown",
         "declined"),
    ],
)  # fmt: skip
async def test_a_service_in_trouble_is_told_by_kind(trouble: str, kind: str, words: str) -> None:
    async with shop_page() as page:
        await page.drop_in(**card_only())
        await page.buyer.type_card()
        await page.run(f"{trouble}; return 1", frame="card")
        await page.buyer.submit()
        assert await page.heard("onError") == {
            "paymentMethod": "creditCard", "type": kind, "errors": [],
        }  # fmt: skip
        await page.buyer.expect_text(".DR-creditCard .DR-error-message", words)


async def test_a_wrong_public_key_is_told() -> None:
    async with shop_page() as page:
        page.world.public_key = "pk_test_another"
        await page.run(
            "river.createDropin({sessionId: 'sess_1', onError: note('onError')})"
            ".mount('payment-form'); return 1"
        )
        assert (await page.heard("onError"))["type"] == "unauthorized"


async def test_a_bank_that_cannot_be_asked_is_told() -> None:
    async with shop_page() as page:
        await page.drop_in(**card_only())
        await page.buyer.type_card("5454545454545454", "03/2030", "737")
        await page.buyer.submit()
        await page.buyer.read("#challenge-answer")
        await page.run(**offline("challenge.html", "Promise.reject(new TypeError('gone'))"))
        await page.buyer.answer_bank("password")
        told = await page.heard("onError")
        assert told["type"] == "3ds2_error"
        assert told["errors"][0]["code"] == "3ds_sdk_error"


async def test_a_window_that_does_not_open_is_a_cancel() -> None:
    async with shop_page() as page:
        await page.drop_in(options={"showTermsOfSaleDisclosure": False})
        await page.buyer.choose("trustly")
        await page.buyer.submit("trustly")  # no key was pressed: no window for a script
        assert await page.heard("onCancel") == {"paymentMethod": "trustly"}
        await page.buyer.expect_text(".DR-trustly .DR-error-message", "could not be opened")


OPEN_A_WINDOW = (
    "window.opened = {closed: false, location: {replace: note('went')}, close: note('closed')}; "
    "window.open = () => window.opened; return 1"
)


async def test_a_window_that_is_closed_is_a_cancel() -> None:
    async with shop_page() as page:
        await page.drop_in(
            options={
                "showTermsOfSaleDisclosure": False,
                "redirect": {"returnUrl": BACK, "cancelUrl": BACK},
            }
        )
        await page.run(OPEN_A_WINDOW)
        await page.buyer.choose("trustly")
        await page.buyer.submit("trustly")
        assert "/payments/redirects/src_1/" in await page.heard("went")
        assert "returnUrl" not in page.world.orders[-1]  # ignored: the library redirects
        await page.run("opened.closed = true; return 1")
        assert await page.heard("onCancel") == {"paymentMethod": "trustly"}
        await page.buyer.expect_text(".DR-trustly .DR-pay-button", "Continue")


async def test_paypal_opens_its_window_whatever_was_asked() -> None:
    async with shop_page() as page:
        await page.drop_in(
            options={
                "showTermsOfSaleDisclosure": False,
                "redirect": {
                    "disableAutomaticRedirects": True, "returnUrl": BACK, "cancelUrl": BACK,
                },
            }
        )  # fmt: skip
        await page.run(OPEN_A_WINDOW)
        await page.buyer.choose("payPal")
        await page.buyer.submit("payPal")
        await page.heard("went")
        page.world.sources["src_1"]["state"] = "chargeable"
        await page.run("opened.closed = true; return 1")
        told = await page.heard("onSuccess")
        assert (told["source"]["type"], told["source"]["state"]) == ("payPal", "chargeable")


async def test_a_debit_may_be_stored_after_its_window() -> None:
    async with shop_page() as page:
        await page.drop_in(
            options={"showTermsOfSaleDisclosure": False, "showSavePaymentAgreement": True}
        )
        await page.run(OPEN_A_WINDOW)
        await page.buyer.choose("directDebit")
        await page.buyer.fill("#DR-mandate-checkbox-directDebit", "yes")
        await page.buyer.submit("directDebit")
        await page.heard("went")
        page.world.sources["src_1"]["state"] = "chargeable"
        await page.run("opened.closed = true; return 1")
        told = await page.heard("onSuccess")
        assert (told["readyForStorage"], told["supportsStorage"]) == (True, True)


async def test_a_provider_that_refuses_is_an_error() -> None:
    async with shop_page() as page:
        await page.drop_in(options={"showTermsOfSaleDisclosure": False})
        await page.run(OPEN_A_WINDOW)
        await page.buyer.choose("directDebit")
        await page.buyer.submit("directDebit")
        await page.heard("went")
        page.world.sources["src_1"]["state"] = "failed"
        await page.run("opened.closed = true; return 1")
        told = await page.heard("onError")
        assert told["failedSourceId"] == "src_1"


# -- keys, colours, no other address -------------------------------------------------------------


async def test_arrows_go_from_head_to_head() -> None:
    async with shop_page() as page:
        await page.drop_in()
        press = (
            "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', "
            "{{key: '{0}', bubbles: true, cancelable: true}})); return document.activeElement.id"
        )
        await page.run("document.querySelector('.DR-creditCard > .DR-button').focus(); return 1")
        assert await page.run(press.format("ArrowDown")) == "DR-payPal-head"
        assert await page.run(press.format("ArrowUp")) == "DR-creditCard-head"
        assert await page.run(press.format("ArrowUp")) == "DR-wireTransfer-head"


async def test_the_bank_has_the_page_for_itself_and_gives_it_back() -> None:
    async with shop_page() as page:
        await page.drop_in(**card_only())
        await page.buyer.type_card("5454545454545454", "03/2030", "737")
        await page.buyer.submit()
        await page.buyer.read("#challenge-answer")
        overlay = "document.querySelector('.DR-challenge')"
        behind = "Array.from(document.body.children).filter((one) => !one.inert).length"
        assert await page.value(f"[{overlay}.getAttribute('aria-modal'), {behind}]") == ["true", 1]
        await page.run(
            "document.getElementById('challenge-answer').dispatchEvent(new KeyboardEvent("
            "'keydown', {key: 'Escape', bubbles: true})); return 1",
            frame="challenge",
        )
        told = await page.heard("onError")  # a cancel at the bank is a decline
        assert told["errors"][0]["code"] == "source_creation_failed"
        assert await page.count(".DR-challenge") == 0
        assert await page.value("document.querySelector('main').inert") is False


async def test_every_field_has_a_name_and_every_error_is_read_out() -> None:
    async with shop_page(locale="fr-FR") as page:
        await page.drop_in(options={"showSavePaymentAgreement": True})
        unnamed = (
            "Array.from(document.querySelectorAll('input, select, button, iframe')).filter("
            "(one) => !(one.labels && one.labels.length) && !one.textContent.trim() && "
            "!one.title && !one.getAttribute('aria-label')).length"
        )
        assert await page.value(unnamed) == 0
        named = (
            "Array.from(document.querySelectorAll('.field input'), (one) => one.labels[0]"
            ".textContent)"
        )
        assert await page.value(named, frame="card") == [
            "Numéro de carte", "Date d’expiration", "Code de sécurité",
        ]  # fmt: skip
        alerts = "document.querySelectorAll('.error[role=alert]').length"
        assert await page.value(alerts, frame="card") == 3
        assert await page.count(".DR-error-message[role=alert]") > 3


@pytest.mark.parametrize(
    ("scheme", "face"), [("dark", "rgb(30, 36, 45)"), ("light", "rgb(255, 255, 255)")]
)
async def test_the_form_follows_a_dark_page(scheme: str, face: str) -> None:
    async with shop_page(before=f"document.documentElement.dataset.theme = '{scheme}'") as page:
        await page.drop_in()
        card = "getComputedStyle(document.querySelector('.DR-card')).backgroundColor"
        assert await page.value(card) == face
        field = "getComputedStyle(document.getElementById('card-number')).backgroundColor"
        assert await page.value(field, frame="card") == face


async def test_a_payment_asks_no_other_address() -> None:
    async with shop_page() as page:
        await page.drop_in()
        await page.buyer.type_card("5454545454545454", "03/2030", "737")
        await page.buyer.agree()
        await page.buyer.submit()
        await page.buyer.answer_bank("password")
        await page.heard("onSuccess")
        asked = "performance.getEntriesByType('resource').map((one) => one.name)"
        everything = [*await page.value(asked), *await page.value(asked, frame="card.html"),
                      *await page.value(asked, frame="controller.html")]  # fmt: skip
        assert len(everything) > 8
        ours = (page.till.vendor.origin, page.till.server.origin)
        assert [url for url in everything if not url.startswith(ours)] == []


async def locale_of(page: ShopPage, given: str) -> str:
    """The form's locale for what a page asks."""
    call = json.dumps({"locale": given})
    return str(await page.run(f"return new DigitalRiver('pk_test_x', {call}).river.locale"))


async def test_locales() -> None:
    known = {
        "ar": "ar-EG", "cs": "cs-CZ", "da": "da-DK", "de": "de-DE", "el": "el-GR", "en": "en-IE",
        "es": "es-ES", "es-419": "es-MX", "et": "et-EE", "fi": "fi-FI", "fr": "fr-FR",
        "fr-CA": "fr-CA", "he": "he-IL", "hu": "hu-HU", "it": "it-IT", "iw": "iw-IL",
        "ja": "ja-JP", "ko": "ko-KR", "nl": "nl-NL", "no": "no-NO", "pl": "pl-PL", "pt": "pt-PT",
        "pt-BR": "pt-PT", "ru": "ru-RU", "sk": "sk-SK", "sl": "sl-SI", "sv": "sv-SE",
        "th": "th-TH", "tr": "tr-TR", "zh": "zh-CN", "zh-HK": "zh-HK", "zh-TW": "zh-TW",
        "zh-cn": "zh-CN", "en-gb": "en-GB", "de_at": "de-AT", "FR_ch": "fr-CH", "en-US": "en-US",
        "xx": "en-US", "de-XX": "en-US",
    }  # fmt: skip
    async with shop_page() as page:
        assert {given: await locale_of(page, given) for given in known} == known
