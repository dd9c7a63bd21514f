"""Sources: the form's and the server's, their states and rules (contract section 6)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from posapp.sandbox.methods import METHODS
from posapp.sandbox.wire import Problem
from tests.unit.sandbox.shop import COLOGNE, TOKYO, Shop

SUCCESS = {
    "4444222233331111": "Visa",
    "5466160000000008": "MasterCard",
    "343456789012341": "American Express",
    "6011987698769876": "Discover",
    "30345678901235": "Diners",
    "3528987698769879": "JCB",
    "6226220000000009": "UnionPay",
}


def credit(shop: Shop, checkout: dict[str, Any], amount: Any) -> dict[str, Any]:
    """Store credit for a checkout."""
    body = {
        "type": "customerCredit", "customerCredit": {}, "amount": amount,
        "paymentSessionId": checkout["payment"]["session"]["id"],
    }  # fmt: skip
    shown: dict[str, Any] = shop.good("POST", "/sources", body)
    return shown


def refused(shop: Shop, checkout: dict[str, Any], source: dict[str, Any]) -> tuple[Any, ...]:
    """Why a source cannot be attached."""
    return shop.error("POST", f"/checkouts/{checkout['id']}/sources/{source['id']}")


@pytest.mark.parametrize(("number", "brand"), SUCCESS.items())
def test_cards_that_succeed(shop: Shop, number: str, brand: str) -> None:
    checkout = shop.checkout()
    source = shop.card(checkout, number)
    assert (source["state"], source["creditCard"]["brand"]) == ("chargeable", brand)
    assert source["creditCard"]["lastFourDigits"] == number[-4:]
    assert shop.place(shop.attach(checkout, source))["state"] == "accepted"


def test_form_source_differs_from_the_rest_source(shop: Shop) -> None:
    checkout = shop.checkout()
    source = shop.card(checkout)
    session = checkout["payment"]["session"]["id"]
    assert (source["amount"], source["sessionId"]) == ("72.73", session)
    read = shop.good("GET", f"/sources/{source['id']}")
    assert (read["amount"], read["paymentSessionId"]) == (Decimal("72.73"), session)
    assert read["owner"]["lastName"] == "Shopper"


def test_no_card_number_is_kept(shop: Shop) -> None:
    checkout = shop.checkout()
    shop.place(shop.attach(checkout, shop.card(checkout)))
    storage = shop.world.core.storage
    rows = [storage.get(kind, id_) for kind in storage.kinds for id_ in storage.ids(kind)]
    kept = b"".join(row.wire + row.state for row in rows if row)
    assert b"4444222233331111" not in kept
    assert b"1111" in kept


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ({"number": "4444222233331112"}, "invalid_card_number"),
        ({"number": "abc"}, "invalid_card_number"),
        ({"number": ""}, "invalid_card_number"),
        ({"expirationYear": 2020}, "invalid_expiration_date"),
        ({"expirationMonth": 13}, "invalid_expiration_month"),
        ({"cvv": "12"}, "invalid_security_code"),
    ],
)
def test_card_details_that_are_wrong(shop: Shop, card: dict[str, Any], code: str) -> None:
    checkout = shop.checkout()
    whole = {"number": "4444222233331111", "expirationMonth": 3, "expirationYear": 2030,
             "cvv": "415"}  # fmt: skip
    order = {
        "type": "creditCard", "sessionId": checkout["payment"]["session"]["id"],
        "creditCard": whole | card,
    }  # fmt: skip
    with pytest.raises(Problem) as refusal:
        shop.world.form.create_source(order)
    assert refusal.value.body["errors"][0]["code"] == code


def test_failed_card_source_cannot_be_attached(shop: Shop) -> None:
    checkout = shop.checkout()
    source = shop.card(checkout, "4000000000003295")
    assert source["state"] == "failed"
    assert refused(shop, checkout, source) == (409, "source_status_invalid_for_session", None)


@pytest.mark.parametrize("number", ["5454545454545454", "4917610000000000"])
@pytest.mark.parametrize(
    ("answer", "state"), [("password", "chargeable"), ("1234", "chargeable"), ("no", "failed")]
)
def test_challenge(shop: Shop, number: str, answer: str, state: str) -> None:
    checkout = shop.checkout()
    source = shop.card(checkout, number)
    assert source["state"] == "requires_action"
    assert refused(shop, checkout, source)[1] == "source_status_invalid_for_session"
    form = shop.world.form
    assert form.answer_challenge(source["id"], source["clientSecret"], answer)["state"] == state
    assert shop.good("GET", f"/sources/{source['id']}")["state"] == state


def test_no_challenge_over_the_telephone(shop: Shop) -> None:
    checkout = shop.checkout(chargeType="moto")
    assert shop.card(checkout, "5454545454545454")["state"] == "chargeable"
    query = {"sessionId": checkout["payment"]["session"]["id"]}
    assert [m["type"] for m in shop.world.form.methods(query)] == ["creditCard"]


def test_saved_card_is_authenticated_again(shop: Shop) -> None:
    shop.good("POST", "/customers", {"id": "c1"})
    checkout = shop.checkout(customerId="c1")
    form, session = shop.world.form, checkout["payment"]["session"]["id"]
    plain = shop.card(checkout)
    status = form.authenticate(session, plain["id"], plain["clientSecret"])
    assert status == {"status": "authentication_not_required"}
    card = shop.card(checkout, "5454545454545454")
    form.answer_challenge(card["id"], card["clientSecret"], "password")
    told = form.authenticate(session, card["id"], card["clientSecret"])
    assert (told["status"], told["source"]["state"]) == ("requires_action", "requires_action")
    with pytest.raises(Problem):
        form.authenticate(session, card["id"], "wrong secret")


def test_session_tells_the_form_what_is_due(shop: Shop) -> None:
    checkout = shop.checkout(ship_to=COLOGNE, currency="EUR", shipFrom={"address": COLOGNE})
    told = shop.world.form.session(checkout["payment"]["session"]["id"])
    assert (told["amount"], told["currency"], told["country"]) == ("80.33", "EUR", "DE")
    assert told["businessEntityCode"] == "DR_IRELAND-ENTITY"
    with pytest.raises(Problem):
        shop.world.form.session("no-such")


@pytest.mark.parametrize(
    ("country", "currency", "method", "offered"),
    [
        ("JP", "JPY", "konbini", True), ("US", "USD", "konbini", False),
        ("DE", "EUR", "directDebit", True), ("NL", "EUR", "ideal", True),
        ("BE", "EUR", "bancontact", True), ("US", "USD", "payPalCredit", True),
        ("DE", "EUR", "payPalCredit", False), ("PL", "PLN", "blik", True),
    ],
)  # fmt: skip
def test_methods_by_country(
    shop: Shop, country: str, currency: str, method: str, offered: bool
) -> None:
    told = shop.world.form.methods({"country": country, "currency": currency})
    assert (method in [each["type"] for each in told]) is offered


@pytest.mark.parametrize("kind", [name for name, m in METHODS.items() if m.flow == "redirect"])
def test_every_redirect_type_waits_at_its_provider(shop: Shop, kind: str) -> None:
    checkout = shop.checkout()
    source = shop.pay(checkout, kind, lastName="Shopper")
    assert source["state"] == "pending_redirect"
    assert source["redirect"]["returnUrl"] == "http://127.0.0.1/return"
    assert shop.good("GET", f"/sources/{source['id']}")["flow"] == "redirect"


def test_konbini_prints_a_receipt_number(shop: Shop) -> None:
    checkout = shop.checkout(
        ship_to=TOKYO, currency="JPY", shipFrom={"address": TOKYO}, shippingChoice={"amount": 0}
    )
    source = shop.pay(checkout, "konbini", lastName="Sato")
    assert source["konbini"]["storeName"] == "7-Eleven"
    assert len(source["konbini"]["receiptNumber"]) == 11


def test_credit_comes_before_a_card(shop: Shop) -> None:
    checkout = shop.checkout()
    shop.attach(checkout, credit(shop, checkout, 20))
    checkout = shop.attach(checkout, shop.card(checkout))
    amounts = [(s["type"], s["amount"]) for s in checkout["payment"]["sources"]]
    assert amounts == [("customerCredit", 20), ("creditCard", Decimal("52.73"))]
    late = credit(shop, checkout, 5)
    assert refused(shop, checkout, late) == (409, "session_update_not_allowed", None)


def test_too_much_credit(shop: Shop) -> None:
    checkout = shop.checkout()
    shop.attach(checkout, credit(shop, checkout, 70))
    more = credit(shop, checkout, 3)
    assert refused(shop, checkout, more) == (409, "session_source_amount_too_large", None)


def test_credit_and_amazon_pay_do_not_mix(shop: Shop) -> None:
    checkout = shop.checkout()
    shop.attach(checkout, credit(shop, checkout, 20))
    source = shop.pay(checkout, "amazonPay", lastName="Shopper")
    assert refused(shop, checkout, source)[1] == "session_update_not_allowed"


def test_saved_card_shrinks_for_credit(shop: Shop) -> None:
    shop.good("POST", "/customers", {"id": "c1"})
    checkout = shop.checkout(customerId="c1")
    card = shop.card(checkout)
    shop.good("POST", f"/customers/c1/sources/{card['id']}")
    checkout = shop.attach(checkout, card)
    checkout = shop.attach(checkout, credit(shop, checkout, 20))
    session = checkout["payment"]["session"]
    assert (session["state"], session["amountContributed"]) == (
        "requires_confirmation", Decimal("72.73"),
    )  # fmt: skip
    order = shop.place(checkout)
    assert [c["amount"] for c in order["payment"]["charges"]] == [20, Decimal("52.73")]
    assert shop.good("GET", f"/sources/{card['id']}")["state"] == "chargeable"


def test_detached_card_is_lost(shop: Shop) -> None:
    checkout = shop.checkout()
    source = shop.card(checkout)
    shop.attach(checkout, source)
    assert shop.call("DELETE", f"/checkouts/{checkout['id']}/sources/{source['id']}")[0] == 204
    assert shop.good("GET", f"/sources/{source['id']}")["state"] == "cancelled"
    assert refused(shop, checkout, source) == (409, "source_status_invalid_for_session", None)
    read = shop.good("GET", f"/checkouts/{checkout['id']}")
    assert read["payment"]["session"]["state"] == "requires_source"


def test_second_card_replaces_the_first(shop: Shop) -> None:
    checkout = shop.checkout()
    first, second = shop.card(checkout), shop.card(checkout)
    shop.attach(checkout, first)
    checkout = shop.attach(checkout, second)
    assert [s["id"] for s in checkout["payment"]["sources"]] == [second["id"]]
    assert shop.good("GET", f"/sources/{first['id']}")["state"] == "cancelled"


def test_source_of_another_session(shop: Shop) -> None:
    source = shop.card(shop.checkout())
    assert refused(shop, shop.checkout(), source) == (409, "source_in_use", "sourceId")


def test_attaching_fills_bill_to(shop: Shop) -> None:
    checkout = shop.checkout()
    source = shop.card(checkout, lastName="Owner", email="owner@example.com")
    assert shop.attach(checkout, source)["billTo"]["name"] == "Sam Owner"


def test_owner_with_a_wrong_postal_code_is_refused_when_attached(shop: Shop) -> None:
    checkout = shop.checkout(ship_to=COLOGNE, currency="EUR", shipFrom={"address": COLOGNE})
    source = shop.world.form.create_source({
        "type": "creditCard", "sessionId": checkout["payment"]["session"]["id"],
        "owner": {"firstName": "Eva", "lastName": "Kern",
                  "address": COLOGNE | {"postalCode": "5066"}},
        "creditCard": {"number": "4444222233331111", "expirationMonth": 3,
                       "expirationYear": 2030, "cvv": "123"},
    })  # fmt: skip
    said = refused(shop, checkout, source)
    assert said == (400, "invalid_parameter", "address.postalCode")
    read = shop.good("GET", f"/checkouts/{checkout['id']}")
    assert read["payment"]["sources"] == []


def test_source_in_the_body(shop: Shop) -> None:
    checkout = shop.checkout()
    source = shop.card(checkout)
    shown = shop.good("POST", f"/checkouts/{checkout['id']}", {"sourceId": source["id"]})
    assert shown["payment"]["session"]["state"] == "requires_confirmation"


def test_credit_needs_amount_and_session(shop: Shop) -> None:
    session = shop.checkout()["payment"]["session"]["id"]
    base = {"type": "customerCredit"}
    assert shop.error("POST", "/sources", base)[1:] == ("missing_parameter", "amount")
    body = base | {"amount": 5}
    assert shop.error("POST", "/sources", body)[1:] == ("missing_parameter", "paymentSessionId")
    body |= {"paymentSessionId": "gone"}
    assert shop.error("POST", "/sources", body)[1:] == ("invalid_parameter", "paymentSessionId")
    body |= {"paymentSessionId": session, "amount": 0}
    assert shop.error("POST", "/sources", body)[1:] == ("invalid_parameter", "amount")


def test_server_makes_credit_and_test_cards_only(shop: Shop) -> None:
    assert shop.error("POST", "/sources", {"type": "payPal"})[1:] == ("invalid_parameter", "type")
    assert shop.error("POST", "/sources", {})[1:] == ("missing_parameter", "type")
    body = {
        "type": "creditCard", "owner": {"lastName": "Shopper"},
        "creditCard": {"number": "4444222233331111", "expirationMonth": 7,
                       "expirationYear": 2031, "cvv": "415"},
    }  # fmt: skip
    assert shop.good("POST", "/sources", body)["creditCard"]["lastFourDigits"] == "1111"


MAGIC = [
    ("googlePay", "SourceFail", "failed", ""),
    ("googlePay", "ChargeFail", "chargeable", "409"),
    ("googlePay", "SCATest", "requires_action", ""),
    ("googlePay", "SCATestFail", "requires_action", ""),
    ("payPal", "ChargeCreationFail", "pending_redirect", "409"),
    ("klarnaCredit", "ChargeCreationFail", "pending_redirect", "409"),
    ("directDebit", "SourceFail", "failed", ""),
    ("directDebit", "ChargeFail", "pending_redirect", "409"),
    ("alipay", "authFail", "pending_redirect", "409"),
]


@pytest.mark.parametrize(("kind", "name", "state", "placing"), MAGIC)
def test_magic_last_names_of_sources_and_charges(
    shop: Shop, kind: str, name: str, state: str, placing: str
) -> None:
    checkout = shop.checkout()
    source = shop.pay(checkout, kind, lastName=name)
    assert source["state"] == state
    if placing:
        shop.attach(checkout, source)
        body = {"checkoutId": checkout["id"]}
        assert shop.error("POST", "/orders", body)[:2] == (409, "failed-request")


@pytest.mark.parametrize(
    "kind", ["payPal", "payPalBilling", "payPalCredit", "klarnaCredit", "wireTransfer", "konbini"]
)
def test_source_that_cannot_be_made(shop: Shop, kind: str) -> None:
    with pytest.raises(Problem) as refusal:
        shop.pay(shop.checkout(), kind, lastName="SourceCreationFail")
    assert refusal.value.body["errors"][0]["code"] == "source_creation_failed"


def test_charge_fails_after_an_answered_challenge(shop: Shop) -> None:
    checkout = shop.checkout()
    source = shop.pay(checkout, "googlePay", lastName="SCATestFail")
    shop.world.form.answer_challenge(source["id"], source["clientSecret"], "password")
    shop.attach(checkout, source)
    assert shop.error("POST", "/orders", {"checkoutId": checkout["id"]})[1] == "failed-request"


@pytest.mark.parametrize(("kind", "name"), [
    ("directDebit", "SourceFailAfterRedirect"), ("alipay", "authFailAfterRedirect"),
])  # fmt: skip
def test_provider_refuses_after_the_redirect(shop: Shop, kind: str, name: str) -> None:
    checkout = shop.checkout()
    source = shop.pay(checkout, kind, lastName=name)
    order = shop.place(shop.attach(checkout, source))
    source_id, token = source["redirect"]["redirectUrl"].split("/")[-2:]
    shop.world.form.decide(source_id, token, approve=True)
    assert shop.good("GET", f"/sources/{source_id}")["state"] == "failed"
    order = shop.read(order)
    assert (order["state"], order["payment"]["session"]["state"]) == ("cancelled", "failed")


@pytest.mark.parametrize(
    ("name", "state", "session"),
    [
        ("ChargeFailedAfterPending", "cancelled", "failed"),
        ("ChargeRemainPending", "pending_payment", "pending"),
    ],
)
def test_debit_that_is_decided_later(shop: Shop, name: str, state: str, session: str) -> None:
    checkout = shop.checkout()
    source = shop.pay(checkout, "directDebit", lastName=name)
    order = shop.place(shop.attach(checkout, source))
    source_id, token = source["redirect"]["redirectUrl"].split("/")[-2:]
    shop.world.form.decide(source_id, token, approve=True)
    assert shop.read(order)["payment"]["session"]["state"] == "pending"
    shop.turn(3600)
    order = shop.read(order)
    assert (order["state"], order["payment"]["session"]["state"]) == (state, session)


def test_transfer_that_never_comes(shop: Shop) -> None:
    checkout = shop.checkout()
    source = shop.pay(checkout, "wireTransfer", lastName="SourceFailWithDelay")
    order = shop.place(shop.attach(checkout, source))
    shop.turn(10)
    order = shop.read(order)
    assert (order["state"], order["payment"]["session"]["state"]) == ("cancelled", "failed")
