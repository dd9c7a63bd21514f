"""The pretend service whole: requests in, answers out, time that can be turned. No socket.

world = World()                                  # in memory, hand-set clock, fixed chance
world.handle(Request("GET", "/orders", headers={"authorization": "Bearer sk_test_sandbox"}))
world.turn(60)                                   # a minute passes: captures, reviews, transfers
"""

from __future__ import annotations

import base64
import binascii
import logging
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from posapp.sandbox import (
    basket,
    checks,
    customers,
    documents,
    events,
    fulfilments,
    lifecycle,
    refunds,
    returns,
    sales,
    skus,
    sources,
    tax_identifiers,
    webhooks,
)
from posapp.sandbox.clock import Clock, HandClock
from posapp.sandbox.core import Call, Core, Options, Timer
from posapp.sandbox.director import Outcome, failure, refusal, slow_down, spoil
from posapp.sandbox.formdesk import FormDesk
from posapp.sandbox.limits import RateLimit
from posapp.sandbox.routes import Route, routes
from posapp.sandbox.storage import Storage
from posapp.sandbox.wire import (
    Delivery,
    Json,
    Problem,
    Request,
    Response,
    decode,
    encode,
    invalid,
    micros,
    missing,
    problem,
)

log = logging.getLogger(__name__)

KINDS = (
    skus.KIND, customers.KIND, tax_identifiers.KIND, basket.KIND, sources.KIND, sales.KIND,
    sales.CHARGE_KIND, fulfilments.KIND, refunds.KIND, returns.KIND, events.KIND, webhooks.KIND,
    documents.FILE_KIND, documents.LINK_KIND,
)  # fmt: skip


class World:
    """One pretend account: its documents, its clock, its troubles. Safe to call from any thread."""

    def __init__(
        self,
        storage: Path | None = None,
        *,
        clock: Clock | None = None,
        seed: int | str = 1,
        options: Options | None = None,
    ) -> None:
        """`storage`: the database file, or None for memory. `seed` makes ids and chance repeat."""
        self.hands = HandClock() if clock is None else None
        self._lock = threading.RLock()
        self._storage = Storage(storage, KINDS)
        boot = self._storage.add("boots")  # a restart must not draw the same ids again
        self.core = Core(
            self._storage,
            clock or self.hands or HandClock(),
            random.Random(f"{seed}/{boot}"),
            options or Options(),
        )
        self.director = self.core.director
        self.usual_rate = self.core.options.rate_limit  # what `calm` goes back to
        self.core.timers = TIMERS | {"webhook.deliver": self._queue_delivery}
        if boot == 1:
            self.core.after(86400, events.PRUNE, "")
        self.core.webhooks_for = lambda kind: webhooks.wanting(self.core, kind)
        self.form = FormDesk(self.core, self._transaction)
        self._routes = routes()
        self._limit = RateLimit()
        self._deliveries: list[webhooks.Delivery] = []

    @property
    def options(self) -> Options:
        """Choices of the account; may be changed while it runs."""
        return self.core.options

    def handle(self, request: Request) -> Response:
        """Answers one API call; what it changes is durable before this returns."""
        with self._lock:
            self.core.advance()
            answer = self._met(request)
            return self._stamped(answer)

    def refuse(self, refused: Problem) -> Response:
        """The answer to a call that is refused before anybody has looked at it."""
        with self._lock:
            return self._stamped(Response(refused.status, encode(refused.body), refused.headers))

    def _met(self, request: Request) -> Response:
        """The answer, with whatever trouble is ordered for this request."""
        if self.director.is_out(self.core.now.timestamp()):
            return failure(503)
        fault = self.director.fault_for(request)
        if fault is not None:
            refused = refusal(fault)
            if refused is not None:
                return refused
        reads = request.method == "GET"
        answer = self._guarded(lambda: self._answer(request), reads=reads)
        if fault is not None:
            return spoil(fault, answer)
        return self._delayed(request, answer)

    def _delayed(self, request: Request, answer: Response) -> Response:
        """Slow and lost answers of the training menu: the next order, once made."""
        if (request.method, request.path) != ("POST", "/orders") or answer.status != 201:
            return answer
        wish = self.director.take(Outcome.SLOW, Outcome.LOST_ANSWER)
        if wish is None:
            return answer
        seconds = 8.0 if wish.seconds is None or wish.seconds < 0 else wish.seconds
        lost = wish.outcome is Outcome.LOST_ANSWER
        late = Delivery(delay_s=seconds, lost=lost)
        return Response(answer.status, answer.body, answer.headers, late)

    def _stamped(self, answer: Response) -> Response:
        kind = {} if not answer.body else {"Content-Type": "application/json"}
        headers = {**kind, **answer.headers, "x-dr-requestid": self.core.ids.uuid()}
        return Response(answer.status, answer.body, headers, answer.delivery)

    def _guarded(self, work: Callable[[], Response], *, reads: bool = False) -> Response:
        """Runs a piece of work in one transaction; a refusal undoes it and becomes its body.

        What only reads needs none, and must not wait for the disk.
        """
        with self._lock:
            try:
                with nullcontext() if reads else self._transaction():
                    answer = work()
            except Problem as refused:
                return Response(refused.status, encode(refused.body), refused.headers)
            except Exception:
                log.exception("the sandbox has a fault of its own")
                self.core.own_faults += 1
                return failure(500)
            return answer

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """One durable step at the service's present time."""
        with self._lock:
            self.core.advance()
            with self._storage.transaction():
                yield
                self.core.remember_time()

    def _answer(self, request: Request) -> Response:
        if request.path.startswith("/shared/"):
            return documents.shared(self.core, request.path)
        self._authorise(request)
        route, path = self._routes.find(request.method, request.path)
        self._check_accept(route, request.headers.get("accept", "*/*"))
        call = Call(path, {}, route.read_query(request.query), self.core.now)
        if route.read_body is not None:
            _check_content_type(request)
            call.body = route.read_body(_parsed(request.body), "")
        elif request.body.strip() not in (b"", b"{}"):
            raise invalid("body", "This call takes no body.")
        return route.work(self.core, call)

    def _authorise(self, request: Request) -> None:
        keys = self.core.options.keys
        key = _key(request.headers.get("authorization", ""))
        if key == keys.public or (key == keys.read_only and request.method != "GET"):
            raise problem(403, "forbidden", "This key may not do that.")
        if key not in (keys.secret, keys.read_only):
            raise problem(401, None, "Not authorised.")
        rate = self.core.options.rate_limit
        if rate is not None:
            wait = self._limit.wait_s(key, rate, self.core.now.timestamp())
            if wait:
                limited = slow_down(wait)
                refused = Problem(429, decode(limited.body))
                refused.headers = dict(limited.headers)
                raise refused

    def _check_accept(self, route: Route, accept: str) -> None:
        wanted = {part.split(";")[0].strip().lower() for part in accept.split(",")}
        offered = "application/pdf" if route.id == "downloadFiles" else "application/json"
        if not wanted & {offered, "*/*", "application/*", ""}:
            raise problem(406, "not_acceptable", f"Only {offered} exists here.")

    # -- time -------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """The service's time."""
        return self.core.now

    def advance(self, to: datetime | None = None) -> None:
        """Fires everything due until `to`, or until the clock's time."""
        with self._lock:
            self.core.advance(to)

    def turn(self, seconds: float) -> None:
        """Turns the clock on and lets happen what is due; the skew serves a clock not ours."""
        with self._lock:
            if self.hands is not None:
                self.hands.turn(seconds)
            else:
                self.director.skew_s += seconds
            self.core.advance()

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Makes many calls one durable step, for filling a world."""
        with self._lock, self._storage.transaction():
            yield

    def next_due_s(self) -> float | None:
        """Seconds until something happens by itself; None when nothing will."""
        with self._lock:
            first = self._storage.first_due()
            if first is None:
                return None
            left_s = (first - micros(self.core.read_clock())) / 1_000_000
            return max(0.0, left_s / max(self.director.speed, 0.001))

    # -- webhooks ---------------------------------------------------------------------------

    def _queue_delivery(self, core: Core, ref: str, args: Json) -> None:
        delivery = webhooks.prepare(core, ref, args["event"], args["tries"])
        if delivery is not None:
            self._deliveries.append(delivery)

    def take_deliveries(self) -> list[webhooks.Delivery]:
        """Webhook posts to make now; report each with `delivered`."""
        with self._lock:
            taken, self._deliveries = self._deliveries, []
            return taken

    def delivered(self, delivery: webhooks.Delivery, *, good: bool) -> None:
        """What came of a webhook post."""
        with self._lock, self._storage.transaction():
            webhooks.record(self.core, delivery, good=good)

    # -- hands of the control port and of tests ---------------------------------------------

    def set_speed(self, speed: float) -> None:
        """Lets the service's clock run `speed` times as fast as the machine's from now on."""
        with self._lock:
            self.director.set_speed(speed, self.core.clock())

    def emit(self, kind: str, snapshot: Json, ref: str, times: int) -> None:
        """An event nothing brought about, `times` times, each with an id of its own."""
        order_id = str(snapshot.get("orderId", ref if kind.startswith("order.") else ""))
        with self._lock, self._storage.transaction():
            for _ in range(times):
                self.core.emit(kind, snapshot, order_id)

    def resolve_review(self, order_id: str, *, accept: bool) -> None:
        """Ends a review now; raises Problem 404 or 409."""
        with self._lock, self._storage.transaction():
            order = sales.load(self.core, order_id)
            if order.state != "in_review":
                raise problem(409, "order_not_in_review", "That order is not in review.")
            lifecycle.review_ends(self.core, order_id, {"accept": accept})

    def resolve_payment(self, order_id: str, *, arrives: bool) -> None:
        """A transfer or pending payment comes in, or lapses; raises Problem 404 or 409."""
        with self._lock, self._storage.transaction():
            order = sales.load(self.core, order_id)
            if order.state != "pending_payment":
                raise problem(409, "order_not_pending", "That order does not wait for money.")
            lifecycle.payment_settles(self.core, order_id, {"good": arrives})

    def dispute(self, order_id: str) -> None:
        """Opens a dispute; raises Problem 404, IllegalMove when the state forbids it."""
        with self._lock, self._storage.transaction():
            lifecycle.dispute(self.core, sales.load(self.core, order_id))

    def resolve_dispute(self, order_id: str, *, charged_back: int = 0) -> None:
        """Ends a dispute; `charged_back` in minor units is lost for good."""
        with self._lock, self._storage.transaction():
            order = sales.load(self.core, order_id)
            lifecycle.resolve_dispute(self.core, order, charged_back)

    def check(self) -> list[str]:
        """Every broken invariant in words; empty when the books agree."""
        with self._lock:
            return checks.run(self.core)

    def close(self) -> None:
        """Closes the database."""
        with self._lock:
            self._storage.close()


def _key(header: str) -> str:
    """The key of a Bearer or Basic header (contract section 2); empty when there is none."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(rest.strip(), validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return ""
    return ""


def _check_content_type(request: Request) -> None:
    """JSON both ways (contract section 2); a caller that says nothing is taken at its word.

    Some of the vendor's own samples declare text/plain, so that is let pass too.
    """
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    known = said in ("", "application/json", "text/plain") or said.endswith("+json")
    if request.body and not known:
        raise problem(400, "invalid_format", "Only application/json is read here.", "Content-Type")


def _parsed(body: bytes) -> Any:
    if not body.strip():
        raise missing("body")
    try:
        return decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError, ValueError):
        raise problem(400, "invalid_format", "The body is not JSON.") from None


TIMERS: dict[str, Timer] = {
    events.PRUNE: events.prune,
    "tax_identifier.check": tax_identifiers.check,
    "order.review_ends": lifecycle.review_ends,
    "order.payment_settles": lifecycle.payment_settles,
    "order.fulfilled": lifecycle.fulfilled,
    "order.invoice": documents.issue_invoice,
    "charge.moves": fulfilments.operation_ends,
    "charge.asks": fulfilments.cancel_asks,
    "refund.asks": refunds.asks,
    "refund.ends": refunds.ends,
    "refund.expires": refunds.expires,
}
