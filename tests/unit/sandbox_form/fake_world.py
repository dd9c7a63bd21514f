"""A world with one payment session, for tests of the payment form alone.

Knows the published cards, keeps no number.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from posapp.sandbox import cards
from posapp.sandbox.cards import Effect
from posapp.sandbox.form import Slip, Visit
from posapp.sandbox.methods import METHODS, Wish, available
from posapp.sandbox.wire import Json, invalid, not_found

OWNER: Json = {
    "firstName": "Grace",
    "lastName": "Hopper",
    "email": "grace@example.com",
    "address": {"line1": "1 Main St", "city": "Köln", "postalCode": "50667", "country": "DE"},
}


class FakeWorld:
    """One open session; sources by id."""

    def __init__(self, *, country: str = "DE", currency: str = "EUR", entity: str = "") -> None:
        self.country = country
        self.currency = currency
        self.entity = entity or "DR_IRELAND-ENTITY"
        self.amount = "29.70"
        self.owner = OWNER
        self.public_key = "pk_test_sandbox"
        self.base_url = ""
        self.orders: list[Json] = []
        self.sources: dict[str, Json] = {}
        self.visited: list[str] = []
        self.codes: list[str | None] = []
        self.refunded = False

    def knows_public_key(self, key: str) -> bool:
        """Whether this is the account's public key."""
        return key == self.public_key

    def session(self, session_id: str) -> Json:
        """The one session."""
        if session_id != "sess_1":
            raise not_found("sessionId")
        return {
            "amount": self.amount,
            "currency": self.currency,
            "country": self.country,
            "businessEntityCode": self.entity,
            "recurring": False,
        }

    def methods(self, query: Mapping[str, str]) -> list[Json]:
        """What the country offers."""
        keep = query.get("supportsStorage") == "true"
        if "sessionId" in query:
            self.session(query["sessionId"])
        return [
            {"type": name, "flow": METHODS[name].flow, "supportsStorage": METHODS[name].reusable}
            for name in available(Wish(self.country, self.currency, keep=keep, business=True))
        ]

    def seller(self, _country: str) -> str:
        """The one entity."""
        return self.entity

    def create_source(self, order: Json) -> Json:
        """A source of any method."""
        kind = order.get("type")
        if not isinstance(kind, str) or kind not in METHODS:
            raise invalid("type")
        self.orders.append({key: value for key, value in order.items() if key != "creditCard"})
        flow = METHODS[kind].flow
        source: Json = {
            "id": f"src_{len(self.sources) + 1}",
            "clientSecret": f"secret_{len(self.sources) + 1}",
            "type": kind,
            "flow": flow,
            "reusable": False,
            "owner": self.owner,
            "amount": self.amount,
            "currency": self.currency,
            "sessionId": order.get("sessionId"),
            "state": {"redirect": "pending_redirect", "receiver": "pending_funds"}.get(
                flow, "chargeable"
            ),
        }
        if kind == "creditCard":
            kept, effect = cards.read(order["creditCard"], datetime(2026, 11, 24, tzinfo=UTC))
            source["creditCard"] = kept
            states = {Effect.CHALLENGE: "requires_action", Effect.SOURCE_FAILS: "failed"}
            source["state"] = states.get(effect, "chargeable")
        elif flow == "redirect":
            url = f"{self.base_url}/payments/redirects/{source['id']}/token"
            source["redirect"] = {"redirectUrl": url, "returnUrl": order.get("returnUrl")}
        elif kind == "wireTransfer":
            source["wireTransfer"] = {
                "accountHolder": "Digital River",
                "bankName": "Practice Bank",
                "city": "London",
                "country": "GB",
                "iban": "GB82WEST12345698765432",
                "referenceId": "JB646P5RB5D26GSB",
            }
            source["expirationTime"] = "2026-12-01T12:00:00Z"
        self.sources[source["id"]] = source
        return source

    def read_source(self, source_id: str, secret: str) -> Json:
        """The source, if the secret is right."""
        source = self.sources.get(source_id)
        if source is None or source["clientSecret"] != secret:
            raise not_found("sourceId")
        return source

    def answer_challenge(self, source_id: str, secret: str, answer: str) -> Json:
        """Chargeable with the right answer, failed with any other."""
        source = self.read_source(source_id, secret)
        source["state"] = "chargeable" if answer in cards.CHALLENGE_ANSWERS else "failed"
        return source

    def authenticate(
        self, session_id: str, source_id: str, secret: str, cvv: str | None = None
    ) -> Json:
        """The bank wants to know for one card; a wrong security code fails."""
        self.session(session_id)
        source = self.read_source(source_id, secret)
        self.codes.append(cvv)
        if cvv == "999":
            return {"status": "failed"}
        if source.get("creditCard", {}).get("lastFourDigits") == "5454":
            return {"status": "requires_action", "source": source}
        return {"status": "authentication_not_required"}

    def update_source(self, source_id: str, secret: str, changes: Json) -> Json:
        """Takes owner and expiry."""
        source = self.read_source(source_id, secret)
        source |= {"owner": changes.get("owner", source["owner"])}
        dates = {name: changes[name] for name in changes if name.startswith("expiration")}
        source["creditCard"] |= dates
        return source

    def refund(self, refund_token: str) -> Json:
        """The one refund that waits."""
        if refund_token != "refund_1" or self.refunded:
            raise not_found("refundToken")
        return {"amount": "12.50", "currency": "EUR", "expiresTime": "2026-12-24T12:00:00Z"}

    def refund_details(self, refund_token: str) -> None:
        """The details came."""
        self.refund(refund_token)
        self.refunded = True

    def visit(self, source_id: str, token: str) -> Visit:
        """The provider's page."""
        source = self.sources.get(source_id)
        if source is None or token != "token":
            raise not_found("id")
        self.visited.append(source_id)
        return Visit(
            method=source["type"],
            amount=f"{self.amount} {self.currency}",
            language="en",
            return_url=source["redirect"]["returnUrl"] or "",
        )

    def slip(self, source_id: str, _token: str) -> Slip:
        """The slip of any source."""
        self.read_source(source_id, self.sources[source_id]["clientSecret"])
        return Slip("Lawson", "1", self.amount, "2026-12-01", "en")

    def decide(self, source_id: str, token: str, *, approve: bool) -> None:
        """Approve makes it chargeable, decline leaves it."""
        self.visit(source_id, token)
        if approve:
            self.sources[source_id]["state"] = "chargeable"
