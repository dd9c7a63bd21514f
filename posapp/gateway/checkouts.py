"""Checkouts: the basket as the service prices and taxes it. Never computes a price or a tax."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from posapp.domain.money import Money
from posapp.domain.sale import CheckoutId, Fee, Quote, QuoteLine
from posapp.gateway.client import Client
from posapp.gateway.payments import parse_methods, parse_session
from posapp.gateway.wire import (
    Record,
    amount,
    count,
    decode_record,
    flag,
    moneys,
    record,
    records,
    required_amount,
    required_text,
    text,
)


def parse_checkout(data: Record, *, basket_version: int = 0, tax_inclusive: bool = False) -> Quote:
    """Read a checkout. The answer does not repeat `taxInclusive`: the caller says what was asked.

    Raises Garbled when id, currency or total cannot be had.
    """
    currency = text(data, "currency")
    purse = moneys(currency)
    payment = record(data, "payment")
    entity = record(data, "sellingEntity")
    lines = records(data, "items")
    return Quote(
        checkout_id=CheckoutId(required_text(data, "id")),
        upstream_id=text(data, "upstreamId"),
        basket_version=basket_version,
        currency=currency,
        lines=tuple([_parse_line(line, purse) for line in lines]),
        subtotal=amount(data, "subtotal", purse),
        discount=amount(data, "totalDiscount", purse),
        shipping=amount(data, "totalShipping", purse),
        shipping_tax=amount(record(data, "shippingChoice"), "taxAmount", purse),
        fees=amount(data, "totalFees", purse),
        duty=amount(data, "totalDuty", purse),
        importer_tax=amount(data, "totalImporterTax", purse),
        tax=amount(data, "totalTax", purse),
        total=required_amount(data, "totalAmount", purse),
        tax_inclusive=flag(data, "taxInclusive") if "taxInclusive" in data else tax_inclusive,
        session=parse_session(payment, purse),
        selling_entity_id=text(entity, "id"),
        selling_entity_name=text(entity, "name"),
        methods=parse_methods(records(payment, "sources"), purse),
        fee_details=_fee_details(lines, purse, currency),
        ship_to_country=text(record(record(data, "shipTo"), "address"), "country"),
        bill_to_country=text(record(record(data, "billTo"), "address"), "country"),
        live_mode=flag(data, "liveMode", "livemode"),
        sale_number=text(record(data, "metadata"), "sale"),
        email=text(data, "email"),
    )


def _parse_line(data: Record, purse: Mapping[Any, Money]) -> QuoteLine:
    product = record(data, "productDetails")
    tax = record(data, "tax")
    return QuoteLine(
        key=text(record(data, "metadata"), "line"),
        line_id=required_text(data, "id", "itemId"),
        sku=text(data, "skuId") or text(product, "id"),
        name=text(product, "name"),
        quantity=count(data, "quantity", 1),
        amount=amount(data, "amount", purse),
        tax=amount(tax, "amount", purse),
        rate=text(tax, "rate"),
        duty=amount(record(data, "duties"), "amount", purse),
        importer_tax=amount(record(data, "importerTax"), "amount", purse),
        fees=amount(record(data, "fees"), "amount", purse),
        seller_tax_id=text(data, "sellerTaxIdentifier"),
    )


def _fee_details(
    lines: list[dict[str, Any]], purse: Mapping[Any, Money], currency: str
) -> tuple[Fee, ...]:
    """Add up the fees of all lines by type, to be shown one by one (contract 4.1)."""
    sums: dict[str, Money] = {}
    for line in lines:
        for detail in records(record(line, "fees"), "details"):
            kind = text(detail, "type")
            so_far = sums.get(kind, Money.zero(currency))
            sums[kind] = so_far + amount(detail, "amount", purse)
    return tuple([Fee(kind, sums[kind]) for kind in sorted(sums)])


class Checkouts:
    """`/checkouts`. `basket_version` tells which basket an answer belongs to (design 5)."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def create(self, body: str, *, basket_version: int) -> Quote:
        """Create the checkout written in `checkout_body(…)`. On LostAnswer `find` it first.

        Raises Rejected (with the field) or Conflict (contract 4.2), or another GatewayError.
        """
        inclusive = flag(decode_record(body), "taxInclusive")
        return await self._client.write(
            "POST",
            "/checkouts",
            lambda data: parse_checkout(
                data, basket_version=basket_version, tax_inclusive=inclusive
            ),
            body=body,
        )

    async def update(
        self, checkout_id: str, body: str, *, basket_version: int, tax_inclusive: bool = False
    ) -> Quote:
        """Change what may change (contract 4), as `changes_body(…)` says; never quantities."""
        return await self._client.write(
            "POST",
            "/checkouts/{id}",
            lambda data: parse_checkout(
                data, basket_version=basket_version, tax_inclusive=tax_inclusive
            ),
            ids={"id": checkout_id},
            body=body,
        )

    async def get(
        self, checkout_id: str, *, basket_version: int, tax_inclusive: bool = False
    ) -> Quote:
        """Return the checkout as it stands. Raises NotFound or another GatewayError."""
        return await self._client.read(
            "/checkouts/{id}",
            lambda data: parse_checkout(
                data, basket_version=basket_version, tax_inclusive=tax_inclusive
            ),
            ids={"id": checkout_id},
        )

    async def find(
        self, upstream_id: str, *, basket_version: int = 0, tax_inclusive: bool = False
    ) -> tuple[Quote, ...]:
        """Return the checkouts of this attempt: none or, whatever happened, at most one."""
        page = await self._client.page(
            "/checkouts",
            lambda data: parse_checkout(
                data, basket_version=basket_version, tax_inclusive=tax_inclusive
            ),
            params=[("upstreamIds", upstream_id)],
        )
        return tuple([quote for quote in page.items if quote.upstream_id == upstream_id])

    async def delete(self, checkout_id: str) -> None:
        """Delete the checkout. Raises NotFound when it is gone already."""
        await self._client.delete("/checkouts/{id}", ids={"id": checkout_id})

    async def attach_source(
        self,
        checkout_id: str,
        source_id: str,
        *,
        basket_version: int,
        tax_inclusive: bool = False,
    ) -> Quote:
        """Pay with this source. Raises Conflict (contract 6), or another GatewayError."""
        return await self._client.write(
            "POST",
            "/checkouts/{id}/sources/{sourceId}",
            lambda data: parse_checkout(
                data, basket_version=basket_version, tax_inclusive=tax_inclusive
            ),
            ids={"id": checkout_id, "sourceId": source_id},
        )

    async def detach_source(self, checkout_id: str, source_id: str) -> None:
        """Take the source off; a single-use one is cancelled for good (contract 6)."""
        await self._client.delete(
            "/checkouts/{id}/sources/{sourceId}", ids={"id": checkout_id, "sourceId": source_id}
        )
