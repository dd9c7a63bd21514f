"""Charges: authorisations and the money that moved in them. Never written, as the API allows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from posapp.domain.money import Money
from posapp.domain.payment import (
    Charge,
    ChargeId,
    ChargeOperation,
    ChargeState,
    OperationKind,
    OperationState,
)
from posapp.gateway.budget import Priority
from posapp.gateway.client import Client
from posapp.gateway.wire import (
    Record,
    amount,
    moment,
    moneys,
    records,
    required_amount,
    required_text,
    text,
)

CHARGE_STATES: Mapping[str, ChargeState] = {state.value: state for state in ChargeState}
_OPERATION_STATES: Mapping[str, OperationState] = {state.value: state for state in OperationState}
OPERATIONS = (
    ("captures", OperationKind.CAPTURE),
    ("cancels", OperationKind.CANCEL),
    ("refunds", OperationKind.REFUND),
)


def parse_charge(data: Record, *, currency: str = "", order_id: str = "") -> Charge:
    """Read a charge; inside an order it carries neither currency nor order id, so both come along.

    Raises Garbled.
    """
    purse = moneys(text(data, "currency") or currency)
    return Charge(
        ChargeId(required_text(data, "id")),
        text(data, "orderId") or order_id,
        text(data, "sourceId"),
        required_amount(data, "amount", purse),
        CHARGE_STATES.get(text(data, "state"), ChargeState.UNKNOWN),
        tuple(
            [
                parse_operation(held, kind, purse)
                for key, kind in OPERATIONS
                if key in data
                for held in records(data, key)
            ]
        ),
        moment(data, "createdTime"),
    )


def parse_operation(
    data: Record, kind: OperationKind, purse: Mapping[Any, Money]
) -> ChargeOperation:
    """Read one money movement of a charge. Raises Garbled."""
    return ChargeOperation(
        text(data, "id"),
        kind,
        amount(data, "amount", purse),
        _OPERATION_STATES.get(text(data, "state"), OperationState.UNKNOWN),
        moment(data, "createdTime"),
        moment(data, "updatedTime"),
        text(data, "fulfillmentId"),
    )


class Charges:
    """`/charges`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def get(self, charge_id: str, *, priority: Priority = Priority.SALE) -> Charge:
        """Return one charge. Raises GatewayError."""
        return await self._client.read(
            "/charges/{id}", parse_charge, ids={"id": charge_id}, priority=priority
        )
