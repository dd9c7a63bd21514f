"""What a request is made of: where it may go, its path, its filters. Never sends one."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

Params = list[tuple[str, str]]


class UnsafeAddress(ValueError):
    """The address would carry the secret key in clear text through a network, or is no address."""


def check_address(base_url: str) -> bool:
    """Return whether the address is this computer's own loopback.

    Raises UnsafeAddress for anything but https, save http on loopback (design 3).
    """
    try:
        parts = urlsplit(base_url)
        loopback, _port = _is_loopback(parts.hostname or ""), parts.port
    except ValueError as error:
        raise UnsafeAddress(f"not an address: {error}") from error
    if not parts.hostname or parts.username is not None or parts.fragment:
        raise UnsafeAddress("not an address of a service")
    if parts.scheme == "https" or (parts.scheme == "http" and loopback):
        return loopback
    raise UnsafeAddress(f"{parts.scheme} outside this computer would send the key in clear text")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def filled_path(template: str, ids: Mapping[str, str]) -> str:
    """Return the template with its ids filled in, quoted: `/orders/{id}`.

    Raises ValueError for an empty id, which would name another resource.
    """
    if not ids:
        return template
    if not all(ids.values()):
        raise ValueError(f"an empty id in {template}")
    return template.format_map({key: quote(value, safe="") for key, value in ids.items()})


def given(params: Params | None) -> Params:
    """Return the filters that were given a value."""
    return [(key, value) for key, value in params or () if value]


def since(name: str, moment: datetime | None) -> Params:
    """Return the filter `name[gte]=moment`, none for None (contract 2, range filters)."""
    return [] if moment is None else [(f"{name}[gte]", utc_text(moment))]


def before(name: str, moment: datetime | None) -> Params:
    """Return the filter `name[lt]=moment`, none for None."""
    return [] if moment is None else [(f"{name}[lt]", utc_text(moment))]


def utc_text(moment: datetime) -> str:
    """Return an aware moment as the service writes it: UTC with `Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
