"""Reports of shipped and dropped units. Never decides what may ship: the domain does."""

from __future__ import annotations

from posapp.domain.fulfilment import (
    Fulfilment,
    FulfilmentId,
    FulfilmentItem,
    FulfilmentRequest,
    Tracking,
)
from posapp.domain.order import LineId, OrderId
from posapp.gateway.budget import Priority
from posapp.gateway.client import Client
from posapp.gateway.wire import (
    Record,
    count,
    encode,
    filled,
    moment,
    record,
    records,
    required_text,
    text,
)

FULFILMENT_LIMIT_S = 30.0


def fulfilment_body(request: FulfilmentRequest) -> str:
    """Return the body of `POST /fulfillments`; our key goes into its metadata (design 6)."""
    return encode(
        {
            "orderId": request.order_id,
            "items": [_item_body(item) for item in request.items],
            **_tracking_fields(request.tracking),
            "metadata": {"request": request.request},
        }
    )


def _item_body(item: FulfilmentItem) -> dict[str, object]:
    body: dict[str, object] = {"itemId": item.line_id}
    if item.quantity:
        body["quantity"] = item.quantity
    if item.cancel_quantity:
        body["cancelQuantity"] = item.cancel_quantity
    return body


def _tracking_fields(tracking: Tracking) -> dict[str, object]:
    return filled(
        trackingCompany=tracking.company,
        trackingNumber=tracking.number,
        trackingUrl=tracking.url,
    )


def parse_fulfilment(data: Record) -> Fulfilment:
    """Read a fulfilment; quantities come as numbers or strings. Raises Garbled."""
    return Fulfilment(
        FulfilmentId(required_text(data, "id")),
        OrderId(text(data, "orderId") or text(record(data, "orderDetails"), "id")),
        tuple([_parse_item(item) for item in records(data, "items")]),
        moment(data, "createdTime"),
        Tracking(
            text(data, "trackingCompany"), text(data, "trackingNumber"), text(data, "trackingUrl")
        ),
        text(record(data, "metadata"), "request"),
    )


def _parse_item(data: Record) -> FulfilmentItem:
    return FulfilmentItem(
        LineId(required_text(data, "itemId", "id")),
        count(data, "quantity"),
        count(data, "cancelQuantity"),
    )


class Fulfilments:
    """`/fulfillments`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def create(self, request: FulfilmentRequest) -> Fulfilment:
        """Report shipped and dropped units, once. On LostAnswer search `list` for the request.

        Raises Conflict (`order_fulfilled`, `order_not_submitted`, `quantity_too_large`,
        `payment_authorization_failed`; contract 10), Rejected, or another GatewayError.
        """
        return await self._client.write(
            "POST",
            "/fulfillments",
            parse_fulfilment,
            body=fulfilment_body(request),
            limit_s=FULFILMENT_LIMIT_S,
        )

    async def get(self, fulfilment_id: str) -> Fulfilment:
        """Return one fulfilment. Raises NotFound or another GatewayError."""
        return await self._client.read(
            "/fulfillments/{id}", parse_fulfilment, ids={"id": fulfilment_id}
        )

    async def list(
        self, order_id: str, *, priority: Priority = Priority.SALE
    ) -> tuple[Fulfilment, ...]:
        """Return every fulfilment of the order, all pages, newest first."""
        found = await self._client.all_pages(
            "/fulfillments", parse_fulfilment, params=[("orderId", order_id)], priority=priority
        )
        # A service that ignored the filter must not lend us another order's units.
        return tuple([fulfilment for fulfilment in found if fulfilment.order_id == order_id])

    async def update_tracking(self, fulfilment_id: str, tracking: Tracking) -> Fulfilment:
        """Add the parcel's number afterwards (contract 10)."""
        return await self._client.write(
            "POST",
            "/fulfillments/{id}",
            parse_fulfilment,
            ids={"id": fulfilment_id},
            body=encode(_tracking_fields(tracking)),
        )
