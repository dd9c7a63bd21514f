"""A shop at the sandbox's counter, in process. Every answer is checked against the contract."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from posapp.sandbox.core import Options
from posapp.sandbox.wire import Request, Response, encode
from posapp.sandbox.world import World
from tests.contract import answers

Json = dict[str, Any]

VISA = "4444222233331111"
MINNESOTA: Json = {
    "line1": "10380 Bren Road West", "city": "Minnetonka", "state": "MN", "postalCode": "55343",
    "country": "US",
}  # fmt: skip
PARADISE: Json = {
    "line1": "400 Example Avenue", "city": "Paradise", "state": "CA", "postalCode": "95969",
    "country": "US",
}  # fmt: skip
COLOGNE: Json = {"line1": "Domkloster 4", "city": "Köln", "postalCode": "50667", "country": "DE"}
LONDON: Json = {"line1": "1 Strand", "city": "London", "postalCode": "WC2N 5HR", "country": "GB"}
TOKYO: Json = {"line1": "1-1 Chiyoda", "city": "Tokyo", "postalCode": "100-0001", "country": "JP"}
PARIS: Json = {"line1": "1 rue de Rivoli", "city": "Paris", "postalCode": "75001", "country": "FR"}


class Refused(Exception):
    """An answer of 400 or more where the test wanted a good one."""


class Shop:
    """Speaks to one world with the secret key; `call` for exact answers, verbs for good ones."""

    def __init__(
        self, storage: Path | None = None, *, options: Options | None = None, seed: int = 1
    ) -> None:
        self.world = World(storage, seed=seed, options=options)
        self.key = "sk_test_sandbox"

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        query: Sequence[tuple[str, str]] = (),
        headers: dict[str, str] | None = None,
    ) -> Response:
        """The raw answer, checked against the contract."""
        sent = {"authorization": f"Bearer {self.key}"} | (headers or {})
        raw = body if isinstance(body, bytes) else b"" if body is None else encode(body)
        answer = self.world.handle(Request(method, path, query, sent, raw))
        if not answer.delivery.lost and not answer.body.startswith(b"<html"):
            wrong = answers.broken(method, path, answer.status, answer.body)
            if answer.status < 300 and body is not None and not isinstance(body, bytes):
                wrong += answers.request_errors(method, path, json.loads(encode(body)))
            assert not wrong, wrong
        assert answer.headers["x-dr-requestid"]
        return answer

    def call(self, method: str, path: str, body: Any = None, **query: str) -> tuple[int, Any]:
        """Status and body."""
        answer = self.send(method, path, body, tuple(query.items()))
        return answer.status, answer.json()

    def error(self, method: str, path: str, body: Any = None, **query: str) -> tuple[Any, ...]:
        """Status, code and parameter of a refusal."""
        status, shown = self.call(method, path, body, **query)
        first = shown["errors"][0]
        return status, first.get("code"), first.get("parameter")

    def good(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """The body of an answer that must be good."""
        status, shown = self.call(method, path, body, **query)
        if status >= 300:
            raise Refused(status, shown)
        return shown

    # -- the counter's verbs ------------------------------------------------------------------

    def sku(self, id_: str = "mug", **more: Any) -> Json:
        """A physical product of the United States, or what `more` says."""
        body = {
            "name": "Blue mug", "eccn": "EAR99", "taxCode": "5215.2004", "countryOfOrigin": "US",
        } | more  # fmt: skip
        shown: Json = self.good("PUT", f"/skus/{id_}", body)
        return shown

    def song(self) -> Json:
        """A download."""
        return self.sku("song", name="Song", taxCode="4323.310_A")

    def basket(self, *items: Json, ship_to: Json = PARADISE, **more: Any) -> Json:
        """The body of a checkout for physical goods, complete."""
        self.sku()
        return {
            "currency": "USD",
            "email": "sam@example.com",
            "browserIp": "192.0.2.10",
            "customerType": "individual",
            "chargeType": "customer_initiated",
            "shipFrom": {"address": MINNESOTA},
            "shipTo": {"name": "Sam Shopper", "address": ship_to},
            "billTo": {"name": "Sam Shopper", "address": ship_to},
            "shippingChoice": {"amount": Decimal("7.50")},
            "items": list(items) or [{"skuId": "mug", "quantity": 2, "price": 30}],
        } | more

    def checkout(self, *items: Json, **more: Any) -> Json:
        """A complete checkout without payment."""
        shown: Json = self.good("POST", "/checkouts", self.basket(*items, **more))
        return shown

    def card(self, checkout: Json, number: str = VISA, **owner: str) -> Json:
        """What the form makes of a card for this checkout."""
        return self.pay(checkout, "creditCard", card=number, **owner)

    def pay(self, checkout: Json, kind: str, card: str = "", **owner: str) -> Json:
        """The form's source of any kind; `lastName` carries the magic names."""
        order: Json = {
            "type": kind,
            "sessionId": checkout["payment"]["session"]["id"],
            "returnUrl": "http://127.0.0.1/return",
        }
        if owner:
            order["owner"] = {
                "firstName": "Sam", "address": checkout["billTo"]["address"],
            } | owner  # fmt: skip
        if card:
            cvv = "1234" if card.startswith("34") else "123"
            order["creditCard"] = {
                "number": card, "expirationMonth": 3, "expirationYear": 2030, "cvv": cvv,
            }  # fmt: skip
        shown: Json = self.world.form.create_source(order)
        return shown

    def attach(self, checkout: Json, source: Json) -> Json:
        """The checkout with the source applied."""
        path = f"/checkouts/{checkout['id']}/sources/{source['id']}"
        shown: Json = self.good("POST", path)
        return shown

    def funded(self, *items: Json, card: str = VISA, **more: Any) -> Json:
        """A checkout that may become an order."""
        checkout = self.checkout(*items, **more)
        return self.attach(checkout, self.card(checkout, card))

    def order(self, *items: Json, card: str = VISA, **more: Any) -> Json:
        """An order paid by card."""
        checkout = self.funded(*items, card=card, **more)
        return self.place(checkout)

    def place(self, checkout: Json) -> Json:
        """The order of a funded checkout."""
        shown: Json = self.good("POST", "/orders", {"checkoutId": checkout["id"]})
        return shown

    def read(self, order: Json) -> Json:
        """The order as it is now."""
        shown: Json = self.good("GET", f"/orders/{order['id']}")
        return shown

    def ship(self, order: Json, quantity: int | None = None, drop: int = 0, line: int = 0) -> Json:
        """Ships units of one line, all by default."""
        row = order["items"][line]
        units = row["quantity"] - drop if quantity is None else quantity
        item: Json = {"itemId": row["id"], "quantity": units}
        if drop:
            item["cancelQuantity"] = drop
        body = {"orderId": order["id"], "items": [item]}
        shown: Json = self.good("POST", "/fulfillments", body)
        return shown

    def complete(self, *items: Json, card: str = VISA, **more: Any) -> Json:
        """An order shipped, captured and closed."""
        order = self.order(*items, card=card, **more)
        lines = [{"itemId": row["id"], "quantity": row["quantity"]} for row in order["items"]]
        self.good("POST", "/fulfillments", {"orderId": order["id"], "items": lines})
        self.turn(10)
        return self.read(order)

    def turn(self, seconds: float) -> None:
        """Lets time pass."""
        self.world.turn(seconds)

    def events(self, kind: str = "", order: Json | None = None) -> list[Json]:
        """Events of a type (or wildcard), oldest first."""
        found: list[Json] = []
        after = ""
        while True:
            query = [("limit", "100")]
            query += [("type", kind)] if kind else []
            query += [("orderId", order["id"])] if order else []
            query += [("startingAfter", after)] if after else []
            page = self.send("GET", "/events", query=query).json()
            found += page["data"]
            if not page["hasMore"]:
                return found[::-1]
            after = page["data"][-1]["id"]

    def types(self, order: Json | None = None) -> list[str]:
        """Names of events, oldest first."""
        return [event["type"] for event in self.events(order=order)]
