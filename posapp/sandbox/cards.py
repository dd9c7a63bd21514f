"""The published test cards and magic last names, and what each makes happen (contract section 20).

A card number lives only for the length of one call: what is kept is its brand, its last four
digits and the name of its effect.
"""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum

from posapp.sandbox.wire import Json, Problem, problem


class Effect(StrEnum):
    """What a test value makes happen."""

    NONE = "none"
    SOURCE_FAILS = "source_fails"
    SOURCE_REFUSED = "source_refused"  # the creation itself answers an error
    CHALLENGE = "challenge"
    CHALLENGE_CHARGE_FAILS = "challenge_charge_fails"
    FAILS_AFTER_REDIRECT = "fails_after_redirect"
    CHARGE_FAILS = "charge_fails"
    CHARGE_FAILS_LATER = "charge_fails_later"
    CHARGE_STAYS_PENDING = "charge_stays_pending"
    CAPTURE_FAILS = "capture_fails"
    CAPTURE_FAILS_LATER = "capture_fails_later"
    CAPTURE_STAYS_PENDING = "capture_stays_pending"
    CANCEL_FAILS = "cancel_fails"
    REFUND_FAILS = "refund_fails"
    REFUND_FAILS_LATER = "refund_fails_later"
    REFUND_FAILS_AT_ONCE = "refund_fails_at_once"
    REFUND_FAILS_AFTER_DETAILS = "refund_fails_after_details"
    FUNDS_NEVER_COME = "funds_never_come"
    SLOW = "slow"


CARDS = {
    "5454545454545454": Effect.CHALLENGE,
    "4917610000000000": Effect.CHALLENGE,
    "4000000000003295": Effect.SOURCE_FAILS,
    "4000000000003600": Effect.CHARGE_FAILS,
    "4000000000004103": Effect.CAPTURE_FAILS,
    "4000000000004111": Effect.REFUND_FAILS,
    "4000000000004442": Effect.CANCEL_FAILS,
    "4485951788521565": Effect.CAPTURE_FAILS_LATER,
    "4556602564240839": Effect.REFUND_FAILS_LATER,
    "4024007120579635": Effect.CAPTURE_STAYS_PENDING,
    "4000000000000028": Effect.CAPTURE_STAYS_PENDING,
}
CHALLENGE_ANSWERS = frozenset({"1234", "password"})

_PAYPAL = {
    "SourceCreationFail": Effect.SOURCE_REFUSED,
    "ChargeCreationFail": Effect.CHARGE_FAILS,
    "RefundFail": Effect.REFUND_FAILS,
}
_RECEIVER = {
    "SourceCreationFail": Effect.SOURCE_REFUSED,
    "SourceFailWithDelay": Effect.FUNDS_NEVER_COME,
    "RefundFailWhileCreation": Effect.REFUND_FAILS_AT_ONCE,
    "RefundFailAfterPaymentInfo": Effect.REFUND_FAILS_AFTER_DETAILS,
}
_ALIPAY = {
    "authFail": Effect.CHARGE_FAILS,
    "authFailAfterRedirect": Effect.FAILS_AFTER_REDIRECT,
    "refundFail": Effect.REFUND_FAILS,
}
LAST_NAMES: dict[str, dict[str, Effect]] = {
    "googlePay": {
        "SourceFail": Effect.SOURCE_FAILS,
        "ChargeFail": Effect.CHARGE_FAILS,
        "CaptureFail": Effect.CAPTURE_FAILS,
        "CancelFail": Effect.CANCEL_FAILS,
        "RefundFail": Effect.REFUND_FAILS,
        "SCATest": Effect.CHALLENGE,
        "SCATestFail": Effect.CHALLENGE_CHARGE_FAILS,
    },
    "payPal": _PAYPAL,
    "payPalBilling": _PAYPAL,
    "payPalCredit": _PAYPAL,
    "klarnaCredit": _PAYPAL,
    "klarnaCreditRecurring": _PAYPAL,
    "directDebit": {
        "SourceFail": Effect.SOURCE_FAILS,
        "SourceFailAfterRedirect": Effect.FAILS_AFTER_REDIRECT,
        "ChargeFail": Effect.CHARGE_FAILS,
        "ChargeFailedAfterPending": Effect.CHARGE_FAILS_LATER,
        "ChargeRemainPending": Effect.CHARGE_STAYS_PENDING,
        "RefundFail": Effect.REFUND_FAILS,
        "RefundFailedAfterPending": Effect.REFUND_FAILS_LATER,
    },
    "alipay": _ALIPAY,
    "alipayCn": _ALIPAY,
    "wireTransfer": _RECEIVER,
    "konbini": _RECEIVER,
    "bPay": _RECEIVER,
}

_BRANDS = (
    ("Visa", re.compile(r"4")),
    ("MasterCard", re.compile(r"5[1-5]|2[2-7]")),
    ("American Express", re.compile(r"3[47]")),
    ("Discover", re.compile(r"6011|65|64[4-9]")),
    ("Diners", re.compile(r"30[0-5]|36|38")),
    ("JCB", re.compile(r"35")),
    ("UnionPay", re.compile(r"62")),
)
MAESTRO = "Maestro"
AMEX = "American Express"


def effect_of_name(kind: str, owner: Json) -> Effect:
    """What the last name of a source's owner asks for."""
    name = str(owner.get("lastName", ""))
    if name == "SlowSource":
        return Effect.SLOW
    return LAST_NAMES.get(kind, {}).get(name, Effect.NONE)


def luhn(number: str) -> bool:
    """The checksum of card numbers."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def brand(number: str) -> str:
    """The brand as the service spells it."""
    return next((name for name, pattern in _BRANDS if pattern.match(number)), MAESTRO)


def read(card: Json, now: datetime) -> tuple[Json, Effect]:
    """What is kept of a card, and its effect; raises Problem 400 with the form's codes."""
    number = re.sub(r"[\s-]", "", str(card.get("number", "")))
    if not number.isascii() or not number.isdigit() or not luhn(number):
        raise refusal("invalid_card_number", "creditCard.number")
    kept: Json = {"brand": brand(number)} | expiry(card, now)
    cvv = str(card.get("cvv", ""))
    length = 4 if kept["brand"] == AMEX else 3
    if cvv and not (cvv.isascii() and cvv.isdigit() and len(cvv) == length):
        raise refusal("invalid_security_code", "creditCard.cvv")
    kept["lastFourDigits"] = number[-4:]
    return kept, CARDS.get(number, Effect.NONE)


def expiry(card: Json, now: datetime) -> Json:
    """Month and year of a card that is still good; raises Problem 400 with the form's codes."""
    month, year = _whole(card, "expirationMonth"), _whole(card, "expirationYear")
    if month is None or not 1 <= month <= 12:
        raise refusal("invalid_expiration_month", "creditCard.expirationMonth")
    if year is None or (year, month) < (now.year, now.month):
        raise refusal("invalid_expiration_date", "creditCard.expirationYear")
    return {"expirationMonth": month, "expirationYear": year}


def of_wallet(now: datetime) -> Json:
    """The card behind a wallet, as the service tells it."""
    return {
        "brand": "Visa",
        "expirationMonth": 12,
        "expirationYear": now.year + 2,
        "lastFourDigits": "1111",
    }


def _whole(card: Json, name: str) -> int | None:
    text = str(card.get(name, ""))
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        return None
    value = int(text)
    return value + 2000 if name == "expirationYear" and value < 100 else value


def refusal(code: str, parameter: str | None = None) -> Problem:
    """400 of the web form."""
    return problem(400, code, "This payment detail was not accepted.", parameter)
