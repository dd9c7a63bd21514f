"""The sheet for somebody who works here. Never shows a PIN; keeps what was typed until stored."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.errors import BadField
from posapp.domain.staff import Role, Staff, StaffId, check_pin
from posapp.domain.words import tr
from posapp.ui.kit.address_form import AddressForm
from posapp.ui.kit.banner import Banner
from posapp.ui.kit.buttons import Button, Kind
from posapp.ui.kit.dialogs import SheetDialog
from posapp.ui.kit.run import Runner
from posapp.ui.settings.fields import staff_fields, values_of_staff
from posapp.ui.settings.page import check_filled, tell_failure

Keep = Callable[[Staff, str], Coroutine[Any, Any, object]]
"""Stores the person; the text is the new PIN, '' for none."""


class StaffDialog(SheetDialog):
    """Name, role, PIN, and whether they still work here. Enter on the last field stores."""

    stored = Signal(object)  # the Staff as stored

    def __init__(
        self, owner: QWidget, run: Runner, staff: Staff | None, *, new_id: StaffId, keep: Keep
    ) -> None:
        title = tr("Somebody new") if staff is None else tr("Change {name}", name=staff.name)
        super().__init__(owner, title, name="staff_dialog", icon="person", width=560)
        self._run = run
        self._keep = keep
        self._id = new_id if staff is None else staff.id
        self._is_new = staff is None
        self.banner = Banner(name="staff_banner")
        self.form = AddressForm(staff_fields(is_new=staff is None), name="staff_form")
        self.form.set_values(
            {"role": Role.CLERK.value} if staff is None else values_of_staff(staff)
        )
        self.body.addWidget(self.banner)
        self.body.addWidget(self.form)
        leave = self.add_cancel(tr("Leave"))
        leave.setAutoDefault(False)
        self.store_button = Button(
            tr("Store"), name="store_button", kind=Kind.PRIMARY, icon="check", key="F12"
        )
        self.store_button.setAutoDefault(False)
        self.add_button(self.store_button, on_press=self.store)
        self.form.submitted.connect(self.store_button.click)  # not while it is at work
        self.form.field("staff_name").setFocus()

    def store(self) -> None:
        """Keep the person."""
        values = self.form.values()
        try:
            check_filled(self.form)
            if self._is_new or values["pin"] or values["pin_again"]:
                check_pin(values["pin"], values["pin_again"])
            staff = Staff(
                self._id,
                values["staff_name"],
                Role(values["role"]),
                values.get("active", "yes") == "yes",
            )
        except BadField as error:
            self._fail(error)
            return
        self._run(
            self,
            self._keep(staff, values["pin"]),
            done=lambda _result: self._on_stored(staff),
            failed=self._fail,
            busy=self.store_button,
        )

    def _fail(self, error: Exception) -> None:
        tell_failure(self.form, self.banner, error)

    def _on_stored(self, staff: Staff) -> None:
        self.stored.emit(staff)
        self.accept()
