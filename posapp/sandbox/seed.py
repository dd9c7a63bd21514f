"""Fills an empty world with the training shop: SKUs, customers, a day of orders in mixed states."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from posapp.sandbox.clock import HandClock
from posapp.sandbox.director import Outcome
from posapp.sandbox.tables import table
from posapp.sandbox.wire import Json, Request, encode
from posapp.sandbox.world import World

OPENED_AGO = timedelta(hours=10)
CARD = "4444222233331111"
CARD_WHOSE_CAPTURE_FAILS = "4000000000004103"
SHIPPING = Decimal("5.90")
_SKU_FIELDS = (
    "name", "description", "taxCode", "eccn", "countryOfOrigin", "hsCode", "partNumber", "weight",
)  # fmt: skip


def plant(world: World) -> None:
    """Seeds the world unless it already holds something; one transaction, so all or nothing."""
    if world.core.storage.count("event"):
        return
    with world.at_once():
        clock, now = world.core.clock, world.core.clock()
        hands = HandClock(now - OPENED_AGO)
        world.core.begin_at(hands)
        _plant_masters(world)
        for entry in table("seed")["day"]:
            hands.turn(max(0.0, (now - OPENED_AGO - hands.at).total_seconds() + entry["at"] * 60))
            _live(world, hands, entry)
        hands.turn(max(0.0, (now - hands.at).total_seconds()))
        world.advance()
        world.core.clock = clock


def _plant_masters(world: World) -> None:
    for sku in table("seed")["sku"]:
        body = {name: sku[name] for name in _SKU_FIELDS if name in sku}
        if "weight" in body:
            body["weightUnit"] = "g"
        ask(world, "PUT", f"/skus/{sku['id']}", body)
    for customer in table("seed")["customer"]:
        body = {
            "id": customer["id"],
            "email": customer["email"],
            "type": "individual",
            "shipping": _party(customer),
        }
        ask(world, "POST", "/customers", body)


def _party(customer: Json) -> Json:
    names = ("line1", "city", "postalCode", "state", "country")
    return {
        "name": f"{customer['firstName']} {customer['lastName']}",
        "address": {name: customer[name] for name in names},
    }


def _live(world: World, hands: HandClock, entry: Json) -> None:
    """One order of the day, from basket to what became of it."""
    state = entry["becomes"]
    if state == "in_review":
        world.director.next(Outcome.IN_REVIEW, seconds=None)
    if state == "blocked":
        world.director.next(Outcome.BLOCKED_LATER)
    order = _order(world, entry)
    hands.turn(60)
    lines = [{"itemId": row["id"], "quantity": row["quantity"]} for row in order["items"]]
    match state:
        case "complete" | "refunded" | "capture_failed":
            _fulfil(world, order, lines)
        case "shipped_part":
            _fulfil(world, order, [{**lines[0], "quantity": 1}])
        case "cancelled":
            dropped = [{"itemId": each["itemId"], "cancelQuantity": each["quantity"]}
                       for each in lines]  # fmt: skip
            ask(world, "POST", "/fulfillments", {"orderId": order["id"], "items": dropped})
    if state == "refunded":
        hands.turn(300)
        body = {"orderId": order["id"], "currency": "USD", "percent": 100, "reason": "Damaged"}
        ask(world, "POST", "/refunds", body)


def web_order(world: World, lines: list[str]) -> Json:
    """An accepted order as somebody at home makes it; `lines` are "SKU x quantity". Raises
    KeyError for a product nobody sells.
    """
    buyer = table("seed")["customer"][0]["id"]
    entry = {"customer": buyer, "lines": lines, "becomes": "paid", "is_guest": True}
    return _order(world, entry)


def _fulfil(world: World, order: Json, lines: list[Json]) -> None:
    tracking = {"trackingCompany": "UPS", "trackingNumber": f"1Z{order['id']}"}
    ask(world, "POST", "/fulfillments", {"orderId": order["id"], "items": lines, **tracking})


def _order(world: World, entry: Json) -> Json:
    seed = table("seed")
    customer = next(each for each in seed["customer"] if each["id"] == entry["customer"])
    prices = {sku["id"]: sku["price"]["USD"] for sku in seed["sku"]}
    items = []
    for line in entry["lines"]:
        sku, _, quantity = line.rpartition(" x ")
        items.append({"skuId": sku, "quantity": int(quantity), "price": prices[sku]})
    shop = {name: value for name, value in seed["shop"].items() if name != "name"}
    to = _party(customer)
    body: Json = {
        "currency": "USD", "customerId": customer["id"], "email": customer["email"],
        "customerType": "individual", "chargeType": "customer_initiated", "locale": "en_US",
        "taxInclusive": False, "browserIp": "203.0.113.10", "upstreamId": world.core.ids.uuid(),
        "shipTo": to, "billTo": to, "shipFrom": {"address": shop}, "items": items,
        "shippingChoice": {"amount": SHIPPING, "description": "Standard, 3–5 days"},
    }  # fmt: skip
    if entry.get("is_guest"):
        del body["customerId"]
    checkout = ask(world, "POST", "/checkouts", body)
    source = _source(world, checkout, entry["becomes"])
    ask(world, "POST", f"/checkouts/{checkout['id']}/sources/{source}")
    return ask(world, "POST", "/orders", {"checkoutId": checkout["id"]})


def _source(world: World, checkout: Json, becomes: str) -> str:
    session = checkout["payment"]["session"]["id"]
    order: Json = {"type": "wireTransfer", "sessionId": session}
    if becomes != "unpaid":
        number = CARD_WHOSE_CAPTURE_FAILS if becomes == "capture_failed" else CARD
        year = world.now.year + 3
        card = {"number": number, "expirationMonth": 3, "expirationYear": year, "cvv": "123"}
        order |= {"type": "creditCard", "creditCard": card}
    source_id: str = world.form.create_source(order)["id"]
    if becomes == "unpaid":
        world.director.transfers[source_id] = None
    return source_id


def ask(world: World, method: str, path: str, body: Json | None = None) -> Json:
    """One call with the secret key; raises RuntimeError when it is refused."""
    headers = {"authorization": f"Bearer {world.options.keys.secret}"}
    sent = encode(body) if body is not None else b""
    answer = world.handle(Request(method, path, headers=headers, body=sent))
    if answer.status >= 300:
        raise RuntimeError(f"seeding: {method} {path} answered {answer.status} {answer.body!r}")
    shown: Json = answer.json() or {}
    return shown
