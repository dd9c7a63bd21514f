"""Orders: the queue with one order beside it, or in its place where the window is narrow."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from posapp.domain.clock import Clock
from posapp.sync.engine import Health
from posapp.ui.changes import ChangeSignals
from posapp.ui.kit import theme
from posapp.ui.kit.actions import Action, ActionSet
from posapp.ui.kit.panels import column
from posapp.ui.kit.run import Runner
from posapp.ui.orders.detail import OrderDetail
from posapp.ui.orders.queue import QueueScreen
from posapp.usecases.orders import OrderDesk

TICK_MS = 1000
BESIDE_FROM = 1060
"""Width from which the order stands beside the queue, at 100 % text: 1280 less the rail."""


class OrdersScreen(QWidget):
    """Queue and order together, their keys and their one timer."""

    def __init__(self, run: Runner, desk: OrderDesk, changes: ChangeSignals, clock: Clock) -> None:
        super().__init__()
        self.setObjectName("orders_screen")
        self.queue = QueueScreen(run, desk, changes, clock)
        self.detail = OrderDetail(run, desk, changes, clock)
        self._is_open = False
        self.queue.stand_beside(self.detail)
        self.setLayout(column(self.queue, gap=0))
        self.keys = ActionSet(self, [*self.queue.verbs(), *self.detail.verbs()])
        self.queue.table.installEventFilter(self.keys)
        self.setFocusProxy(self.queue.table)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        self._timer.start()
        self.queue.order_opened.connect(self._on_opened)
        self.queue.order_chosen.connect(self._on_chosen)
        self.detail.closed.connect(self._on_back)

    @property
    def is_beside(self) -> bool:
        """Whether queue and order stand beside each other."""
        return self.width() >= theme.metrics().px(BESIDE_FROM)

    def verbs(self) -> tuple[Action, ...]:
        """Return what can be done here, for the palette and F1."""
        return tuple(self.keys)

    def open_order(self, order_id: str) -> None:
        """Show one order: from the palette, a receipt’s code, another screen."""
        self.queue.start()
        self.queue.choose(order_id)
        self._on_opened(order_id)

    def scan(self, code: str) -> None:
        """Take a scan: into the open sheet, or else it names an order, as a receipt's code does."""
        if not self.detail.deciding.scan(code):
            self.open_order(code.strip().rpartition("/")[2])

    def set_feed(self, health: Health) -> None:
        """Show how old the picture is."""
        self.queue.set_feed(health)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's override: beside each other, or one in the other's place."""
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's override: Esc that no field wanted leads back to the queue."""
        if event.key() == Qt.Key.Key_Escape:
            self._on_back()
            return
        super().keyPressEvent(event)

    def _arrange(self) -> None:
        self.queue.show_table(self.is_beside or not self._is_open)
        self.detail.setVisible(self.is_beside or self._is_open)
        self.detail.show_back(not self.is_beside)

    def _on_opened(self, order_id: str) -> None:
        self._is_open = True
        self.detail.show_order(order_id)
        self._arrange()
        self.detail.setFocus()

    def _on_chosen(self, order_id: str) -> None:
        if self.is_beside and order_id:
            self.detail.show_order(order_id)

    def _on_back(self) -> None:
        self._is_open = False
        self._arrange()
        self.queue.table.setFocus()

    def _on_tick(self) -> None:
        if self.isVisible():
            self.queue.tick()
            self.detail.tick()
