"""A sheet with one form and one press that stores it. Keeps what was typed until it is stored."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.errors import BadField
from posapp.domain.words import tr
from posapp.ui.kit.address_form import AddressField, AddressForm
from posapp.ui.kit.banner import Banner
from posapp.ui.kit.buttons import Button, Kind
from posapp.ui.kit.dialogs import SheetDialog
from posapp.ui.kit.run import Runner
from posapp.ui.settings.page import check_filled, tell_failure


class FormSheet(SheetDialog):
    """Derive, and say in `made` what the form describes and in `keeping` how it is stored. F12, or
    Enter in the last field, stores.
    """

    stored = Signal(object)  # what was stored

    def __init__(
        self,
        owner: QWidget,
        run: Runner,
        title: str,
        fields: Sequence[AddressField],
        values: Mapping[str, str],
        *,
        name: str,
        icon: str,
        width: int,
    ) -> None:
        super().__init__(owner, title, name=f"{name}_dialog", icon=icon, width=width)
        self._run = run
        self.banner = Banner(name=f"{name}_banner")
        self.form = AddressForm(fields, name=f"{name}_form")
        self.form.set_values(values)
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
        self.form.field(fields[0].id).setFocus()

    def made(self, values: dict[str, str]) -> Any:
        """Return what the form describes. Raises BadField."""
        raise AssertionError("a sheet says what it makes")

    def keeping(self, made: Any, values: dict[str, str]) -> Coroutine[Any, Any, object]:
        """Return the work that stores it."""
        raise AssertionError("a sheet says how it stores")

    def store(self) -> None:
        """Keep what the form describes, or say what is wrong with it."""
        values = self.form.values()
        self.form.set_errors({})
        try:
            check_filled(self.form)
            made = self.made(values)
        except BadField as error:
            self._fail(error)
            return
        self._run(
            self,
            self.keeping(made, values),
            done=lambda _result: self._on_stored(made),
            failed=self._fail,
            busy=self.store_button,
        )

    def _fail(self, error: Exception) -> None:
        tell_failure(self.form, self.banner, error)

    def _on_stored(self, made: Any) -> None:
        self.stored.emit(made)
        self.accept()
