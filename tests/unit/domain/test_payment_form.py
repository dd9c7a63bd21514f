"""What the form may tell the till, and what the till refuses to hear."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from posapp.domain.legal_text import Disclosure
from posapp.domain.payment_form import (
    LARGEST_MESSAGE,
    Authenticated,
    AuthenticationResult,
    Consents,
    FormCancelled,
    FormFailed,
    FormMessageRefused,
    FormReady,
    MethodsListed,
    PaidClaim,
    RefusedBecause,
    SourceFlow,
    holds_card_number,
    parse_form_message,
    passes_luhn,
)

CARD = {
    "id": "src_1",
    "type": "creditCard",
    "state": "chargeable",
    "flow": "standard",
    "reusable": False,
    "amount": "27.50",
    "currency": "EUR",
    "sessionId": "4444222233331111",
    "creditCard": {
        "brand": "Visa",
        "lastFourDigits": "1111",
        "expirationMonth": 3,
        "expirationYear": 2030,
    },
}


def paid(**changes: object) -> str:
    message = {
        "kind": "paid",
        "source": {**CARD, **changes},
        "readyForStorage": True,
        "supportsStorage": True,
        "consents": {"termsOfSale": True, "eula": False},
    }
    return json.dumps(message)


def refusal(raw: str) -> RefusedBecause:
    with pytest.raises(FormMessageRefused) as caught:
        parse_form_message(raw)
    return caught.value.reason


def test_a_paid_claim_carries_what_the_receipt_needs_and_no_more() -> None:
    assert parse_form_message(paid(owner={"email": "a@b.example"}, clientSecret="s")) == PaidClaim(
        source_id="src_1",
        type="creditCard",
        state="chargeable",
        flow=SourceFlow.STANDARD,
        reusable=False,
        amount=Decimal("27.50"),
        currency="EUR",
        session_id="4444222233331111",
        brand="Visa",
        last_four="1111",
        expiration_month=3,
        expiration_year=2030,
        redirect_url="",
        ready_for_storage=True,
        supports_storage=True,
        consents=Consents(terms_of_sale=True),
    )


def test_a_redirect_source_says_where_the_buyer_must_go() -> None:
    redirect = {"redirectUrl": "https://bank.example/4444222233331111"}
    claim = parse_form_message(
        paid(type="klarnaCredit", flow="redirect", creditCard=None, redirect=redirect)
    )
    assert isinstance(claim, PaidClaim)
    assert (claim.redirect_url, claim.flow, claim.last_four) == (
        "https://bank.example/4444222233331111",
        SourceFlow.REDIRECT,
        "",
    )


def test_an_unknown_flow_is_kept_as_unknown() -> None:
    claim = parse_form_message(paid(flow="teleport"))
    assert isinstance(claim, PaidClaim)
    assert claim.flow is SourceFlow.UNKNOWN


def test_the_other_kinds() -> None:
    assert parse_form_message('{"kind":"ready","paymentMethodTypes":["creditCard"]}') == FormReady(
        ("creditCard",)
    )
    assert parse_form_message('{"kind":"ready"}') == FormReady(())
    assert parse_form_message('{"kind":"cancelled","paymentMethod":"ideal"}') == FormCancelled(
        "ideal"
    )
    assert parse_form_message('{"kind":"failed","codes":["declined"]}') == FormFailed(
        type="", method="", codes=("declined",), failed_source_id=""
    )
    listed = parse_form_message(
        '{"kind":"methods","paymentMethods":[{"type":"konbini","flow":"receiver"}]}'
    )
    assert isinstance(listed, MethodsListed)
    assert listed.methods[0].flow is SourceFlow.RECEIVER


@pytest.mark.parametrize(
    ("status", "result"),
    [
        ("complete", AuthenticationResult.COMPLETE),
        ("authentication_not_required", AuthenticationResult.NOT_REQUIRED),
        ("failed", AuthenticationResult.FAILED),
        ("something_new", AuthenticationResult.FAILED),
        (None, AuthenticationResult.FAILED),
    ],
)
def test_an_unknown_authentication_counts_as_failed(
    status: str | None, result: AuthenticationResult
) -> None:
    message = json.dumps({"kind": "authenticated", "status": status})
    assert parse_form_message(message) == Authenticated(result)


def test_legal_texts_become_plain_words_with_their_links() -> None:
    raw = json.dumps(
        {
            "kind": "disclosure",
            "language": "en",
            "country": "US",
            "disclosure": {
                "businessEntity": {"id": "DR_INC-ENTITY", "name": "Digital River Inc."},
                "confirmDisclosure": {
                    "localizedText": 'By <b>ordering</b> you accept the <a class="dr_terms" '
                    'href="https://dr.example/t">Terms &amp; Conditions</a>.'
                    "<script>alert(1)</script><br>Call +49 221 31088 1999",
                },
                "termsOfSale": {"localizedText": "Terms", "url": "https://dr.example/t"},
            },
        }
    )
    disclosure = parse_form_message(raw)
    assert isinstance(disclosure, Disclosure)
    assert disclosure.entity_name == "Digital River Inc."
    confirm = disclosure.text("confirmDisclosure")
    assert confirm is not None
    assert confirm.plain == (
        "By ordering you accept the Terms & Conditions.\nCall +49 221 31088 1999"
    )
    assert confirm.links == (("Terms & Conditions", "https://dr.example/t"),)
    assert disclosure.text("cancellationRights") is None


@pytest.mark.parametrize(
    "leak",
    [
        {"note": "4444222233331111"},
        {"note": "card 4444 2222 3333 1111 end"},
        {"note": "4444-2222-3333-1111"},
        {"creditCard": {"brand": "343456789012341"}},
        {"extra": [{"deep": 4444222233331111}]},
        {"4444222233331111": True},
    ],
)
def test_anything_like_a_card_number_drops_the_whole_message(leak: dict[str, object]) -> None:
    assert refusal(paid(**leak)) is RefusedBecause.CARD_NUMBER


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", RefusedBecause.NOT_JSON),
        ("[" * 20_000, RefusedBecause.NOT_JSON),
        ("[]", RefusedBecause.BAD_SHAPE),
        ("{}", RefusedBecause.UNKNOWN_KIND),
        ('{"kind":["paid"]}', RefusedBecause.UNKNOWN_KIND),
        ('{"kind":"run"}', RefusedBecause.UNKNOWN_KIND),
        ('{"kind":"paid"}', RefusedBecause.BAD_SHAPE),
        ('{"kind":"paid","source":[]}', RefusedBecause.BAD_SHAPE),
        (paid(id=""), RefusedBecause.BAD_SHAPE),
        (paid(id=7), RefusedBecause.BAD_SHAPE),
        (paid(id="x" * 201), RefusedBecause.BAD_SHAPE),
        (paid(reusable="yes"), RefusedBecause.BAD_SHAPE),
        (paid(amount="a lot"), RefusedBecause.BAD_SHAPE),
        (paid(amount="NaN"), RefusedBecause.BAD_SHAPE),
        (paid(amount=True), RefusedBecause.BAD_SHAPE),
        (paid(creditCard={"lastFourDigits": "12345"}), RefusedBecause.BAD_SHAPE),
        (paid(creditCard={"expirationMonth": "3"}), RefusedBecause.BAD_SHAPE),
        ('{"kind":"ready","paymentMethodTypes":"x"}', RefusedBecause.BAD_SHAPE),
        ('{"kind":"methods"}', RefusedBecause.BAD_SHAPE),
        ('{"kind":"disclosure"}', RefusedBecause.BAD_SHAPE),
        ('{"kind":"ready","x":"' + "a" * LARGEST_MESSAGE + '"}', RefusedBecause.TOO_LONG),
        ('{"kind":"ready","x":"' + "ä" * (LARGEST_MESSAGE // 2) + '"}', RefusedBecause.TOO_LONG),
    ],
)
def test_bad_messages_are_refused_with_a_reason_only(raw: str, reason: RefusedBecause) -> None:
    assert refusal(raw) is reason


def test_luhn() -> None:
    assert passes_luhn("4444 2222 3333 1111")
    assert not passes_luhn("4444222233331112")
    assert not passes_luhn("0000000000000000")
    assert not passes_luhn("42")
    assert not holds_card_number({"id": "4444222233331111", "none": None, "yes": True})
