"""Nobody knows yet whether the sale went through. Says so, counts the seconds, offers no second
try.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimerEvent, Signal
from PySide6.QtGui import QHideEvent, QShowEvent

from posapp.domain.sale import Sale
from posapp.domain.words import tr
from posapp.ui.kit.buttons import Button
from posapp.ui.kit.panels import Card, column, row
from posapp.ui.kit.spinner import Spinner
from posapp.ui.kit.texts import Text
from posapp.ui.kit.theme import Type
from posapp.ui.sale.ledger_panel import LedgerPanel
from posapp.ui.sale.page import Forward, SalePage


class LockedPage(SalePage):
    """The waiting room of a sale in doubt."""

    look_wanted = Signal()  # F5: look it up now

    def __init__(self) -> None:
        super().__init__("locked_page")
        self.title = Text("", Type.HEADING, wrap=True, name="locked_title")
        self.text = Text(
            tr(
                "Digital River did not answer in time. The basket is kept and locked. Nothing is "
                "sent a second time, so nobody is charged twice."
            ),
            Type.LEAD,
            wrap=True,
        )
        self.duty = Text(
            tr(
                "Keep the goods here and ask the customer to wait. This screen goes on by itself "
                "as soon as we know."
            ),
            wrap=True,
        )
        self.waited = Text("", muted=True, name="waited")
        self.look_button = Button(tr("Check now"), name="look_button", icon="refresh", key="F5")
        self.ledger = LedgerPanel("locked_ledger")
        self.ledger.verify_button.hide()
        self._seconds = 0
        self._timer = 0
        self._build()
        self.look_button.clicked.connect(self.look_wanted)

    def forward(self) -> Forward:
        """The doubt blocks its own sale only: the next customer can be served."""
        return Forward(tr("Next customer"), "new_customer")

    def show_sale(self, sale: Sale) -> None:
        """Show which sale it is."""
        self.title.setText(
            tr("We don’t know yet if sale {number} went through. Checking …", number=sale.label)
        )

    def restart(self) -> None:
        """Count from now."""
        self._seconds = 0
        self._tell()

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's override: count while on show."""
        super().showEvent(event)
        self._timer = self._timer or self.startTimer(1000)

    def hideEvent(self, event: QHideEvent) -> None:
        """Qt's override."""
        super().hideEvent(event)
        if self._timer:
            self.killTimer(self._timer)
            self._timer = 0

    def timerEvent(self, event: QTimerEvent) -> None:
        """Qt's override: a second has passed."""
        if event.timerId() == self._timer:
            self._seconds += 1
            self._tell()
        else:
            super().timerEvent(event)

    def _tell(self) -> None:
        self.waited.setText(tr("Waiting for {n} s", n=self._seconds))

    def _build(self) -> None:
        sheet = Card(name="locked_card", padding=3)
        head = row(Spinner(size=32), self.title, gap=2)
        head.setStretch(1, 1)
        head.setAlignment(self.title, Qt.AlignmentFlag.AlignVCenter)
        sheet.body.addLayout(
            column(head, self.text, self.duty, row(self.look_button, self.waited, 1, gap=2), gap=2)
        )
        self.lines.addWidget(sheet)
        self.lines.addWidget(self.ledger, 1)
