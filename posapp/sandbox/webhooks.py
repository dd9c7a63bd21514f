"""Webhooks: subscriptions, signed deliveries, retries, disabling (contract section 14)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import urlsplit

from posapp.sandbox import events
from posapp.sandbox.core import NO_CONTENT, Call, Core, reply
from posapp.sandbox.paging import Kind
from posapp.sandbox.wire import Json, Response, decode, encode, invalid, micros, missing

KIND = Kind("webhook", {"createdTime": "INTEGER", "enabled": "INTEGER"}, ("enabled",))
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
FAILURES_TO_DISABLE = 10  # deliveries given up in a row


@dataclass(frozen=True, slots=True)
class Delivery:
    """One signed POST to a subscriber, made by the HTTP front."""

    webhook: str
    event: str
    tries: int
    address: str
    headers: dict[str, str]
    body: bytes
    oauth: Json | None = None  # where a bearer token is to be had first


def _check(body: Json) -> None:
    if "address" in body:
        try:
            parts = urlsplit(body["address"])
        except ValueError:  # half an IPv6 address
            raise invalid("address", "Not an address.") from None
        local = parts.scheme == "http" and parts.hostname in LOOPBACK
        if parts.scheme != "https" and not local:
            raise invalid("address", "HTTPS only, or http to this machine.")
    if "types" in body and not body["types"]:
        raise missing("types")
    by_token = body.get("transportType") == "OAUTH"
    if by_token and "oauth" not in body:
        raise missing("oauth")
    other = "authentication" if by_token else "oauth"
    if other in body:
        raise invalid(other, "Goes with the other transport type.")


def create(core: Core, call: Call) -> Response:
    """POST /webhooks: the answer alone carries the signing secret (section 22, point 49)."""
    _check(call.body)
    wire: Json = {
        "id": core.ids.uuid(),
        "createdTime": core.stamp(),
        "updatedTime": core.stamp(),
        "apiVersion": "default",
        "enabled": True,
        "transportType": "HTTP",
        **call.body,
        "liveMode": False,
    }
    secret = f"whs_{core.ids.uuid()}"
    _save(core, wire, {"secret": secret, "failures": 0})
    return reply(201, {**wire, "secret": secret})


def _save(core: Core, wire: Json, state: Json) -> None:
    columns = {"createdTime": micros(core.now), "enabled": int(wire["enabled"])}
    core.save("webhook", wire["id"], wire, state, columns)


def get(core: Core, call: Call) -> Response:
    """GET /webhooks/{id}"""
    return reply(200, core.shown("webhook", call.id))


def list_(core: Core, call: Call) -> Response:
    """GET /webhooks: a bare array"""
    rows = [
        decode(row.wire) for flag in (1, 0) for row in core.storage.find("webhook", "enabled", flag)
    ]
    rows.sort(key=lambda wire: str(wire["createdTime"]), reverse=True)
    wanted = [each.value for each in call.query.conditions if each.name == "type"]
    wanted += call.query.lists.get("types", ())
    if wanted:
        rows = [
            wire
            for wire in rows
            if any(events.matches(have, name) for have in wire["types"] for name in wanted)
        ]
    return reply(200, encode(rows))


def update(core: Core, call: Call) -> Response:
    """PATCH /webhooks/{id}"""
    row = core.row("webhook", call.id)
    wire: Json = {**decode(row.wire), **call.body, "updatedTime": core.stamp()}
    if "transportType" in call.body:  # what belongs to the other kind goes with it
        wire.pop("authentication" if wire["transportType"] == "OAUTH" else "oauth", None)
    _check(wire)
    _save(core, wire, {**decode(row.state), "failures": 0})
    return reply(200, wire)


def delete(core: Core, call: Call) -> Response:
    """DELETE /webhooks/{id}"""
    core.row("webhook", call.id)
    core.storage.delete("webhook", call.id)
    return NO_CONTENT


def wanting(core: Core, kind: str) -> list[str]:
    """Ids of enabled webhooks that subscribe to this event type."""
    rows = core.storage.find("webhook", "enabled", 1)
    return [
        row.id
        for row in rows
        if any(events.matches(name, kind) for name in decode(row.wire)["types"])
    ]


def signature(token: str, timestamp: int, body: bytes) -> str:
    """Value of the DigitalRiver-Signature header (contract section 14)."""
    digest = hmac.new(token.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"{timestamp}, {base64.b64encode(digest).decode()}"


def prepare(core: Core, webhook: str, event: str, tries: int) -> Delivery | None:
    """The POST of an event to a subscriber, signed anew; None when either is gone."""
    row, wire = core.storage.get("webhook", webhook), core.storage.wire("event", event)
    if row is None or wire is None:
        return None
    hook: Json = decode(row.wire)
    if not hook["enabled"]:
        return None
    headers = {
        "Content-Type": "application/json",
        "DigitalRiver-Signature": signature(
            decode(row.state)["secret"], int(core.now.timestamp()), wire
        ),
    }
    login: Json = hook.get("authentication") or {}
    name = login.get("username") or login.get("userName")
    if name:
        pair = f"{name}:{login.get('password', '')}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    oauth = hook.get("oauth") if hook["transportType"] == "OAUTH" else None
    return Delivery(webhook, event, tries, hook["address"], headers, wire, oauth)


def record(core: Core, delivery: Delivery, *, good: bool) -> None:
    """What came of a delivery: retried with growing gaps; in the end the webhook is disabled."""
    row = core.storage.get("webhook", delivery.webhook)
    if row is None:
        return
    wire, state = decode(row.wire), decode(row.state)
    gaps = core.options.pace.webhook_retries
    if good:
        state["failures"] = 0
    elif delivery.tries < len(gaps):
        wait = gaps[delivery.tries]
        core.after(
            wait, "webhook.deliver", delivery.webhook,
            event=delivery.event, tries=delivery.tries + 1,
        )  # fmt: skip
        return
    else:
        state["failures"] += 1
        if state["failures"] >= FAILURES_TO_DISABLE:
            wire["enabled"] = False
    _save(core, wire, state)
