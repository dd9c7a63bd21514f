"""What happened to an order, newest first, and what people wrote about it. Shows; never fetches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from posapp.domain.ages import at_time
from posapp.domain.intent import IntentKind
from posapp.domain.timeline import EntryKind, Note, TimelineEntry
from posapp.domain.words import tr
from posapp.ui.kit.panels import Card, clear, column, holder
from posapp.ui.kit.texts import Text
from posapp.ui.kit.theme import Tone, Type
from posapp.ui.kit.timeline import Entry, Timeline
from posapp.ui.messages import event_words, intent_kind_words

_LOOKS = {
    EntryKind.EVENT: ("feed", Tone.NEUTRAL),
    EntryKind.DECISION: ("person", Tone.INFO),
    EntryKind.NOTE: ("note", Tone.WAIT),
    EntryKind.SALE: ("sell", Tone.NEUTRAL),
}
_ENDINGS = {
    ("accepted", "passed", "complete", "fulfilled", "capturable", "done"): ("check", Tone.READY),
    ("blocked", "failed", "dispute", "chargeback", "refused"): ("warning", Tone.PROBLEM),
    ("review_opened", "pending_payment", "pending", "unknown"): ("clock", Tone.WAIT),
}
_DECISIONS = {
    "fulfil": "Decided to ship",
    "cancel": "Decided to cancel",
    "fulfil and cancel": "Decided to ship and cancel",
    "customer told": "Acknowledged: customer told",
    "sold again": "Acknowledged: sold again",
    "closed": "Acknowledged: closed",
}


def entry_of(told: TimelineEntry, now: datetime) -> Entry:
    """Return an entry in words a person reads."""
    icon, tone = _LOOKS[told.kind]
    if told.kind is EntryKind.EVENT:
        title = event_words(told.what)
        last = told.what.rpartition(".")[2]
        found = next((look for words, look in _ENDINGS.items() if last in words), None)
        icon, tone = found or (icon, tone)
    elif told.kind is EntryKind.NOTE:
        title = told.text
    elif told.kind is EntryKind.SALE and told.what in set(IntentKind):
        title = intent_kind_words(IntentKind(told.what))
    else:
        title = tr(_DECISIONS.get(told.what, told.what.capitalize()))
    text = "" if told.kind is EntryKind.NOTE else told.text
    detail = " · ".join(part for part in (text, told.amount, told.who) if part)
    return Entry(at_time(told.at, now), title, detail, icon, tone)


class HistoryPanel(Card):
    """The timeline."""

    def __init__(self) -> None:
        super().__init__(tr("Timeline"), name="history_panel")
        self.timeline = Timeline(name="timeline")
        self.add(self.timeline)

    def show_entries(self, entries: Sequence[TimelineEntry], now: datetime) -> None:
        """Show these entries, given oldest first."""
        self.timeline.show_entries([entry_of(told, now) for told in reversed(entries)])


class NotesPanel(Card):
    """What people wrote, newest first; hidden while nobody has."""

    def __init__(self) -> None:
        super().__init__(tr("Notes"), name="notes_panel")
        self._shown: tuple[Note, ...] = ()
        self.hide()

    @property
    def notes(self) -> tuple[Note, ...]:
        """What it shows."""
        return self._shown

    def show_notes(self, notes: Sequence[Note], now: datetime) -> None:
        """Show these notes, given oldest first."""
        self.setVisible(bool(notes))
        if tuple(notes) == self._shown:
            return
        self._shown = tuple(notes)
        clear(self.body)
        for note in reversed(notes):
            head = f"{note.author} · {at_time(note.written_at, now)}"
            lines = column(
                Text(head, Type.CAPTION, muted=True), Text(note.text, wrap=True), gap=0.25
            )
            self.add(holder(lines))
