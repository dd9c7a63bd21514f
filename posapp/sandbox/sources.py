"""Payment sources: making, showing and moving them through their states (contract section 6)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from posapp.sandbox import cards, money
from posapp.sandbox.cards import Effect
from posapp.sandbox.core import Call, Core, reply
from posapp.sandbox.methods import METHODS
from posapp.sandbox.paging import Kind
from posapp.sandbox.wire import Json, Response, invalid, micros, missing, not_found

KIND = Kind(
    "source", {"createdTime": "INTEGER", "session": "TEXT", "customerId": "TEXT"}, ("session",)
)


class Source(msgspec.Struct):
    """One payment instrument, with what only the service knows of it."""

    id: str
    secret: str
    type: str
    created: str
    updated: str
    created_at: int
    state: str
    owner: Json
    details: Json
    flow: str = "standard"
    reusable: bool = False
    currency: str | None = None
    amount: int | None = None
    session: str | None = None
    customer: str | None = None
    upstream: str | None = None
    effect: Effect = Effect.NONE
    redirect: Json = {}
    expires: str | None = None
    language: str = "en"
    metadata: Json = {}

    @property
    def is_credit(self) -> bool:
        """Whether this is store credit."""
        return self.type == "customerCredit"


_decoder = msgspec.json.Decoder(Source, float_hook=Decimal)


def show(source: Source) -> Json:
    """The source as the REST API returns it."""
    wire: Json = {
        "id": source.id,
        "createdTime": source.created,
        "updatedTime": source.updated,
        "type": source.type,
        "reusable": source.reusable,
        "state": source.state,
        "flow": source.flow,
        "clientSecret": source.secret,
    }
    if source.owner:
        wire["owner"] = source.owner
    if source.currency is not None:
        wire["currency"] = source.currency
        if source.amount is not None:
            wire["amount"] = money.number(source.amount, source.currency)
    for name, value in (
        ("customerId", source.customer),
        ("paymentSessionId", source.session),
        ("upstreamId", source.upstream),
    ):
        if value is not None:
            wire[name] = value
    wire[detail_name(source.type)] = details(source)
    if source.metadata:
        wire["metadata"] = source.metadata
    wire["liveMode"] = False
    return wire


def detail_name(kind: str) -> str:
    """The property that carries a type's details."""
    return {"payco": "payCo"}.get(kind, kind)


def details(source: Source) -> Json:
    """The object named after the type, redirect addresses inside where the type has them."""
    if not source.redirect:
        return source.details
    if source.type in ("payPal", "payPalBilling", "payPalCredit", "directDebit"):
        return {**source.details, "redirect": source.redirect}
    return {**source.details, **source.redirect}


def brief(source: Source, amount: int, currency: str) -> Json:
    """The short form inside payment.sources; carries no state."""
    wire: Json = {
        "id": source.id,
        "type": source.type,
        "amount": money.number(amount, currency),
        detail_name(source.type): details(source),
    }
    if source.owner:
        wire["owner"] = source.owner
    if source.upstream is not None:
        wire["upstreamId"] = source.upstream
    return wire


def load(core: Core, id_: str, parameter: str = "id") -> Source:
    """The source of that id; raises Problem 404."""
    return _decoder.decode(core.row("source", id_, parameter).state)


def find(core: Core, id_: str) -> Source | None:
    """The source of that id, if any."""
    row = core.storage.get("source", id_)
    return _decoder.decode(row.state) if row else None


def save(core: Core, source: Source) -> None:
    """Writes a source."""
    columns = {
        "createdTime": source.created_at,
        "session": source.session,
        "customerId": source.customer,
    }
    core.save("source", source.id, show(source), source, columns)


def move(core: Core, source: Source, state: str) -> None:
    """Puts a source into another state and says so where the contract has an event for it."""
    if source.state == state:
        return
    before, source.state, source.updated = source.state, state, core.stamp()
    save(core, source)
    if state == "chargeable":
        core.emit("source.chargeable", show(source), previous={"state": before})


def make(core: Core, kind: str, owner: Json, **more: Any) -> Source:
    """A new source, written down, with its events."""
    id_ = core.ids.uuid()
    source = Source(
        id=id_,
        secret=f"{id_}_{core.ids.uuid()}",
        type=kind,
        created=core.stamp(),
        updated=core.stamp(),
        created_at=micros(core.now),
        owner=owner,
        **more,
    )
    save(core, source)
    if source.state == "failed":
        return source  # refused at once: the contract has no event for it (section 6)
    core.emit("source.created", show(source))
    if source.state == "chargeable":
        core.emit("source.chargeable", show(source))
    return source


def create(core: Core, call: Call) -> Response:
    """POST /sources: store credit, and cards with a test key (openapi createSources)."""
    from posapp.sandbox import basket

    body = call.body
    session = body.get("paymentSessionId")
    checkout = basket.of_session(core, session) if session else None
    if session and checkout is None:
        raise invalid("paymentSessionId", "No such payment session.")
    currency = checkout.currency if checkout else None
    if body["type"] == "creditCard":
        return reply(201, show(_card(core, body, session, currency)))
    if "amount" not in body:
        raise missing("amount")
    if currency is None or checkout is None:
        raise missing("paymentSessionId")
    amount = money.to_minor(body["amount"], currency)
    if not amount or amount < 0:
        raise invalid("amount", "An amount above zero with the digits of its currency.")
    source = make(
        core, "customerCredit", body.get("owner", {}), state="chargeable", details={},
        currency=currency, amount=amount, session=session, upstream=body.get("upstreamId"),
    )  # fmt: skip
    return reply(201, show(source))


def _card(core: Core, body: Json, session: str | None, currency: str | None) -> Source:
    kept, effect = cards.read(body["creditCard"], core.now)
    failed = effect is Effect.SOURCE_FAILS
    return make(
        core, "creditCard", body["owner"], state="failed" if failed else "chargeable",
        details=kept, effect=effect, session=session, currency=currency,
    )  # fmt: skip


def get(core: Core, call: Call) -> Response:
    """GET /sources/{id}"""
    return reply(200, core.shown("source", call.id))


def can_be_saved(source: Source) -> bool:
    """Whether the type may be kept for later sales."""
    return source.type in METHODS and METHODS[source.type].reusable


def redirect_token(core: Core, source: Source, token: str) -> None:
    """Checks the token of a provider page; raises Problem 404."""
    if core.storage.note(f"redirect:{source.id}") != token.encode():
        raise not_found("token")
