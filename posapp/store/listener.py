"""How programs on one PostgreSQL hear of each other's commits: LISTEN/NOTIFY, on a thread of its
own.

Never carries data: the ids of what changed, cut to what a notification may hold.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator, Sequence

import msgspec
from sqlalchemy import Connection, text

from posapp.domain.changes import (
    CatalogueChanged,
    Change,
    FeedChanged,
    OrdersChanged,
    OutboxChanged,
    PersonChanged,
    SalesChanged,
    StoreReturned,
)
from posapp.store.codec import write_plain
from posapp.store.drivers import CONNECT_S, postgres_url

log = logging.getLogger(__name__)

CHANNEL = "posapp_changes"
_MOST_IDS = 100  # well below the 8,000 bytes a notification may have
_NOTIFY = text("SELECT pg_notify(:channel, :payload)")
_STEP_S = 0.5
_PAUSE_S = 5.0

# Sales are their till's own affair, and so is who stands at it.
_TOLD: dict[str, type[OrdersChanged] | type[OutboxChanged]] = {
    "orders": OrdersChanged,
    "outbox": OutboxChanged,
}
_TOLD_BARE: dict[str, type[FeedChanged] | type[CatalogueChanged]] = {
    "feed": FeedChanged,
    "catalogue": CatalogueChanged,
}


class _Heard(msgspec.Struct):
    origin: str
    kind: str
    ids: list[str]


_decoder = msgspec.json.Decoder(_Heard)


def _payloads(origin: str, change: Change) -> Iterator[str]:
    match change:
        case OrdersChanged() | OutboxChanged():
            kind = "orders" if isinstance(change, OrdersChanged) else "outbox"
            ids = sorted(change.order_ids)
            for start in range(0, len(ids), _MOST_IDS):
                part = ids[start : start + _MOST_IDS]
                yield write_plain({"origin": origin, "kind": kind, "ids": part})
        case FeedChanged() | CatalogueChanged():
            kind = "feed" if isinstance(change, FeedChanged) else "catalogue"
            yield write_plain({"origin": origin, "kind": kind, "ids": []})
        case SalesChanged() | PersonChanged() | StoreReturned():
            return


def notify(connection: Connection, origin: str, changes: Sequence[Change]) -> None:
    """Tell the other programs on this server; they hear it when the transaction is committed."""
    if connection.dialect.name == "sqlite":
        return
    for change in changes:
        for payload in _payloads(origin, change):
            connection.execute(_NOTIFY, {"channel": CHANNEL, "payload": payload})


def understood(payload: str, origin: str) -> Change | None:
    """Return what another program told; None for our own words and for kinds of a newer program."""
    try:
        heard = _decoder.decode(payload)
    except msgspec.MsgspecError:
        log.info("a notification of unknown shape was left alone")
        return None
    if heard.origin == origin:
        return None
    if heard.kind in _TOLD:
        return _TOLD[heard.kind](frozenset(heard.ids))
    return _TOLD_BARE[heard.kind]() if heard.kind in _TOLD_BARE else None


class Listener:
    """Hears the commits of other programs and tells them on the loop's thread."""

    def __init__(self, url: str, origin: str, tell: Callable[[Change], None]) -> None:
        self._url = url
        self._origin = origin
        self._tell = tell
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.ready = threading.Event()

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Listen from now on."""
        self._thread = threading.Thread(
            target=self._run, args=(loop,), name="store-listener", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Listen no more; returns within a second."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=2 * CONNECT_S)

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        while not self._stop.is_set():
            try:
                self._listen(loop)
            except OSError as error:
                log.info("the listener lost the database (%s) and tries again", error)
            except RuntimeError:
                return  # the loop has ended: nobody is left to hear
            self._stop.wait(_PAUSE_S)

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        import psycopg

        address = postgres_url(self._url).set(drivername="postgresql")
        try:
            with psycopg.connect(
                address.render_as_string(hide_password=False),
                autocommit=True,
                connect_timeout=CONNECT_S,
                application_name="posapp listener",
            ) as connection:
                connection.execute(f"LISTEN {CHANNEL}")
                if self.ready.is_set():  # what was told while the line was cut is lost: look anew
                    loop.call_soon_threadsafe(self._tell, StoreReturned())
                self.ready.set()
                while not self._stop.is_set():
                    for notification in connection.notifies(timeout=_STEP_S):
                        change = understood(notification.payload, self._origin)
                        if change is not None:
                            loop.call_soon_threadsafe(self._tell, change)
        except psycopg.Error as error:
            raise OSError(type(error).__name__) from error
