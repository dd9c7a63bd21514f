"""A service on paper: scripted answers, every request kept. Never opens a socket."""

from __future__ import annotations

import copy
import functools
import json
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import yaml

from posapp.gateway.budget import Budget
from posapp.gateway.client import Client
from posapp.gateway.river import DigitalRiver
from posapp.gateway.wire import Record, decode_record
from tests.helpers.clock import FakeClock

CONTRACT = Path(__file__).parents[3] / "docs" / "contract" / "openapi.yaml"

Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


@functools.cache
def _schemas() -> dict[str, Any]:
    with CONTRACT.open(encoding="utf-8") as file:
        schemas: dict[str, Any] = yaml.safe_load(file)["components"]["schemas"]
    return schemas


def sample(schema: str) -> dict[str, Any]:
    """Return a fresh copy of the contract's own example of this schema."""
    found: dict[str, Any] = copy.deepcopy(_schemas()[schema]["examples"][0])
    return found


def wired(data: dict[str, Any]) -> Record:
    """Return the object as it is once it came over the wire: fractions are exact decimals."""
    return decode_record(json.dumps(data))


def page(*entries: dict[str, Any], more: bool = False) -> dict[str, Any]:
    """Return a list answer."""
    return {"hasMore": more, "data": list(entries)}


def refused(status: int, code: str, parameter: str = "", message: str = "No.") -> httpx.Response:
    """Return an error answer in the contract's regular shape."""
    kind = {400: "bad_request", 404: "not_found", 409: "conflict"}.get(status, "other")
    problem = {"code": code, "message": message}
    if parameter:
        problem["parameter"] = parameter
    body = {"type": kind, "errors": [problem]}
    return httpx.Response(status, json=body, headers={"x-dr-requestid": "req-1"})


@dataclass
class PaperService:
    """Gives the scripted answers in turn; the last one for ever."""

    answers: deque[Answer] = field(default_factory=deque)
    requests: list[httpx.Request] = field(default_factory=list)
    clock: FakeClock = field(default_factory=lambda: FakeClock(running=True))

    def answer(self, *answers: Answer | dict[str, Any]) -> None:
        """Script what comes next; a dict is the body of a 200."""
        self.answers = deque(
            httpx.Response(200, json=one) if isinstance(one, dict) else one for one in answers
        )

    def river(self, *, budget: Budget | None = None) -> DigitalRiver:
        """Return a gateway that talks to this service."""
        return DigitalRiver(self.client(budget=budget))

    def client(self, *, budget: Budget | None = None, key: str = "sk_test_sandbox") -> Client:
        """Return a client that talks to this service."""
        return Client(
            base_url="http://127.0.0.1:8787",
            secret_key=key,
            clock=self.clock,
            rng=random.Random(7),
            transport=httpx.MockTransport(self._handle),
            budget=budget,
        )

    @property
    def last(self) -> httpx.Request:
        """The newest request."""
        return self.requests[-1]

    @property
    def sent(self) -> Any:
        """The newest request's body, read."""
        return json.loads(self.last.content)

    @property
    def lines(self) -> list[str]:
        """Every request as `METHOD /path?query`."""
        return [f"{r.method} {r.url.raw_path.decode()}" for r in self.requests]

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.popleft() if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            # A response can be read once only, and the last one is given again and again.
            return httpx.Response(
                answer.status_code, headers=answer.headers, content=answer.content
            )
        return answer(request)


def broken_rules(schema: str, body: str) -> list[str]:
    """Return how the JSON text breaks the contract's schema; unknown fields count (contract 2)."""
    document = {"components": {"schemas": _schemas()}, "$ref": f"#/components/schemas/{schema}"}
    validator = jsonschema.Draft202012Validator(document)
    return [f"{e.json_path}: {e.message}" for e in validator.iter_errors(json.loads(body))]
