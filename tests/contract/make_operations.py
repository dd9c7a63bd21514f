"""Derives the sandbox's table of operations from the contract; a test checks that it is current."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = ROOT / "docs" / "contract" / "openapi.yaml"
TABLE = ROOT / "posapp" / "sandbox" / "data" / "operations.json"
KEPT = (
    "type", "enum", "const", "pattern", "format", "minimum", "maximum", "exclusiveMinimum",
    "maxLength", "minItems", "maxItems", "maxProperties", "required", "additionalProperties",
    "properties", "items", "oneOf", "anyOf", "allOf", "propertyNames",
)  # fmt: skip


def load() -> dict[str, Any]:
    """The contract as plain values."""
    with CONTRACT.open(encoding="utf-8") as file:
        document: dict[str, Any] = yaml.safe_load(file)
    return document


def resolve(document: dict[str, Any], node: Any) -> Any:
    """`node` with every reference replaced and every word that checks nothing dropped."""
    if isinstance(node, list):
        return [resolve(document, item) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        beside = {k: v for k, v in node.items() if k != "$ref"}
        return resolve(document, {**target, **beside})
    out: dict[str, Any] = {}
    for key, value in node.items():
        if key == "properties":
            out[key] = {name: resolve(document, item) for name, item in value.items()}
        elif key in KEPT:
            out[key] = resolve(document, value)
    return out


def operation(document: dict[str, Any], path: str, method: str, spec: dict[str, Any]) -> Any:
    """One row: how to find, check and answer a call."""
    query = {}
    for raw in spec.get("parameters", []):
        prm = raw
        if "$ref" in raw:
            prm = document["components"]["parameters"][raw["$ref"].rsplit("/", 1)[-1]]
        if prm["in"] == "query":
            query[prm["name"]] = resolve(document, prm["schema"])
    body = None
    if "requestBody" in spec:
        body = resolve(document, spec["requestBody"]["content"]["application/json"]["schema"])
    statuses = sorted(int(code) for code in spec["responses"])
    return {
        "id": spec["operationId"], "method": method.upper(), "path": path,
        "query": query, "body": body, "statuses": statuses,
    }  # fmt: skip


def operations() -> list[Any]:
    """All rows of the table, in the order of the contract."""
    document = load()
    return [
        operation(document, path, method, spec)
        for path, item in document["paths"].items()
        for method, spec in item.items()
        if method != "parameters"
    ]


if __name__ == "__main__":
    TABLE.write_text(json.dumps(operations(), indent=1) + "\n", encoding="utf-8")
