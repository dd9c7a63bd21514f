"""The sandbox's HTTP values: requests, answers, error bodies and exact JSON. Never knows a rule."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

Json = dict[str, Any]

_encoder = msgspec.json.Encoder(decimal_format="number")
_decoder = msgspec.json.Decoder(float_hook=Decimal)

STATUS_TYPES: Mapping[int, str] = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    408: "request_timeout",
    409: "conflict",
    429: "too_many_requests",
    500: "internal_server_error",
    502: "bad_gateway",
    503: "service_unavailable",
    504: "gateway_timeout",
}


def encode(value: object) -> bytes:
    """JSON bytes; decimals are printed as numbers with the digits they hold."""
    return _encoder.encode(value)


def decode(data: bytes) -> Any:
    """Plain values of a JSON text; a number with a point becomes the Decimal it spells.

    Raises msgspec.DecodeError (bad syntax, lone surrogates) and RecursionError (too deep).
    """
    return _decoder.decode(data)


@dataclass(frozen=True, slots=True)
class Request:
    """One call: `query` keeps order and repeats; header names are lower case."""

    method: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the front does to an answer on its way out (contract section 2, faults on demand)."""

    delay_s: float = 0.0
    lost: bool = False  # the connection ends and no byte of the answer leaves
    cut: bool = False  # half of the body leaves, then the connection ends


ON_TIME = Delivery()


@dataclass(frozen=True, slots=True)
class Response:
    """One answer, body as bytes."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delivery: Delivery = ON_TIME

    def json(self) -> Any:
        """The body as plain values, None when there is none."""
        return decode(self.body) if self.body else None


class Problem(Exception):
    """A refusal with the body that the contract documents."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body
        self.headers: dict[str, str] = {}


def problem(
    status: int, code: str | None, message: str, parameter: str | None = None, kind: str = ""
) -> Problem:
    """One-error refusal; `kind` overrides the type that the status implies."""
    error: Json = {}
    if code is not None:
        error["code"] = code
    if parameter is not None:
        error["parameter"] = parameter
    error["message"] = message
    return Problem(status, {"type": kind or STATUS_TYPES[status], "errors": [error]})


def missing(parameter: str) -> Problem:
    """400 for an absent field."""
    return problem(400, "missing_parameter", "A required input is absent.", parameter)


def invalid(parameter: str, message: str = "Check this value.") -> Problem:
    """400 for a value of the wrong kind."""
    return problem(400, "invalid_parameter", message, parameter)


def not_found(parameter: str = "id") -> Problem:
    """404 for an unknown resource."""
    return problem(404, "not_found", "Not found.", parameter)


def conflict(code: str, message: str, parameter: str | None = None) -> Problem:
    """409 for a clash with present state."""
    return problem(409, code, message, parameter)


def stamp(at: datetime) -> str:
    """UTC time as resources print it, whole seconds."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20)  # strftime forgets zeros before year 1000


def stamp_micros(at: datetime) -> str:
    """UTC time as events print it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


_TIME = re.compile(
    r"^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2})?(\.\d{1,9})?([Zz]|[+-]\d{2}:?\d{2})?$", re.ASCII
)


def read_time(text: str) -> datetime | None:
    """A UTC time from ISO 8601 text (no offset means UTC), or None when it is not one."""
    if not _TIME.match(text):
        return None
    plain = re.sub(r"(\.\d{6})\d+", r"\1", text).upper().replace("Z", "+00:00")
    try:
        at = datetime.fromisoformat(plain)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def micros(at: datetime) -> int:
    """Microseconds since 1970, the unit of every stored time."""
    delta = at - EPOCH
    return (delta.days * 86400 + delta.seconds) * 1_000_000 + delta.microseconds


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
