"""The stand-in's calls on the real pretend world: what the form may change, and what it may not."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from posapp.sandbox import entities, form
from posapp.sandbox.form import LANGUAGES
from posapp.sandbox.methods import METHODS, Wish, available
from posapp.sandbox.wire import Json
from tests.unit.sandbox.shop import COLOGNE, TOKYO, Shop
from tests.unit.sandbox_form.test_form import CARD, KEY, Visitor, visiting

DISCLOSED = (
    "resellerDisclosure", "termsOfSale", "privacyPolicy", "cookiePolicy", "legalNotice",
    "cancellationRights", "warrantyInformation", "californiaPrivacyRights", "japaneseCommerceLaw",
    "invoiceAgreement", "confirmDisclosure", "autorenewalPlanTerms", "saveCardMandate",
    "idealRecurringAgreement",
)  # fmt: skip
ENTITIES = {
    "DR_INC-ENTITY", "C5_INC-ENTITY", "DR_IRELAND-ENTITY", "DR_UK-ENTITY", "DR_JAPAN-ENTITY",
    "DR_TAIWAN-ENTITY", "DR_KOREA-ENTITY", "DR_BRAZIL-ENTITY", "DR_CHINA-ENTITY",
    "DR_INDIA-ENTITY", "DR_MEXICO-ENTITY", "DR_RUSSIA-ENTITY", "DR_GMBH-ENTITY", "DR_SARL-ENTITY",
    "DR_WP-ENTITY", "DR_WPAB-ENTITY", "DRES_INC-ENTITY",
}  # fmt: skip


def data() -> Json:
    """What the script carries."""
    line = next(row for row in form.script().splitlines() if row.startswith("const DATA = "))
    carried: Json = json.loads(line.removeprefix("const DATA = ").removesuffix(";"))
    return carried


# -- legal texts ---------------------------------------------------------------------------------


def test_every_entity_is_there_and_called_as_checkouts_call_it() -> None:
    carried = data()["entities"]
    assert carried.keys() == ENTITIES
    assert all(each["name"] and each["seat"] for each in carried.values())
    assert {code: carried[code]["name"] for code in entities.NAMES} == entities.NAMES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_legal_text_is_there_in_every_language(language: str) -> None:
    texts = data()["disclosures"][language]
    assert texts.keys() == set(DISCLOSED)
    for key, text in texts.items():
        named = key in ("termsOfSale", "privacyPolicy", "cookiePolicy", "legalNotice",
                        "cancellationRights", "warrantyInformation", "californiaPrivacyRights",
                        "japaneseCommerceLaw")  # fmt: skip
        assert ("{entity}" in text) is not named, key
    assert '<a class="dr_resellerDisclosure" href="{resellerUrl}"' in texts["resellerDisclosure"]
    assert texts["confirmDisclosure"].count("<a class=") == 2
    english = data()["disclosures"]["en"]
    assert language == "en" or all(texts[key] != english[key] for key in DISCLOSED if key not in
                                   ("cookiePolicy",))  # fmt: skip


# -- methods -------------------------------------------------------------------------------------

EVERYWHERE = {"creditCard", "googlePay", "applePay", "payPal", "wireTransfer"}


@pytest.mark.parametrize(
    ("country", "currency", "more"),
    [
        ("US", "USD", {"payPalCredit", "klarnaCredit", "afterPay"}),
        ("US", "EUR", {"klarnaCredit"}),
        ("CA", "CAD", {"afterPay"}),
        ("GB", "GBP", {"klarnaCredit", "clearPay", "trustly"}),
        ("DE", "EUR", {"klarnaCredit", "directDebit", "onlineBanking", "trustly"}),
        ("DE", "USD", {"klarnaCredit"}),
        ("AT", "EUR", {"klarnaCredit", "directDebit", "onlineBanking", "trustly"}),
        ("FR", "EUR", {"directDebit", "bnpParibas"}),
        ("BE", "EUR", {"directDebit", "bancontact"}),
        ("NL", "EUR", {"klarnaCredit", "directDebit", "ideal", "trustly"}),
        ("PL", "PLN", {"onlineBanking", "blik"}),
        ("SE", "SEK", {"klarnaCredit", "onlineBanking", "trustly"}),
        ("NO", "NOK", {"klarnaCredit", "trustly"}),
        ("CN", "CNY", {"alipay", "alipayCn"}),
        ("IN", "INR", {"ccAvenue"}),
        ("KR", "KRW", {"bankTransfer", "payco"}),
        ("MY", "MYR", {"fpxOnlineBanking"}),
        ("JP", "JPY", {"konbini"}),
        ("JP", "USD", set()),
        ("AU", "AUD", {"afterPay"}),
        ("CH", "CHF", set()),
    ],
)
def test_methods_by_country_and_currency(country: str, currency: str, more: set[str]) -> None:
    assert set(available(Wish(country, currency))) == EVERYWHERE | more


FLOWS = {
    "standard": "creditCard googlePay applePay",
    "receiver": "wireTransfer konbini bPay",
    "redirect": "payPal payPalBilling payPalCredit klarnaCredit klarnaCreditRecurring directDebit "
    "bancontact ideal onlineBanking alipay alipayCn amazonPay afterPay clearPay blik bnpParibas "
    "trustly msts ccAvenue bankTransfer payco fpxOnlineBanking",
}
REUSABLE = set(
    "creditCard googlePay applePay payPalBilling directDebit klarnaCreditRecurring ideal alipayCn "
    "amazonPay msts".split()
)


def test_flow_and_reuse_of_every_documented_method() -> None:
    assert {name: method.flow for name, method in METHODS.items()} == {
        name: flow for flow, names in FLOWS.items() for name in names.split()
    }
    assert {name for name, method in METHODS.items() if method.reusable} == REUSABLE
    first = {name for name, method in METHODS.items() if method.redirects_first}
    assert first == {"payPal", "payPalBilling", "payPalCredit"}


def test_a_telephone_sale_takes_cards_only() -> None:
    assert available(Wish("DE", "EUR", "moto")) == ["creditCard"]


def test_what_is_charged_again_must_be_kept() -> None:
    kept = available(Wish("DE", "EUR", keep=True))
    assert set(kept) == {"creditCard", "googlePay", "applePay", "payPalBilling", "directDebit",
                         "klarnaCreditRecurring"}  # fmt: skip


def test_business_customers_may_pay_by_invoice() -> None:
    assert "msts" in available(Wish("US", "USD", business=True))
    assert "msts" not in available(Wish("US", "USD"))


def test_amazon_pay_is_not_in_the_form() -> None:
    assert not {"amazonPay", "bPay"} & set(available(Wish(everything=True)))


@pytest.mark.parametrize(
    ("query", "there", "absent"),
    [
        ({}, {"konbini", "payPalBilling", "klarnaCreditRecurring", "payPal"}, {"amazonPay"}),
        ({"country": "JP", "currency": "JPY"}, {"konbini"}, {"klarnaCredit"}),
        ({"country": "DE", "supportsStorage": "true"}, {"creditCard", "directDebit"}, {"payPal"}),
        ({"supportsRecurring": "true"}, {"payPalBilling"}, {"wireTransfer"}),
        ({"supportsFreeTrial": "true"}, {"creditCard"}, {"klarnaCredit"}),
        ({"supportsStorage": "false"}, {"wireTransfer", "creditCard"}, {"amazonPay"}),
    ],
)
async def test_methods_without_a_session(
    query: dict[str, str], there: set[str], absent: set[str]
) -> None:
    async with visiting() as visitor:
        answer = await visitor.client.get("/payments/payment-methods", params=query, headers=KEY)
        types = {method["type"] for method in answer.json()["paymentMethods"]}
        assert there <= types
        assert not absent & types


async def test_the_seller_of_a_country_stands_beside_a_form_without_a_sale() -> None:
    async with visiting() as visitor:
        for country, seller in (("JP", "DR_JAPAN-ENTITY"), ("FR", "DR_IRELAND-ENTITY")):
            answer = await visitor.client.get(
                "/payments/payment-methods", params={"country": country}, headers=KEY
            )
            assert answer.json()["businessEntityCode"] == seller


# -- sources -------------------------------------------------------------------------------------

COMMON = {
    "id", "clientId", "channelId", "liveMode", "sessionId", "clientSecret", "type", "reusable",
    "owner", "amount", "currency", "state", "creationIp", "createdTime", "updatedTime", "flow",
    "language",
}  # fmt: skip


async def test_a_source_has_the_documented_shape() -> None:
    async with visiting() as visitor:
        checkout = visitor.shop.checkout()
        _, source = await visitor.create(
            checkout, type="creditCard", creditCard=CARD, language="de-DE",
            mandate={"terms": "Yes, keep it."},
        )  # fmt: skip
        assert source.keys() == COMMON | {"creditCard", "mandate"}
        assert source["creditCard"].keys() == {
            "brand", "expirationMonth", "expirationYear", "lastFourDigits",
        }  # fmt: skip
        assert isinstance(source["amount"], str)
        assert source["language"] == "de-DE"
        assert source["mandate"].keys() == {"terms", "signedTime"}
        path = f"/payments/sources/{source['id']}/read"
        _, again = await visitor.post(path, {"clientSecret": source["clientSecret"]})
        assert again == source


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("wireTransfer", {"accountHolder", "bankName", "city", "country", "referenceId",
                          "accountNumber", "iban", "swiftCode"}),
        ("konbini", {"storeId", "receiptNumber", "storeName", "localizedStoreName",
                     "storeLogoUrl", "printableInvoiceUrl"}),
    ],
)  # fmt: skip
async def test_what_is_paid_later_says_where(kind: str, fields: set[str]) -> None:
    async with visiting() as visitor:
        checkout = visitor.shop.checkout(
            ship_to=TOKYO, currency="JPY", shippingChoice={"amount": 500}
        )
        _, source = await visitor.create(checkout, type=kind)
        assert source.keys() == COMMON | {kind, "expirationTime"}
        assert source[kind].keys() == fields
        assert source["state"] == "pending_funds"


async def test_a_store_payment_has_a_slip_to_print() -> None:
    async with visiting() as visitor:
        checkout = visitor.shop.checkout(
            ship_to=TOKYO, currency="JPY", shippingChoice={"amount": 500}
        )
        _, source = await visitor.create(
            checkout, type="konbini", konbini={"storeId": "060"}, language="ja-JP"
        )
        url = source["konbini"]["printableInvoiceUrl"]
        page = await visitor.client.get(url)
        assert page.status_code == 200
        assert source["konbini"]["receiptNumber"] in page.text
        assert "ローソン" in page.text
        assert "お支払い番号" in page.text
        assert (await visitor.client.get(f"{url}x")).status_code == 404


async def test_a_wallet_has_a_card_behind_it() -> None:
    async with visiting() as visitor:
        _, source = await visitor.create(visitor.shop.checkout(), type="googlePay")
        assert (source["state"], source["googlePay"]["brand"]) == ("chargeable", "Visa")
        name = {"firstName": "Sam", "lastName": "SCATest", "address": COLOGNE}
        _, asked = await visitor.create(visitor.shop.checkout(), type="googlePay", owner=name)
        assert asked["state"] == "requires_action"
        assert asked["nextAction"] == {"action": "mock_challenge_shopper"}


async def test_a_bank_that_was_chosen_stays_with_the_source() -> None:
    async with visiting() as visitor:
        checkout = visitor.shop.checkout(ship_to=COLOGNE, currency="EUR")
        _, source = await visitor.create(
            checkout, type="onlineBanking", onlineBanking={"bankCode": "giropay"}
        )
        assert source["onlineBanking"]["bankCode"] == "giropay"
        assert source["redirect"]["redirectUrl"]


async def _saved(visitor: Visitor, number: str = "4444222233331111") -> tuple[Json, Json]:
    """A customer's card on file, and a checkout that wants to be paid with it."""
    shop = visitor.shop
    shop.good("POST", "/customers", {"id": "c1"})
    checkout = shop.checkout(customerId="c1")
    source = shop.card(checkout, number)
    if source["state"] == "requires_action":
        shop.world.form.answer_challenge(source["id"], source["clientSecret"], "password")
    shop.good("POST", f"/customers/c1/sources/{source['id']}")
    return source, checkout


@pytest.mark.parametrize(
    ("code", "status"),
    [("123", "authentication_not_required"), ("12", "failed"), ("12a", "failed"),
     ("1234", "failed")],
)  # fmt: skip
async def test_the_security_code_of_a_saved_card(code: str, status: str) -> None:
    async with visiting() as visitor:
        source, checkout = await _saved(visitor)
        call = {
            "clientSecret": source["clientSecret"], "cvv": code,
            "sessionId": checkout["payment"]["session"]["id"],
        }  # fmt: skip
        path = f"/payments/sources/{source['id']}/authenticate"
        assert await visitor.post(path, call) == (200, {"status": status})


async def test_expiry_and_owner_of_a_saved_card_change() -> None:
    async with visiting() as visitor:
        source, _ = await _saved(visitor)
        path = f"/payments/sources/{source['id']}/update"
        owner = {"firstName": "Sam", "lastName": "Married", "address": COLOGNE}
        call = {
            "clientSecret": source["clientSecret"], "owner": owner,
            "expirationMonth": 7, "expirationYear": 2033,
        }  # fmt: skip
        status, after = await visitor.post(path, call)
        assert (status, after["owner"], after["reusable"]) == (200, owner, True)
        shown = visitor.shop.good("GET", f"/sources/{source['id']}")
        assert (shown["creditCard"]["expirationMonth"], shown["owner"]) == (7, owner)
        for wrong, code in (
            ({"expirationMonth": 13, "expirationYear": 2030}, "invalid_expiration_month"),
            ({"expirationMonth": 1, "expirationYear": 2020}, "invalid_expiration_date"),
            ({"owner": {"firstName": "Only"}}, "missing_parameter"),
        ):
            status, body = await visitor.post(
                path, {**wrong, "clientSecret": source["clientSecret"]}
            )
            assert (status, body["errors"][0]["code"]) == (400, code)
        assert (await visitor.post(path, {"clientSecret": "guess"}))[0] == 404


async def test_only_cards_can_be_changed() -> None:
    async with visiting() as visitor:
        _, source = await visitor.create(visitor.shop.checkout(), type="wireTransfer")
        call = {"clientSecret": source["clientSecret"], "expirationMonth": 7}
        status, body = await visitor.post(f"/payments/sources/{source['id']}/update", call)
        assert (status, body["errors"][0]["code"]) == (400, "invalid_parameter")


# -- refunds that ask for an account -------------------------------------------------------------


def _refund_that_asks(shop: Shop) -> tuple[Json, Json]:
    """An order paid by transfer, shipped, and a refund of it that waits for bank details."""
    checkout = shop.checkout()
    order = shop.place(shop.attach(checkout, shop.pay(checkout, "wireTransfer")))
    shop.turn(60)
    order = shop.read(order)
    shop.ship(order)
    shop.turn(60)
    body = {"orderId": order["id"], "currency": "USD", "percent": 100, "reason": "broken"}
    refund = shop.good("POST", "/refunds", body)
    shop.turn(60)
    event = shop.events("refund.pending_information")[-1]
    return refund, event["data"]["object"]


async def test_a_refund_is_paid_once_its_account_is_known() -> None:
    async with visiting() as visitor:
        shop = visitor.shop
        refund, told = _refund_that_asks(shop)
        token = {"refundToken": told["tokenInformation"]["token"]}
        status, about = await visitor.post("/payments/refunds/read", token)
        assert status == 200
        assert about["currency"] == "USD"
        assert about["expiresTime"] == told["expiresTime"]
        account = {"holder": "Sam Shopper", "number": "GB82WEST12345698765432", "bank": ""}
        details = {**token, "account": account}
        wrong = {**token, "account": {"holder": "Sam"}}
        assert (await visitor.post("/payments/refunds/details", wrong))[0] == 400
        assert await visitor.post("/payments/refunds/details", details) == (200, {})
        assert (await visitor.post("/payments/refunds/details", details))[0] == 404
        assert (await visitor.post("/payments/refunds/read", token))[0] == 404
        shop.turn(60)
        assert shop.good("GET", f"/refunds/{refund['id']}")["state"] == "succeeded"
        stored = shop.world.core.storage.get("refund", refund["id"])
        assert stored is not None
        assert b"GB82" not in stored.wire + stored.state


async def test_an_account_that_comes_too_late() -> None:
    async with visiting() as visitor:
        _, told = _refund_that_asks(visitor.shop)
        visitor.shop.turn(timedelta(days=31).total_seconds())
        token = {"refundToken": told["tokenInformation"]["token"]}
        assert (await visitor.post("/payments/refunds/read", token))[0] == 404
