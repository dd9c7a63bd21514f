"""The control port's commands: faults, clock, outages, events and scenarios, on demand only."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from posapp.sandbox import control, front
from posapp.sandbox.commands import COMMANDS
from posapp.sandbox.director import Director, EventTricks
from posapp.sandbox.routes import is_api
from posapp.sandbox.scenarios import SCENARIOS
from posapp.sandbox.server import running
from posapp.sandbox.wire import STATUS_TYPES, Request, Response, encode
from posapp.sandbox.world import World
from tests.contract.make_operations import CONTRACT
from tests.unit.sandbox.shop import Shop

Json = dict[str, Any]
TOKEN = "let-me-in"
KEY = {"authorization": "Bearer sk_test_sandbox"}


async def tell(world: World, path: str, body: Any = None, token: str = TOKEN) -> httpx.Response:
    """One command to the control port of a world."""
    transport = httpx.ASGITransport(control.app(world, token=TOKEN))
    async with httpx.AsyncClient(transport=transport, base_url="http://control") as client:
        raw = body if isinstance(body, bytes) else encode({} if body is None else body)
        headers = {"authorization": f"Bearer {token}"}
        return await client.post(path, content=raw, headers=headers)


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/fault", {"kind": "status", "status": 418}, "status is one of"),
        ("/fault", {"kind": "status", "path": "("}, "regular expression"),
        ("/fault", {"kind": "status", "times": "often"}, "times is a number"),
        ("/fault", {"kind": "status", "times": 1.5}, "times is a whole number"),
        ("/fault", {"kind": "status", "chance": 2}, "chance is a number from 0 to 1"),
        ("/fault", {"kind": "status", "seconds": -1}, "seconds is a number from 0"),
        ("/fault", {"kind": "status", "method": "post"}, "method is one of"),
        ("/fault", {"kind": ["status"]}, "kind is a text"),
        ("/next", {"outcome": "slow", "seconds": True}, "seconds is a number"),
        ("/next", {"outcome": "slow", "times": 0}, "times is a number from 1"),
        ("/next", {"outcome": "in_review", "accept": "no"}, "accept is true or false"),
        ("/clock", {"advance_s": 1e300}, "advance_s is a number"),
        ("/clock", {"speed": 0}, "speed is a number"),
        ("/clock", {"to": "tomorrow"}, "to is a UTC time"),
        ("/clock", {"to": "2001-01-01T00:00:00Z"}, "never runs backwards"),
        ("/dispute", {"order": "x", "resolve": True, "charged_back": -5}, "charged_back is a"),
        ("/events", {"shuffle": 1.5}, "shuffle is a number"),
        ("/emit", {"type": "order"}, "type is a dotted name"),
        ("/outage", {"for_s": "long"}, "for_s is a number"),
        ("/options", {"risk_averse": "yes"}, "risk_averse is true or false"),
        ("/options", {"acceptance": 0.5, "colour": 1}, "'colour' is not known"),
        ("/clear", {"all": True}, "'all' is not known"),
        ("/clear", b"{", "not JSON"),
        ("/clear", b"[]", "a JSON object"),
        ("/clear", b"[" * 50_000, "not JSON"),
        ("/clock", b'{"advance_s": NaN}', "advance_s is a number"),
        ("/clear", b"{}" + b" " * 70_000, "64 KiB"),
    ],
)
async def test_commands_out_of_this_world(shop: Shop, path: str, body: Any, said: str) -> None:
    answer = await tell(shop.world, path, body)
    assert (answer.status_code, said in answer.json()["error"]) == (400, True), answer.json()
    assert shop.world.director == Director(shop.world.core.ids.rng)


async def test_control_wants_its_token_on_every_path(shop: Shop) -> None:
    for path in COMMANDS:
        assert (await tell(shop.world, path, token="guess")).status_code == 401
    assert (await tell(shop.world, "/nothing")).status_code == 404


async def test_control_is_no_part_of_the_api() -> None:
    assert [path for path in COMMANDS if path != "/events" and is_api(path)] == []
    async with running(World(), control_port=None) as plain:
        assert plain.control_url == ""  # off unless asked for
    world = World()
    async with (
        running(world, control_port=0, control_token=TOKEN) as both,
        httpx.AsyncClient(base_url=both.url, headers=KEY) as api,
    ):
        assert both.control_url.startswith("http://127.0.0.1:")
        for path in set(COMMANDS) - {"/events"}:
            assert (await api.post(path, json={})).status_code == 404
        assert (await api.post("/events", json={})).status_code == 405


async def test_control_stays_on_this_machine() -> None:
    """Whatever address the API listens on."""
    async with running(World(), host="0.0.0.0", control_port=0, control_token=TOKEN) as sandbox:
        assert sandbox.control_url.startswith("http://127.0.0.1:")


async def test_late_answers_wait_on_their_way_out(shop: Shop) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    transport = httpx.ASGITransport(front.app(shop.world, sleep))
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as api:
        for command in ({"kind": "latency", "seconds": 2}, {"kind": "status", "status": 503}):
            await tell(shop.world, "/fault", command)
        late = await api.get("/skus", headers=KEY)
        failed = await api.get("/skus", headers=KEY)
        good = await api.get("/skus", headers=KEY)
    assert (late.status_code, failed.status_code, good.status_code) == (200, 503, 200)
    assert slept == [2.0]


def known_codes() -> list[str]:
    """Every code that contract section 7 lists."""
    text = (contract_text().split("**Known codes**")[1]).split("The hard/soft split")[0]
    listed = text.split("]:", 1)[1]
    return re.findall(r"\b[a-z]+(?:_[a-z]+)+\b|\b(?:declined|fraud)\b", listed)


def contract_text() -> str:
    """The prose of the contract."""
    return CONTRACT.with_name("digital-river.md").read_text("utf-8")


@pytest.mark.parametrize("code", known_codes())
async def test_any_refusal_can_be_had(shop: Shop, code: str) -> None:
    fault = {"kind": "status", "status": 400, "code": code, "parameter": "email"}
    assert (await tell(shop.world, "/fault", fault)).is_success
    assert shop.error("POST", "/customers", {}) == (400, code, "email")
    assert (await tell(shop.world, "/next", {"outcome": "declined", "code": code})).is_success
    body = {"checkoutId": shop.funded()["id"]}
    assert shop.error("POST", "/orders", body) == (409, code, None)


@pytest.mark.parametrize("status", STATUS_TYPES)
async def test_any_status_can_be_had(shop: Shop, status: int) -> None:
    await tell(shop.world, "/fault", {"kind": "status", "status": status, "path": "^/skus"})
    assert shop.send("GET", "/customers").status == 200
    answer = shop.world.handle(Request("GET", "/skus", headers=KEY))
    assert (answer.status, answer.json()["type"]) == (status, STATUS_TYPES[status])
    assert ("Retry-After" in answer.headers) is (status == 429)
    await tell(shop.world, "/fault", {"kind": "status_after", "status": status, "method": "PUT"})
    with_body = {"name": "Mug", "skuGroupId": "g"}
    put = Request("PUT", "/skus/mug", headers=KEY, body=encode(with_body))
    assert shop.world.handle(put).status == status
    assert shop.good("GET", "/skus/mug")["name"] == "Mug"


async def test_clock_runs_faster_and_jumps(shop: Shop) -> None:
    hands = shop.world.hands
    assert hands is not None
    await tell(shop.world, "/clock", {"speed": 60})
    shop.world.director.next("in_review", seconds=600)
    order = shop.order()
    hands.turn(9)
    shop.world.advance()
    assert shop.read(order)["state"] == "in_review"
    assert shop.world.next_due_s() == pytest.approx(1, abs=0.1)
    hands.turn(2)
    assert shop.read(order)["state"] == "accepted"
    fast = shop.world.now
    said = await tell(shop.world, "/clock", {"speed": 1, "to": "2026-03-09T00:00:00Z"})
    assert said.json() == {"now": "2026-03-09T00:00:00+00:00", "speed": 1.0}
    assert shop.world.now == datetime(2026, 3, 9, tzinfo=UTC) > fast
    hands.turn(5)
    shop.world.advance()
    assert (shop.world.now - datetime(2026, 3, 9, tzinfo=UTC)).total_seconds() == 5


async def test_outages_come_in_windows(shop: Shop) -> None:
    window = {"after_s": 10, "for_s": 20, "every_s": 60, "times": 2}
    assert (await tell(shop.world, "/outage", window)).json() == {"windows": 2}
    assert (await tell(shop.world, "/state")).json()["outage_s"] == 0
    seen = []
    for _ in range(12):
        seen.append(shop.send("GET", "/skus").status)
        left = (await tell(shop.world, "/state")).json()["outage_s"]
        assert (left > 0) is (seen[-1] == 503)
        shop.turn(10)
    assert seen == [200, 503, 503, 200, 200, 200, 200, 503, 503, 200, 200, 200]


async def test_events_nobody_brought_about(shop: Shop) -> None:
    order = shop.complete()
    charge = order["payment"]["charges"][0]["id"]
    for kind in ("order.charge.completed", "order.charge.capture.completed"):
        await tell(shop.world, "/emit", {"type": kind, "id": charge})
        assert shop.events(kind)[0]["data"]["object"]["id"] == charge
    await tell(shop.world, "/emit", {"type": "order.created", "id": order["id"], "times": 2})
    assert shop.types(order).count("order.created") == 3
    await tell(shop.world, "/emit", {"type": "planet.discovered", "id": "x"})
    found = shop.world.handle(Request("GET", "/events", [("type", "planet.*")], KEY)).json()
    assert found["data"][0]["data"]["object"] == {"id": "x"}


def test_pages_of_events_out_of_order(shop: Shop) -> None:
    for number in range(30):
        shop.sku(f"s{number}")
    plain = [event["id"] for event in shop.events()]
    shop.world.director.events = EventTricks(shuffle=1)
    mixed = [event["id"] for event in shop.events()]
    assert mixed != plain
    assert sorted(mixed) == sorted(plain)


async def test_events_are_listed_twice_late_or_never(shop: Shop) -> None:
    await tell(shop.world, "/events", {"double": 1})
    shop.sku("twice")
    assert len(shop.events()) == 2
    await tell(shop.world, "/events", {"late": 1, "late_s": 100})
    shop.sku("late")
    assert len(shop.events()) == 2
    shop.turn(101)
    assert len(shop.events()) == 3
    await tell(shop.world, "/events", {"lose": 1})
    shop.sku("never")
    await tell(shop.world, "/events", {"double": 0.0001})
    assert len(shop.events()) == 3


# -- scenarios: a sign that each is on, and that `calm` ends it ----------------------------------


def answers_of(shop: Shop, method: str, path: str, count: int = 40) -> list[Response]:
    """What many calls of one kind are answered; customers are made without a body's worth."""
    body = b"{}" if method == "POST" else b""
    return [shop.world.handle(Request(method, path, (), KEY, body)) for _ in range(count)]


def delays(shop: Shop) -> float:
    """The longest answer."""
    return max(each.delivery.delay_s for each in answers_of(shop, "GET", "/skus"))


def lost(shop: Shop, path: str = "/customers") -> int:
    """How many writes were not answered."""
    return sum(each.delivery.lost for each in answers_of(shop, "POST", path))


def statuses(shop: Shop, method: str = "GET", path: str = "/customers") -> set[int]:
    """The statuses of many calls."""
    return {each.status for each in answers_of(shop, method, path)}


def garbled(shop: Shop) -> int:
    """How many answers are broken off or no JSON."""
    found = answers_of(shop, "GET", "/customers")
    return sum(each.delivery.cut or each.body.startswith(b"<html") for each in found)


def orders(shop: Shop) -> set[Any]:
    """What becomes of twenty orders: states, and the status of the others."""
    found: set[Any] = set()
    for _ in range(20):
        status, shown = shop.call("POST", "/orders", {"checkoutId": shop.funded()["id"]})
        found.add(shown.get("state", status))
    return found


def made_though_lost(shop: Shop) -> bool:
    """Whether an order is there whose answer never came."""
    checkout = shop.funded()
    answer = shop.send("POST", "/orders", {"checkoutId": checkout["id"]})
    found = shop.good("GET", "/orders", checkoutId=checkout["id"])["data"]
    return answer.delivery.lost and len(found) == 1


def undone(shop: Shop) -> bool:
    """Whether a write was neither done nor answered."""
    answer = shop.send("POST", "/customers", {"id": "c1"})
    return answer.delivery.lost and shop.call("GET", "/customers/c1")[0] == 404


def out_at(shop: Shop) -> list[int]:
    """The tens of seconds at which the service is away."""
    found = []
    for at in range(16):
        found += [at] if shop.send("GET", "/skus").status == 503 else []
        shop.turn(10)
    return found


def listed(shop: Shop) -> tuple[int, int, bool]:
    """Of 60 events: how many are listed, how many of them differ, whether they are in order."""
    for number in range(60):
        shop.sku(f"s{number}")
    found = shop.events()
    ids = [event["id"] for event in found]
    times = [event["createdTime"] for event in found]
    return len(ids), len(set(ids)), times == sorted(times)


def review_ends_after(shop: Shop) -> tuple[str, str]:
    """The state of an order after nine and after eleven minutes."""
    order, states = shop.order(), []
    for seconds in (540, 120):
        shop.turn(seconds)
        states.append(shop.read(order)["state"])
    return states[0], states[1]


def hour(shop: Shop) -> float:
    """How far the service's clock goes while this machine's goes one minute."""
    start = shop.world.now
    assert shop.world.hands is not None
    shop.world.hands.turn(60)
    shop.world.advance()
    return (shop.world.now - start).total_seconds()


def odd(shop: Shop) -> bool:
    """Whether fields nobody knows and noisy amounts are seen."""
    heavy = encode({"name": "Mug", "skuGroupId": "g", "weight": Decimal("1.25")})
    shop.world.handle(Request("PUT", "/skus/heavy", (), KEY, heavy))
    text = b"".join(each.body for each in answers_of(shop, "GET", "/skus"))
    return b"unheardOf" in text and b"000000001" in text


SIGNS: dict[str, Callable[[Shop], bool]] = {
    "calm": lambda shop: statuses(shop) == {200} and listed(shop) == (60, 60, True),
    "slow answers": lambda shop: delays(shop) == 2,
    "dead line": undone,
    "lost orders": made_though_lost,
    "bad line": lambda shop: lost(shop) > 0 and delays(shop) > 0,
    "flaky service": lambda shop: 503 in statuses(shop) and 502 in statuses(shop, "POST"),
    "garbled answers": lambda shop: garbled(shop) > 3,
    "busy key": lambda shop: statuses(shop) == {200, 429},
    "too many requests": lambda shop: statuses(shop) == {200, 429},
    "rolling outages": lambda shop: out_at(shop) == [1, 2, 7, 8, 13, 14],
    "messy events": lambda shop: operator.gt(*listed(shop)[:2]),
    "shuffled events": lambda shop: listed(shop) == (60, 60, False),
    "missing events": lambda shop: listed(shop)[1] < 60,
    "strict bank": lambda shop: orders(shop) == {"accepted", "in_review", 409},
    "slow reviewers": lambda shop: review_ends_after(shop) == ("in_review", "in_review"),
    "long reviews": lambda shop: review_ends_after(shop) == ("in_review", "accepted"),
    "fast clock": lambda shop: hour(shop) == 3600,
    "odd numbers": odd,
}


def test_every_scenario_has_a_sign() -> None:
    assert set(SIGNS) == set(SCENARIOS)


@pytest.mark.parametrize("name", SIGNS)
def test_every_scenario_is_felt(shop: Shop, name: str) -> None:
    SCENARIOS[name](shop.world)
    assert SIGNS[name](shop), name
    SCENARIOS["calm"](shop.world)
    assert statuses(Shop()) == {200}
    shop.world.director.events = EventTricks(double=0.0001)  # older doubles are no fault
