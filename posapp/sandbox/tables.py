"""Reads the sandbox's data files once; each file names the source and date of what it holds."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """A TOML table of posapp/sandbox/data; numbers with a point are decimals."""
    text = resources.files("posapp.sandbox").joinpath("data", f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text, parse_float=Decimal)


@cache
def operations() -> list[dict[str, Any]]:
    """The contract's operations with the schemas of what they take."""
    source = resources.files("posapp.sandbox").joinpath("data", "operations.json")
    rows: list[dict[str, Any]] = json.loads(source.read_text("utf-8"))
    return rows
