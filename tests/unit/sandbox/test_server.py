"""The sandbox as a process and over real sockets: start, end, control port, restart, webhooks."""

from __future__ import annotations

import contextlib
import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from posapp.sandbox import webhooks
from posapp.sandbox.clock import Pace, wall_clock
from posapp.sandbox.core import Options
from posapp.sandbox.courier import carry
from posapp.sandbox.seed import plant
from posapp.sandbox.server import DATABASE, Running, main, run_in_thread
from posapp.sandbox.webhooks import Delivery
from posapp.sandbox.world import World
from tests.unit.sandbox.audit import Audit
from tests.unit.sandbox.shop import MINNESOTA, VISA, Shop

ROOT = Path(__file__).resolve().parents[3]
TOKEN = "let-me-in"
RUN = "import sys; from posapp.sandbox.server import main; sys.exit(main(sys.argv[1:]))"


@pytest.fixture
def sandbox() -> Iterator[Running]:
    """A sandbox on a free port with a control port, at no pace."""
    world = World(clock=wall_clock, options=Options(pace=Pace().scaled(0)))
    with run_in_thread(world, control_token=TOKEN) as running:
        yield running
    assert world.check() == []
    world.close()


@pytest.fixture
def till(sandbox: Running) -> Iterator[httpx.Client]:
    """A client with the secret key."""
    headers = {"authorization": "Bearer sk_test_sandbox"}
    with httpx.Client(base_url=sandbox.url, headers=headers, timeout=5) as client:
        yield client


def control(sandbox: Running, path: str, body: Any = None, token: str = TOKEN) -> httpx.Response:
    """One command to the control port."""
    return httpx.post(
        sandbox.control_url + path, json=body or {}, headers={"authorization": f"Bearer {token}"}
    )


def test_answers_over_http(till: httpx.Client) -> None:
    answer = till.put("/skus/mug", json={"name": "Mug", "skuGroupId": "g"})
    assert (answer.status_code, answer.headers["content-type"]) == (201, "application/json")
    assert answer.headers["x-dr-requestid"]
    assert till.get("/skus", params=[("ids", "mug"), ("ids", "cup")]).json()["data"]
    gone = till.delete("/skus/mug")
    assert (gone.status_code, gone.content) == (204, b"")


def test_form_is_mounted(sandbox: Running, till: httpx.Client) -> None:
    script = till.get(f"{sandbox.js_url}/DigitalRiver.js")
    assert (script.status_code, "DigitalRiver" in script.text) == (200, True)
    assert till.get(f"{sandbox.js_url}/css/DigitalRiver.css").status_code == 200


def test_body_that_is_too_long(till: httpx.Client) -> None:
    answer = till.post("/customers", content=b" " * 1_100_000)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "invalid_format")


def test_lost_and_cut_answers(sandbox: Running, till: httpx.Client) -> None:
    control(sandbox, "/fault", {"kind": "lost_answer", "seconds": 0})
    with pytest.raises(httpx.RemoteProtocolError):
        till.post("/customers", json={"id": "c1"})
    assert till.get("/customers/c1").status_code == 200
    control(sandbox, "/fault", {"kind": "cut_body"})
    with pytest.raises(httpx.RemoteProtocolError):
        till.get("/customers/c1")
    assert till.get("/customers/c1").status_code == 200


def test_control_wants_its_token(sandbox: Running, till: httpx.Client) -> None:
    assert control(sandbox, "/clear", token="guess").status_code == 401
    assert control(sandbox, "/clear").json() == {"cleared": True}
    assert till.post("/clear").status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/next", {"outcome": "rain"}, "outcome is one of"),
        ("/next", {"outcome": "slow", "colour": 1}, "'colour' is not known"),
        ("/fault", {"kind": "rain"}, "kind is one of"),
        ("/fault", {"kind": "status", "colour": 1}, "'colour' is not known"),
        ("/resolve", {"order": "1"}, "decision is accept or block"),
        ("/clock", {"advance_s": -1}, "never runs backwards"),
        ("/options", {"colour": 1}, "'colour' is not known"),
        ("/scenario", {"name": "rain"}, "name is one of"),
        ("/events", {"rain": 1}, "'rain' is not known"),
        ("/order", {"lines": []}, "lines is a list of texts"),
        ("/order", {"lines": ["RAIN x 1"]}, "nobody sells"),
    ],
)
def test_commands_that_make_no_sense(
    sandbox: Running, path: str, body: dict[str, Any], said: str
) -> None:
    answer = control(sandbox, path, body)
    assert answer.status_code == 400
    assert said in answer.json()["error"]


def test_control_orders_outcomes_and_time(sandbox: Running) -> None:
    shop = Shop()
    shop.world = sandbox.world
    said = control(sandbox, "/next", {"outcome": "in_review", "seconds": None, "times": 2})
    assert said.json() == {"queued": ["in_review", "in_review"]}
    first, second = shop.order(), shop.order()
    assert control(sandbox, "/resolve", {"order": first["id"], "decision": "accept"}).is_success
    assert control(sandbox, "/resolve", {"order": second["id"], "decision": "block"}).is_success
    assert (shop.read(first)["state"], shop.read(second)["state"]) == ("accepted", "blocked")
    again = control(sandbox, "/resolve", {"order": first["id"], "decision": "accept"})
    assert (again.status_code, again.json()["type"]) == (409, "conflict")
    shop.ship(first)
    assert control(sandbox, "/clock", {"advance_s": 60}).is_success
    assert shop.read(first)["state"] == "complete"
    assert control(sandbox, "/dispute", {"order": first["id"]}).is_success
    assert control(sandbox, "/dispute", {"order": first["id"]}).status_code == 400
    body = {"order": first["id"], "resolve": True, "charged_back": 100}
    assert control(sandbox, "/dispute", body).is_success
    assert control(sandbox, "/check").json() == {"broken": []}


def test_control_pays_transfers_and_cuts_the_line(sandbox: Running) -> None:
    shop = Shop()
    shop.world = sandbox.world
    sandbox.world.options.pace = Pace(funds=3600)
    checkout = shop.checkout()
    source = shop.pay(checkout, "wireTransfer", lastName="Shopper")
    order = shop.place(shop.attach(checkout, source))
    assert control(sandbox, "/funds", {"order": order["id"]}).is_success
    assert shop.read(order)["state"] == "accepted"
    control(sandbox, "/next", {"outcome": "outage", "seconds": 30})
    assert shop.send("GET", "/skus").status == 503
    control(sandbox, "/clear")
    control(sandbox, "/options", {"rate_limit": 1, "acceptance": 1, "risk_averse": True})
    assert [shop.send("GET", "/skus").status for _ in range(2)] == [200, 429]
    control(sandbox, "/options", {"rate_limit": None, "pace": 0})
    control(sandbox, "/events", {"late": 0.5})
    assert sandbox.world.director.events.late == 0.5
    assert control(sandbox, "/scenario", {"name": "calm"}).is_success


def test_control_sells_and_says_what_is_to_come(sandbox: Running) -> None:
    shop = Shop()
    shop.world = sandbox.world
    plant(sandbox.world)
    made = control(sandbox, "/order", {"lines": ["MUG-WHT x 3", "TOWEL-LIN x 1"]}).json()
    order = shop.read({"id": made["order"]})
    assert order["state"] == "accepted"
    assert [line["quantity"] for line in order["items"]] == [3, 1]
    assert "customerId" not in order
    control(sandbox, "/next", {"outcome": "declined"})
    control(sandbox, "/fault", {"kind": "status", "path": "^/nowhere$"})
    control(sandbox, "/next", {"outcome": "outage", "seconds": 30})
    said = control(sandbox, "/state").json()
    assert (said["queued"], said["faults"]) == (["declined"], 1)
    assert 0 < said["outage_s"] <= 30
    refused = control(sandbox, "/order", {"lines": ["MUG-WHT x 1"]})
    assert (refused.status_code, "no order was made" in refused.json()["error"]) == (400, True)
    control(sandbox, "/clear")
    assert control(sandbox, "/state").json() == {"queued": [], "outage_s": 0.0, "faults": 0}


@contextmanager
def receiver(
    status: int, answer: bytes = b""
) -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """A webhook receiver on this machine: its address, and what it got."""
    got: list[tuple[dict[str, str], bytes]] = []
    arrived = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            got.append((dict(self.headers.items()), self.rfile.read(length)))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(answer)
            arrived.set()

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/hooks?x=1", got
            assert arrived.wait(5)
        finally:
            server.shutdown()
            thread.join()


def test_webhooks_are_posted(till: httpx.Client) -> None:
    with receiver(202) as (address, got):
        hook = till.post("/webhooks", json={"types": ["sku.created"], "address": address}).json()
        till.put("/skus/mug", json={"name": "Mug", "skuGroupId": "g"})
    headers, body = got[0]
    stamp = int(headers["DigitalRiver-Signature"].split(",")[0])
    assert headers["DigitalRiver-Signature"] == webhooks.signature(hook["secret"], stamp, body)


def test_webhooks_fetch_their_token_first() -> None:
    with receiver(200, b'{"access_token": "for-this-shop"}') as (tokens, asked):
        oauth = {"tokenEndPoint": tokens, "clientID": "till", "clientSecret": "s", "userName": "u",
                 "password": "p", "grantType": "password"}  # fmt: skip
        with receiver(202) as (address, got):
            assert carry(Delivery("w", "e", 0, address, {}, b"{}", oauth))
    assert got[0][0]["Authorization"] == "Bearer for-this-shop"
    assert dict(parse_qsl(asked[0][1].decode())) == {
        "grant_type": "password", "client_id": "till", "client_secret": "s", "username": "u",
        "password": "p",
    }  # fmt: skip
    with receiver(200, b"no token today") as (tokens, _asked):
        assert not carry(Delivery("w", "e", 0, "http://127.0.0.1:9/", {}, b"{}", oauth | {
            "tokenEndPoint": tokens}))  # fmt: skip


@pytest.mark.parametrize(
    "address",
    ["https://merchant.example/hooks", "http://192.0.2.1/", "http://127.0.0.1:1/", "https://[::1"],
)
def test_nothing_is_posted_off_this_machine(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[object] = []

    def connect(to: tuple[str, int], *_args: object, **_more: object) -> None:
        reached.append(to[0])
        raise ConnectionRefusedError("nobody is there")

    monkeypatch.setattr("socket.create_connection", connect)
    assert carry(Delivery("w", "e", 0, address, {}, b"{}")) is False
    assert set(reached) <= {"127.0.0.1", "::1"}


def test_port_in_use_is_said(sandbox: Running, capsys: pytest.CaptureFixture[str]) -> None:
    port = sandbox.url.rpartition(":")[2]
    assert main(["--port", port]) == 1
    assert "choose another with --port" in capsys.readouterr().err


@contextmanager
def process(
    *arguments: str, stderr: int | None = None
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`main.py sandbox` as a child, and its address."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen(
        [sys.executable, "-c", RUN, "--port", "0", *arguments], env=env, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr,
    )  # fmt: skip
    assert child.stdout is not None
    try:
        line = child.stdout.readline()
        assert line.startswith("sandbox ready http://127.0.0.1:")
        yield child, line.split()[-1]
    finally:
        child.kill()
        child.communicate()


def call(url: str, method: str, path: str, body: Any = None) -> Any:
    """One call with the secret key."""
    headers = {"authorization": "Bearer sk_test_sandbox"}
    return httpx.request(method, url + path, json=body, headers=headers, timeout=10).json()


@pytest.mark.parametrize("given", ["", TOKEN])
def test_control_port_tells_where_it_is_and_a_token_it_made(given: str) -> None:
    token = ("--control-token", given) if given else ()
    with process("--control-port", "0", *token, stderr=subprocess.PIPE) as (child, _url):
        assert child.stderr is not None
        told = child.stderr.readline().split()
        assert (told[:2], len(told)) == (["sandbox", "control"], 3 if given else 5)
        key = given or told[4]
        for sent, status in (("guess", 401), (key, 200)):
            answer = httpx.post(
                f"{told[2]}/state", json={}, headers={"authorization": f"Bearer {sent}"}
            )
            assert answer.status_code == status
    assert given or len(key) >= 32


def test_no_control_port_unless_asked_for() -> None:
    with process(stderr=subprocess.PIPE) as (child, _url):
        child.terminate()
        assert child.wait(10) == 0
        assert child.stderr is not None
        assert "control" not in child.stderr.read()


def test_ends_with_its_input_and_on_request() -> None:
    with process("--until-stdin-closes") as (child, _url):
        assert child.stdin is not None
        child.stdin.close()
        assert child.wait(10) == 0
        child.stdin = None
    with process() as (child, _url):
        child.terminate()
        assert child.wait(10) == 0


def test_killed_world_comes_back_with_all_it_answered(tmp_path: Path) -> None:
    arguments = ("--data", str(tmp_path), "--pace", "0")
    with process(*arguments) as (child, url):
        for number in range(20):
            made = call(url, "POST", "/customers", {"id": f"c{number}"})
            assert made["id"] == f"c{number}"
        child.kill()
        child.wait(10)
    with process(*arguments) as (child, url):
        page = call(url, "GET", "/customers?limit=100")
        assert len(page["data"]) == 20
        new = call(url, "POST", "/customers", {})
        assert new["id"] not in {each["id"] for each in page["data"]}
        types = [event["type"] for event in call(url, "GET", "/events?limit=100")["data"]]
        assert types == ["customer.created"] * 21


def buy(client: httpx.Client) -> str:
    """A whole sale over HTTP, shipped; the order's id once the service has answered it."""
    body = {
        "currency": "USD", "email": "a@example.com", "shippingChoice": {"amount": 0},
        "shipFrom": {"address": MINNESOTA}, "shipTo": {"name": "A", "address": MINNESOTA},
        "billTo": {"name": "A", "address": MINNESOTA},
        "items": [{"skuId": "mug", "price": 10, "quantity": 2}],
    }  # fmt: skip
    card = {"number": VISA, "expirationMonth": 7, "expirationYear": 2035, "cvv": "123"}
    checkout = client.post("/checkouts", json=body).json()
    pay = {"type": "creditCard", "owner": {"lastName": "A"}, "creditCard": card,
           "paymentSessionId": checkout["payment"]["session"]["id"]}  # fmt: skip
    source = client.post("/sources", json=pay).json()["id"]
    client.post(f"/checkouts/{checkout['id']}/sources/{source}")
    order = client.post("/orders", json={"checkoutId": checkout["id"]}).json()
    return str(order["id"])


def test_killed_under_load_keeps_every_sale_it_answered(tmp_path: Path) -> None:
    answered: list[str] = []
    enough = threading.Event()

    def till(url: str) -> None:
        headers = {"authorization": "Bearer sk_test_sandbox"}
        with httpx.Client(base_url=url, headers=headers) as client:
            client.put("/skus/mug", json={"name": "Mug", "skuGroupId": "g"})
            with contextlib.suppress(httpx.TransportError):
                while True:
                    answered.append(buy(client))
                    if len(answered) > 40:
                        enough.set()

    with process("--data", str(tmp_path), "--pace", "0") as (child, url):
        tills = [threading.Thread(target=till, args=(url,)) for _ in range(4)]
        for thread in tills:
            thread.start()
        assert enough.wait(60)
        child.kill()
        for thread in tills:
            thread.join(30)
    world = World(tmp_path / DATABASE, clock=wall_clock)
    audit = Audit(world)
    assert (audit.broken(), world.check()) == ([], [])
    kept = set(world.core.storage.ids("order", "", 10_000))
    assert set(answered) <= kept
    assert len(kept) <= len(answered) + 4  # one for each till may have been on its way
    world.close()


def test_due_things_happen_after_a_restart(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "world.sqlite3", seed=5)
    order = shop.order()
    shop.ship(order)
    shop.world.close()
    again = Shop(tmp_path / "world.sqlite3", seed=5)
    assert again.read(order)["state"] == "accepted"
    again.turn(10)
    assert again.read(order)["state"] == "complete"
    other = again.order()
    assert other["id"] != order["id"]
    assert again.world.check() == []
    again.world.close()
