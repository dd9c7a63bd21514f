"""Reading, updating and refreshing orders and charges (openapi /orders, /charges)."""

from __future__ import annotations

from dataclasses import replace

from posapp.sandbox import lifecycle, placing, sales, sources
from posapp.sandbox.cards import Effect
from posapp.sandbox.core import Call, Core, reply
from posapp.sandbox.queries import amount
from posapp.sandbox.sales import Order
from posapp.sandbox.skus import changes
from posapp.sandbox.wire import Response

create = placing.create
# approved by the buyer, yet the back end takes its time: a refresh does not hurry it
UNDECIDED = (Effect.CHARGE_FAILS_LATER, Effect.CHARGE_STAYS_PENDING)


def get(core: Core, call: Call) -> Response:
    """GET /orders/{id}, with physical and metadata in the lines when expand=true."""
    if call.query.flags.get("expand"):
        return reply(200, sales.show(sales.load(core, call.id), expand=True))
    return reply(200, core.shown("order", call.id))


def list_(core: Core, call: Call) -> Response:
    """GET /orders"""
    asked = call.query.conditions
    if any(each.name == "refundedAmount" for each in asked):
        scaled = tuple(
            replace(each, value=amount("refundedAmount", each.value))
            if each.name == "refundedAmount"
            else each
            for each in asked
        )
        call.query = replace(call.query, conditions=scaled)
    return core.listing("order", call, {"upstreamIds": "upstreamId"})


def update(core: Core, call: Call) -> Response:
    """POST /orders/{id}: erasure flag, upstreamId and metadata only."""
    order = sales.load(core, call.id)
    old = core.document("order", call.id)
    body = call.body
    order.forgotten = order.forgotten or body.get("requestToBeForgotten", False)
    order.upstream = body.get("upstreamId", order.upstream)
    order.metadata = body.get("metadata", order.metadata)
    order.updated = core.stamp()
    wire = sales.save(core, order)
    core.emit("order.updated", wire, order.id, changes(old, wire))
    return reply(200, wire)


def refresh(core: Core, call: Call) -> Response:
    """POST /orders/{id}/refresh: what became of a redirect (contract section 7)."""
    order = sales.load(core, call.id)
    if order.state == "pending_payment" and _is_approved(core, order):
        lifecycle.payment_came(core, order)
    return reply(200, core.shown("order", call.id))


def _is_approved(core: Core, order: Order) -> bool:
    """Whether the buyer came back from the provider with a yes that the back end shares."""
    source = sources.find(core, order.primary or "")
    if source is None or source.flow != "redirect" or source.reusable:
        return False
    return source.state == "chargeable" and source.effect not in UNDECIDED


def get_charge(core: Core, call: Call) -> Response:
    """GET /charges/{id}"""
    return reply(200, core.shown("charge", call.id))
