"""The sheet for somebody who works here. Never shows a PIN."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtWidgets import QWidget

from posapp.domain.staff import Role, Staff, StaffId, check_pin
from posapp.domain.words import tr
from posapp.ui.kit.run import Runner
from posapp.ui.settings.fields import staff_fields, values_of_staff
from posapp.ui.settings.form_sheet import FormSheet

Keep = Callable[[Staff, str], Coroutine[Any, Any, object]]
"""Stores the person; the text is the new PIN, '' for none."""


class StaffDialog(FormSheet):
    """Name, role, PIN, and whether they still work here."""

    def __init__(
        self, owner: QWidget, run: Runner, staff: Staff | None, *, new_id: StaffId, keep: Keep
    ) -> None:
        self._keep = keep
        self._id = new_id if staff is None else staff.id
        self._is_new = staff is None
        super().__init__(
            owner,
            run,
            tr("Somebody new") if staff is None else tr("Change {name}", name=staff.name),
            staff_fields(is_new=staff is None),
            {"role": Role.CLERK.value} if staff is None else values_of_staff(staff),
            name="staff",
            icon="person",
            width=560,
        )

    def made(self, values: dict[str, str]) -> Staff:
        """The person; a PIN is looked at when one was typed."""
        if self._is_new or values["pin"] or values["pin_again"]:
            check_pin(values["pin"], values["pin_again"])
        active = values.get("active", "yes") == "yes"
        return Staff(self._id, values["staff_name"], Role(values["role"]), active)

    def keeping(self, made: Staff, values: dict[str, str]) -> Coroutine[Any, Any, object]:
        """The work of the desk."""
        return self._keep(made, values["pin"])
