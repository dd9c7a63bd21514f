"""Payment sources, read with the secret key. Never receives card data: the form does."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.domain.customer import Party
from posapp.domain.money import Money
from posapp.domain.payment import PaymentMethod
from posapp.gateway.client import Client
from posapp.gateway.parties import address_body
from posapp.gateway.payments import parse_method
from posapp.gateway.wire import Record, encode, filled, moneys, number, text


@dataclass(frozen=True, slots=True)
class Source:
    """A source as the service knows it: what the form's claim is checked against (drop-in 6)."""

    method: PaymentMethod
    session_id: str
    currency: str
    customer_id: str
    flow: str

    @property
    def state(self) -> str:
        """The service's word: chargeable, pending_redirect, failed … (contract 6)."""
        return self.method.state


def credit_body(
    amount: Money, *, session_id: str, upstream_id: str, owner: Party | None = None
) -> str:
    """Return the body of `POST /sources` for store credit, the only source a till makes itself."""
    body: dict[str, object] = {
        "type": "customerCredit",
        "paymentSessionId": session_id,
        "amount": number(amount),
        "upstreamId": upstream_id,
        "customerCredit": {},
    }
    if owner is not None:
        body["owner"] = filled(
            firstName=owner.given_name,
            lastName=owner.family_name,
            email=owner.email,
            phoneNumber=owner.phone,
            organization=owner.organization,
            address=address_body(owner.address),
        )
    return encode(body)


def parse_source(data: Record) -> Source:
    """Read a source. Raises Garbled without an id."""
    currency = text(data, "currency")
    return Source(
        parse_method(data, moneys(currency) if currency else None),
        text(data, "paymentSessionId") or text(data, "sessionId"),
        currency,
        text(data, "customerId"),
        text(data, "flow"),
    )


class Sources:
    """`/sources`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def get(self, source_id: str) -> Source:
        """Return one source. Raises NotFound or another GatewayError."""
        return await self._client.read("/sources/{id}", parse_source, ids={"id": source_id})

    async def create_credit(self, body: str) -> Source:
        """Create the store credit of `credit_body(…)`; in doubt it is dropped and made anew."""
        return await self._client.write("POST", "/sources", parse_source, body=body)
