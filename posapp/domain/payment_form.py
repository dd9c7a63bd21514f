"""What the payment form tells us, read strictly: a claim of page script, never proof of payment.

A message with anything like a card number in it is dropped whole. Contract: drop-in.md 1.3, 6.4.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

from posapp.domain.legal_text import Disclosure, DisclosureText

LARGEST_MESSAGE: Final = 32 * 1024
"""Bytes of UTF-8 that one message of the form may have."""

_LONGEST_TEXT: Final = 8 * 1024
_LONGEST_ID: Final = 200
_SHORTEST_CARD, _LONGEST_CARD = 12, 19
_DIGIT_RUN: Final = re.compile(r"(?<!\d)\d(?:[ \-]?\d){11,18}(?!\d)")
_SOLID_RUN: Final = re.compile(r"(?<!\d)\d{12,19}(?!\d)")
_ID_KEYS: Final = frozenset({"id", "sessionId", "failedSourceId", "redirectUrl", "url"})


class FormMessageRefused(Exception):
    """A message of the form that we will not take. Carries the reason, never the content."""

    def __init__(self, reason: RefusedBecause) -> None:
        super().__init__(reason.value)
        self.reason = reason


class RefusedBecause(StrEnum):
    """Why a message was dropped; goes to the audit log in place of the message."""

    TOO_LONG = "too_long"
    NOT_JSON = "not_json"
    UNKNOWN_KIND = "unknown_kind"
    BAD_SHAPE = "bad_shape"
    CARD_NUMBER = "card_number"
    FOREIGN_ORIGIN = "foreign_origin"
    REPEATED = "repeated"


class SourceFlow(StrEnum):
    """How a payment method collects (contract digital-river.md section 6)."""

    STANDARD = "standard"
    REDIRECT = "redirect"
    RECEIVER = "receiver"
    UNKNOWN = "unknown"


class AuthenticationResult(StrEnum):
    """Outcome of re-authenticating a saved source; anything unknown counts as failed."""

    COMPLETE = "complete"
    NOT_REQUIRED = "authentication_not_required"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FormReady:
    """The form is on screen with these payment methods (type names of the service)."""

    methods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfferedMethod:
    """A payment method the session could take."""

    type: str
    flow: SourceFlow
    supports_storage: bool


@dataclass(frozen=True, slots=True)
class MethodsListed:
    """Answer to `retrieveAvailablePaymentMethods`."""

    methods: tuple[OfferedMethod, ...]


@dataclass(frozen=True, slots=True)
class Consents:
    """Which boxes the buyer ticked in the form."""

    terms_of_sale: bool = False
    eula: bool = False
    terms_of_use: bool = False


@dataclass(frozen=True, slots=True)
class PaidClaim:
    """The form says that it made this source; the amount is in units of the currency, as written.

    Read source and checkout with the secret key before any step that moves money.
    """

    source_id: str
    type: str
    state: str
    flow: SourceFlow
    reusable: bool
    amount: Decimal | None
    currency: str
    session_id: str
    brand: str
    last_four: str
    expiration_month: int | None
    expiration_year: int | None
    redirect_url: str
    ready_for_storage: bool
    supports_storage: bool
    consents: Consents


@dataclass(frozen=True, slots=True)
class FormFailed:
    """The form could not make a source. `codes` are for the audit log, never for a buyer."""

    type: str
    method: str
    codes: tuple[str, ...]
    failed_source_id: str


@dataclass(frozen=True, slots=True)
class FormCancelled:
    """The buyer gave up this payment method."""

    method: str


@dataclass(frozen=True, slots=True)
class Authenticated:
    """A saved source was re-authenticated, or not."""

    result: AuthenticationResult


FormMessage = (
    FormReady | MethodsListed | Disclosure | PaidClaim | Authenticated | FormFailed | FormCancelled
)


def parse_form_message(raw: str) -> FormMessage:
    """Read one message of the bridge. Raises `FormMessageRefused` unless known, small and clean."""
    if len(raw) > LARGEST_MESSAGE or len(raw.encode("utf-8", "replace")) > LARGEST_MESSAGE:
        raise FormMessageRefused(RefusedBecause.TOO_LONG)
    try:
        message = json.loads(raw)
    except (ValueError, RecursionError):
        raise FormMessageRefused(RefusedBecause.NOT_JSON) from None
    if not isinstance(message, dict):
        raise FormMessageRefused(RefusedBecause.BAD_SHAPE)
    kind = message.get("kind")
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        raise FormMessageRefused(RefusedBecause.UNKNOWN_KIND)
    if holds_card_number(message, _SOLID_RUN if kind == "disclosure" else _DIGIT_RUN):
        raise FormMessageRefused(RefusedBecause.CARD_NUMBER)
    return reader(message)


def holds_card_number(value: object, run: re.Pattern[str] = _DIGIT_RUN) -> bool:
    """Whether a text or number in `value`, ids and addresses aside, could be a card number."""
    match value:
        case str():
            return any(passes_luhn(found.group()) for found in run.finditer(value))
        case bool() | None:
            return False
        case int() | float():
            return holds_card_number(str(value), run)
        case Mapping():
            return any(
                holds_card_number(str(key), run)
                or (key not in _ID_KEYS and holds_card_number(part, run))
                for key, part in value.items()
            )
        case Sequence():
            return any(holds_card_number(part, run) for part in value)
        case _:
            return False


def passes_luhn(text: str) -> bool:
    """Whether the digits of `text` could be a card number: 12 to 19, the last one right."""
    digits = [int(character) for character in text if character.isdecimal()]
    if not _SHORTEST_CARD <= len(digits) <= _LONGEST_CARD or not any(digits):
        return False
    doubled = (
        sum(divmod(digit * 2, 10)) if place % 2 else digit
        for place, digit in enumerate(reversed(digits))
    )
    return sum(doubled) % 10 == 0


def _refuse() -> FormMessageRefused:
    return FormMessageRefused(RefusedBecause.BAD_SHAPE)


def _text(part: Mapping[str, object], key: str, most: int = _LONGEST_ID) -> str:
    """The text under `key`; absent and null read as empty."""
    value = part.get(key)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most:
        raise _refuse()
    return value


def _needed(part: Mapping[str, object], key: str) -> str:
    value = _text(part, key)
    if not value:
        raise _refuse()
    return value


def _flag(part: Mapping[str, object], key: str) -> bool:
    """The truth under `key`; only a real `true` counts."""
    value = part.get(key)
    if value is not None and not isinstance(value, bool):
        raise _refuse()
    return value is True


def _number(part: Mapping[str, object], key: str) -> int | None:
    value = part.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise _refuse()
    return value


def _part(part: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = part.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _refuse()
    return value


def _texts(part: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = part.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _refuse()
    return tuple(item[:_LONGEST_ID] for item in value[:100])


def _flow(part: Mapping[str, object]) -> SourceFlow:
    word = _text(part, "flow")
    return SourceFlow(word) if word in set(SourceFlow) else SourceFlow.UNKNOWN


def _amount(source: Mapping[str, object]) -> Decimal | None:
    """The form writes amounts as text (`"27.50"`); an older build as a number."""
    value = source.get("amount")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _refuse()
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise _refuse() from None
    if not amount.is_finite():
        raise _refuse()
    return amount


def _ready(message: Mapping[str, object]) -> FormReady:
    return FormReady(_texts(message, "paymentMethodTypes"))


def _methods(message: Mapping[str, object]) -> MethodsListed:
    rows = message.get("paymentMethods")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _refuse()
    return MethodsListed(
        tuple(
            OfferedMethod(_needed(row, "type"), _flow(row), _flag(row, "supportsStorage"))
            for row in rows
        )
    )


def _disclosure(message: Mapping[str, object]) -> Disclosure:
    told = _part(message, "disclosure")
    entity = _part(told, "businessEntity")
    texts = tuple(
        DisclosureText(key, _text(part, "localizedText", _LONGEST_TEXT), _text(part, "url", 2000))
        for key, part in told.items()
        if key != "businessEntity" and isinstance(part, dict)
    )
    return Disclosure(
        entity_id=_needed(entity, "id"),
        entity_name=_needed(entity, "name"),
        language=_text(message, "language"),
        country=_text(message, "country"),
        texts=texts,
    )


def _paid(message: Mapping[str, object]) -> PaidClaim:
    source = _part(message, "source")
    card = _part(source, "creditCard")
    consents = _part(message, "consents")
    last_four = _text(card, "lastFourDigits")
    if last_four and not (len(last_four) == 4 and last_four.isdecimal()):
        raise _refuse()
    return PaidClaim(
        source_id=_needed(source, "id"),
        type=_needed(source, "type"),
        state=_needed(source, "state"),
        flow=_flow(source),
        reusable=_flag(source, "reusable"),
        amount=_amount(source),
        currency=_text(source, "currency"),
        session_id=_text(source, "sessionId"),
        brand=_text(card, "brand"),
        last_four=last_four,
        expiration_month=_number(card, "expirationMonth"),
        expiration_year=_number(card, "expirationYear"),
        redirect_url=_text(_part(source, "redirect"), "redirectUrl", 2000),
        ready_for_storage=_flag(message, "readyForStorage"),
        supports_storage=_flag(message, "supportsStorage"),
        consents=Consents(
            terms_of_sale=_flag(consents, "termsOfSale"),
            eula=_flag(consents, "eula"),
            terms_of_use=_flag(consents, "termsOfUse"),
        ),
    )


def _authenticated(message: Mapping[str, object]) -> Authenticated:
    word = _text(message, "status")
    known = word in set(AuthenticationResult)
    return Authenticated(AuthenticationResult(word) if known else AuthenticationResult.FAILED)


def _failed(message: Mapping[str, object]) -> FormFailed:
    return FormFailed(
        type=_text(message, "type"),
        method=_text(message, "paymentMethod"),
        codes=_texts(message, "codes"),
        failed_source_id=_text(message, "failedSourceId"),
    )


def _cancelled(message: Mapping[str, object]) -> FormCancelled:
    return FormCancelled(_text(message, "paymentMethod"))


_READERS: Final[Mapping[str, Callable[[Mapping[str, object]], FormMessage]]] = {
    "ready": _ready,
    "methods": _methods,
    "disclosure": _disclosure,
    "paid": _paid,
    "authenticated": _authenticated,
    "failed": _failed,
    "cancelled": _cancelled,
}
