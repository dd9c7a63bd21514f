"""Who may do what."""

from __future__ import annotations

import pytest

from posapp.domain.errors import NotAllowed
from posapp.domain.staff import ALLOWED, Permission, Role, Staff, StaffId, may, require


def _somebody(role: Role, *, active: bool = True) -> Staff:
    return Staff(StaffId("x"), "X", role, active)


def test_an_admin_may_everything_and_a_manager_all_but_settings() -> None:
    assert ALLOWED[Role.ADMIN] == frozenset(Permission)
    assert frozenset(Permission) - ALLOWED[Role.MANAGER] == {Permission.SETTINGS}


def test_a_clerk_sells_but_does_not_decide() -> None:
    clerk = _somebody(Role.CLERK)
    require(clerk, Permission.SELL)
    with pytest.raises(NotAllowed):
        require(clerk, Permission.DECIDE)


def test_somebody_who_left_may_nothing() -> None:
    assert not any(
        may(_somebody(Role.ADMIN, active=False), permission) for permission in Permission
    )
