"""Checks a request body against its schema and answers in the contract's own error codes.

The schemas are data (data/operations.json, derived from the contract); this module never names a
resource. A checker returns the value it was given, with whole numbers as int and others as Decimal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from posapp.sandbox.wire import Json, Problem, invalid, missing, problem, read_time, stamp

Checker = Callable[[Any, str], Any]

MOST = Decimal(10) ** 12  # no amount, weight or count of a shop comes near
DIGITS = 12  # decimals; a shop's smallest rate needs five
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\Z")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+\Z")


def compile_schema(schema: Mapping[str, Any]) -> Checker:
    """The checker of one schema."""
    if "allOf" in schema:
        return compile_schema(_merged(schema))
    if "oneOf" in schema and "properties" not in schema:
        return _alternatives([dict(option) for option in schema["oneOf"]])
    if "const" in schema or "enum" in schema:
        return _enum([schema["const"]] if "const" in schema else list(schema["enum"]))
    return _BY_TYPE.get(schema.get("type"), _anything)(schema)


def _anything(_schema: Mapping[str, Any]) -> Checker:
    return lambda value, _path: value


def _merged(schema: Mapping[str, Any]) -> Json:
    out: Json = {"type": "object", "properties": {}}
    for part in schema["allOf"]:
        out["properties"] |= part.get("properties", {})
        out["required"] = [*out.get("required", []), *part.get("required", [])]
    return out


def _leaf(path: str) -> str:
    return path.rsplit(".", 1)[-1]


def _wrong(path: str, message: str = "Check this value.") -> Problem:
    """The refusal of a value, under the code the contract keeps for its field."""
    match re.sub(r"\[\d+]", "", _leaf(path)):
        case "percentOff":
            return problem(400, "invalid_discount_percent", message, "discount")
        case "amountOff":
            return problem(400, "invalid_discount_amount", message, "discount")
        case "quantity" | "cancelQuantity":
            return problem(400, "invalid_quantity_amount", "Quantity not valid.", path)
    return invalid(path or "body", message)


def _enum(allowed: list[Any]) -> Checker:
    def check(value: Any, path: str) -> Any:
        if isinstance(value, bool | list | dict) or value not in allowed:
            raise _wrong(path, "Not one of the known values.")
        return value

    return check


def _boolean(_schema: Mapping[str, Any]) -> Checker:
    def check(value: Any, path: str) -> Any:
        if not isinstance(value, bool):
            raise _wrong(path, "Must be true or false.")
        return value

    return check


def _number(schema: Mapping[str, Any]) -> Checker:
    whole = schema["type"] == "integer"
    low, high = schema.get("minimum"), schema.get("maximum")
    above = schema.get("exclusiveMinimum")

    def check(value: Any, path: str) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise _wrong(path, "Must be a number.")
        number = Decimal(value)
        if abs(number) >= MOST:
            raise _wrong(path, "Too large.")
        exponent = number.as_tuple().exponent
        if isinstance(exponent, str) or exponent < -DIGITS:
            raise _wrong(path, "Too many digits.")
        if low is not None and number < Decimal(str(low)):
            raise _wrong(path, "Too small.")
        if high is not None and number > Decimal(str(high)):
            raise _wrong(path, "Too large.")
        if above is not None and number <= Decimal(str(above)):
            raise _wrong(path, "Must be above zero.")
        if whole:
            if number != number.to_integral_value():
                raise _wrong(path, "Must be a whole number.")
            return int(number)
        return number

    return check


def _string(schema: Mapping[str, Any]) -> Checker:
    longest = schema.get("maxLength", 4096)
    # a lone surrogate and "$" before a final newline are the two places where re is too kind
    pattern = re.compile(schema["pattern"].replace("$", r"\Z")) if "pattern" in schema else None
    kind = schema.get("format")

    def check(value: Any, path: str) -> Any:
        if isinstance(value, int) and not isinstance(value, bool) and _leaf(path) == "itemId":
            return str(value)  # published samples send line ids as numbers (section 22, point 5)
        if not isinstance(value, str):
            raise _wrong(path, "Must be text.")
        if len(value) > longest:
            raise _wrong(path, f"At most {longest} characters.")
        if pattern and _leaf(path) != "currency" and not pattern.search(value):
            raise _wrong(path)
        if kind == "email" and not _EMAIL.match(value):
            raise _wrong(path, "Not an email address.")
        if kind == "uri" and not _URI.match(value):
            raise _wrong(path, "Not an address.")
        if kind == "date-time":
            at = read_time(value)
            if at is None:
                raise _wrong(path, "Not a UTC time.")
            return stamp(at)
        return value

    return check


def _array(schema: Mapping[str, Any]) -> Checker:
    item = compile_schema(schema.get("items", {}))
    least, most = schema.get("minItems", 0), schema.get("maxItems", 500)

    def check(value: Any, path: str) -> Any:
        if not isinstance(value, list):
            raise _wrong(path, "Must be a list.")
        if len(value) < least:
            raise missing(path)
        if len(value) > most:
            raise _wrong(path, f"At most {most} entries.")
        return [item(entry, f"{path}[{at}]") for at, entry in enumerate(value)]

    return check


def _is_metadata(schema: Mapping[str, Any]) -> bool:
    return "propertyNames" in schema


def _metadata(value: Any, path: str) -> Any:
    """At most 20 keys of 40 characters; text of 500 characters, booleans, whole numbers."""
    if not isinstance(value, dict):
        raise _wrong(path, "Must be an object.")
    if len(value) > 20:
        raise problem(400, "too_many_metadata_pairs", "At most 20 metadata keys.", path)
    for key, entry in value.items():
        if len(key) > 40:
            raise problem(400, "invalid_metadata_key", "A metadata key is too long.", path)
        plain = isinstance(entry, str | bool) or _is_whole(entry)
        short = not isinstance(entry, str) or len(entry) <= 500
        if not (plain and short):
            raise problem(400, "invalid_metadata_value", "A metadata value is not valid.", path)
    return {k: int(v) if isinstance(v, Decimal) else v for k, v in value.items()}


def _is_whole(entry: Any) -> bool:
    """A whole number that any JSON reader holds exactly."""
    if not isinstance(entry, int | Decimal):
        return False
    number = Decimal(entry)
    return abs(number) < MOST and number == int(number)


def _object(schema: Mapping[str, Any]) -> Checker:
    if _is_metadata(schema):
        return _metadata
    properties = {k: compile_schema(v) for k, v in schema.get("properties", {}).items()}
    required: list[str] = schema.get("required", [])
    choices = _choices(schema)

    def check(value: Any, path: str) -> Any:
        if not isinstance(value, dict):
            raise _wrong(path, "Must be an object.")
        if not properties:
            return value
        prefix = f"{path}." if path else ""
        for key in value:
            if key not in properties:
                raise problem(
                    400, "unknown_parameter", f"'{key[:80]}' is not a known parameter.", key[:80]
                )
        for key in required:
            if key not in value or value[key] == "":
                raise missing(prefix + key)
        choices(value, prefix)
        return {key: properties[key](entry, prefix + key) for key, entry in value.items()}

    return check


def _choices(schema: Mapping[str, Any]) -> Callable[[Json, str], None]:
    """The rule "exactly one of" (oneOf) or "at least one of" (anyOf) over required keys."""
    options = schema.get("oneOf") or schema.get("anyOf") or []
    keys = [option["required"][0] for option in options]
    exactly = "oneOf" in schema

    def check(value: Json, prefix: str) -> None:
        given = [key for key in keys if key in value]
        if keys and not given:
            raise missing(prefix + keys[0])
        if exactly and len(given) > 1:
            raise invalid(prefix + given[1], f"Give only one of {', '.join(keys)}.")

    return check


def _alternatives(options: list[Json]) -> Checker:
    kinds = [option.get("properties", {}).get("type", {}).get("const") for option in options]
    checkers = [compile_schema(option) for option in options]

    def check(value: Any, path: str) -> Any:
        if any(kinds):
            if not isinstance(value, dict):
                raise _wrong(path, "Must be an object.")
            if "type" not in value:
                raise missing("type")
            if not isinstance(value["type"], str) or value["type"] not in kinds:
                raise invalid("type", "This kind cannot be made here.")
            return checkers[kinds.index(value["type"])](value, path)
        refusals = []
        for checker in checkers:
            try:
                return checker(value, path)
            except Problem as refusal:
                refusals.append(refusal)
        raise refusals[0]

    return check


_BY_TYPE: Mapping[Any, Callable[[Mapping[str, Any]], Checker]] = {
    "object": _object,
    "array": _array,
    "integer": _number,
    "number": _number,
    "string": _string,
    "boolean": _boolean,
}
