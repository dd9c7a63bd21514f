"""Careless tills, broken programs and a bad line at once; after it the books must agree.

Three kinds of request are mixed: plausible ones (`fuzz.Tills`), the same with something broken in
them, and wild ones made out of the table of operations. Answers get lost, come twice, come late.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from posapp.sandbox.director import EventTricks, Fault, FaultKind
from posapp.sandbox.tables import operations
from posapp.sandbox.wire import STATUS_TYPES, Request, Response, encode
from posapp.sandbox.world import World
from tests.contract.answers import broken
from tests.unit.sandbox.audit import Audit
from tests.unit.sandbox.fuzz import Json, Tills

KEY = {"authorization": "Bearer sk_test_sandbox"}
JUNK: list[Any] = [
    None, "", " ", "x", "\x00", "😀", "a" * 5000, 0, -1, 1, 3, 10**15, -(10**15), True, False, [],
    {}, [[]], {"a": 1}, "2026-03-02T09:00:00Z", "1e5", "USD", "US", "https://[::1", "http://:99999/",
    "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "0.000000000001", Decimal("1e-12"),
    Decimal("99999999999.99"), Decimal("0.005"), "null", "%00", "../..", "'; --",
]  # fmt: skip
RAW = [b"{", b"[]", b"nul", b"\xff\xfe", b"[" * 2000, b'{"a":1e999}', b'"x"', b"<a/>", b"{}{}"]
HEADERS: list[dict[str, str]] = [
    {}, {"authorization": "Bearer nobody"}, {"authorization": "Basic !"},
    {"authorization": "Bearer pk_test_sandbox"},
    {"authorization": "Bearer sk_test_sandbox_readonly"}, KEY | {"accept": "text/html"},
    KEY | {"content-type": "text/xml"},
]  # fmt: skip
SPOILT = (b"<html", b'{"unheardOf"')
EVERY = 25  # one answer in so many is validated whole; all refusals are


class Havoc(Tills):
    """Tills that send broken requests too; keeps what is wrong with any answer."""

    def __init__(self, seed: int, path: Path | None = None) -> None:
        self.ids: dict[str, list[str]] = {}
        self.wrong: list[str] = []
        self.audited = 0
        super().__init__(seed, path)

    def send(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """One plausible call, at times with a broken one before it."""
        if body is not None and self.rng.random() < 0.25:
            self._call(method, path, encode(self._spoil(body)), KEY)
        raw = b"" if body is None else encode(body)
        answer = self._call(method, path, raw, KEY)
        while _is_spoilt(answer):
            answer = self._call(method, path, raw, KEY)
        return answer.status, answer.json()

    def _call(self, method: str, path: str, raw: bytes, headers: dict[str, str],
              query: tuple[tuple[str, str], ...] = ()) -> Response:  # fmt: skip
        troubled = bool(self.world.director.faults)
        answer = self.world.handle(Request(method, path, query, headers, raw))
        self.statuses[answer.status] += 1
        self._judge(method, path, answer, troubled=troubled)
        for delivery in self.world.take_deliveries():
            self.world.delivered(delivery, good=self.rng.random() < 0.5)
        return answer

    def _judge(self, method: str, path: str, answer: Response, *, troubled: bool) -> None:
        delivery = answer.delivery
        if delivery.lost or delivery.cut or answer.body.startswith(SPOILT):
            return
        if answer.status >= 500 and not troubled:
            self.wrong.append(f"{method} {path}: {answer.status}")
        if answer.status >= 400:
            self.wrong += _refusal(method, path, answer)
        elif sum(self.statuses.values()) % EVERY == 0 and not troubled:
            self.wrong += broken(method, path, answer.status, answer.body)
        if answer.status in (200, 201) and answer.body.startswith(b'{"id"'):
            shown = answer.json()
            kept = self.ids.setdefault(path.strip("/").split("/")[0], [])
            kept.append(shown["id"])
            del kept[:-30]
            if answer.status == 201 and path == "/orders":
                self.orders.append(shown)

    # -- broken and wild requests -------------------------------------------------------------

    def _spoil(self, body: Any) -> Any:
        """A deep copy with one to three things wrong."""
        spoilt = _copy(body)
        for _ in range(self.rng.randint(1, 3)):
            spoilt = self._break(spoilt)
        return spoilt

    def _break(self, value: Any) -> Any:
        rng = self.rng
        if isinstance(value, dict) and value and rng.random() < 0.8:
            name = rng.choice(list(value))
            match rng.randrange(4):
                case 0:
                    del value[name]
                case 1:
                    value[rng.choice(["unheardOf", name + " ", "id", "state"])] = self._junk()
                case _:
                    value[name] = self._break(value[name])
            return value
        if isinstance(value, list) and value and rng.random() < 0.8:
            at = rng.randrange(len(value))
            if rng.random() < 0.3:
                return [*value, value[at]]
            value[at] = self._break(value[at])
            return value
        return self._junk()

    def _junk(self) -> Any:
        return _copy(self.rng.choice(JUNK))

    def wild(self) -> None:
        """A call of any operation with anything in it."""
        rng = self.rng
        row = rng.choice(operations())
        path = "/".join(
            self._id(row["path"]) if part.startswith("{") else part
            for part in row["path"].split("/")
        )
        if rng.random() < 0.1:
            path = rng.choice([path + "/x", path + "/", path.upper(), path.replace("s", "", 1)])
        raw = b""
        if row["body"]:
            raw = rng.choice(RAW) if rng.random() < 0.2 else encode(self._made(row["body"]))
        elif rng.random() < 0.1:
            raw = rng.choice(RAW)
        method = rng.choice(["GET", "POST", "PUT", "PATCH", "DELETE"])
        method = row["method"] if rng.random() < 0.9 else method
        headers = rng.choice(HEADERS) if rng.random() < 0.1 else KEY
        self._call(method, path, raw, headers, self._query(row["query"]))

    def _id(self, path: str) -> str:
        known = self.ids.get(path.strip("/").split("/")[0], [])
        if known and self.rng.random() < 0.8:
            return self.rng.choice(known)
        return self.rng.choice(["gone", "", "x" * 300, "\x00", "..", "%2e", "null"])

    def _query(self, known: Json) -> tuple[tuple[str, str], ...]:
        rng = self.rng
        names = [*known, "colour", "limit", "createdTime[gt]", "ids"]
        values = ["1", "100", "0", "x", "", "true", "accepted", "2026-03-02T09:00:00Z", "-1", "1e9"]
        picked = rng.sample(names, min(len(names), rng.choice([0, 0, 1, 2])))
        return tuple((name, rng.choice(values)) for name in picked)

    def _made(self, schema: Json) -> Any:
        """A value of a schema, mostly right, at times not."""
        rng = self.rng
        if rng.random() < 0.06:
            return self._junk()
        for word in ("oneOf", "allOf"):
            if word in schema and "properties" not in schema:
                return self._made(rng.choice(schema[word]))
        if "const" in schema or "enum" in schema:
            return schema.get("const", rng.choice(schema.get("enum", [None])))
        kind = schema.get("type", "")
        if kind in ("object", "array", "string"):
            made = {"object": self._object, "array": self._list, "string": self._text}
            return made[kind](schema)
        plain: dict[str, list[Any]] = {
            "integer": [0, 1, 2, 5, 100, -1],
            "number": [0, 1, 2.5, 19.99, 100, -1],
            "boolean": [True, False],
        }
        return rng.choice(plain[kind]) if kind in plain else self._junk()

    def _object(self, schema: Json) -> Json:
        needed = set(schema.get("required", []))
        return {
            name: self._made(part)
            for name, part in schema.get("properties", {}).items()
            if name in needed or self.rng.random() < 0.3
        }

    def _list(self, schema: Json) -> list[Any]:
        return [self._made(schema.get("items", {})) for _ in range(self.rng.randint(0, 3))]

    def _text(self, schema: Json) -> str:
        if schema.get("format") == "date-time":
            return "2027-01-01T00:00:00Z"
        pool = [each for kept in self.ids.values() for each in kept[-2:]]
        odd = [each for each in JUNK if isinstance(each, str)]
        plain = ["a@example.com", "USD", "US", "mug", "https://x.example/", "DE", "50667"]
        return self.rng.choice([*pool, *plain, self.rng.choice(odd)])

    # -- troubles -----------------------------------------------------------------------------

    def trouble(self) -> None:
        """A fault for a few calls, or events that come twice and late."""
        rng, director = self.rng, self.world.director
        kind = rng.choice(list(FaultKind))
        if kind is FaultKind.RATE_LIMIT:
            director.events = EventTricks(double=rng.random() / 5, late=rng.random() / 5, late_s=20)
            return
        fault = Fault(kind, method=rng.choice(["", "POST"]), times=rng.randint(1, 3))
        fault.status = rng.choice([500, 502, 503, 504])
        director.faults.append(fault)

    def stock(self) -> None:
        """What wild calls deleted is on the shelf again; reviews left open are decided."""
        self.world.director.faults.clear()
        for sku, code in (("mug", "5215"), ("screen", "4321.1902"), ("song", "4323.1")):
            body = {"name": sku, "eccn": "EAR99", "taxCode": code, "countryOfOrigin": "US",
                    "hsCode": "6912.00"}  # fmt: skip
            self.send("PUT", f"/skus/{sku}", body)

    def restart(self) -> None:
        """The sandbox ends and begins again where it was; a world in memory has no end."""
        if self.path is None:
            return
        now = self.world.now
        self.world.close()
        self.world = World(self.path, seed=self.rng.randrange(10**9))
        assert self.world.hands is not None
        self.world.hands.at = now

    def wait(self) -> None:
        """Time passes; before it passes the events' thirty days the books are read."""
        self.world.turn(self.rng.choice([0.5, 1, 2, 5, 30, 600, 3600]))
        if self.rng.random() < 0.01:
            self.audit()
            self.orders.clear()
            self.world.turn(self.rng.choice([9, 31]) * 86400)
            if self.rng.random() < 0.5:
                self.world.turn(31 * 86400)

    def audit(self) -> None:
        """The auditor comes; late events are waited for."""
        self.world.director.clear()
        self.world.turn(60)
        audit = Audit(self.world)
        self.wrong += audit.broken()
        self.audited += audit.seen


def _is_spoilt(answer: Response) -> bool:
    """Whether a caller cannot tell what became of the call."""
    lost = answer.delivery.lost or answer.delivery.cut or answer.body.startswith(b"<html")
    return lost or answer.status >= 500


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(each) for key, each in value.items()}
    return [_copy(each) for each in value] if isinstance(value, list) else value


def _refusal(method: str, path: str, answer: Response) -> list[str]:
    """What is wrong with the body of a refusal (contract section 2)."""
    body = answer.json()
    errors = body.get("errors") or [{}]
    first = errors[0]
    known = (STATUS_TYPES[answer.status], "bad_request", None)  # two irregular bodies
    if body.get("type") not in known or not (first.get("message") or first.get("description")):
        return [f"{method} {path}: {answer.status} with {answer.body[:200]!r}"]
    return [] if len(answer.body) < 2000 else [f"{method} {path}: a refusal of great length"]


def run(count: int, seed: int, path: Path | None = None) -> Havoc:
    """At least `count` requests, then the auditor and the sandbox's own invariants.

    With `path` the world is on disk and is closed and opened again now and then.
    """
    tills = Havoc(seed, path)
    works = [tills.sell, tills.sell, tills.fulfil, tills.fulfil, tills.refund, tills.send_back,
             tills.look, tills.dispute, tills.wait, tills.wild, tills.wild, tills.wild]  # fmt: skip
    rounds = 0
    while tills.sent < count and len(tills.wrong) < 20:
        tills.rng.choice(works)()
        rounds += 1
        if rounds % 40 == 0:
            tills.trouble()
        if rounds % 60 == 0:
            tills.stock()
        if rounds % 80 == 0:
            tills.restart()
    tills.audit()
    tills.world.director.events = EventTricks(double=0.001)  # older doubles are no fault
    tills.wrong += tills.world.check()
    return tills
