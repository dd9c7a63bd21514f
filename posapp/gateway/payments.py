"""Reads the payment blocks of checkouts and orders. Never meets card data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from posapp.domain.making import maker
from posapp.domain.money import Money
from posapp.domain.payment import NextAction, PaymentMethod, PaymentSession, SourceId
from posapp.gateway.wire import (
    Record,
    amount,
    amount_if_any,
    flag,
    record,
    required_text,
    text,
)

_PAY_TO = {
    "wireTransfer": (
        "accountHolder bankName city country iban accountNumber swiftCode additionalBankInformation"
    ).split(),
    "bPay": "accountHolder bankName billId accountNumber swiftCode".split(),
    "konbini": "storeName localizedStoreName storeId printableInvoiceUrl".split(),
}
"""What a buyer needs to send the money, in the order it is read (contract 6, receiver flow)."""
_method = maker(PaymentMethod)
_REFERENCES = ("referenceId", "customerPaymentReference", "receiptNumber")


def parse_method(data: Record, purse: Mapping[Any, Money] | None) -> PaymentMethod:
    """Read a source, whole or in its short form. `purse` None: the amount is left out."""
    kind = text(data, "type")
    details = record(data, kind)
    reference = ""
    for key in _REFERENCES:
        if key in details:
            reference = reference or text(details, key)
    return _method(
        SourceId(required_text(data, "id")),
        kind,
        amount_if_any(data, "amount", purse) if purse is not None else None,
        text(details, "brand"),
        text(details, "lastFourDigits")[-4:],
        text(data, "state"),
        flag(data, "reusable"),
        reference,
        tuple([(name, said) for name in _PAY_TO[kind] if (said := text(details, name))])
        if kind in _PAY_TO
        else (),
    )


def parse_methods(
    sources: Sequence[Record], purse: Mapping[Any, Money]
) -> tuple[PaymentMethod, ...]:
    """Read the sources applied to a checkout or order."""
    return tuple([parse_method(source, purse) for source in sources])


def parse_next_action(held: object) -> NextAction | None:
    """Read what the buyer must still do (contract 5); None for nothing."""
    if not isinstance(held, dict) or not held:
        return None
    data = record(held, "data")
    return NextAction(
        text(held, "action"),
        text(data, "redirectUrl"),
        text(data, "sourceId"),
        text(data, "sourceClientSecret"),
    )


def parse_session(payment: Record, purse: Mapping[Any, Money]) -> PaymentSession:
    """Read the payment session of a checkout."""
    session = record(payment, "session")
    return PaymentSession(
        text(session, "id"),
        text(session, "state"),
        amount(session, "amountContributed", purse),
        amount(session, "amountRemainingToBeContributed", purse),
        parse_next_action(session.get("nextAction")),
    )
