"""The pretend service's ground: documents, time, timers, events. It knows no resource's rules."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from posapp.sandbox.clock import Clock, Ids, Pace
from posapp.sandbox.director import Director
from posapp.sandbox.queries import Query
from posapp.sandbox.storage import Due, Row, Storage
from posapp.sandbox.wire import (
    EPOCH,
    Json,
    Response,
    decode,
    encode,
    invalid,
    micros,
    not_found,
    read_time,
    stamp,
    stamp_micros,
)

log = logging.getLogger(__name__)

EVENT_DAYS = 30
PAGES_KEPT = 16  # whole pages of lists, in memory
VERSION = "2021-12-13"
Timer = Callable[["Core", str, Json], None]


@dataclass(frozen=True, slots=True)
class Keys:
    """Credentials of the pretend account."""

    secret: str = "sk_test_sandbox"
    public: str = "pk_test_sandbox"
    read_only: str = "sk_test_sandbox_readonly"  # a restricted key: 403 on every write


@dataclass(slots=True)
class Options:
    """Choices of the account and of the run."""

    pace: Pace = field(default_factory=Pace)
    keys: Keys = field(default_factory=Keys)
    risk_averse: bool = False  # contract section 10, late shipment
    expanded_events: bool = False  # needs vendor activation there
    authorisation_days: float = 7.0
    transfer_days: float = 7.0
    rate_limit: float | None = None  # requests a second and key; None = not limited


@dataclass(slots=True)
class Call:
    """A checked request as a resource sees it."""

    path: Mapping[str, str]
    body: Json
    query: Query
    now: datetime

    @property
    def id(self) -> str:
        """The resource named in the address."""
        return self.path["id"]


def reply(status: int, wire: bytes | Json) -> Response:
    """An answer with a JSON body."""
    return Response(status, wire if isinstance(wire, bytes) else encode(wire))


NO_CONTENT = Response(204)


class Core:
    """What every rule works with; one transaction wraps each request and each timer."""

    def __init__(
        self, storage: Storage, clock: Clock, rng: random.Random, options: Options
    ) -> None:
        self.storage = storage
        self.clock = clock
        self.options = options
        self.ids = Ids(rng)
        self.director = Director(rng)
        self.base_url = "http://127.0.0.1"
        self.timers: dict[str, Timer] = {}
        self._pages: dict[tuple[bool, int, int], tuple[list[bytes], bytes]] = {}
        self.webhooks_for: Callable[[str], list[str]] = lambda _kind: []
        self.now = self._last_now()
        self._event_at = max(micros(self.now), self._last_event())
        self.own_faults = 0  # what went wrong by our own doing; `checks` tells

    def _last_now(self) -> datetime:
        kept = self.storage.note("now")
        last = EPOCH + timedelta(microseconds=int(kept)) if kept else EPOCH
        return max(last, self.clock())

    def _last_event(self) -> int:
        """When the newest event was made; events of one moment differ by a microsecond each."""
        newest = self.storage.page("event", [], {}, 1)[0]
        at = read_time(decode(newest[0])["createdTime"]) if newest else None
        return micros(at) if at else 0

    def read_clock(self) -> datetime:
        """The service's time; it never runs backwards, whatever the machine's does."""
        return max(self.now, self.director.time(self.clock()))

    def begin_at(self, clock: Clock) -> None:
        """Lets an empty world begin at another time; raises RuntimeError once it has a history."""
        if self.storage.count("event"):
            raise RuntimeError("only an empty world can begin at another time")
        self.clock, self.now = clock, clock()
        self._event_at = micros(self.now)

    # -- documents --------------------------------------------------------------------------

    def save(self, kind: str, id_: str, wire: Json, state: Any, columns: Mapping[str, Any]) -> None:
        """Writes a document with its public form, its hidden state and its filter columns."""
        self.storage.put(kind, id_, encode(wire), encode(state), columns)

    def row(self, kind: str, id_: str, parameter: str = "id") -> Row:
        """The stored document; raises Problem 404."""
        row = self.storage.get(kind, id_)
        if row is None:
            raise not_found(parameter)
        return row

    def shown(self, kind: str, id_: str) -> bytes:
        """Its public form as it is sent; raises Problem 404."""
        wire = self.storage.wire(kind, id_)
        if wire is None:
            raise not_found()
        return wire

    def document(self, kind: str, id_: str, parameter: str = "id") -> Json:
        """Its public form as plain values; raises Problem 404."""
        document: Json = decode(self.row(kind, id_, parameter).wire)
        return document

    def listing(self, kind: str, call: Call, rename: Mapping[str, str] | None = None) -> Response:
        """One page of a kind, newest first; `rename` maps list parameters to columns."""
        pieces, more = self.page(kind, call.query, rename or {})
        return self.paged(pieces, more=more)

    def paged(self, pieces: list[bytes], *, more: bool) -> Response:
        """One page of a list. Who polls gets the same pieces again, and those are kept whole."""
        if not pieces:
            return Response(200, b'{"hasMore":%b,"data":[]}' % (b"true" if more else b"false"))
        key = (more, len(pieces), id(pieces[0]))
        made = self._pages.get(key)
        if made is not None and made[0] == pieces:  # the same objects: no byte is compared
            return Response(200, made[1])
        whole = list(pieces)  # the brackets stand with the first and last: one copy of a long page
        whole[0] = (b'{"hasMore":true,"data":[' if more else b'{"hasMore":false,"data":[') + whole[
            0
        ]
        whole[-1] += b"]}"
        body = b",".join(whole)
        if len(self._pages) >= PAGES_KEPT:
            self._pages.clear()
        self._pages[key] = (pieces, body)
        return Response(200, body)

    def page(self, kind: str, query: Query, rename: Mapping[str, str]) -> tuple[list[bytes], bool]:
        """The wires of one page and whether more follow (contract section 2, paging)."""
        any_of = {rename.get(name, name): ids for name, ids in query.lists.items()}
        if "ids" in any_of:
            any_of["id"] = any_of.pop("ids")
        bounds: dict[str, int] = {}
        anchor = query.ending_before or query.starting_after
        if anchor is not None:
            seq = self.storage.seq_of(kind, anchor)
            if seq is None:
                name = "endingBefore" if query.ending_before else "startingAfter"
                raise invalid(name, "No such object.")
            bounds["newer_than" if query.ending_before else "older_than"] = seq
        return self.storage.page(kind, query.conditions, any_of, query.limit, **bounds)

    # -- timers -----------------------------------------------------------------------------

    def after(self, seconds: float, what: str, ref: str, **args: Any) -> None:
        """Lets `what` happen to `ref` that many seconds from now."""
        at = micros(self.now) + round(seconds * 1_000_000)
        self.storage.schedule(at, what, ref, encode(args))

    def advance(self, to: datetime | None = None) -> None:
        """Fires, in order and each at its own time, everything due until `to` (default: now)."""
        until = to or self.read_clock()
        while due := self.storage.next_due(micros(until)):
            self._fire(due)
        self.now = max(self.now, until)

    def _fire(self, due: Due) -> None:
        self.now = max(self.now, EPOCH + timedelta(microseconds=due.at))
        try:
            with self.storage.transaction():
                self.storage.done(due)
                self.timers[due.what](self, due.ref, decode(due.args))
                self.remember_time()
        except Exception:  # a fault of ours must not end every later call as well
            log.exception("the sandbox could not do what was due: %s of %s", due.what, due.ref)
            self.own_faults += 1
            with self.storage.transaction():
                self.storage.done(due)

    def remember_time(self) -> None:
        """Writes down how late it is, so that a restart cannot go back."""
        self.storage.set_note("now", str(micros(self.now)).encode())

    # -- events -----------------------------------------------------------------------------

    def emit(
        self, kind: str, shown: Json | bytes, order_id: str = "", previous: Json | None = None
    ) -> None:
        """Records an event with a snapshot of the resource (contract section 13)."""
        if self.director.loses_event():
            return
        snapshot = shown if isinstance(shown, bytes) else encode(shown)
        self._event_at = max(self._event_at + 1, micros(self.now))
        at = EPOCH + timedelta(microseconds=self._event_at)
        id_ = self.ids.uuid()
        data: Json = {"object": msgspec.Raw(snapshot)}
        if previous:
            data["previousAttributes"] = previous
        webhooks = self.webhooks_for(kind)
        wire: Json = {
            "id": id_,
            "type": kind,
            "createdTime": stamp_micros(at),
            "data": data,
            "liveMode": False,
            "digitalriverVersion": VERSION,
        }
        if webhooks:
            wire["webhookIds"] = webhooks
        body = encode(wire)
        shown_at = micros(self.now) + round(self.director.event_delay_s() * 1_000_000)
        columns = {"createdTime": self._event_at, "type": kind, "visible": shown_at}
        columns["orderId"] = order_id or None
        self.storage.put("event", id_, body, b"{}", columns)
        if self.director.doubles_event():
            self.storage.put("event", id_ + " again", body, b"{}", columns)
        for webhook in webhooks:
            self.storage.schedule(
                shown_at, "webhook.deliver", webhook, encode({"event": id_, "tries": 0})
            )

    # -- words ------------------------------------------------------------------------------

    def stamp(self) -> str:
        """Now, as resources print it."""
        return stamp(self.now)

    def number_id(self, series: str) -> str:
        """The next number of a series, twelve digits that never repeat in one store."""
        base = {"order": 231_000_000_000, "line": 620_000_000_000, "customer": 540_000_000_000}
        step = self.storage.add(series)
        return str(base[series] + step * 97 + self.ids.rng.randrange(97))
