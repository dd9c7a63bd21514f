"""Serves the payment form: script, styles, vendor frames and their calls with the public key.

Never decides what happens to money: that is the world's. Surface: drop-in.md 1 and 6.
"""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final, Protocol
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from posapp.sandbox import entities
from posapp.sandbox.wire import Json, Problem, decode, encode, invalid, problem

LANGUAGES: Final = ("en", "de", "fr", "ja")
_LARGEST_BODY: Final = 64 * 1024
_KEPT_FORMS: Final = 50
_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_FRAME_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'"
)
_FILLED: Final = frozenset({"redirect.html", "returned.html", "slip.html"})
_PLACEHOLDER: Final = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class Visit:
    """A buyer at a provider's page: what the page says."""

    method: str
    amount: str
    language: str
    return_url: str


@dataclass(frozen=True, slots=True)
class Slip:
    """What a buyer takes to a convenience store. `until`: the last day, as 2026-12-01."""

    store: str
    number: str
    amount: str
    until: str
    language: str


class FormWorld(Protocol):
    """What the form needs of the pretend service. Every call may raise `wire.Problem`."""

    def knows_public_key(self, key: str) -> bool:
        """Whether this is the account's public key."""

    def session(self, session_id: str) -> Json:
        """`amount` (text), `currency`, `country`, `businessEntityCode`, `recurring`."""

    def methods(self, query: Mapping[str, str]) -> list[Json]:
        """Payment methods for `sessionId`, or `country` and `currency`, in order."""

    def create_source(self, order: Json) -> Json:
        """Make a source from what the form sends; the form's shape of it."""

    def read_source(self, source_id: str, secret: str) -> Json:
        """The source, the form's shape."""

    def answer_challenge(self, source_id: str, secret: str, answer: str) -> Json:
        """The buyer answered the bank; the source afterwards."""

    def seller(self, country: str) -> str:
        """The entity whose texts stand beside a form without a sale."""

    def authenticate(
        self, session_id: str, source_id: str, secret: str, cvv: str | None = None
    ) -> Json:
        """`{status}`, with `source` when the bank wants a challenge."""

    def update_source(self, source_id: str, secret: str, changes: Json) -> Json:
        """A card's `owner`, `expirationMonth` and `expirationYear`; the source afterwards."""

    def refund(self, refund_token: str) -> Json:
        """`amount` (text), `currency`, `expiresTime` of a refund that waits for bank details."""

    def refund_details(self, refund_token: str) -> None:
        """The buyer gave those details."""

    def visit(self, source_id: str, token: str) -> Visit:
        """The provider's page of a redirect source."""

    def slip(self, source_id: str, token: str) -> Slip:
        """The printed slip of a payment at a store."""

    def decide(self, source_id: str, token: str, *, approve: bool) -> None:
        """The buyer approved or declined there."""


def _static() -> Traversable:
    return resources.files("posapp.sandbox").joinpath("static")


def _text(*parts: str) -> str:
    return _static().joinpath(*parts).read_text("utf-8")


def _data(name: str) -> Json:
    loaded: Json = json.loads(_text("data", f"{name}.json"))
    return loaded


@cache
def words(language: str) -> Mapping[str, str]:
    """The form's words in one of `LANGUAGES`; English for any other."""
    return _data(f"words.{language if language in LANGUAGES else 'en'}")


@cache
def script() -> str:
    """DigitalRiver.js: its data, then its parts in the order of their names."""
    known = _data("entities")
    for code, name in entities.NAMES.items():
        known[code] = {**known.get(code, {}), "name": name}  # as checkouts spell it
    data = {
        "words": {language: words(language) for language in LANGUAGES},
        "disclosures": {language: _data(f"disclosures.{language}") for language in LANGUAGES},
        "entities": known,
        "brands": _data("brands"),
        "banks": _data("banks"),
    }
    folder = _static().joinpath("js")
    parts = sorted(part.name for part in folder.iterdir() if part.name.endswith(".js"))
    body = "\n".join(folder.joinpath(part).read_text("utf-8") for part in parts)
    return f"(function () {{\n'use strict';\nconst DATA = {_json(data)};\n{body}\n}}());\n"


@cache
def frame_script() -> str:
    """What the vendor frames share: their words, then frame.js."""
    return (
        f"'use strict';\nconst WORDS = {_json({one: words(one) for one in LANGUAGES})};\n"
        + _text("form", "frame.js")
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _file(body: str, kind: str) -> Response:
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    if kind == "html":
        headers |= {"Content-Security-Policy": _FRAME_POLICY, "Referrer-Policy": "no-referrer"}
    return Response(body, media_type=_TYPES[kind], headers=headers)


def _page(name: str, **values: str) -> Response:
    safe = {key: html.escape(value) for key, value in values.items()}
    return _file(_PLACEHOLDER.sub(lambda found: safe[found[1]], _text("form", name)), "html")


Answer = Callable[[Request, Json], Awaitable[tuple[int, object]]]


class Form:
    """One sandbox's payment form. `recorded` keeps the latest configurations pages gave it."""

    def __init__(
        self, world: FormWorld, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        """`sleep` serves the magic last name `SlowSource`, 12 s."""
        self._world = world
        self._sleep = sleep
        self.recorded: deque[Json] = deque(maxlen=_KEPT_FORMS)

    def routes(self) -> list[BaseRoute]:
        """Everything under /v1 and /payments."""
        return [
            Route("/v1/DigitalRiver.js", _script_file, methods=["GET"]),
            Route("/v1/css/DigitalRiver.css", _style_file, methods=["GET"]),
            Route("/v1/images/{name}.svg", _image_file, methods=["GET"]),
            Route("/v1/form/{name}", _frame_file, methods=["GET"]),
            Route("/payments/redirects/{id}/{token}", self._provider, methods=["GET", "POST"]),
            Route("/payments/slips/{id}/{token}", self._slip, methods=["GET"]),
            self._call("/payments/forms", "POST", self._record),
            self._call("/payments/payment-methods", "GET", self._methods),
            self._call("/payments/sources", "POST", self._create),
            self._call("/payments/sources/{id}/read", "POST", self._read),
            self._call("/payments/sources/{id}/challenge", "POST", self._challenge),
            self._call("/payments/sources/{id}/authenticate", "POST", self._authenticate),
            self._call("/payments/sources/{id}/update", "POST", self._update),
            self._call("/payments/refunds/read", "POST", self._refund),
            self._call("/payments/refunds/details", "POST", self._refund_details),
        ]

    def _call(self, path: str, method: str, answer: Answer) -> Route:
        """A call of a vendor frame: the public key is checked, refusals look as documented."""

        async def endpoint(request: Request) -> Response:
            try:
                self._check_key(request)
                status, told = await answer(request, await _body(request))
            except Problem as refusal:
                status, told = refusal.status, refusal.body
            headers = {"Cache-Control": "no-store"}
            return Response(encode(told), status, headers, media_type="application/json")

        return Route(path, endpoint, methods=[method])

    def _check_key(self, request: Request) -> None:
        kind, _, key = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not self._world.knows_public_key(key.strip()):
            raise problem(401, "unauthorized", "The public key is missing or not valid.")

    async def _record(self, _request: Request, body: Json) -> tuple[int, object]:
        self.recorded.append(body)
        return 200, {}

    async def _methods(self, request: Request, _body: Json) -> tuple[int, object]:
        query = dict(request.query_params)
        told: Json = {"paymentMethods": self._world.methods(query)}
        if session_id := query.get("sessionId"):
            told["sessionInformation"] = self._world.session(session_id)
        elif country := query.get("country"):
            told["businessEntityCode"] = self._world.seller(country)
        return 200, told

    async def _create(self, _request: Request, body: Json) -> tuple[int, object]:
        source = self._world.create_source(body)
        if source.get("owner", {}).get("lastName") == "SlowSource":
            await self._sleep(12)
        return 201, source

    async def _read(self, request: Request, body: Json) -> tuple[int, object]:
        return 200, self._world.read_source(*_named(request, body))

    async def _challenge(self, request: Request, body: Json) -> tuple[int, object]:
        answer = body.get("answer")
        if not isinstance(answer, str):
            raise invalid("answer")
        return 200, self._world.answer_challenge(*_named(request, body), answer)

    async def _authenticate(self, request: Request, body: Json) -> tuple[int, object]:
        session, cvv = str(body.get("sessionId", "")), body.get("cvv")
        named = _named(request, body)
        return 200, self._world.authenticate(session, *named, None if cvv is None else str(cvv))

    async def _update(self, request: Request, body: Json) -> tuple[int, object]:
        return 200, self._world.update_source(*_named(request, body), body)

    async def _refund(self, _request: Request, body: Json) -> tuple[int, object]:
        return 200, self._world.refund(str(body.get("refundToken", "")))

    async def _refund_details(self, _request: Request, body: Json) -> tuple[int, object]:
        account = body.get("account")
        if not isinstance(account, dict) or not all(map(account.get, ("holder", "number"))):
            raise invalid("account", "Holder and number are needed.")
        self._world.refund_details(str(body.get("refundToken", "")))
        return 200, {}

    async def _slip(self, request: Request) -> Response:
        try:
            slip = self._world.slip(request.path_params["id"], request.path_params["token"])
        except Problem as refusal:
            return JSONResponse(refusal.body, refusal.status)
        return _slip_page(slip)

    async def _provider(self, request: Request) -> Response:
        """The page of the buyer's bank or wallet: approve or decline, then back to the shop."""
        source_id, token = request.path_params["id"], request.path_params["token"]
        try:
            visit = self._world.visit(source_id, token)
            if request.method == "GET":
                return _provider_page(visit)
            decision = parse_qs((await _limited(request)).decode("utf-8", "replace"))
            self._world.decide(source_id, token, approve=decision.get("decision") == ["approve"])
        except Problem as refusal:
            return JSONResponse(refusal.body, refusal.status)
        if visit.return_url:
            return Response(status_code=303, headers={"Location": visit.return_url})
        note = words(visit.language[:2])["redirectDone"]
        return _page("returned.html", lang=visit.language, source=source_id, note=note)


def _slip_page(slip: Slip) -> Response:
    said = words(slip.language[:2])
    labels = {key: said[key] for key in ("instructionsKonbini", "notReleased", "amount", "payBy")}
    return _page(
        "slip.html",
        lang=slip.language,
        store_label=said["store"],
        number_label=said["receiptNumber"],
        store=slip.store,
        number=slip.number,
        sum=slip.amount,
        until=slip.until,
        **labels,
    )


def _provider_page(visit: Visit) -> Response:
    said = words(visit.language[:2])
    method = said.get(visit.method) or _data("brands").get(visit.method, visit.method)
    return _page(
        "redirect.html",
        lang=visit.language,
        method=method,
        title=said["redirectTitle"].format(amount=visit.amount),
        note=said["redirectNote"].format(method=method),
        approve=said["approve"],
        decline=said["decline"],
    )


async def _limited(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_BODY:
            raise invalid("body", "Too long.")
    return bytes(body)


async def _body(request: Request) -> Json:
    raw = await _limited(request)
    if not raw:
        return {}
    try:
        body = decode(raw)
    except (ValueError, RecursionError):
        raise invalid("body", "Not JSON.") from None
    if not isinstance(body, dict):
        raise invalid("body", "Not a JSON object.")
    return body


def _named(request: Request, body: Json) -> tuple[str, str]:
    secret = body.get("clientSecret")
    if not isinstance(secret, str):
        raise invalid("clientSecret")
    return request.path_params["id"], secret


async def _script_file(_request: Request) -> Response:
    return _file(script(), "js")


async def _style_file(_request: Request) -> Response:
    return _file(_text("css", "DigitalRiver.css"), "css")


async def _frame_file(request: Request) -> Response:
    name = request.path_params["name"]
    if name == "frame.js":
        return _file(frame_script(), "js")
    known = {entry.name for entry in _static().joinpath("form").iterdir()}
    if name not in known or name in _FILLED:
        return JSONResponse(problem(404, "not_found", "Not found.").body, 404)
    return _file(_text("form", name), name.rpartition(".")[2])


async def _image_file(request: Request) -> Response:
    """A plain badge with the method's name: no trademark is drawn."""
    name = request.path_params["name"]
    label = html.escape(str(words("en").get(name) or _data("brands").get(name) or name)[:20])
    return _file(_PLACEHOLDER.sub(label, _text("badge.svg")), "svg")


def routes(world: FormWorld) -> list[BaseRoute]:
    """The routes of the payment form on this world."""
    return Form(world).routes()
