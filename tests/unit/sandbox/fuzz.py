"""A thousand careless tills: random but plausible calls, after which the books must agree.

`havoc` makes them rougher; `python3 main.py bench sandbox_fuzz` is the long run.
"""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

from posapp.sandbox.cards import CARDS
from posapp.sandbox.director import EventTricks, Outcome
from posapp.sandbox.wire import Request, encode
from posapp.sandbox.world import World
from tests.unit.sandbox.shop import COLOGNE, LONDON, MINNESOTA, PARADISE, TOKYO, VISA

Json = dict[str, Any]
PLACES = [("USD", PARADISE), ("EUR", COLOGNE), ("GBP", LONDON), ("JPY", TOKYO), ("USD", MINNESOTA)]
NUMBERS = [VISA, *(each for each in CARDS if each != "4000000000003295")]
OUTCOMES = [Outcome.ACCEPTED, Outcome.DECLINED, Outcome.IN_REVIEW, Outcome.BLOCKED,
            Outcome.BLOCKED_LATER, Outcome.PENDING, Outcome.PENDING_FAILS]  # fmt: skip


class Tills:
    """Sends requests and counts the answers by status."""

    def __init__(self, seed: int, path: Path | None = None) -> None:
        self.rng = random.Random(seed)
        self.path = path
        self.world = World(path, seed=seed)
        self.statuses: Counter[int] = Counter()
        self.orders: list[Json] = []
        self.returns: list[str] = []
        for sku, code in (("mug", "5215"), ("screen", "4321.1902"), ("song", "4323.1")):
            body = {"name": sku, "eccn": "EAR99", "taxCode": code, "countryOfOrigin": "US",
                    "hsCode": "6912.00"}  # fmt: skip
            self.send("PUT", f"/skus/{sku}", body)

    @property
    def sent(self) -> int:
        """How many requests there were."""
        return sum(self.statuses.values())

    def send(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """One call; an answer of 5xx is a fault of the sandbox."""
        headers = {"authorization": "Bearer sk_test_sandbox"}
        raw = b"" if body is None else encode(body)
        answer = self.world.handle(Request(method, path, (), headers, raw))
        assert answer.status < 500, (method, path, body, answer)
        self.statuses[answer.status] += 1
        return answer.status, answer.json()

    def sell(self) -> None:
        """A checkout, perhaps with credit, a card or another method, and an order."""
        rng = self.rng
        currency, place = rng.choice(PLACES)
        origin = rng.choice([place, MINNESOTA])
        items = [self._line() for _ in range(rng.randint(1, 4))]
        to = {"name": "Sam Shopper", "address": place}
        body: Json = {
            "currency": currency, "items": items, "shipTo": to, "billTo": to,
            "email": "sam@example.com", "shipFrom": {"address": origin},
            "shippingChoice": {"amount": rng.randint(0, 20)}, "taxInclusive": rng.random() < 0.3,
        }  # fmt: skip
        if rng.random() < 0.3:
            body["discount"] = {"percentOff": rng.randint(1, 100)}
        status, checkout = self.send("POST", "/checkouts", body)
        if status != 201:
            return
        session = checkout["payment"]["session"]["id"]
        if rng.random() < 0.2 and checkout["totalAmount"] > 1:
            credit = {"type": "customerCredit", "amount": 1, "paymentSessionId": session}
            _, source = self.send("POST", "/sources", credit)
            self.send("POST", f"/checkouts/{checkout['id']}/sources/{source['id']}")
        source_id = self._pay(session)
        self.send("POST", f"/checkouts/{checkout['id']}/sources/{source_id}")
        if rng.random() < 0.3:
            self.world.director.next(rng.choice(OUTCOMES))
        status, order = self.send("POST", "/orders", {"checkoutId": checkout["id"]})
        if status == 201:
            self.orders.append(order)
            del self.orders[:-200]

    def _line(self) -> Json:
        rng = self.rng
        line: Json = {"skuId": rng.choice(["mug", "screen", "song"]),
                      "quantity": rng.randint(1, 5), "price": rng.randint(0, 400)}  # fmt: skip
        if rng.random() < 0.2:
            line["discount"] = {"percentOff": rng.randint(1, 100), "quantity": rng.randint(1, 5)}
        return line

    def _pay(self, session: str) -> str:
        rng = self.rng
        kind = rng.choice(["creditCard"] * 5 + ["wireTransfer", "payPal"])
        order: Json = {"type": kind, "sessionId": session}
        if kind == "creditCard":
            year = self.world.now.year + 2
            order["creditCard"] = {"number": rng.choice(NUMBERS), "expirationMonth": 1,
                                   "expirationYear": year, "cvv": "123"}  # fmt: skip
        form = self.world.form
        source = form.create_source(order)
        if source["state"] == "requires_action":
            form.answer_challenge(source["id"], source["clientSecret"], "password")
        if kind == "payPal" and rng.random() < 0.7:
            form.decide(*source["redirect"]["redirectUrl"].split("/")[-2:], approve=True)
        found: str = source["id"]
        return found

    def fulfil(self) -> None:
        """Ships or drops some units, at times too many."""
        order = self._some()
        items = [
            {"itemId": line["id"], "quantity": self.rng.randint(0, line["quantity"]),
             "cancelQuantity": self.rng.randint(0, 1)}
            for line in order["items"] if self.rng.random() < 0.8
        ]  # fmt: skip
        self.send("POST", "/fulfillments", {"orderId": order["id"], "items": items})

    def refund(self) -> None:
        """Asks for money back in any way there is."""
        rng, order = self.rng, self._some()
        body: Json = {"orderId": order["id"], "currency": order["currency"]}
        kind = rng.choice([None, None, "shipping", "fees", "duty", "tax", "importer_tax"])
        if kind:
            body["type"] = kind
        if rng.random() < 0.3:
            line = {"itemId": rng.choice(order["items"])["id"], "percent": rng.randint(1, 100)}
            body = {k: v for k, v in body.items() if k != "type"} | {"items": [line]}
        elif rng.random() < 0.5:
            body["percent"] = rng.choice([100, rng.randint(1, 100)])
        else:
            body["amount"] = order["totalAmount"] * rng.randint(1, 12) // 10 + Decimal(1)
        self.send("POST", "/refunds", body)

    def send_back(self) -> None:
        """Returns goods, and accepts an older return."""
        rng, order = self.rng, self._some()
        line = rng.choice(order["items"])
        item = {"itemId": line["id"], "quantity": rng.randint(1, line["quantity"])}
        status, back = self.send("POST", "/returns", {"orderId": order["id"], "items": [item]})
        if status == 201:
            self.returns.append(back["id"])
        if self.returns and rng.random() < 0.7:
            self.send("POST", f"/returns/{self.returns.pop(0)}", {"state": "accepted"})

    def look(self) -> None:
        """Reads lists and an order."""
        self.send("GET", "/events")
        self.send("GET", f"/orders/{self._some()['id']}")

    def dispute(self) -> None:
        """Opens or ends a dispute where one may."""
        order = self._some()
        _, now = self.send("GET", f"/orders/{order['id']}")
        if now["state"] == "dispute":
            self.world.resolve_dispute(order["id"], charged_back=self.rng.choice([0, 500]))
        elif now["state"] in ("accepted", "fulfilled", "complete") and self.rng.random() < 0.2:
            self.world.dispute(order["id"])

    def wait(self) -> None:
        """Time passes: mostly moments, at times weeks."""
        self.world.turn(self.rng.choice([0.5, 1, 2, 5, 30, 600, 3600]))
        if self.rng.random() < 0.02:
            self.world.turn(self.rng.choice([1, 9, 31]) * 86400)

    def _some(self) -> Json:
        while not self.orders:
            self.sell()
        return self.rng.choice(self.orders)


def run(count: int, seed: int) -> tuple[Tills, list[str]]:
    """At least `count` requests; returns the tills and every broken invariant."""
    tills = Tills(seed)
    works = [tills.sell, tills.sell, tills.fulfil, tills.fulfil, tills.refund, tills.send_back,
             tills.look, tills.dispute, tills.wait]  # fmt: skip
    while tills.sent < count:
        tills.rng.choice(works)()
    tills.world.director.events = EventTricks()
    return tills, tills.world.check()
