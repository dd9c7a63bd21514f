"""Country specifications: address and tax id schemas as text (contract section 21)."""

from __future__ import annotations

import json

from posapp.sandbox import addresses, entities
from posapp.sandbox.core import Call, Core, reply
from posapp.sandbox.tables import table
from posapp.sandbox.wire import Json, Response

WITH_ADDRESSES = ("GB", "FR", "DE", "IT", "ES", "CA", "US")
TAX_IDS_ONLY = ("PL", "BR")
DRAFT = "http://json-schema.org/draft-07/schema#"


def list_(_core: Core, call: Call) -> Response:
    """GET /country-specs: an empty array for unknown input."""
    wanted = {each.name: each.value for each in call.query.conditions}
    entity = wanted.get("sellingEntity")
    countries = [wanted["country"]] if "country" in wanted else [*WITH_ADDRESSES, *TAX_IDS_ONLY]
    known = [c for c in countries if c in (*WITH_ADDRESSES, *TAX_IDS_ONLY)]
    specs = [_spec(country, entity) for country in known]
    return reply(200, {"data": [spec for spec in specs if spec is not None]})


def _spec(country: str, entity: str | None) -> Json | None:
    chosen = entity or entities.HOME.get(country, entities.ELSEWHERE)
    if chosen not in entities.NAMES:
        return None
    spec: Json = {"country": country, "sellingEntity": chosen, "liveMode": False}
    if country in WITH_ADDRESSES:
        text = json.dumps(_address_schema(country))
        spec |= {"billingAddressSchema": text, "shippingAddressSchema": text}
        spec["billingAddressOnlySchema"] = text
    for kind in ("individual", "business"):
        spec[f"{kind}TaxIdentifiersSchemas"] = [
            json.dumps(each) for each in _tax_schemas(country, chosen, kind)
        ]
    return spec


def _address_schema(country: str) -> Json:
    properties: Json = {
        "line1": {"type": "string", "maxLength": 128},
        "line2": {"type": "string", "maxLength": 128},
        "city": {"type": "string", "maxLength": 64},
        "postalCode": {
            "type": "string",
            "pattern": "^" + addresses.POSTAL[country].pattern.replace(r"\Z", "$"),
        },
        "state": {"type": "string"},
        "country": {"const": country},
    }
    required = ["line1", "city", "postalCode", "country"]
    if country in addresses.STATES:
        properties["state"]["enum"] = sorted(addresses.STATES[country])
        required.append("state")
    return {"$schema": DRAFT, "type": "object", "properties": properties, "required": required}


def _tax_schemas(country: str, entity: str, customer: str) -> list[Json]:
    return [
        {
            "$schema": DRAFT,
            "type": "object",
            "properties": {
                "type": {"const": kind},
                "value": {"type": "string", "pattern": f"^({scheme['pattern']})$"},
            },
            "required": ["type", "value"],
        }
        for kind, scheme in table("tax_ids")["scheme"].items()
        if scheme["country"] == country
        and entity in scheme.get("entities", [entities.ELSEWHERE])
        and scheme.get("customer", "business") in (customer, "any")
    ]
