"""The window itself: the mode's frame, the sign-in screen, and the shop floor once somebody is in.

It is shown before anything heavy is imported; the shop is opened behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from posapp.domain.words import tr
from posapp.ui.kit.mode_frame import Mode, ModeFrame
from posapp.ui.kit.run import Runner
from posapp.ui.settings.sign_in import SignIn

if TYPE_CHECKING:
    from posapp.domain.staff import Staff
    from posapp.ui.main_window.floor import ShopFloor
    from posapp.usecases.desks import Desks

FloorMaker = Callable[[], "ShopFloor"]


class MainWindow(QWidget):
    """Everything the shop sees, in one window."""

    closing = Signal()  # the person closed it; the program ends when it has tidied up

    def __init__(self, run: Runner) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle("posapp")
        self.resize(1280, 800)
        self.setMinimumSize(1024, 700)
        self._desks: Desks | None = None
        self._make_floor: FloorMaker | None = None
        self.floor: ShopFloor | None = None
        self.run = run
        self.sign_in = SignIn(run)
        content = QWidget()
        content.setProperty("ground", "window")
        content.setAttribute(
            Qt.WidgetAttribute.WA_StyledBackground
        )  # else the frame shines through
        self._stack = QStackedLayout(content)
        self._stack.addWidget(self.sign_in)
        self.frame = ModeFrame(content, Mode.LIVE)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.frame)
        self.sign_in.signed_in.connect(self._on_signed_in)
        self.sign_in.setFocus()

    def set_mode(self, mode: str) -> None:
        """Show which world this is, by frame and word."""
        self.frame.set_mode(Mode(mode))

    def open_shop(
        self, desks: Desks, people: tuple[Staff, ...], make_floor: FloorMaker, *, hint: str
    ) -> None:
        """Let people in: the shop is open."""
        self._desks = desks
        self._make_floor = make_floor
        self.setWindowTitle(f"{desks.shop.name} · posapp")
        self.sign_in.open(desks.staff, people, shop_name=desks.shop.name, hint=hint)

    def close_shop(self, sentence: str) -> None:
        """Nobody is in and the floor is gone, until the shop is open again."""
        if self._desks is not None:
            self._desks.staff.sign_out()
        floor, self.floor = self.floor, None
        self._desks = None
        self._make_floor = None
        self.sign_in.close_shop(sentence)
        self._stack.setCurrentWidget(self.sign_in)
        self.sign_in.setFocus()
        self.setWindowTitle("posapp")
        if floor is not None:
            self._stack.removeWidget(floor)
            floor.deleteLater()

    def show_page(self, page: QWidget) -> None:
        """Show a page that needs nobody signed in, in place of everything else."""
        if self._stack.indexOf(page) < 0:
            self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        page.setFocus()

    def leave_page(self, page: QWidget) -> None:
        """Take that page away: back to the sign-in."""
        self._stack.removeWidget(page)
        page.deleteLater()
        self._stack.setCurrentWidget(self.sign_in)
        self.sign_in.setFocus()

    def come_forward(self) -> None:
        """Show the window above all others: somebody started the program again."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def tell_bug(self, reference: str) -> None:
        """Say that something of ours went wrong, with the name it has in the log."""
        from posapp.ui.kit.dialogs import tell
        from posapp.ui.messages import bug

        told = bug(reference)
        tell(self, told.title, told.body, tone=told.tone)

    def lock(self) -> None:
        """Leave the till to nobody; the basket stays."""
        if self._desks is not None:
            self._desks.staff.sign_out()
        self.sign_in.lock()
        self._stack.setCurrentWidget(self.sign_in)
        self.sign_in.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The person closes the window: the program tidies up, then ends."""
        event.accept()
        self.closing.emit()

    def _on_signed_in(self, staff: Staff) -> None:
        if self._make_floor is None:
            return
        if self.floor is None:
            self.floor = self._make_floor()
            self.floor.lock_wanted.connect(self.lock)
            self._stack.addWidget(self.floor)
        self.floor.welcome(staff)
        self._stack.setCurrentWidget(self.floor)
        self.setWindowTitle(
            tr("{shop} · {person} · posapp", shop=self.floor.shop_name, person=staff.name)
        )
