"""Checks answers of the sandbox against the contract: status, schema, no field it lacks."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from jsonschema import (
    Draft202012Validator,
    FormatChecker,
)

from tests.contract.make_operations import load

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z")
# what the sandbox adds with a reason: section 22, point 49
ADDED = {("createWebhooks", "secret")}
SNAPSHOTS = {
    "checkout.": "Checkout",
    "customer.source.": "Source",
    "customer.tax_identifier.": "TaxIdentifier",
    "customer.": "Customer",
    "tax_identifier.": "TaxIdentifier",
    "sku.": "Sku",
    "source.": "Source",
    "order.invoice.": "OrderDocumentObject",
    "order.credit_memo.": "OrderDocumentObject",
    "order.charge.reauth.": "Order",
    "order.charge.": "Charge",
    "order.": "Order",
    "fulfillment.": "Fulfillment",
    "refund.": "Refund",
    "return.": "Return",
    "fileLink.": "FileLink",
}


def _is_time(value: object) -> bool:
    return not isinstance(value, str) or _TIME.fullmatch(value) is not None


formats = FormatChecker()
formats.checkers["date-time"] = (_is_time, ())


@cache
def contract() -> dict[str, Any]:
    """The contract as plain values."""
    return load()


def closed(node: Any) -> Any:
    """A response schema, references replaced, that refuses fields it does not name."""
    if isinstance(node, list):
        return [closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target: Any = contract()
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        beside = {key: value for key, value in node.items() if key != "$ref"}
        return closed({**target, **beside})
    if "allOf" in node:
        merged: dict[str, Any] = {"type": "object", "properties": {}}
        for part in node["allOf"]:
            merged["properties"] |= closed(part).get("properties", {})
        return closed(merged)
    out: dict[str, Any] = {}
    for key, value in node.items():
        if key == "properties":
            out[key] = {name: closed(item) for name, item in value.items()}
            if "customerCredit" in value and "payPal" in value:
                out[key] |= _details()
        else:
            out[key] = closed(value) if isinstance(value, dict | list) else value
    if "properties" in out and "additionalProperties" not in out:
        out["additionalProperties"] = False
    return out


def _details() -> dict[str, Any]:
    """Kinds of source that the prose names and the model lacks, and where redirects may sit."""
    kinds = contract()["components"]["schemas"]["SourceType"]["enum"]
    modelled = contract()["components"]["schemas"]["Source"]["properties"]
    free = {"klarnaCreditRecurring", "onlineBanking"}  # drop-in 2.3: with their redirect addresses
    return {kind: {"type": "object"} for kind in kinds if kind not in modelled or kind in free}


@cache
def schema(name: str) -> Draft202012Validator:
    """The validator of one named schema."""
    return Draft202012Validator(
        closed(contract()["components"]["schemas"][name]), format_checker=formats
    )


@cache
def operations() -> list[tuple[str, re.Pattern[str], dict[str, Any]]]:
    """Method, path pattern and description of every operation; fixed paths come first."""
    rows = []
    for path, item in sorted(contract()["paths"].items(), key=lambda row: row[0].count("{")):
        pattern = re.compile(re.sub(r"\{\w+\}", "[^/]*", path) + r"\Z")
        rows += [
            (method.upper(), pattern, {**spec, "path": path})
            for method, spec in item.items()
            if method != "parameters"
        ]
    return rows


def operation(method: str, path: str) -> dict[str, Any] | None:
    """The operation that a call means, if the contract has it."""
    for verb, pattern, spec in operations():
        if verb == method and pattern.match(path):
            return spec
    return None


@cache
def _validator(operation_id: str, status: str) -> Draft202012Validator | None:
    for _method, _pattern, spec in operations():
        if spec["operationId"] == operation_id:
            answer = spec["responses"][status]
            if "$ref" in answer:
                answer = contract()["components"]["responses"][answer["$ref"].rsplit("/", 1)[-1]]
            content = answer.get("content", {}).get("application/json")
            if content is None:
                return None
            return Draft202012Validator(closed(content["schema"]), format_checker=formats)
    return None


def broken(method: str, path: str, status: int, body: bytes) -> list[str]:
    """What is wrong with an answer, in words."""
    spec = operation(method, path)
    if spec is None:
        if status not in (401, 403, 404, 405):
            return [f"{method} {path}: {status} for a call that the contract does not have"]
        return _errors(schema("Error"), body)
    if str(status) not in spec["responses"]:
        return [f"{spec['operationId']}: status {status} is not documented: {body[:200]!r}"]
    validator = _validator(spec["operationId"], str(status))
    if status == 204:
        return [f"{spec['operationId']}: 204 with a body"] if body else []
    if validator is None:
        return [] if body[:5] == b"%PDF-" else [f"{spec['operationId']}: no document"]
    known = {name for operation_id, name in ADDED if operation_id == spec["operationId"]}
    found = _errors(validator, body, known)
    if spec["operationId"] == "listEvents" and status == 200:
        for event in json.loads(body)["data"]:
            found += event_errors(event)
    return [f"{spec['operationId']} {status}: {each}" for each in found]


def _errors(
    validator: Draft202012Validator, body: bytes, known: set[str] | None = None
) -> list[str]:
    try:
        value = json.loads(body)
    except ValueError:
        return [f"not JSON: {body[:100]!r}"]
    if known and isinstance(value, dict):
        value = {name: each for name, each in value.items() if name not in known}
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
        for error in validator.iter_errors(value)
    ]


def event_errors(event: dict[str, Any]) -> list[str]:
    """What is wrong with an event's type or snapshot."""
    kind = event["type"]
    names = contract()["components"]["schemas"]["EventType"]["enum"]
    if kind not in names:
        return [f"event type {kind} is not in the contract"]
    name = next(SNAPSHOTS[prefix] for prefix in SNAPSHOTS if kind.startswith(prefix))
    body = json.dumps(event["data"]["object"]).encode()
    return [f"{kind}: {each}" for each in _errors(schema(name), body)]


@cache
def _request_validator(operation_id: str) -> Draft202012Validator:
    spec = next(spec for _, _, spec in operations() if spec["operationId"] == operation_id)
    wanted = closed(spec["requestBody"]["content"]["application/json"]["schema"])
    return Draft202012Validator(wanted, format_checker=formats)


def request_errors(method: str, path: str, body: Any) -> list[str]:
    """Whether a body that the sandbox took is one that the contract allows."""
    spec = operation(method, path)
    if spec is None or "requestBody" not in spec:
        return []
    validator = _request_validator(spec["operationId"])
    return [error.message[:300] for error in validator.iter_errors(body)]
