"""Tax numbers at the service. Never judges a number: the service verifies it."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.domain.customer import TaxIdentifier
from posapp.gateway.client import Client
from posapp.gateway.wire import Record, encode, required_text, text


@dataclass(frozen=True, slots=True)
class HeldTaxIdentifier:
    """A tax identifier and who holds it; `customer_id` is empty while it is free."""

    identifier: TaxIdentifier
    customer_id: str


def tax_identifier_body(kind: str, value: str) -> str:
    """Return the body of `POST /tax-identifiers`; the number goes without blanks."""
    return encode({"type": kind, "value": "".join(value.split())})


def parse_tax_identifier(data: Record) -> TaxIdentifier:
    """Read a tax identifier. Raises Garbled without an id."""
    return TaxIdentifier(
        required_text(data, "id"), text(data, "type"), text(data, "value"), text(data, "state")
    )


def _parse_held(data: Record) -> HeldTaxIdentifier:
    return HeldTaxIdentifier(parse_tax_identifier(data), text(data, "customerId"))


class TaxIdentifiers:
    """`/tax-identifiers`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def create(self, body: str) -> TaxIdentifier:
        """Create what `tax_identifier_body(…)` says.

        Raises Rejected (field `value`) for a bad format, Conflict, or another GatewayError.
        """
        return await self._client.write("POST", "/tax-identifiers", parse_tax_identifier, body=body)

    async def get(self, tax_id: str) -> TaxIdentifier:
        """Return one; its state tells whether it was verified."""
        return await self._client.read(
            "/tax-identifiers/{id}", parse_tax_identifier, ids={"id": tax_id}
        )

    async def list(
        self, *, customer_id: str = "", kind: str = "", value: str = ""
    ) -> tuple[HeldTaxIdentifier, ...]:
        """Return all that match, with their holders (design 6: adopt only if free or ours)."""
        return await self._client.all_pages(
            "/tax-identifiers",
            _parse_held,
            params=[("customerId", customer_id), ("type", kind), ("value", value)],
        )

    async def delete(self, tax_id: str) -> None:
        """Delete one, which also takes it from its customer."""
        await self._client.delete("/tax-identifiers/{id}", ids={"id": tax_id})
