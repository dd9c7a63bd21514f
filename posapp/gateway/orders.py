"""Orders of the service. Never computes an amount, never decides what a state means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from posapp.domain.money import Money
from posapp.domain.order import LineId, LineState, Order, OrderId, OrderLine, OrderState
from posapp.gateway.budget import Priority
from posapp.gateway.charges import parse_charge
from posapp.gateway.client import Client
from posapp.gateway.parties import parse_party_if_any
from posapp.gateway.payments import parse_methods, parse_next_action
from posapp.gateway.requests import Params, since
from posapp.gateway.wire import (
    Record,
    amount,
    amount_if_any,
    count,
    encode,
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

ORDER_LIMIT_S = 60.0
"""How long an answer to `POST /orders` may take: payment and fraud screening happen inside."""

_ORDER_STATES: Mapping[str, OrderState] = {state.value: state for state in OrderState}
_LINE_STATES: Mapping[str, LineState] = {state.value: state for state in LineState}


def order_body(checkout_id: str) -> str:
    """Return the body of `POST /orders`: everything else in it would be ignored (contract 7)."""
    return encode({"checkoutId": checkout_id})


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
        parse_methods(payment, purse),
        text(session, "state"),
        parse_next_action(session),
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
    if not held:
        return ()
    times = [(state, at) for state in held if (at := moment(held, state)) is not None]
    return tuple(sorted(times, key=lambda entry: entry[1]))


@dataclass(frozen=True, slots=True)
class OrderPage:
    """A page of orders, newest first; pass the last id as `starting_after` for the next."""

    orders: tuple[Order, ...]
    has_more: bool


class Orders:
    """`/orders`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def create(self, checkout_id: str, *, limit_s: float = ORDER_LIMIT_S) -> Order:
        """Turn the checkout into an order. Sent once, waited for at least a minute.

        Raises PaymentDeclined, FraudRefused, DetailsMissing (409: the checkout is spent),
        CheckoutSpent (404), Rejected (400: repair and use the same checkout) or another
        GatewayError; on LostAnswer look up with `find_by_checkout` first.
        """
        return await self._client.write(
            "POST",
            "/orders",
            parse_order,
            body=order_body(checkout_id),
            limit_s=max(limit_s, ORDER_LIMIT_S),
        )

    async def get(self, order_id: str, *, priority: Priority = Priority.SALE) -> Order:
        """Return one order. Raises NotFound or another GatewayError."""
        return await self._client.read(
            "/orders/{id}",
            parse_order,
            ids={"id": order_id},
            params=[("expand", "true")],
            priority=priority,
        )

    async def find_by_checkout(self, checkout_id: str) -> Order | None:
        """Return the order made of this checkout, None if there is none (design 6)."""
        page = await self.list(checkout_id=checkout_id, limit=2)
        # A service that ignored the filter must not make us adopt somebody else's order.
        return next((order for order in page.orders if order.checkout_id == checkout_id), None)

    async def list(  # noqa: PLR0913  the filters of the service
        self,
        *,
        state: str = "",
        checkout_id: str = "",
        customer_id: str = "",
        upstream_ids: Sequence[str] = (),
        created_since: datetime | None = None,
        updated_since: datetime | None = None,
        starting_after: str = "",
        limit: int = 100,
        priority: Priority = Priority.SALE,
    ) -> OrderPage:
        """Return one page, newest first. Raises Garbled for an unreadable order, too."""
        params: Params = [
            ("state", state),
            ("checkoutId", checkout_id),
            ("customerId", customer_id),
            *(("upstreamIds", upstream_id) for upstream_id in upstream_ids),
            *since("createdTime", created_since),
            *since("updatedTime", updated_since),
        ]
        page = await self._client.page(
            "/orders",
            parse_order,
            params=params,
            starting_after=starting_after,
            limit=limit,
            priority=priority,
        )
        return OrderPage(page.items, page.has_more)

    async def refresh(self, order_id: str) -> Order:
        """Ask the service to look at the payment again, after a redirect (contract 7)."""
        return await self._client.write(
            "POST",
            "/orders/{id}/refresh",
            parse_order,
            ids={"id": order_id},
            limit_s=ORDER_LIMIT_S,
        )
