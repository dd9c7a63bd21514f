"""Who works here and what they may do.

Permissions are checked in the use cases, never only by hiding a button.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from posapp.domain.customer import FieldProblem
from posapp.domain.errors import BadField, NotAllowed
from posapp.domain.pin import PIN_LENGTH

StaffId = NewType("StaffId", str)


class Role(StrEnum):
    """What somebody is in the shop."""

    CLERK = "clerk"
    FULFILMENT = "fulfilment"
    MANAGER = "manager"
    ADMIN = "admin"


class Permission(StrEnum):
    """What somebody may do."""

    SELL = "sell"
    SEE_ORDERS = "see orders"
    FULFIL = "fulfil"
    CANCEL_LINES = "cancel lines"
    SEE_REVIEW = "see review"
    NOTE = "note"
    DECIDE = "decide"
    SETTLE = "settle"
    TAKE_OVER = "take over"
    REPORTS = "reports"
    SETTINGS = "settings"


_CLERK = frozenset({Permission.SELL, Permission.SEE_ORDERS, Permission.FULFIL, Permission.NOTE})
_FULFILMENT = frozenset(
    {Permission.SEE_ORDERS, Permission.FULFIL, Permission.CANCEL_LINES, Permission.NOTE}
)
ALLOWED: Mapping[Role, frozenset[Permission]] = {
    Role.CLERK: _CLERK,
    Role.FULFILMENT: _FULFILMENT,
    Role.MANAGER: frozenset(Permission) - {Permission.SETTINGS},
    Role.ADMIN: frozenset(Permission),
}


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who works here; the PIN's hash stays in the store."""

    id: StaffId
    name: str
    role: Role
    active: bool = True


def may(staff: Staff, permission: Permission) -> bool:
    """Say whether this person's role holds the permission."""
    return staff.active and permission in ALLOWED[staff.role]


def require(staff: Staff, permission: Permission) -> None:
    """Raise NotAllowed unless this person may."""
    if not may(staff, permission):
        raise NotAllowed(permission, staff.role)


def check_pin(pin: str, again: str) -> None:
    """Raise BadField unless both are the same PIN of the right length."""
    if len(pin) != PIN_LENGTH or not (pin.isascii() and pin.isdigit()):
        raise BadField("pin", FieldProblem.BAD_PIN)
    if pin != again:
        raise BadField("pin_again", FieldProblem.PIN_DIFFERS)
