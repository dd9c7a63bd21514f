"""Keys, methods, bodies, limits and troubles on demand (contract sections 2 and 15)."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from posapp.sandbox.core import Options
from posapp.sandbox.director import EventTricks, Fault, FaultKind
from posapp.sandbox.scenarios import SCENARIOS
from posapp.sandbox.wire import Request
from tests.unit.sandbox.shop import Shop

Json = dict[str, Any]


def test_keys(shop: Shop) -> None:
    basic = base64.b64encode(b"sk_test_sandbox:").decode()
    for header, status in (
        ("Bearer sk_test_sandbox", 200), (f"Basic {basic}", 200), ("bearer sk_test_sandbox", 200),
        ("Bearer sk_test_other", 401), ("", 401), ("Basic !!!", 401), ("Basic", 401),
        ("Bearer pk_test_sandbox", 403), ("Bearer sk_test_sandbox_readonly", 200),
    ):  # fmt: skip
        answer = shop.send("GET", "/skus", headers={"authorization": header})
        assert answer.status == status, header


def test_unauthorised_body_has_a_message_alone(shop: Shop) -> None:
    shop.key = "wrong"
    assert shop.call("GET", "/skus") == (
        401, {"type": "unauthorized", "errors": [{"message": "Not authorised."}]},
    )  # fmt: skip


def test_restricted_key_reads_only(shop: Shop) -> None:
    shop.key = "sk_test_sandbox_readonly"
    assert shop.error("POST", "/customers", {})[0] == 403
    shop.key = "sk_test_sandbox"
    assert shop.good("GET", "/customers")["data"] == []


def test_methods_and_addresses(shop: Shop) -> None:
    answer = shop.send("DELETE", "/orders")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, POST")
    for path in ("/nothing", "/orders/1/2/3", "/", "/skus/a/b", "/orders/1/refresh/x"):
        assert shop.send("GET", path).status == 404
    assert shop.error("GET", "/orders/1/refresh")[0] == 405


def test_only_json_is_served(shop: Shop) -> None:
    assert shop.send("GET", "/skus", headers={"accept": "text/xml"}).status == 406
    assert shop.send("GET", "/skus", headers={"accept": "application/json; q=0.9"}).status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[]", b'"text"', b"nul", b"\xff\xfe", b'{"email": }', b"[" * 100_000,
        b'{"email":"\xff"}', b'{"a":1,}', b"1e999999999", b'{"metadata":{"n":1e400}}',
        b'{"metadata":{"n":123456789012345678901234567890}}', b'{"email":"\\ud800"}',
    ],
)  # fmt: skip
def test_bodies_that_are_no_request(shop: Shop, body: bytes) -> None:
    answer = shop.send("POST", "/customers", body)
    assert answer.status == 400
    assert shop.good("GET", "/customers")["data"] == []


def test_calls_with_a_body_want_one(shop: Shop) -> None:
    order = shop.complete()
    for path in ("/customers", "/orders", f"/orders/{order['id']}", "/refunds"):
        for nothing in (b"", b"  \n"):
            answer = shop.send("POST", path, nothing)
            first = answer.json()["errors"][0]
            assert (answer.status, first["code"], first["parameter"]) == (
                400, "missing_parameter", "body",
            )  # fmt: skip


def test_numbers_out_of_this_world(shop: Shop) -> None:
    for price in ("1e400", "1e-400", "-1e400", "99999999999999999999", "0.0000000000001"):
        body = b'{"currency":"USD","items":[{"skuId":"mug","price":%b}]}' % price.encode()
        assert shop.send("POST", "/checkouts", body).status == 400


def test_calls_without_a_body_refuse_one(shop: Shop) -> None:
    path = f"/checkouts/{shop.checkout()['id']}/sources/x"
    assert shop.error("POST", path, {"a": 1}) == (400, "invalid_parameter", "body")
    assert shop.error("POST", path, {})[0] == 404


def test_unknown_query(shop: Shop) -> None:
    for name in ("state", "colour", "limit[gt]", "createdTime[near]", "createdTime[gt"):
        assert shop.error("GET", "/customers", **{name: "1"})[:2] == (400, "unknown_parameter")
    many = ",".join(["x"] * 501)
    assert shop.error("GET", "/customers", ids=many) == (400, "invalid_parameter", "ids")
    assert shop.error("GET", "/webhooks", types=many) == (400, "invalid_parameter", "types")
    blanks = ",".join(["x"] * 10 + [""] * 11)  # nothing is a value too, when they are counted
    assert shop.error("GET", "/webhooks", types=blanks) == (400, "invalid_parameter", "types")
    assert shop.error("GET", "/customers", **{"ids[0]": "x"})[1] == "unknown_parameter"
    error = shop.error("GET", "/customers", **{"createdTime[gt]": "yesterday"})
    assert error == (400, "invalid_parameter", "createdTime")
    error = shop.error("GET", "/orders", **{"totalAmount[gt]": "much"})
    assert error == (400, "invalid_parameter", "totalAmount")


def test_rate_limit() -> None:
    shop = Shop(options=Options(rate_limit=25))
    statuses = [shop.send("GET", "/skus").status for _ in range(27)]
    assert statuses == [200] * 25 + [429] * 2
    answer = shop.send("GET", "/skus")
    assert int(answer.headers["Retry-After"]) >= 1
    shop.turn(3)
    assert shop.send("GET", "/skus").status == 200


# -- troubles ---------------------------------------------------------------------------------


def customers(shop: Shop) -> int:
    """How many customers there are."""
    return shop.world.core.storage.count("customer")


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_service_fails_before_it_works(shop: Shop, status: int) -> None:
    shop.world.director.faults.append(Fault(FaultKind.STATUS, status=status))
    assert shop.error("POST", "/customers", {})[0] == status
    assert customers(shop) == 0
    assert shop.send("POST", "/customers", {}).status == 201


def test_service_fails_after_it_worked(shop: Shop) -> None:
    shop.world.director.faults.append(Fault(FaultKind.STATUS_AFTER, status=502))
    assert shop.error("POST", "/customers", {})[0] == 502
    assert customers(shop) == 1


def test_timeout_before_and_lost_answer_after(shop: Shop) -> None:
    faults = shop.world.director.faults
    faults.append(Fault(FaultKind.TIMEOUT, seconds=3))
    answer = shop.send("POST", "/customers", {})
    assert (answer.delivery.lost, answer.delivery.delay_s, customers(shop)) == (True, 3, 0)
    faults.append(Fault(FaultKind.LOST_ANSWER, method="POST", path="^/customers$"))
    assert shop.send("GET", "/customers").delivery.lost is False
    assert shop.send("POST", "/customers", {}).delivery.lost is True
    assert customers(shop) == 1


def test_late_cut_and_spoiled_answers(shop: Shop) -> None:
    faults = shop.world.director.faults
    faults.append(Fault(FaultKind.LATENCY, seconds=2))
    assert shop.send("GET", "/skus").delivery.delay_s == 2
    faults.append(Fault(FaultKind.CUT_BODY))
    assert shop.send("GET", "/skus").delivery.cut is True
    faults.append(Fault(FaultKind.WRONG_JSON))
    assert shop.send("GET", "/skus").body.startswith(b"<html>")
    faults.append(Fault(FaultKind.RATE_LIMIT, seconds=120))
    assert shop.send("GET", "/skus").headers["Retry-After"] == "120"


def test_float_noise_and_extra_fields_are_still_json(shop: Shop) -> None:
    checkout = shop.checkout()
    faults = shop.world.director.faults
    faults.append(Fault(FaultKind.FLOAT_NOISE))
    noisy = shop.send("GET", f"/checkouts/{checkout['id']}").json()
    assert noisy["totalAmount"] != checkout["totalAmount"]
    assert abs(noisy["totalAmount"] - checkout["totalAmount"]) < 1e-9
    faults.append(Fault(FaultKind.EXTRA_FIELDS))
    path = f"/checkouts/{checkout['id']}"
    headers = {"authorization": "Bearer sk_test_sandbox"}
    odd = shop.world.handle(Request("GET", path, headers=headers)).json()
    assert odd["unheardOf"] == {"a": [1, None]}


def test_outage_window(shop: Shop) -> None:
    director = shop.world.director
    director.outage_until = shop.world.now.timestamp() + 20
    assert shop.error("GET", "/skus")[0] == 503
    shop.turn(21)
    assert shop.send("GET", "/skus").status == 200


@pytest.mark.parametrize(("outcome", "lost"), [("slow", False), ("lost_answer", True)])
def test_order_is_made_though_the_answer_is_late_or_lost(
    shop: Shop, outcome: str, lost: bool
) -> None:
    checkout = shop.funded()
    shop.world.director.next(outcome)
    answer = shop.send("POST", "/orders", {"checkoutId": checkout["id"]})
    assert (answer.delivery.lost, answer.delivery.delay_s > 0) == (lost, True)
    found = shop.good("GET", "/orders", checkoutId=checkout["id"])["data"]
    assert [order["state"] for order in found] == ["accepted"]


def test_events_get_lost_doubled_and_late(shop: Shop) -> None:
    director = shop.world.director
    director.events = EventTricks(lose=1)
    shop.sku("lost")
    assert shop.events() == []
    director.events = EventTricks(double=1)
    shop.sku("twice")
    ids = [event["id"] for event in shop.events()]
    assert (len(ids), len(set(ids))) == (2, 1)
    director.events = EventTricks(late=1, late_s=60)
    shop.sku("late")
    assert len(shop.events()) == 2
    director.events = EventTricks(double=0.001)
    shop.turn(61)
    assert len(shop.events()) == 3


def test_acceptance_rate(shop: Shop) -> None:
    shop.world.director.acceptance = 0.5
    shop.world.director.review_share = 0.5
    seen: dict[Any, int] = {}
    for _ in range(60):
        body = {"checkoutId": shop.funded()["id"]}
        status, shown = shop.call("POST", "/orders", body)
        word = shown.get("state") or status
        seen[word] = seen.get(word, 0) + 1
    assert set(seen) == {"accepted", "in_review", 409}
    assert 15 < seen["accepted"] < 45


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_leaves_the_books_in_order(shop: Shop, name: str) -> None:
    SCENARIOS[name](shop.world)
    world = shop.world
    headers = {"authorization": "Bearer sk_test_sandbox"}
    for _ in range(40):
        world.handle(Request("POST", "/customers", headers=headers, body=b"{}"))
    SCENARIOS["calm"](world)
    world.director.events = EventTricks(double=0.001)
    assert world.check() == []
    assert shop.send("GET", "/customers").status == 200


def test_clock_never_runs_backwards(shop: Shop) -> None:
    shop.sku("a")
    hands = shop.world.hands
    assert hands is not None
    hands.turn(-3600)
    shop.sku("b")
    first, second = shop.events()
    assert second["createdTime"] > first["createdTime"]
