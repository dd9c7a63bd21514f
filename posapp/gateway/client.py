"""The one way to the service: key, headers, time limits, budget, log, errors.

The only importer of httpx. Never repeats a write: `settle/` looks up first. A read may be
repeated once.
"""

from __future__ import annotations

import asyncio
import logging
import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, Generic, TypeVar
from urllib.parse import urlencode

import httpx

import posapp
from posapp.domain.clock import Clock
from posapp.gateway.budget import LIVE_CALLS_PER_S, TEST_CALLS_PER_S, Budget, Priority
from posapp.gateway.errors import READS, Garbled, LostAnswer, Offline, RateLimited
from posapp.gateway.refusals import Problem, read_problem, refusal
from posapp.gateway.requests import Params, check_address, filled_path, given
from posapp.gateway.wire import NOTHING, Record, as_record, decode_record, flag, text

log = logging.getLogger(__name__)

T = TypeVar("T")

API_VERSION: Final = "2021-12-13"
APPLICATION: Final = f"posapp/{posapp.__version__}"
DEFAULT_LIMIT_S: Final = 20.0
_CONNECT_LIMIT_S: Final = 5.0
_POOL_LIMIT_S: Final = 10.0
_POOL: Final = 8  # more in flight at once is slower, not faster (measured)
_MOST_PAGES: Final = 1_000

_NEVER_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_PATIENCE_S: Final[Mapping[Priority, float]] = {
    Priority.SALE: 10.0,
    Priority.FEED: 150.0,
    Priority.BACKFILL: 600.0,
}
"""How long a caller rather waits for a quiet key than is told; a clerk must be told soon."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list, newest first."""

    items: tuple[T, ...]
    has_more: bool
    last_id: str


@dataclass(frozen=True, slots=True)
class Reach:
    """That the service answered: how long it took, and what time it thinks it is."""

    took_ms: int
    service_time: datetime | None


@dataclass(frozen=True, slots=True)
class _Call:
    """One call; `path` is the template that goes into the log, `url` the real address."""

    method: str
    path: str
    url: str
    params: Params = field(default_factory=list)
    body: str | None = None
    limit_s: float = DEFAULT_LIMIT_S


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes
    request_id: str
    date: str
    took_ms: int


class Client:
    """Speaks HTTP with one secret key. Everything it needs is handed in; close it with `aclose`.

    Raises UnsafeAddress for plain http outside loopback, ValueError for what cannot be a key.
    """

    def __init__(
        self,
        *,
        base_url: str,
        secret_key: str,
        clock: Clock,
        rng: random.Random,
        transport: httpx.AsyncBaseTransport | None = None,
        budget: Budget | None = None,
        session_id: str = "",
    ) -> None:
        loopback = check_address(base_url)
        if not (secret_key.isascii() and secret_key.isprintable() and secret_key.strip()):
            raise ValueError("the secret key is empty or holds what no key holds")
        self._clock = clock
        self._rng = rng
        self.budget = budget or Budget(clock, _calls_per_s(secret_key, loopback=loopback))
        self._base_url = base_url.rstrip("/")
        self._headers = [
            ("Authorization", f"Bearer {secret_key.strip()}"),
            ("Content-Type", "application/json"),
            ("Accept", "application/json"),
            ("Accept-Encoding", "gzip, deflate"),
            ("User-Agent", APPLICATION),
            ("DigitalRiver-Version", API_VERSION),
            ("upstream-application-id", APPLICATION),
            ("upstream-session-id", session_id or self._new_id()),
        ]
        self._http = httpx.AsyncClient(
            transport=transport,
            limits=httpx.Limits(max_connections=_POOL, max_keepalive_connections=_POOL),
            follow_redirects=False,
            trust_env=not loopback,  # no proxy reaches this computer's own loopback
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    # ------------------------------------------------------------------ reads

    async def read(
        self,
        path: str,
        parse: Callable[[Record], T],
        *,
        ids: Mapping[str, str] = NOTHING,
        params: Params | None = None,
        priority: Priority = Priority.SALE,
        limit_s: float = DEFAULT_LIMIT_S,
    ) -> T:
        """GET and parse; repeated once when no answer came. Raises GatewayError."""
        call = _Call("GET", path, filled_path(path, ids), given(params), None, limit_s)
        answer = await self._ask(call, priority)
        return _parsed(call, answer, lambda body: parse(decode_record(body)))

    async def read_bytes(
        self,
        path: str,
        parse: Callable[[bytes], T],
        *,
        ids: Mapping[str, str] = NOTHING,
        params: Params | None = None,
        priority: Priority = Priority.SALE,
        limit_s: float = DEFAULT_LIMIT_S,
    ) -> T:
        """Like `read`, for whoever reads the JSON in a way of its own."""
        call = _Call("GET", path, filled_path(path, ids), given(params), None, limit_s)
        return _parsed(call, await self._ask(call, priority), parse)

    async def page(
        self,
        path: str,
        parse: Callable[[Record], T],
        *,
        params: Params | None = None,
        starting_after: str = "",
        limit: int = 100,
        priority: Priority = Priority.SALE,
    ) -> Page[T]:
        """Return one page of a list; an entry that cannot be read makes the page Garbled.

        Absence from a list is proof for `settle/`, so nothing may be left out silently.
        """
        paging = [("limit", str(min(max(limit, 1), 100))), ("startingAfter", starting_after)]
        return await self.read(
            path,
            lambda data: _parse_page(data, parse),
            params=[*(params or ()), *paging],
            priority=priority,
        )

    async def all_pages(
        self,
        path: str,
        parse: Callable[[Record], T],
        *,
        params: Params | None = None,
        priority: Priority = Priority.SALE,
    ) -> tuple[T, ...]:
        """Return the whole list. Raises GatewayError; Garbled when the pages go in circles."""
        found: list[T] = []
        seen = {""}
        last = ""
        while True:
            page = await self.page(
                path, parse, params=params, starting_after=last, priority=priority
            )
            found.extend(page.items)
            if not page.has_more:
                return tuple(found)
            last = page.last_id
            if last in seen or len(seen) > _MOST_PAGES:
                raise Garbled(method="GET", path=path, what="a list without an end")
            seen.add(last)

    async def reach(self) -> Reach:
        """Ask for next to nothing: is the service there, does it take the key, how late is it?"""
        answer = await self._ask(
            _Call("GET", "/events", "/events", [("limit", "1")]), Priority.SALE
        )
        return Reach(answer.took_ms, _http_date(answer.date))

    # ------------------------------------------------------------------ writes

    async def write(
        self,
        method: str,
        path: str,
        parse: Callable[[Record], T],
        *,
        ids: Mapping[str, str] = NOTHING,
        body: str | None = None,
        priority: Priority = Priority.SALE,
        limit_s: float = DEFAULT_LIMIT_S,
    ) -> T:
        """Send once and parse the answer. Raises GatewayError; `in_doubt` says: look it up."""
        call = _Call(method, path, filled_path(path, ids), [], body, limit_s)
        answer = await self._once(call, priority)
        return _parsed(call, answer, lambda held: parse(decode_record(held)))

    async def delete(
        self,
        path: str,
        *,
        ids: Mapping[str, str],
        priority: Priority = Priority.SALE,
        limit_s: float = DEFAULT_LIMIT_S,
    ) -> None:
        """Send a DELETE once; the answer has no body. Raises GatewayError, NotFound when gone."""
        await self._once(_Call("DELETE", path, filled_path(path, ids), [], None, limit_s), priority)

    # ------------------------------------------------------------------ one exchange

    async def _ask(self, call: _Call, priority: Priority) -> _Answer:
        try:
            return await self._once(call, priority)
        except RateLimited as limited:
            if not limited.sent or limited.retry_after_s > _PATIENCE_S[priority]:
                raise
            await self._clock.sleep(self._rng.random())  # all tills were hushed at once
        except (Offline, LostAnswer):
            await self._clock.sleep(0.2 + 0.3 * self._rng.random())
        return await self._once(call, priority)

    async def _once(self, call: _Call, priority: Priority) -> _Answer:
        try:
            await self.budget.take(priority, _PATIENCE_S[priority])
        except RateLimited as limited:
            limited.method, limited.path = call.method, call.path
            raise
        started = self._clock.monotonic()
        try:
            response = await self._exchange(call)
        except _NEVER_SENT as error:
            _note(call, type(error).__name__, self._ms_since(started))
            raise Offline(**_facts(call), reason=type(error).__name__) from error
        except (httpx.HTTPError, OSError) as error:
            _note(call, type(error).__name__, self._ms_since(started))
            raise LostAnswer(**_facts(call), reason=type(error).__name__) from error
        answer = _Answer(
            response.status_code,
            response.content,
            response.headers.get("x-dr-requestid", "")[:100],
            response.headers.get("date", ""),
            self._ms_since(started),
        )
        if 200 <= answer.status < 300:
            _note(call, answer.status, answer.took_ms, answer.request_id)
            return answer
        problem = read_problem(answer.body)
        _note(call, answer.status, answer.took_ms, answer.request_id, problem)
        refused = refusal(
            **_facts(call, answer),
            problem=problem,
            retry_after_header=response.headers.get("retry-after", ""),
        )
        if isinstance(refused, RateLimited):
            self.budget.hush(refused.retry_after_s)
        raise refused

    async def _exchange(self, call: _Call) -> httpx.Response:
        # Built by hand: `AsyncClient.build_request` parses the address three times and merges
        # headers that never change, which is half of what a call costs on a fast line.
        query = f"?{urlencode(call.params)}" if call.params else ""
        request = httpx.Request(
            call.method,
            f"{self._base_url}{call.url}{query}",
            headers=[*self._headers, ("upstream-id", self._new_id())],
            content=call.body,
            extensions={"timeout": _limits(call.limit_s)},
        )
        # httpx limits each read; a body that drips for ever needs a limit for the whole.
        async with asyncio.timeout(call.limit_s):
            return await self._http.send(request)

    def _ms_since(self, started: float) -> int:
        return round((self._clock.monotonic() - started) * 1000)

    def _new_id(self) -> str:
        return str(uuid.UUID(int=self._rng.getrandbits(128), version=4))


def _calls_per_s(secret_key: str, *, loopback: bool) -> float:
    """Return the key's limit (contract 15); a sandbox on this computer has none of its own."""
    is_test = secret_key.startswith("sk_test_") and not loopback
    return TEST_CALLS_PER_S if is_test else LIVE_CALLS_PER_S


def _limits(limit_s: float) -> dict[str, float]:
    return {
        "connect": min(_CONNECT_LIMIT_S, limit_s),
        "read": limit_s,
        "write": limit_s,
        "pool": min(_POOL_LIMIT_S, limit_s / 2),
    }


def _parse_page(data: Record, parse: Callable[[Record], T]) -> Page[T]:
    held = data.get("data")
    if not isinstance(held, list):
        raise Garbled(what="a list without data")
    entries = [as_record(entry, "list entry") for entry in held]
    return Page(
        tuple([parse(entry) for entry in entries]),
        flag(data, "hasMore"),
        text(entries[-1], "id") if entries else "",
    )


def _parsed(call: _Call, answer: _Answer, parse: Callable[[bytes], T]) -> T:
    try:
        return parse(answer.body)
    except Garbled as garbled:
        log.info("%s %s unreadable: %s", call.method, call.path, garbled.what)
        if call.method in READS:
            raise Garbled(**_facts(call, answer), what=garbled.what) from garbled
        raise LostAnswer(**_facts(call, answer), reason=garbled.what) from garbled


def _facts(call: _Call, answer: _Answer | None = None) -> dict[str, Any]:
    facts: dict[str, Any] = {"method": call.method, "path": call.path}
    if answer is not None:
        facts.update(status=answer.status, request_id=answer.request_id)
    return facts


_NO_PROBLEM: Final = Problem()


def _note(
    call: _Call,
    outcome: int | str,
    took_ms: int,
    request_id: str = "",
    problem: Problem = _NO_PROBLEM,
) -> None:
    """Log a call: never its address, parameters, headers or bodies, only what is listed here."""
    quiet = call.method in READS and isinstance(outcome, int) and outcome < 300
    log.log(
        logging.DEBUG if quiet else logging.INFO,
        "%s %s %s %d ms %s %s %s",
        call.method,
        call.path,
        outcome,
        took_ms,
        request_id,
        problem.logged_code,
        problem.logged_field,
    )


def _http_date(value: str) -> datetime | None:
    try:
        return parsedate_to_datetime(value)
    except ValueError:
        return None
