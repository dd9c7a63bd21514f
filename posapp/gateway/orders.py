"""The calls about orders. Never computes an amount, never sends one twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from posapp.domain.order import Order
from posapp.gateway.budget import Priority
from posapp.gateway.client import Client
from posapp.gateway.order_reader import parse_order, read_order
from posapp.gateway.requests import Params, since
from posapp.gateway.wire import (
    encode,
)

__all__ = ["ORDER_LIMIT_S", "OrderPage", "Orders", "order_body", "parse_order"]

ORDER_LIMIT_S = 60.0
"""How long an answer to `POST /orders` may take: payment and fraud screening happen inside."""


def order_body(checkout_id: str) -> str:
    """Return the body of `POST /orders`: everything else in it would be ignored (contract 7)."""
    return encode({"checkoutId": checkout_id})


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
        return await self._client.read_bytes(
            "/orders/{id}",
            read_order,
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
