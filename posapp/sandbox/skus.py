"""SKUs of the pretend service: create, upsert, update, delete (openapi /skus)."""

from __future__ import annotations

import re

from posapp.sandbox.addresses import EMBARGOED
from posapp.sandbox.core import NO_CONTENT, Call, Core, reply
from posapp.sandbox.paging import Kind
from posapp.sandbox.wire import (
    Json,
    Response,
    conflict,
    decode,
    invalid,
    micros,
    missing,
    problem,
    read_time,
)

KIND = Kind(
    "sku",
    {
        "createdTime": "INTEGER", "updatedTime": "INTEGER", "eccn": "TEXT", "partNumber": "TEXT",
        "hsCode": "TEXT", "taxCode": "TEXT", "skuGroupId": "TEXT",
    },
    ("createdTime", "updatedTime", "eccn", "partNumber", "hsCode", "taxCode", "skuGroupId"),
)  # fmt: skip
NEEDED = ("eccn", "taxCode", "countryOfOrigin")  # unless a SKU group answers for them
_ID = re.compile(r"[0-9A-Za-z._-]+\Z")
_HS = re.compile(r"\d{4}\.?\d{2}(\.?\d{2}){0,2}\Z", re.ASCII)
SOFTWARE = "4323"  # UNSPSC 43.23: software; a box of it has a part number
SERVICES = "789"  # UNSPSC segments from 70 up are services


def is_physical(sku: Json) -> bool:
    """Whether goods are shipped; follows from the tax code (contract sections 1 and 20)."""
    code = str(sku.get("taxCode", ""))
    if code.startswith(SOFTWARE):
        return "partNumber" in sku
    return code[:1] not in SERVICES


def _save(core: Core, sku: Json) -> None:
    sku["physical"] = is_physical(sku)
    columns = {name: sku.get(name) for name in KIND.columns}
    columns |= {"createdTime": at_of(sku, "createdTime"), "updatedTime": at_of(sku, "updatedTime")}
    columns["createdTime"] = columns["createdTime"] or micros(core.now)
    core.save("sku", sku["id"], sku, {}, columns)


def at_of(document: Json, name: str) -> int | None:
    """A time of a document as the store keeps it."""
    at = read_time(document.get(name, ""))
    return micros(at) if at else None


def _checked(body: Json) -> Json:
    """The fields to keep; raises Problem 400."""
    if "skuGroupId" not in body:
        for name in NEEDED:
            if name not in body:
                raise missing(name)
    if body.get("countryOfOrigin") in EMBARGOED:
        raise invalid("countryOfOrigin", "Not a country that goods may come from.")
    if "hsCode" in body and not _HS.match(body["hsCode"]):
        raise invalid("hsCode", "Six digits at least, grouped ####.##.")
    if "weight" in body and body["weight"] < 0:
        raise invalid("weight")
    kept = {k: v for k, v in body.items() if k != "fulfill" and v is not None}
    if "weight" in kept:
        kept.setdefault("weightUnit", "oz")
    return kept


def _new(core: Core, id_: str, body: Json) -> Json:
    times = {"createdTime": core.stamp(), "updatedTime": core.stamp()}
    sku = {"id": id_, **times, **_checked(body), "liveMode": False}
    _save(core, sku)
    core.emit("sku.created", sku)
    return sku


def create(core: Core, call: Call) -> Response:
    """POST /skus"""
    id_ = call.body.pop("id", None) or f"sku_{core.ids.uuid()}"
    if core.storage.wire("sku", id_) is not None:
        raise conflict("already_exists", "A SKU with that id exists.", "id")
    return reply(201, _new(core, id_, call.body))


def upsert(core: Core, call: Call) -> Response:
    """PUT /skus/{id}"""
    if not _ID.match(call.id):
        raise invalid("id", "Letters, digits, dot, underscore and hyphen.")
    before = core.storage.wire("sku", call.id)
    if before is None:
        return reply(201, _new(core, call.id, call.body))
    old: Json = decode(before)
    new = _checked(call.body)
    sku = {"id": call.id, "createdTime": old["createdTime"], "updatedTime": core.stamp(), **new}
    sku["liveMode"] = False
    _save(core, sku)
    core.emit("sku.updated", sku, previous=changes(old, sku))
    return reply(200, sku)


def update(core: Core, call: Call) -> Response:
    """POST /skus/{id}"""
    old = core.document("sku", call.id)
    merged = {k: v for k, v in {**old, **call.body}.items() if v is not None}
    fixed = {k: old[k] for k in ("id", "createdTime")}
    own = {"id", "createdTime", "updatedTime", "physical", "liveMode"}
    kept = _checked({k: v for k, v in merged.items() if k not in own})
    sku = {**fixed, "updatedTime": core.stamp(), **kept, "liveMode": False}
    _save(core, sku)
    core.emit("sku.updated", sku, previous=changes(old, sku))
    return reply(200, sku)


def changes(old: Json, new: Json) -> Json:
    """Changed fields with their earlier values, for previousAttributes.

    As in the vendor's samples: null for a field that was not there, and inside an object only what
    changed in it.
    """
    out: Json = {}
    for key in {**old, **new}:
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        if isinstance(before, dict) and isinstance(after, dict):
            before = changes(before, after)
        out[key] = before
    return out


def get(core: Core, call: Call) -> Response:
    """GET /skus/{id}"""
    return reply(200, core.shown("sku", call.id))


def list_(core: Core, call: Call) -> Response:
    """GET /skus"""
    return core.listing("sku", call)


def delete(core: Core, call: Call) -> Response:
    """DELETE /skus/{id}"""
    row = core.row("sku", call.id)
    core.storage.delete("sku", call.id)
    core.emit("sku.deleted", row.wire)
    return NO_CONTENT


def by_id(core: Core, id_: str, parameter: str) -> Json:
    """A SKU named in a checkout line; raises Problem 400 when there is none."""
    wire = core.storage.wire("sku", id_)
    if wire is None:
        raise problem(400, "invalid_parameter", f"Unknown SKU '{id_[:80]}'.", parameter)
    sku: Json = decode(wire)
    return sku
