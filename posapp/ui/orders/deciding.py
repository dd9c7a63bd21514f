"""What a person decides about one order: each press opens a sheet or asks the desk."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.clock import Clock
from posapp.domain.errors import ClaimedByOther
from posapp.domain.fulfilment import FulfilmentRequest
from posapp.domain.order import OrderState
from posapp.domain.staff import Permission, may
from posapp.domain.words import tr
from posapp.ui.kit.dialogs import ask
from posapp.ui.kit.run import Runner
from posapp.ui.kit.theme import Tone
from posapp.ui.orders.claiming import Claiming, Hold, held_by
from posapp.ui.orders.fulfil_dialog import Draft, FulfilDialog
from posapp.ui.orders.note_dialog import note_dialog
from posapp.usecases.orders import OrderDesk, OrderSheet


class Deciding(QObject):
    """The presses on one order's sheet. News of what they did comes back by announcement."""

    failed = Signal(object)  # the Exception
    decided = Signal(object)  # the FulfilmentRequest that went to the outbox

    def __init__(self, run: Runner, desk: OrderDesk, clock: Clock, owner: QWidget) -> None:
        super().__init__(owner)
        self._run = run
        self._desk = desk
        self._clock = clock
        self._owner = owner
        self._drafts: dict[str, Draft] = {}
        self._dialog: FulfilDialog | None = None
        self.claiming = Claiming(run, desk, owner)
        self.claiming.failed.connect(self.failed)
        self.claiming.take_over_wanted.connect(self._on_take_over_wanted)

    # ---- what is possible

    def hold(self, sheet: OrderSheet) -> Hold:
        """Say who has the order in hand."""
        holder, till, until = sheet.claim or ("", "", None)
        return held_by(self._desk, holder, till, until, self._clock.now())

    def may(self, permission: Permission) -> bool:
        """Say whether the person at the till may."""
        staff = self._desk.present.staff
        return staff is not None and may(staff, permission)

    def why_not(self, sheet: OrderSheet, permission: Permission) -> str:
        """Return why nothing can be sent for this order now, or nothing when it can."""
        if not self.may(permission):
            return tr("Your role may not do this.")
        if sheet.order.state is not OrderState.ACCEPTED:
            return tr("Only an accepted order can be fulfilled or cancelled here.")
        if not any(line.open for line in sheet.lines):
            return tr("Nothing of this order is open any more.")
        if self.hold(sheet) is Hold.OTHER:
            return tr("Somebody else has it in hand. Space takes it over, if you may.")
        return ""

    # ---- the presses

    def fulfil(self, sheet: OrderSheet, *, cancelling: bool, busy: QWidget) -> None:
        """Take the order in hand and open the sheet for it."""
        was_mine = self.hold(sheet) is Hold.ME
        self._run(
            self._owner,
            self._desk.claim(sheet.order.id),
            done=lambda _until: self._open(sheet, cancelling=cancelling, was_mine=was_mine),
            failed=self.failed.emit,
            busy=busy,
        )

    def hand_over(self, sheet: OrderSheet, busy: QWidget) -> None:
        """Record that the goods left with the customer."""
        self._run(
            self._owner,
            self._desk.hand_over(sheet.order.id),
            done=self.decided.emit,
            failed=self.failed.emit,
            busy=busy,
        )

    def note(self, sheet: OrderSheet) -> None:
        """Open the sheet for a note."""
        note_dialog(self._owner, self._run, self._desk, sheet.order.id).open()

    def claim(self, sheet: OrderSheet, busy: QWidget) -> None:
        """Take, lay down or take over."""
        holder = sheet.claim[0] if sheet.claim else ""
        self.claiming.press(sheet.order.id, self.hold(sheet), holder, busy)

    def take_in(self, sheet: OrderSheet) -> None:
        """The order stands differently now; an open sheet shows it."""
        if self._dialog is not None and self._dialog.order_id == sheet.order.id:
            self._dialog.set_sheet(sheet)

    def scan(self, code: str) -> bool:
        """Hand a scan to the open sheet; False when none is open."""
        if self._dialog is None:
            return False
        self._dialog.scan(code)
        return True

    # ---- inside

    def _open(self, sheet: OrderSheet, *, cancelling: bool, was_mine: bool) -> None:
        order_id = str(sheet.order.id)
        dialog = FulfilDialog(
            self._owner,
            self._run,
            self._desk,
            sheet,
            cancelling=cancelling,
            draft=self._drafts.get(order_id),
        )
        dialog.sent.connect(self._on_sent)
        dialog.rejected.connect(lambda: self._on_left(dialog.draft(), order_id, was_mine=was_mine))
        dialog.finished.connect(self._on_closed)
        self._dialog = dialog
        dialog.open()

    def _on_sent(self, request: FulfilmentRequest) -> None:
        self._drafts.pop(request.order_id, None)
        self._lay_down(request.order_id)
        self.decided.emit(request)

    def _on_left(self, draft: Draft, order_id: str, *, was_mine: bool) -> None:
        self._drafts[order_id] = draft
        if not was_mine:
            self._lay_down(order_id)

    def _on_closed(self, _result: int) -> None:
        self._dialog = None

    def _lay_down(self, order_id: str) -> None:
        self._run(
            self._owner,
            self._desk.release_claim(order_id),
            done=self._on_laid_down,
            failed=self._on_not_laid_down,
        )

    def _on_laid_down(self, _result: None) -> None:
        """Nothing to show here: the announcement repaints row and sheet."""

    def _on_not_laid_down(self, error: Exception) -> None:
        if not isinstance(error, ClaimedByOther):  # taken over meanwhile: it is theirs to lay down
            self.failed.emit(error)

    def _on_take_over_wanted(self, order_id: str, holder: str) -> None:
        ask(
            self._owner,
            tr("Take order {order} over from {name}?", order=order_id, name=holder),
            tr(
                "{name} may be packing it at this moment. It is written down who took it.",
                name=holder,
            ),
            yes=tr("Take over"),
            on_yes=lambda: self.claiming.take_over(order_id),
            tone=Tone.WAIT,
        )
