"""Proof of no double charge: every write of a sale with its time, its outcome and the remote id.

The proof is the journal's own record; Verify asks the service again.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from posapp.domain.intent import Intent, IntentState
from posapp.domain.sale import Sale
from posapp.domain.words import tr
from posapp.ui.kit.buttons import Button, Kind, Size
from posapp.ui.kit.panels import column, holder, row, scrolled
from posapp.ui.kit.texts import IconLabel, Text
from posapp.ui.kit.theme import Tone, Type
from posapp.ui.kit.timeline import Entry, Timeline
from posapp.ui.messages import intent_kind_words, intent_words

_TONES = {
    IntentState.WRITTEN: Tone.INFO,
    IntentState.SENDING: Tone.INFO,
    IntentState.DONE: Tone.READY,
    IntentState.NOT_DONE: Tone.NEUTRAL,
    IntentState.REFUSED: Tone.PROBLEM,
    IntentState.UNKNOWN: Tone.WAIT,
}


def ledger_entries(sale: Sale, ledger: Sequence[Intent]) -> tuple[Entry, ...]:
    """Return the sale's writes as lines, the first one first."""
    started = sale.started_at.astimezone().strftime("%H:%M:%S")
    first = Entry(started, tr("Written down"), tr("Sale {number}", number=sale.label), "edit")
    return (first, *(_entry(intent) for intent in ledger))


def _entry(intent: Intent) -> Entry:
    moment = intent.settled_at or intent.sent_at or intent.written_at
    words = intent_words(intent.state)
    detail = " · ".join(part for part in (words, intent.remote_id) if part)
    return Entry(
        moment.astimezone().strftime("%H:%M:%S"),
        intent_kind_words(intent.kind),
        detail,
        tone=_TONES[intent.state],
    )


class LedgerPanel(QFrame):
    """The ledger of one sale, and a key that asks the service again."""

    verify_wanted = Signal()  # compare with the service now

    def __init__(self, name: str = "ledger_panel") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("card", True)
        self.timeline = Timeline(name=f"{name}_lines")
        self.verify_button = Button(
            tr("Verify"),
            name="verify_button",
            kind=Kind.SECONDARY,
            icon="audit",
            key="F9",
            size=Size.SMALL,
        )
        self.verdict_icon = IconLabel("info", "text_muted")
        self.verdict = Text("", wrap=True, name="verdict")
        self._build()
        self.verify_button.clicked.connect(self.verify_wanted)

    def show_ledger(self, sale: Sale, ledger: Sequence[Intent]) -> None:
        """Show the writes of this sale."""
        self.timeline.show_entries(ledger_entries(sale, ledger))

    def show_verdict(self, words: str, tone: Tone) -> None:
        """Say what the service answered."""
        icons = {Tone.READY: "success", Tone.PROBLEM: "error", Tone.WAIT: "waiting"}
        self.verdict_icon.set_icon(icons.get(tone, "info"), tone.value)
        self.verdict.say(words, tone)
        self.verdict_line.setVisible(bool(words))

    def _build(self) -> None:
        title = Text(tr("Proof of no double charge"), Type.STRONG)
        line = row(self.verdict_icon, self.verdict)
        line.setStretch(1, 1)
        self.verdict_line = holder(line)
        self.verdict_line.hide()
        lines = column(
            row(title, 1, self.verify_button),
            scrolled(holder(column(self.timeline, 1)), name="ledger_scroll"),
            self.verdict_line,
            gap=1,
            margins=2,
        )
        lines.setStretch(1, 1)
        self.setLayout(lines)
