"""What stands before and after a lesson: its goal, and its result beside the person's best."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from posapp.domain.lesson import Best, Lesson, Score
from posapp.domain.words import tr
from posapp.ui.kit import theme
from posapp.ui.kit.buttons import Button, Kind
from posapp.ui.kit.dialogs import SheetDialog
from posapp.ui.kit.panels import Card, column, holder
from posapp.ui.kit.texts import Amount, Text
from posapp.ui.kit.theme import Tone, Type
from posapp.ui.training.stage import Result
from posapp.ui.training.words import best_words, mistakes_words, time_words


class Briefing(SheetDialog):
    """The goal of a lesson; the clock starts with Begin."""

    begun = Signal()

    def __init__(self, owner: QWidget, lesson: Lesson, best: Best | None) -> None:
        super().__init__(
            owner, tr(lesson.title), name="lesson_briefing", width=560, icon=lesson.icon
        )
        self.goal = Text(tr(lesson.goal), Type.LEAD, wrap=True, name="lesson_goal")
        sets = (
            tr("A basket and its customer are there already; a sale in hand is put on hold.")
            if lesson.scene.basket
            else tr("An order comes in and waits in the queue.")
        )
        counts = tr("Keys and clicks count, scans and what the customer types do not.")
        self.body.addWidget(self.goal)
        self.body.addWidget(Text(f"{sets} {counts}", muted=True, wrap=True))
        self.body.addWidget(Text(tr("You: {best}", best=best_words(best)), Type.STRONG))
        self.add_cancel(tr("Back"))
        self.begin_button = Button(
            tr("Begin"), name="begin_button", kind=Kind.PRIMARY, icon="forward", key="Enter",
            bind=False,
        )  # fmt: skip
        self.begin_button.setDefault(True)
        self.add_button(self.begin_button, on_press=self._on_begin)
        self.begin_button.setFocus()
        self.setAccessibleDescription(tr(lesson.goal))

    def _on_begin(self) -> None:
        self.accept()
        self.begun.emit()


class ResultSheet(SheetDialog):
    """This time beside the best so far; again, or on to the next lesson."""

    again_wanted = Signal()
    next_wanted = Signal()

    def __init__(self, owner: QWidget, result: Result, following: Lesson | None) -> None:
        super().__init__(
            owner, tr(result.lesson.title), name="lesson_result", width=680, icon="success"
        )
        self.set_tone(Tone.READY if result.has_passed else Tone.PROBLEM)
        self.result_shown = result
        self.verdict = Text(_verdict(result), Type.LEAD, wrap=True, name="lesson_verdict")
        self.body.addWidget(self.verdict)
        if result.has_passed:
            self.body.addWidget(_figures(result))
        if result.mistakes:
            self.body.addWidget(_slips(result.mistakes))
        self._add_buttons(result, following)
        self.setAccessibleDescription(self.verdict.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's override: A takes the lesson again."""
        if event.key() == Qt.Key.Key_A and not event.modifiers():
            self.again_button.click()
            return
        super().keyPressEvent(event)

    def _add_buttons(self, result: Result, following: Lesson | None) -> None:
        self.add_cancel(tr("Close"))
        goes_on = result.has_passed and following is not None
        self.again_button = Button(
            tr("Again"), name="again_button", icon="refresh", bind=False,
            kind=Kind.SECONDARY if goes_on else Kind.PRIMARY, key="A" if goes_on else "Enter",
        )  # fmt: skip
        self.add_button(self.again_button, on_press=self._on_again)
        main = self.again_button
        if goes_on and following is not None:
            words = tr("Next: {lesson}", lesson=tr(following.title))
            self.next_button = Button(
                words, name="next_lesson_button", kind=Kind.PRIMARY, icon="forward", key="Enter",
                bind=False,
            )  # fmt: skip
            main = self.add_button(self.next_button, on_press=self._on_next)
        main.setDefault(True)
        main.setFocus()

    def _on_again(self) -> None:
        self.accept()
        self.again_wanted.emit()

    def _on_next(self) -> None:
        self.accept()
        self.next_wanted.emit()


def _verdict(result: Result) -> str:
    if not result.has_passed:
        return tr("Not this time. {why}", why=tr(result.why))
    if result.best is None:
        return tr("Passed. Your first time, and so your best.")
    if result.is_best:
        return tr("Passed, and your best so far.")
    return tr("Passed. Your best still stands.")


def _figures(result: Result) -> QWidget:
    """Three rows: this time, the best before, and what lies between."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.metrics().space(4))
    grid.setVerticalSpacing(theme.metrics().space(1))
    grid.setColumnStretch(0, 1)
    heads = (tr("This time"), tr("Your best"), "") if result.best else (tr("This time"),)
    for at, head in enumerate(heads, 1):
        grid.addWidget(Amount(head, Type.CAPTION), 0, at)
    for line, row in enumerate(_rows(result.score, result.best), 1):
        grid.addWidget(Text(row[0]), line, 0)
        grid.addWidget(Amount(row[1], Type.TITLE), line, 1)
        if result.best is not None:
            grid.addWidget(Amount(row[2]), line, 2)
            tone = Tone.READY if row[4] < 0 else Tone.WAIT if row[4] > 0 else None
            grid.addWidget(Amount(row[3], tone=tone), line, 3)
    card = Card(name="lesson_figures")
    card.body.addLayout(grid)
    return card


def _rows(score: Score, best: Best | None) -> list[tuple[str, str, str, str, float]]:
    before = best.score if best is not None else score
    seconds = round(score.seconds) - round(before.seconds)
    keys, mistakes = score.keys - before.keys, score.mistakes - before.mistakes
    return [
        (tr("Time"), time_words(score.seconds), time_words(before.seconds),
         _gap(seconds, tr("{n} s faster"), tr("{n} s slower")), seconds),
        (tr("Keys and clicks"), str(score.keys), str(before.keys),
         _gap(keys, tr("{n} fewer"), tr("{n} more")), keys),
        (tr("Mistakes"), str(score.mistakes), str(before.mistakes),
         _gap(mistakes, tr("{n} fewer"), tr("{n} more")), mistakes),
    ]  # fmt: skip


def _gap(by: int, better: str, worse: str) -> str:
    if not by:
        return tr("same")
    return (better if by < 0 else worse).format(n=abs(by))


def _slips(mistakes: tuple[str, ...]) -> QWidget:
    lines = [Text(mistakes_words(len(mistakes)), Type.STRONG)]
    for words in dict.fromkeys(mistakes):
        times = mistakes.count(words)
        said = f"{tr(words)} ({times} ×)" if times > 1 else tr(words)
        lines.append(Text(f"– {said}", wrap=True))
    return holder(column(*lines, gap=0.5), name="lesson_slips")
