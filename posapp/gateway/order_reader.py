"""Reads orders: a fast reader for the shape the contract prescribes, a tolerant one for the rest.

Both give the same order; the fast one gives up at anything odd. Never computes an amount, never
decides what a state means.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from posapp.domain.customer import Address, Party
from posapp.domain.making import maker
from posapp.domain.money import Money
from posapp.domain.order import LineId, LineState, Order, OrderId, OrderLine, OrderState
from posapp.domain.payment import Charge, ChargeId, ChargeState
from posapp.gateway import order_shape as shape
from posapp.gateway.charges import CHARGE_STATES, OPERATIONS, parse_charge, parse_operation
from posapp.gateway.errors import Garbled
from posapp.gateway.parties import parse_party_if_any, somebody, split_name
from posapp.gateway.payments import parse_methods, parse_next_action
from posapp.gateway.wire import (
    Record,
    amount,
    amount_if_any,
    as_money,
    as_pairs,
    as_text,
    count,
    decimals,
    decode_record,
    flag,
    metadata,
    moment,
    moneys,
    record,
    records,
    required_amount,
    required_text,
    text,
)

_ORDER_STATES: Mapping[str, OrderState] = {state.value: state for state in OrderState}
_LINE_STATES: Mapping[str, LineState] = {state.value: state for state in LineState}
_order, _line, _charge = maker(Order), maker(OrderLine), maker(Charge)
_party, _address = maker(Party), maker(Address)


def parse_order(data: Record) -> Order:
    """Read an order. Raises Garbled when id, currency or total cannot be had."""
    order_id = OrderId(required_text(data, "id"))
    currency = text(data, "currency")
    purse = moneys(currency)
    payment = record(data, "payment")
    session = record(payment, "session")
    entity = record(data, "sellingEntity")
    state = text(data, "state")
    held = metadata(data)
    return Order(
        order_id,
        _ORDER_STATES.get(state, OrderState.UNKNOWN),
        state,
        currency,
        required_amount(data, "totalAmount", purse),
        tuple([parse_line(line, purse) for line in records(data, "items")]),
        text(data, "checkoutId"),
        text(data, "upstreamId"),
        dict(held).get("sale", "") if held else "",
        moment(data, "createdTime"),
        moment(data, "updatedTime"),
        text(data, "fraudState"),
        text(data, "customerId"),
        text(data, "email"),
        parse_party_if_any(data, "billTo"),
        parse_party_if_any(data, "shipTo"),
        text(entity, "id"),
        text(entity, "name"),
        amount_if_any(data, "subtotal", purse),
        amount_if_any(data, "totalTax", purse),
        amount_if_any(data, "totalShipping", purse),
        amount_if_any(data, "totalDiscount", purse),
        amount_if_any(data, "totalFees", purse),
        amount_if_any(data, "totalDuty", purse),
        amount_if_any(data, "capturedAmount", purse),
        amount_if_any(data, "cancelledAmount", purse),
        amount_if_any(data, "refundedAmount", purse),
        amount_if_any(data, "availableToRefundAmount", purse),
        tuple(
            [
                parse_charge(charge, currency=currency, order_id=order_id)
                for charge in records(payment, "charges")
            ]
        ),
        parse_methods(records(payment, "sources"), purse),
        text(session, "state"),
        parse_next_action(session.get("nextAction")),
        _transitions(data),
        held,
        flag(data, "liveMode", "livemode"),
    )


def parse_line(data: Record, purse: Mapping[Any, Money]) -> OrderLine:
    """Read an order line; older samples call its id `itemId`. Raises Garbled."""
    product = record(data, "productDetails")
    tax = record(data, "tax")
    shipping = record(data, "shipping")
    physical = product.get("physical")
    return OrderLine(
        LineId(required_text(data, "id", "itemId")),
        text(data, "skuId") or text(product, "id"),
        text(product, "name"),
        count(data, "quantity", 1),
        amount(data, "amount", purse),
        amount(tax, "amount", purse),
        text(tax, "rate"),
        amount(shipping, "amount", purse),
        amount(shipping, "taxAmount", purse),
        _LINE_STATES.get(text(data, "state"), LineState.UNKNOWN),
        physical if type(physical) is bool else None,
        text(record(data, "metadata"), "line"),
        amount_if_any(record(data, "fees"), "amount", purse),
    )


def _transitions(data: Record) -> tuple[tuple[str, datetime], ...]:
    held = record(data, "stateTransitions")
    return _in_order({state: at for state in held if (at := moment(held, state)) is not None})


def _in_order(times: Mapping[str, datetime]) -> tuple[tuple[str, datetime], ...]:
    if len(times) < 2:
        return tuple(times.items())
    return tuple(sorted(times.items(), key=lambda entry: (entry[1], entry[0])))


_decode = msgspec.json.Decoder(shape.Order, float_hook=decimals).decode


def read_order(body: bytes | msgspec.Raw) -> Order:
    """Read an order from its JSON. Raises Garbled when id, currency or total cannot be had."""
    try:
        return built_order(_decode(body))
    except (msgspec.MsgspecError, ValueError, ArithmeticError, RecursionError, Garbled):
        return parse_order(decode_record(bytes(body)))


def built_order(told: shape.Order) -> Order:
    """Make the order of what the fast reader read. Raises Garbled for what it cannot judge."""
    purse = moneys(told.currency)
    payment = told.payment
    session = payment.session
    sums = [
        None if one is None else purse[one] if type(one) is Decimal else as_money(one, purse)
        for one in (
            told.subtotal,
            told.total_tax,
            told.total_shipping,
            told.total_discount,
            told.total_fees,
            told.total_duty,
            told.captured_amount,
            told.cancelled_amount,
            told.refunded_amount,
            told.available_to_refund_amount,
        )
    ]
    held = as_pairs(told.metadata)
    live = told.live_mode if told.live_mode is not None else told.livemode
    return _order(
        OrderId(_there(told.id)),
        _ORDER_STATES.get(told.state, OrderState.UNKNOWN),
        told.state,
        told.currency,
        as_money(told.total_amount, purse),
        tuple([_built_line(line, purse) for line in told.items]),
        told.checkout_id,
        told.upstream_id,
        as_text(told.metadata.get("sale")),
        told.created_time,
        told.updated_time,
        told.fraud_state,
        told.customer_id,
        told.email,
        _built_party(told.bill_to),
        _built_party(told.ship_to),
        told.selling_entity.id,
        told.selling_entity.name,
        *sums,
        tuple([_built_charge(charge, told) for charge in payment.charges]),
        parse_methods(payment.sources, purse),
        session.state,
        parse_next_action(session.next_action),
        _in_order(told.state_transitions),
        held,
        live is True,
    )


def _built_line(told: shape.Line, purse: Mapping[Any, Money]) -> OrderLine:
    product, tax, shipping = told.product_details, told.tax, told.shipping
    fee = told.fees.amount
    amount, tax_amount, shipped, shipped_tax = [
        purse[one] if type(one) is Decimal else as_money(one, purse)
        for one in (told.amount, tax.amount, shipping.amount, shipping.tax_amount)
    ]
    return _line(
        LineId(_there(told.id)),
        told.sku_id or product.id,
        product.name,
        told.quantity,
        amount,
        tax_amount,
        as_text(tax.rate),
        shipped,
        shipped_tax,
        _LINE_STATES.get(told.state, LineState.UNKNOWN),
        product.physical,
        told.metadata.line,
        None if fee is None else as_money(fee, purse),
    )


def _built_charge(told: shape.Charge, order: shape.Order) -> Charge:
    purse = moneys(told.currency or order.currency)
    moved = told.captures or told.cancels or told.refunds
    return _charge(
        ChargeId(_there(told.id)),
        told.order_id or order.id,
        told.source_id,
        as_money(told.amount, purse),
        CHARGE_STATES.get(told.state, ChargeState.UNKNOWN),
        tuple(
            [
                parse_operation(held, kind, purse)
                for key, kind in OPERATIONS
                for held in getattr(told, key)
            ]
        )
        if moved
        else (),
        told.created_time,
    )


def _built_party(told: shape.Party | None) -> Party | None:
    if told is None:
        return None
    given, family = split_name(told.name)
    at = told.address
    address = _address(at.line1, at.city, at.postal_code, at.country, at.state, at.line2)
    return somebody(_party(given, family, address, told.email, told.phone, told.organization))


def _there(identifier: str) -> str:
    if identifier:
        return identifier
    raise Garbled(what="id is missing")
