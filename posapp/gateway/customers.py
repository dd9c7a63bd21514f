"""Customers stored at the service. Never guesses who a buyer is: ids are chosen by the caller."""

from __future__ import annotations

from posapp.domain.customer import BuyerKind, Customer, CustomerId, SavedSource
from posapp.domain.payment import PaymentMethod
from posapp.gateway.budget import Priority
from posapp.gateway.client import Client
from posapp.gateway.parties import parse_party, party_body
from posapp.gateway.payments import parse_method
from posapp.gateway.tax_identifiers import parse_tax_identifier
from posapp.gateway.wire import Record, encode, filled, record, records, required_text, text


def customer_body(customer: Customer, *, customer_id: str = "") -> str:
    """Return the body of `POST /customers` (with our own id) or, without one, of an update."""
    return encode(
        filled(
            id=customer_id,
            email=customer.party.email,
            type=customer.kind.value,
            locale=customer.locale,
            shipping=party_body(customer.party),
        )
    )


def parse_customer(data: Record) -> Customer:
    """Read a customer. Raises Garbled without an id."""
    party = parse_party({"email": text(data, "email"), **record(data, "shipping")})
    return Customer(
        CustomerId(required_text(data, "id")),
        party,
        BuyerKind.BUSINESS if text(data, "type") == "business" else BuyerKind.INDIVIDUAL,
        text(data, "locale") or "en_US",
        tuple([_saved(parse_method(source, None)) for source in records(data, "sources")]),
        tuple([parse_tax_identifier(held) for held in records(data, "taxIdentifiers")]),
    )


def _saved(method: PaymentMethod) -> SavedSource:
    return SavedSource(method.source_id, method.type, method.brand, method.last_four)


class Customers:
    """`/customers`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def create(self, body: str) -> Customer:
        """Create the customer written in `customer_body(…, customer_id=…)`.

        Raises Conflict when the id is taken (contract 22 point 36), or another GatewayError.
        """
        return await self._client.write("POST", "/customers", parse_customer, body=body)

    async def get(self, customer_id: str, *, priority: Priority = Priority.SALE) -> Customer:
        """Return one customer. Raises NotFound or another GatewayError."""
        return await self._client.read(
            "/customers/{id}", parse_customer, ids={"id": customer_id}, priority=priority
        )

    async def find(self, *, email: str) -> tuple[Customer, ...]:
        """Return the newest customers with exactly this e-mail address, which is not unique."""
        page = await self._client.page("/customers", parse_customer, params=[("email", email)])
        return page.items

    async def update(self, customer_id: str, body: str) -> Customer:
        """Change the customer to what `customer_body(…)` says."""
        return await self._client.write(
            "POST", "/customers/{id}", parse_customer, ids={"id": customer_id}, body=body
        )

    async def attach_source(self, customer_id: str, source_id: str) -> PaymentMethod:
        """Save a source with the customer; it becomes reusable (contract 6)."""
        return await self._client.write(
            "POST",
            "/customers/{id}/sources/{sourceId}",
            lambda data: parse_method(data, None),
            ids={"id": customer_id, "sourceId": source_id},
        )

    async def detach_source(self, customer_id: str, source_id: str) -> None:
        """Take a saved source away; it is cancelled for good (contract 6)."""
        await self._client.delete(
            "/customers/{id}/sources/{sourceId}", ids={"id": customer_id, "sourceId": source_id}
        )

    async def attach_tax_identifier(self, customer_id: str, tax_id: str) -> None:
        """Give the customer this tax identifier; it can never move to another (contract 21)."""
        await self._client.write(
            "POST",
            "/customers/{id}/tax-identifiers/{taxId}",
            lambda _data: None,
            ids={"id": customer_id, "taxId": tax_id},
        )
