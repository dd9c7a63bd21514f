"""What sending would do to the money: captured now, released, still authorised. A forecast."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from posapp.domain.fulfilment import MoneyPreview
from posapp.domain.money import Money
from posapp.domain.words import tr
from posapp.ui.kit.panels import Rule, column, row
from posapp.ui.kit.texts import Text
from posapp.ui.kit.theme import Tone, Type


class MoneyStrip(QFrame):
    """Three amounts beside each other."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("money_strip")
        self.setProperty("part", "banner")
        self.captures = Text("–", Type.TITLE, name="captures")
        self.releases = Text("–", Type.TITLE, name="releases")
        self.remains = Text("–", Type.TITLE, name="remains")
        line = row(
            column(Text(tr("Captures now"), Type.CAPTION, muted=True), self.captures, gap=0.25),
            Rule(vertical=True),
            column(Text(tr("Releases"), Type.CAPTION, muted=True), self.releases, gap=0.25),
            Rule(vertical=True),
            column(Text(tr("Stays authorised"), Type.CAPTION, muted=True), self.remains, gap=0.25),
            gap=2,
            margins=1.5,
        )
        for at in (0, 2, 4):
            line.setStretch(at, 1)
        self.setLayout(line)

    def show_preview(self, preview: MoneyPreview | None) -> None:
        """Show the forecast; None while what is entered cannot be sent."""
        if preview is None:
            for text in (self.captures, self.releases, self.remains):
                text.say("–")
            self.setAccessibleName(tr("No forecast yet"))
            return
        self.captures.say(str(preview.captures), _tone(preview.captures, Tone.READY))
        self.releases.say(str(preview.releases), _tone(preview.releases, Tone.WAIT))
        self.remains.say(str(preview.remains))
        self.setAccessibleName(
            tr(
                "This captures {captures} now, releases {releases}, leaves {remains} authorised",
                captures=preview.captures,
                releases=preview.releases,
                remains=preview.remains,
            )
        )


def _tone(amount: Money, tone: Tone) -> Tone | None:
    return tone if amount else None
