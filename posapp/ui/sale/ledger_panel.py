"""Proof of no double charge: every write of a sale with its time, its outcome and the remote id.

The proof is the journal's own record; Verify asks the service again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from posapp.domain.intent import Intent, IntentKind, IntentState
from posapp.domain.sale import Sale
from posapp.domain.words import tr
from posapp.ui.kit.buttons import Button, Kind, Size
from posapp.ui.kit.panels import column, holder, row
from posapp.ui.kit.table import CellKind, Column, RowsModel
from posapp.ui.kit.table_view import TableView
from posapp.ui.kit.texts import IconLabel, Text
from posapp.ui.kit.theme import Tone, Type
from posapp.ui.messages import intent_kind_words, intent_words

_TONES = {
    IntentState.WRITTEN: Tone.INFO,
    IntentState.SENDING: Tone.INFO,
    IntentState.DONE: Tone.READY,
    IntentState.NOT_DONE: Tone.NEUTRAL,
    IntentState.REFUSED: Tone.PROBLEM,
    IntentState.UNKNOWN: Tone.WAIT,
}


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One write as it is shown."""

    key: str
    when: str
    what: str
    outcome: str
    tone: Tone
    remote_id: str


def ledger_rows(sale: Sale, ledger: Sequence[Intent]) -> tuple[LedgerRow, ...]:
    """Return the sale's writes, the first one first."""
    started = sale.started_at.astimezone().strftime("%H:%M:%S")
    words = intent_words(IntentState.WRITTEN)
    first = LedgerRow(str(sale.id), started, tr("Sale begun"), words, Tone.READY, sale.label)
    steps = list(IntentKind)  # the order of a sale, for writes of the same moment
    ordered = sorted(ledger, key=lambda intent: (intent.written_at, steps.index(intent.kind)))
    return (first, *(_row(intent) for intent in ordered))


def _row(intent: Intent) -> LedgerRow:
    moment = intent.settled_at or intent.sent_at or intent.written_at
    return LedgerRow(
        str(intent.id),
        moment.astimezone().strftime("%H:%M:%S"),
        intent_kind_words(intent.kind),
        intent_words(intent.state),
        _TONES[intent.state],
        intent.remote_id,
    )


def ledger_columns() -> tuple[Column[LedgerRow], ...]:
    """Return the columns: when, what, outcome, the service's id."""
    return (
        Column(tr("Time"), lambda line: line.when, kind=CellKind.MUTED, width=8),
        Column(tr("Step"), lambda line: line.what, width=17),
        Column(
            tr("Outcome"),
            lambda line: line.outcome,
            tone=lambda line: line.tone,
            kind=CellKind.STATUS,
            width=15,
        ),
        Column(
            tr("Service’s id"),
            lambda line: line.remote_id,
            tip=lambda line: line.remote_id,
            kind=CellKind.MUTED,
            width=0,
        ),
    )


class LedgerPanel(QFrame):
    """The ledger of one sale, and a key that asks the service again."""

    verify_wanted = Signal()  # compare with the service now

    def __init__(self, name: str = "ledger_panel") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("card", True)
        self.ledger: RowsModel[LedgerRow] = RowsModel(ledger_columns(), lambda line: line.key)
        self.table = TableView(self.ledger, name=f"{name}_lines", label=tr("Writes of this sale"))
        self.verify_button = Button(
            tr("Verify"),
            name="verify_button",
            kind=Kind.SECONDARY,
            icon="audit",
            key="F5",
            size=Size.SMALL,
        )
        self.verdict_icon = IconLabel("info", "text_muted")
        self.verdict = Text("", wrap=True, name="verdict")
        self._build()
        self.verify_button.clicked.connect(self.verify_wanted)

    def show_ledger(self, sale: Sale, ledger: Sequence[Intent]) -> None:
        """Show the writes of this sale."""
        self.ledger.set_rows(ledger_rows(sale, ledger))

    def show_verdict(self, words: str, tone: Tone) -> None:
        """Say what the service answered."""
        icons = {Tone.READY: "success", Tone.PROBLEM: "error", Tone.WAIT: "waiting"}
        self.verdict_icon.set_icon(icons.get(tone, "info"), tone.value)
        self.verdict.say(words, tone)
        self.verdict_line.setVisible(bool(words))

    def _build(self) -> None:
        head = row(Text(tr("Proof of no double charge"), Type.STRONG), 1, self.verify_button)
        head.setContentsMargins(16, 8, 8, 8)
        line = row(self.verdict_icon, self.verdict)
        line.setStretch(1, 1)
        line.setContentsMargins(16, 8, 16, 10)
        self.verdict_line = holder(line)
        self.verdict_line.hide()
        lines = column(head, self.table, self.verdict_line, gap=0)
        lines.setContentsMargins(1, 1, 1, 1)
        lines.setStretch(1, 1)
        self.setLayout(lines)
