"""Tax identifiers: formats, verification, where each applies (contract section 21)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from posapp.sandbox import customers
from posapp.sandbox.core import NO_CONTENT, Call, Core, reply
from posapp.sandbox.paging import Kind
from posapp.sandbox.skus import at_of, changes
from posapp.sandbox.tables import table
from posapp.sandbox.wire import Json, Response, conflict, decode, invalid

if TYPE_CHECKING:
    from posapp.sandbox.basket import Checkout

KIND = Kind(
    "tax_identifier",
    {
        "createdTime": "INTEGER", "updatedTime": "INTEGER", "customerId": "TEXT", "type": "TEXT",
        "value": "TEXT", "state": "TEXT", "pending": "INTEGER", "verified": "INTEGER",
        "not_valid": "INTEGER",
    },
    ("createdTime", "updatedTime", "customerId", "type", "value", "state", "pending", "verified",
     "not_valid"),
    ("updatedTime", "pending", "verified", "not_valid"),
)  # fmt: skip
NEVER_VALID = "999999"  # a number with this run is refused by the register (our own trigger)


def _scheme(kind: str) -> Any:
    return table("tax_ids")["scheme"].get(kind)


def _save(core: Core, wire: Json) -> None:
    moves = wire["stateTransitions"]
    columns = {name: wire.get(name) for name in ("customerId", "type", "value", "state")}
    columns |= {name: at_of(moves, name) for name in ("pending", "verified", "not_valid")}
    columns |= {
        "createdTime": at_of(wire, "createdTime"),
        "updatedTime": at_of(wire, "updatedTime"),
    }
    core.save("tax_identifier", wire["id"], wire, {}, columns)


def create(core: Core, call: Call) -> Response:
    """POST /tax-identifiers"""
    kind, value = call.body["type"], call.body["value"]
    scheme = _scheme(kind)
    if scheme is None:
        raise invalid("type", "No such scheme.")
    if not re.fullmatch(scheme["pattern"], value, re.ASCII):
        raise invalid("value", "Tax number has a wrong format.")
    wire: Json = {
        "id": core.ids.uuid(),
        "createdTime": core.stamp(),
        "updatedTime": core.stamp(),
        "type": kind,
        "value": value,
        "state": "pending",
        "stateTransitions": {"pending": core.stamp()},
        "applicability": [
            {"country": scheme["country"], "entity": entity, "customerType": customer}
            for entity in scheme.get("entities", ["DR_IRELAND-ENTITY"])
            for customer in _customer_types(scheme)
        ],
        "liveMode": False,
    }
    _save(core, wire)
    core.emit("tax_identifier.pending", wire)
    core.after(core.options.pace.tax_check, "tax_identifier.check", wire["id"])
    return reply(201, wire)


def _customer_types(scheme: Any) -> list[str]:
    kind = scheme.get("customer", "business")
    return ["business", "individual"] if kind == "any" else [kind]


def check(core: Core, ref: str, _args: Json) -> None:
    """The register's answer arrives."""
    row = core.storage.get("tax_identifier", ref)
    if row is None:
        return
    wire: Json = decode(row.wire)
    published = f"{wire['type']}:{wire['value']}" in table("tax_ids")["verified"]
    state = "verified" if published or NEVER_VALID not in wire["value"] else "not_valid"
    wire |= {"state": state, "updatedTime": core.stamp()}
    wire["stateTransitions"][state] = core.stamp()
    if state == "verified":
        wire["verifiedName"] = "Sandbox Register Entry"
    _save(core, wire)
    if "customerId" in wire:
        customers.put_tax_identifier(core, wire["customerId"], wire)
    core.emit(f"tax_identifier.{state}", wire, previous={"state": "pending"})


def get(core: Core, call: Call) -> Response:
    """GET /tax-identifiers/{id}"""
    return reply(200, core.shown("tax_identifier", call.id))


def list_(core: Core, call: Call) -> Response:
    """GET /tax-identifiers"""
    return core.listing("tax_identifier", call)


def delete(core: Core, call: Call) -> Response:
    """DELETE /tax-identifiers/{id}: also takes it off its customer."""
    wire = core.document("tax_identifier", call.id)
    core.storage.delete("tax_identifier", call.id)
    if "customerId" in wire:
        customers.drop_tax_identifier(core, wire["customerId"], call.id)
    core.emit("tax_identifier.deleted", wire)
    return NO_CONTENT


def attach(core: Core, call: Call) -> Response:
    """POST /customers/{id}/tax-identifiers/{taxId}: one of a type, never moved."""
    customer = core.document("customer", call.id)
    wire = core.document("tax_identifier", call.path["taxId"])
    if wire.get("customerId") not in (None, call.id):
        raise conflict("customer_not_updateable", "Owned by another customer.", "customerId")
    for other in customer.get("taxIdentifiers", []):
        if other["type"] == wire["type"] and other["id"] != wire["id"]:
            raise conflict("customer_not_updateable", "One of that type is present.", "customerId")
    old = dict(wire)
    wire |= {"customerId": call.id, "updatedTime": core.stamp()}
    _save(core, wire)
    customers.put_tax_identifier(core, call.id, wire)
    core.emit("customer.tax_identifier.created", wire)
    core.emit("tax_identifier.updated", wire, previous=changes(old, wire))
    return reply(200, wire)


def for_checkout(core: Core, checkout: Checkout, country: str | None) -> list[Json]:
    """The tax ids of a checkout, each allowed there; raises Problem 409 (contract section 4.2)."""
    found = []
    for id_ in checkout.tax_ids:
        row = core.storage.wire("tax_identifier", id_)
        if row is None:
            raise conflict("not_found", "Unknown tax number.", "id")
        wire: Json = decode(row)
        holder = wire.get("customerId")
        if holder is not None and holder != checkout.fields.get("customerId"):
            raise conflict("tax_identifier_in_use", "Held by another customer.", "taxIdentifiers")
        if country is not None and not applies(wire, checkout, country):
            raise conflict("invalid_parameter", "Does not apply here.", "taxIdentifiers")
        found.append(wire)
    return found


def applies(wire: Json, checkout: Checkout, country: str) -> bool:
    """Whether type, customer type, selling entity and country agree."""
    wanted = {
        "country": country,
        "entity": checkout.entity.get("id"),
        "customerType": checkout.fields.get("customerType", "individual"),
    }
    return wanted in wire["applicability"]


def is_missing(core: Core, checkout: Checkout, country: str | None) -> bool:
    """Whether a compulsory scheme of that country has no number on the checkout."""
    given = {each["type"] for each in for_checkout(core, checkout, country)}
    customer = checkout.fields.get("customerType", "individual")
    needed = {
        kind
        for kind, scheme in table("tax_ids")["scheme"].items()
        if scheme.get("compulsory")
        and scheme["country"] == country
        and customer in _customer_types(scheme)
        and checkout.entity.get("id") in scheme.get("entities", ["DR_IRELAND-ENTITY"])
    }
    return bool(needed - given)
