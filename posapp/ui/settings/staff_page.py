"""Settings: who works here and may do what. Nobody is deleted: their name stands in books."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.staff import Permission, Staff, StaffId, may
from posapp.domain.words import tr
from posapp.ui.kit import theme
from posapp.ui.kit.banner import Banner
from posapp.ui.kit.buttons import Button, Kind
from posapp.ui.kit.empty import EmptyState
from posapp.ui.kit.panels import Card, row
from posapp.ui.kit.run import Runner
from posapp.ui.kit.table import CellKind, Column, RowsModel
from posapp.ui.kit.table_view import TableView
from posapp.ui.kit.texts import Text
from posapp.ui.kit.theme import Tone
from posapp.ui.messages import explain
from posapp.ui.settings.fields import role_word
from posapp.ui.settings.page import FORM_WIDTH
from posapp.ui.settings.staff_dialog import StaffDialog
from posapp.usecases.staff import StaffDesk


def staff_columns() -> tuple[Column[Staff], ...]:
    """Return the columns of the people."""
    return (
        Column(
            tr("Name"),
            lambda one: one.name,
            icon=lambda _one: "person",
            kind=CellKind.STRONG,
            width=0,
        ),
        Column(tr("Role"), lambda one: role_word(one.role), width=16),
        Column(
            tr("State"),
            lambda one: tr("works here") if one.active else tr("left"),
            tone=lambda one: Tone.DONE if one.active else Tone.NEUTRAL,
            kind=CellKind.STATUS,
            width=14,
        ),
    )


class StaffPage(QWidget):
    """The list of people; Enter changes one, F9 takes somebody on."""

    left = Signal()  # who was signed in took the right to be here from themselves

    def __init__(self, run: Runner, desk: StaffDesk, new_id: Callable[[], str]) -> None:
        super().__init__()
        self.setObjectName("staff_page")
        self._run = run
        self._desk = desk
        self._new_id = new_id
        self.banner = Banner(self, name="staff_page_banner")
        self.people: RowsModel[Staff] = RowsModel(staff_columns(), lambda one: one.id)
        self.table = TableView(self.people, name="staff_table", label=tr("People who work here"))
        self.table.set_empty_state(EmptyState("person", tr("Reading the list…")))
        self.change_button = Button(
            tr("Change"), name="change_button", icon="edit", key="Enter", bind=False
        )
        self.new_button = Button(
            tr("Somebody new"), name="new_staff_button", kind=Kind.PRIMARY, icon="add", key="F9"
        )
        card = Card(tr("People"), name="staff_card")
        reason = tr("Everybody signs in with a PIN of their own: papers and the audit name them.")
        card.add(Text(reason, muted=True, wrap=True), self.banner, self.table)
        card.body.setStretch(2, 1)
        card.body.addLayout(row(1, self.change_button, self.new_button))
        card.setMaximumWidth(theme.metrics().px(FORM_WIDTH))
        side = row(card, 1, gap=0)
        side.setStretch(0, 100)
        self.setLayout(side)
        self.setFocusProxy(self.table)
        self.table.row_opened.connect(self.open)
        self.change_button.clicked.connect(self._on_change)
        self.new_button.clicked.connect(lambda: self.open(None))

    def enter(self) -> None:
        """The page is shown."""
        self.read()

    def read(self) -> None:
        """Read the list again."""
        self._run(self, self._desk.everyone(), done=self._show, failed=self._fail)

    def open(self, staff: Staff | None) -> None:
        """Open the sheet of somebody, or of somebody new."""
        dialog = StaffDialog(
            self,
            self._run,
            staff,
            new_id=StaffId(self._new_id()),
            keep=self._desk.take_on if staff is None else self._desk.change,
        )
        dialog.stored.connect(self._on_stored)
        dialog.rejected.connect(self.read)  # left while it was being stored
        dialog.open()

    def _on_change(self) -> None:
        chosen = self.table.chosen()
        if isinstance(chosen, Staff):
            self.open(chosen)

    def _on_stored(self, staff: Staff) -> None:
        me = self._desk.present.staff
        if me is None or not may(me, Permission.SETTINGS):
            self.left.emit()
            return
        self.read()
        self.banner.say(tr("{name} is stored.", name=staff.name), tone=Tone.DONE)

    def _show(self, people: Sequence[Staff]) -> None:
        self.people.set_rows(people)
        if self.table.chosen() is None:
            self.table.choose_first()

    def _fail(self, error: Exception) -> None:
        told = explain(error)
        self.banner.say(told.title, told.body, tone=told.tone)
