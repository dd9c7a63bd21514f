"""How each write is found again after a lost answer: the table of design section 6, one function a
row. Never writes.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from enum import Enum
from typing import TYPE_CHECKING

from posapp.domain.intent import Intent, IntentKind
from posapp.domain.order import OrderId
from posapp.domain.sale import CheckoutId
from posapp.gateway.errors import NotFound

if TYPE_CHECKING:
    from posapp.gateway.river import DigitalRiver


class Trace(Enum):
    """What a look-up saw when it did not find the write itself."""

    NONE = "none"
    UNCLEAR = "unclear"


LookUp = Callable[["DigitalRiver", Intent], Awaitable[object]]
"""Ask the service whether the write happened: its result, or a Trace."""


async def _customer(river: DigitalRiver, intent: Intent) -> object:
    try:
        return await river.customers.get(intent.key)
    except NotFound:
        return Trace.NONE


async def _tax_identifier(river: DigitalRiver, intent: Intent) -> object:
    wanted = json.loads(intent.body)
    for held in await river.tax_identifiers.list(kind=wanted["type"]):
        if held.identifier.value == wanted["value"]:
            return held.identifier
    return Trace.NONE


async def _checkout(river: DigitalRiver, intent: Intent) -> object:
    """Adopt a checkout only if our attempt id, sale number and basket are all in it (design 5)."""
    wanted = json.loads(intent.body)
    inclusive = bool(wanted["taxInclusive"])
    for found in await river.checkouts.find(intent.key, tax_inclusive=inclusive):
        same_sale = found.sale_number == wanted["metadata"]["sale"]
        lines = {line.key: line.quantity for line in found.lines}
        same_lines = lines == {
            item["metadata"]["line"]: item["quantity"] for item in wanted["items"]
        }
        if same_sale and same_lines and found.upstream_id == intent.key:
            return found
    return Trace.NONE


async def _checkout_deleted(river: DigitalRiver, intent: Intent) -> object:
    try:
        await river.checkouts.get(CheckoutId(intent.key), basket_version=0)
    except NotFound:
        return intent.key
    return Trace.NONE


async def _source_attached(river: DigitalRiver, intent: Intent) -> object:
    checkout_id = CheckoutId(intent.resource.removeprefix("checkout:"))
    try:
        quote = await river.checkouts.get(checkout_id, basket_version=0)
    except NotFound:  # deleted, lapsed or made an order: nothing is attached to it any more
        return Trace.NONE
    return quote if any(method.source_id == intent.key for method in quote.methods) else Trace.NONE


async def _source_saved(river: DigitalRiver, intent: Intent) -> object:
    try:
        customer = await river.customers.get(intent.resource.removeprefix("customer:"))
    except NotFound:
        return Trace.NONE
    return customer if any(source.id == intent.key for source in customer.sources) else Trace.NONE


async def _order(river: DigitalRiver, intent: Intent) -> object:
    return await river.orders.find_by_checkout(CheckoutId(intent.key)) or Trace.NONE


async def _fulfilment(river: DigitalRiver, intent: Intent) -> object:
    """Absence counts only while the order's fulfilments are those the intent saw (design 6)."""
    known = await river.fulfilments.list(OrderId(intent.order_id))
    for found in known:
        if found.request == intent.key:
            return found
    seen = json.loads(intent.body).get("seen", [])
    return Trace.NONE if sorted(seen) == sorted(f.id for f in known) else Trace.UNCLEAR


LOOK_UP: Mapping[IntentKind, LookUp] = {
    IntentKind.CUSTOMER: _customer,
    IntentKind.TAX_IDENTIFIER: _tax_identifier,
    IntentKind.CHECKOUT: _checkout,
    IntentKind.CHECKOUT_DELETE: _checkout_deleted,
    IntentKind.ATTACH_SOURCE: _source_attached,
    IntentKind.SAVE_SOURCE: _source_saved,
    IntentKind.ORDER: _order,
    IntentKind.FULFILMENT: _fulfilment,
}
