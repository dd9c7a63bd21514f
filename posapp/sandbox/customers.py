"""Customers: create, update, saved sources, tax identifiers, erasure (contract 4.3, 17)."""

from __future__ import annotations

from dataclasses import replace

from posapp.sandbox import addresses, sources
from posapp.sandbox.core import NO_CONTENT, Call, Core, reply
from posapp.sandbox.paging import Kind
from posapp.sandbox.queries import Condition, Query
from posapp.sandbox.skus import at_of, changes
from posapp.sandbox.wire import Json, Response, conflict, decode, invalid, not_found

KIND = Kind(
    "customer",
    {
        "createdTime": "INTEGER", "updatedTime": "INTEGER", "email": "TEXT",
        "requestToBeForgotten": "INTEGER",
    },
    ("createdTime", "updatedTime", "email", "requestToBeForgotten"),
)  # fmt: skip


def _save(core: Core, wire: Json) -> None:
    columns = {
        "createdTime": at_of(wire, "createdTime"),
        "updatedTime": at_of(wire, "updatedTime"),
        "email": wire.get("email"),
        "requestToBeForgotten": int(wire["requestToBeForgotten"]),
    }
    core.save("customer", wire["id"], wire, {}, columns)


def _check(body: Json) -> Json:
    address = body.get("shipping", {}).get("address")
    if address:
        addresses.check_codes(address, needs_state=False)
    certificate = body.pop("taxCertificate", None)
    return {**body, **({"taxCertificates": [certificate]} if certificate else {})}


def create(core: Core, call: Call) -> Response:
    """POST /customers"""
    body = _check(call.body)
    id_ = body.pop("id", None) or core.number_id("customer")
    if core.storage.wire("customer", id_) is not None:
        raise conflict("already_exists", "A customer with that id exists.", "id")
    if "defaultSourceId" in body:
        raise invalid("defaultSourceId", "Not one of this customer's sources.")
    wire: Json = {
        "id": id_,
        "createdTime": core.stamp(),
        "updatedTime": core.stamp(),
        "enabled": True,
        "locale": "en_US",
        "type": "individual",
        **body,
        "requestToBeForgotten": False,
        "liveMode": False,
    }
    _save(core, wire)
    core.emit("customer.created", wire)
    return reply(201, wire)


def update(core: Core, call: Call) -> Response:
    """POST /customers/{id}"""
    old = core.document("customer", call.id)
    body = _check(call.body)
    if "taxCertificates" in body:
        body["taxCertificates"] = [*old.get("taxCertificates", []), *body["taxCertificates"]]
    if body.get("requestToBeForgotten") is False:
        body["requestToBeForgotten"] = old["requestToBeForgotten"]  # logged once, stays
    wanted = body.get("defaultSourceId")
    if wanted and wanted not in [source["id"] for source in old.get("sources", [])]:
        raise invalid("defaultSourceId", "Not one of this customer's sources.")
    wire = {**old, **body, "updatedTime": core.stamp()}
    _save(core, wire)
    core.emit("customer.updated", wire, previous=changes(old, wire))
    return reply(200, wire)


def get(core: Core, call: Call) -> Response:
    """GET /customers/{id}"""
    return reply(200, core.shown("customer", call.id))


def list_(core: Core, call: Call) -> Response:
    """GET /customers"""
    flag = call.query.flags.get("requestToBeForgotten")
    call.query = with_flag(call, "requestToBeForgotten", flag)
    return core.listing("customer", call)


def with_flag(call: Call, name: str, flag: bool | None) -> Query:
    """The query with a yes-or-no filter turned into a condition."""
    if flag is None:
        return call.query
    more = (*call.query.conditions, Condition(name, "=", int(flag)))
    return replace(call.query, conditions=more)


def delete(core: Core, call: Call) -> Response:
    """DELETE /customers/{id}"""
    wire = core.document("customer", call.id)
    for source in wire.get("sources", []):
        sources.move(core, sources.load(core, source["id"]), "cancelled")
    core.storage.delete("customer", call.id)
    core.emit("customer.deleted", wire)
    return NO_CONTENT


def attach_source(core: Core, call: Call) -> Response:
    """POST /customers/{id}/sources/{sourceId}: needs a chargeable source of a reusable type."""
    customer = core.document("customer", call.id)
    source = sources.load(core, call.path["sourceId"], "sourceId")
    if not sources.can_be_saved(source):
        raise conflict("nonreusable_source", "Type cannot be reused.")
    if source.state != "chargeable":
        raise conflict("source_not_chargeable", "Not chargeable.", "sourceId")
    if source.customer not in (None, call.id):
        raise conflict("source_in_use", "Belongs to someone else.", "sourceId")
    source.customer, source.reusable, source.updated = call.id, True, core.stamp()
    sources.save(core, source)
    shown = sources.show(source)
    others = [each for each in customer.get("sources", []) if each["id"] != source.id]
    customer["sources"] = [*others, shown]
    customer.setdefault("defaultSourceId", source.id)
    customer["updatedTime"] = core.stamp()
    _save(core, customer)
    core.emit("customer.source.created", shown)
    return reply(200, shown)


def detach_source(core: Core, call: Call) -> Response:
    """DELETE /customers/{id}/sources/{sourceId}: the source is cancelled for good."""
    customer = core.document("customer", call.id)
    kept = [s for s in customer.get("sources", []) if s["id"] != call.path["sourceId"]]
    if len(kept) == len(customer.get("sources", [])):
        raise not_found("sourceId")
    source = sources.load(core, call.path["sourceId"])
    sources.move(core, source, "cancelled")
    customer["sources"] = kept
    if customer.get("defaultSourceId") == source.id:
        del customer["defaultSourceId"]
        if kept:
            customer["defaultSourceId"] = kept[0]["id"]
    customer["updatedTime"] = core.stamp()
    _save(core, customer)
    core.emit("customer.source.deleted", sources.show(source))
    return NO_CONTENT


def put_tax_identifier(core: Core, id_: str, tax_id: Json) -> None:
    """Shows a tax identifier on its customer, in place of an older picture of it."""
    customer = core.document("customer", id_)
    others = [each for each in customer.get("taxIdentifiers", []) if each["id"] != tax_id["id"]]
    customer["taxIdentifiers"] = [*others, tax_id]
    _save(core, customer)


def drop_tax_identifier(core: Core, id_: str, tax_id: str) -> None:
    """Takes a deleted tax identifier off its customer."""
    wire = core.storage.wire("customer", id_)
    if wire is None:
        return
    customer: Json = decode(wire)
    kept = [each for each in customer.get("taxIdentifiers", []) if each["id"] != tax_id]
    customer["taxIdentifiers"] = kept
    _save(core, customer)
