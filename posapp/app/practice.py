"""The training room's desk, trainer and bar, put together and joined to the window's screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from posapp.gateway.sandbox_control import SandboxControl
from posapp.ui.sale.counter import Place
from posapp.ui.sale.screen import SaleScreen
from posapp.ui.training.bar import TrainingBar
from posapp.ui.training.stage import Stage
from posapp.ui.training.trainer import Trainer
from posapp.ui.training.words import payment_in_hand
from posapp.usecases.training import TrainingDesk

if TYPE_CHECKING:
    from posapp.app.session import Session
    from posapp.app.training import TrainingRoom
    from posapp.domain.sale import Sale
    from posapp.ui.changes import ChangeSignals
    from posapp.ui.kit.run import Runner
    from posapp.ui.main_window.floor import ShopFloor
    from posapp.ui.messages import Message

_PAYING = (Place.PAYMENT, Place.REVIEW)


class Practice:
    """What training mode has beside an ordinary shop."""

    def __init__(
        self,
        session: Session,
        control: SandboxControl,
        run: Runner,
        changes: ChangeSignals,
        now_s: Callable[[], float],
    ) -> None:
        self._control = control
        self._floor: ShopFloor | None = None
        self._sale_screen: SaleScreen | None = None
        desks = session.desks
        desk = TrainingDesk(
            session.store,
            control,
            desks.sale,
            desks.present,
            desks.sale.clock,
            session.engine.look_now,
        )
        stage = Stage(self._take_sale, self._why_not, self._window)
        self.trainer = Trainer(run, desk, changes, stage, now_s)
        self.bar = TrainingBar(run, self.trainer)
        self.trainer.setParent(self.bar)

    @classmethod
    def of(
        cls,
        session: Session,
        room: TrainingRoom,
        run: Runner,
        changes: ChangeSignals,
        now_s: Callable[[], float],
    ) -> Practice:
        """Practise in this room."""
        control = SandboxControl(room.control_url, room.control_token)
        made = cls(session, control, run, changes, now_s)
        room.on_restart = made.trainer.service_restarted
        return made

    def join(self, floor: ShopFloor) -> None:
        """Stand in the floor's top bar."""
        self._floor = floor
        floor.take_tool(self.bar)
        self.bar.widened.connect(floor.make_room)

    def watch(self, screen: SaleScreen) -> None:
        """Follow the sale from page to page."""
        self._sale_screen = screen
        screen.place_changed.connect(self.trainer.see_place)

    async def close(self) -> None:
        """Let go of the control port."""
        await self._control.aclose()

    def _take_sale(self, sale: Sale) -> None:
        if self._floor is None:
            return
        screen = self._floor.screen_of("sell")
        if isinstance(screen, SaleScreen):
            screen.take_in_hand(sale)
        self._floor.go("sell")

    def _window(self) -> QWidget:
        return self.bar.window()

    def _why_not(self) -> Message | None:
        screen = self._sale_screen
        return payment_in_hand() if screen is not None and screen.place in _PAYING else None
