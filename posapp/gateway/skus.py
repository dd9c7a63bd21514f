"""Products as the service stores them: never what they cost or how many there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from posapp.domain.catalogue import Product
from posapp.gateway.budget import Priority
from posapp.gateway.client import Client
from posapp.gateway.wire import Record, encode, filled, moment, required_text, text


@dataclass(frozen=True, slots=True)
class Sku:
    """A stored product; `physical` follows from the tax code and is None where it is not told."""

    id: str
    name: str
    physical: bool | None
    tax_code: str
    country_of_origin: str
    eccn: str
    hs_code: str
    part_number: str
    description: str
    updated_at: datetime | None


def sku_body(product: Product) -> str:
    """Return the body of `PUT /skus/{id}`; the price stays ours (contract 3 step 1)."""
    return encode(
        filled(
            name=product.name,
            description=product.description,
            eccn=product.eccn,
            taxCode=product.tax_code,
            countryOfOrigin=product.country_of_origin,
            partNumber=product.part_number,
            hsCode=product.hs_code,
            weight=product.weight_g or None,
            weightUnit="g" if product.weight_g else None,
        )
    )


def parse_sku(data: Record) -> Sku:
    """Read a product. Raises Garbled without an id."""
    physical = data.get("physical")
    return Sku(
        required_text(data, "id"),
        text(data, "name"),
        physical if isinstance(physical, bool) else None,
        text(data, "taxCode"),
        text(data, "countryOfOrigin"),
        text(data, "eccn"),
        text(data, "hsCode"),
        text(data, "partNumber"),
        text(data, "description"),
        moment(data, "updatedTime"),
    )


class Skus:
    """`/skus`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def upsert(self, product: Product, *, priority: Priority = Priority.BACKFILL) -> Sku:
        """Create or change the product; safe to send again (design 6)."""
        return await self._client.write(
            "PUT",
            "/skus/{id}",
            parse_sku,
            ids={"id": product.sku},
            body=sku_body(product),
            priority=priority,
        )

    async def get(self, sku: str) -> Sku:
        """Return one product. Raises NotFound or another GatewayError."""
        return await self._client.read("/skus/{id}", parse_sku, ids={"id": sku})

    async def list(self, *, priority: Priority = Priority.BACKFILL) -> tuple[Sku, ...]:
        """Return every stored product, newest first."""
        return await self._client.all_pages("/skus", parse_sku, priority=priority)
