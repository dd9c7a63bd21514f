"""How much of msgspec's speed is left once JSON has become a domain order.

Run: `python -m tests.bench.parse`. The yardstick is msgspec to plain dicts with binary floats, in
the same run; many different orders, so that amounts seldom repeat. The design asks for 0.5. The
line "no reading" is what the exact decode and the classes' own making of the objects come to; ours
makes them faster (`domain/making.py`).
"""

from __future__ import annotations

import dataclasses
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import msgspec

from posapp.gateway import order_shape as shape
from posapp.gateway.order_reader import parse_order, read_order
from posapp.gateway.wire import decimals, decode_record

ORDERS = 400
ROUNDS = 9
TARGET = 0.5


def an_order(rng: random.Random, lines: int = 5) -> dict[str, Any]:
    """Return an order as the service sends it, with product details and both addresses."""

    def cents() -> float:
        return rng.randrange(100, 50_000) / 100

    address = {
        "line1": f"{rng.randrange(999)} Example Avenue",
        "city": "Paradise",
        "postalCode": "95969",
        "state": "CA",
        "country": "US",
    }
    party = {"name": "Anna Maria Berg", "phone": "+1 555 0100", "address": address}
    total = cents()
    return {
        "id": str(rng.randrange(10**12)),
        "createdTime": "2026-03-02T17:40:00Z",
        "updatedTime": "2026-03-02T17:40:03Z",
        "currency": "USD",
        "email": "shopper@example.com",
        "shipTo": party,
        "billTo": party,
        "totalAmount": total,
        "subtotal": cents(),
        "totalFees": 0.0,
        "totalTax": cents(),
        "totalImporterTax": 0.0,
        "totalDuty": 0.0,
        "totalDiscount": 0.0,
        "totalShipping": cents(),
        "items": [
            {
                "id": str(rng.randrange(10**12)),
                "skuId": f"sku-{rng.randrange(9999)}",
                "productDetails": {
                    "id": f"sku-{rng.randrange(9999)}",
                    "name": f"Product number {rng.randrange(9999)}",
                    "countryOfOrigin": "US",
                    "partNumber": "PN-1",
                    "weight": 1.5,
                    "weightUnit": "oz",
                },
                "amount": cents(),
                "quantity": rng.randrange(1, 9),
                "tax": {"rate": 0.0775, "amount": cents()},
                "importerTax": {"amount": 0.0},
                "duties": {"amount": 0.0},
                "fees": {"amount": 0.0, "taxAmount": 0.0},
                "shipping": {"amount": cents(), "taxAmount": cents()},
                "metadata": {"line": str(index)},
                "state": "created",
                "stateTransitions": {"created": "2026-03-02T17:40:00Z"},
                "availableToRefundAmount": 0.0,
            }
            for index in range(lines)
        ],
        "shippingChoice": {"amount": 7.5, "taxAmount": 0.58, "description": "Two-day parcel"},
        "locale": "en_US",
        "customerType": "individual",
        "sellingEntity": {"id": "C5_INC-ENTITY", "name": "DR globalTech Inc."},
        "liveMode": False,
        "metadata": {"sale": "1042"},
        "upstreamId": "3cca6d46-3a62-53b0-b3dd-df0760f9a093",
        "payment": {
            "charges": [
                {
                    "id": "25ce41bf-e750-5336-9125-a1ecbacbda60",
                    "createdTime": "2026-03-02T17:40:03Z",
                    "currency": "USD",
                    "amount": total,
                    "state": "capturable",
                    "captured": False,
                    "refunded": False,
                    "sourceId": "10b08b2b-b21f-5006-b7b2-4170e9394490",
                    "type": "customer_initiated",
                }
            ],
            "sources": [
                {
                    "id": "10b08b2b-b21f-5006-b7b2-4170e9394490",
                    "type": "creditCard",
                    "amount": total,
                    "creditCard": {"brand": "Visa", "lastFourDigits": "1111"},
                }
            ],
            "session": {
                "id": "59a5bf5c",
                "amountContributed": total,
                "amountRemainingToBeContributed": 0.0,
                "state": "complete",
            },
        },
        "checkoutId": "614fa5a0-4779-5b90-badf-f66ef01fac88",
        "state": "accepted",
        "stateTransitions": {"accepted": "2026-03-02T17:40:03Z"},
        "fraudState": "passed",
        "requestToBeForgotten": False,
        "capturedAmount": 0.0,
        "cancelledAmount": 0.0,
        "availableToRefundAmount": 0.0,
    }


def _rate(work: Callable[[bytes], object], bodies: list[bytes]) -> float:
    started = time.process_time()  # what others do on this machine meanwhile is not counted
    for body in bodies:
        work(body)
    return len(bodies) / (time.process_time() - started)


def _makers(body: bytes) -> Callable[[bytes], object]:
    """Return work that decodes and makes an order's objects from parts already read."""
    order = read_order(body)
    made: list[Any] = [order, *order.lines, *order.charges, *order.methods]
    for party in (order.bill_to, order.ship_to):
        made += [party, party.address] if party else []
    parts = [
        (type(one), [getattr(one, field.name) for field in dataclasses.fields(one)]) for one in made
    ]
    decode = msgspec.json.Decoder(shape.Order, float_hook=decimals).decode

    def make(raw: bytes) -> None:
        decode(raw)
        for kind, values in parts:
            kind(*values)

    return make


def main() -> int:
    """Print the figures; return 1 below the target."""
    rng = random.Random(1)
    bodies = [json.dumps(an_order(rng)).encode() for _ in range(ORDERS)]
    works: dict[str, Callable[[bytes], object]] = {
        "msgspec to dict": msgspec.json.Decoder().decode,
        "exact decimals": decode_record,
        "tolerant reader": lambda body: parse_order(decode_record(body)),
        "no reading": _makers(bodies[0]),
        "domain order": read_order,
    }
    rounds = [{name: _rate(work, bodies) for name, work in works.items()} for _ in range(ROUNDS)]
    rates = {name: statistics.median(one[name] for one in rounds) for name in works}
    yardstick = rates["msgspec to dict"]
    size = statistics.mean(map(len, bodies))
    for name, rate in rates.items():
        print(f"{name:>16}: {rate:10,.0f} a second  {rate / yardstick:5.2f}  ({size:,.0f} bytes)")
    ratio = statistics.median(one["domain order"] / one["msgspec to dict"] for one in rounds)
    verdict = "met" if ratio >= TARGET else "NOT MET"
    print(f"domain order / msgspec to dict = {ratio:.2f} (design: >= {TARGET}): {verdict}")
    return 0 if ratio >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
