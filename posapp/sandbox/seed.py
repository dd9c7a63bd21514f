"""Fills an empty world with a small shop: SKUs, customers, a day of orders in mixed states."""

from __future__ import annotations

from posapp.sandbox.tables import table
from posapp.sandbox.wire import Json, Request, encode
from posapp.sandbox.world import World

_SKU_FIELDS = (
    "name", "description", "taxCode", "eccn", "countryOfOrigin", "hsCode", "partNumber",
    "weight", "weightUnit",
)  # fmt: skip


def plant(world: World) -> None:
    """Seeds the world unless it already has SKUs."""
    if world.core.storage.count("sku"):
        return
    for sku in table("seed")["sku"]:
        body = {name: sku[name] for name in _SKU_FIELDS if name in sku}
        ask(world, "PUT", f"/skus/{sku['id']}", body)


def ask(world: World, method: str, path: str, body: Json | None = None) -> Json:
    """One call with the secret key; raises RuntimeError when it is refused."""
    headers = {"authorization": f"Bearer {world.options.keys.secret}"}
    sent = encode(body) if body is not None else b""
    answer = world.handle(Request(method, path, headers=headers, body=sent))
    if answer.status >= 300:
        raise RuntimeError(f"seeding: {method} {path} answered {answer.status} {answer.body!r}")
    shown: Json = answer.json() or {}
    return shown
