"""What all pages of the settings have: a form, a place for sentences, F12 that keeps it.

What was typed stays until it is kept or taken back with Esc, also when the page is left.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from posapp.domain.customer import FieldProblem
from posapp.domain.errors import BadField
from posapp.domain.words import tr
from posapp.gateway.errors import Forbidden, LostAnswer, NotFound, Offline, Unauthorised
from posapp.gateway.script import SCRIPT
from posapp.ui.kit import theme
from posapp.ui.kit.address_form import AddressForm
from posapp.ui.kit.banner import Banner
from posapp.ui.kit.buttons import Button, Kind
from posapp.ui.kit.panels import Card, column, holder, row, scrolled
from posapp.ui.kit.run import Job, Runner
from posapp.ui.kit.texts import Text
from posapp.ui.kit.theme import Tone
from posapp.ui.messages import Message, explain, field_problem
from posapp.usecases.till_file import TillState

T = TypeVar("T")

FORM_WIDTH = 760
"""The widest a form is, at 100 % text: longer lines are harder to fill in."""


def tell_failure(form: AddressForm, banner: Banner, error: Exception) -> None:
    """Say what went wrong: under its field when it has one, else on top. Nothing typed is lost."""
    banner.hush()
    if isinstance(error, BadField) and error.field in form.values():
        form.set_errors({error.field: field_problem(error.field, error.problem)})
        bring_into_view(form.field(error.field))
        return
    told = _explain_trial(error) or explain(error)
    body = f"{told.body} {tr('What you typed is kept.')}"
    banner.say(told.title, body, tone=told.tone, can_close=False)
    if told.field in form.values():
        form.field(told.field).editor.setFocus()
        bring_into_view(form.field(told.field))


def check_filled(form: AddressForm) -> None:
    """Raise BadField for the first field that must not be empty and is."""
    for name in form.missing():
        raise BadField(name, FieldProblem.MISSING)


def bring_into_view(field: QWidget) -> None:
    """Scroll until the whole field is seen, with the sentence that has just come under it."""
    for after_ms in (0, 60):  # words that wrap, and a message above, have their room only then
        QTimer.singleShot(after_ms, field, lambda: _scroll_to(field))


def _scroll_to(field: QWidget) -> None:
    above = field.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if above is not None:
        above.ensureWidgetVisible(field, 0, theme.metrics().space(2))


def _explain_trial(error: Exception) -> Message | None:
    """Return the sentence for a service that was tried, None for anything else."""
    match error:
        case Offline() | LostAnswer():
            return Message(
                tr("No answer from that address"),
                tr("Nothing was changed. Check the address and the network, then try again."),
                Tone.WAIT,
                field="js_url" if error.path == f"/{SCRIPT}" else "api_url",
            )
        case Unauthorised() | Forbidden():
            return Message(
                tr("Digital River does not accept this key"),
                tr("Nothing was changed. Copy the whole key again from the dashboard."),
                field="secret_key",
            )
        case NotFound() if error.path == f"/{SCRIPT}":
            return Message(
                tr("There is no payment form at that address"),
                tr("Nothing was changed. The folder must hold {script}.", script=SCRIPT),
                field="js_url",
            )
        case _:
            return None


def show_fixed(form: AddressForm, state: TillState) -> None:
    """Close the fields that are decided outside the program, and say where."""
    outside = dict(state.fixed)
    if state.key.is_known and state.key.place == "environment":
        outside["secret_key"] = "POSAPP_API_KEY"
    fixed = {name: outside[name] for name in form.values() if name in outside}
    form.set_fields(
        [
            replace(field, hint=tr("Set by {variable}", variable=fixed[field.id]))
            if field.id in fixed
            else field
            for field in form.declared
        ]
    )
    for name in fixed:
        form.field(name).editor.setEnabled(False)


class SettingsPage(QWidget):
    """One group of settings."""

    kept = Signal(str, bool)  # the sentence; whether the shop must be opened again to use it

    def __init__(self, run: Runner, *, title: str, reason: str, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._run = run
        self._is_dirty = False
        self._typed = 0  # how often: what is typed while the page is at work is not kept yet
        self._sent = 0  # what of it the work in hand knows
        self._job: Job | None = None
        self.banner = Banner(self, name=f"{name}_banner")
        self.form = AddressForm(name=f"{name}_form")
        self.save_button = Button(
            tr("Save"), name=f"{name}_save", kind=Kind.PRIMARY, icon="check", key="F12"
        )
        self.save_button.setEnabled(False)
        self.foot = row(1, self.save_button)
        self.card = Card(title, name=f"{name}_card")
        inside = holder(column(self.form, 1))
        self.card.add(Text(reason, muted=True, wrap=True))
        self.card.body.addSpacing(theme.metrics().space(0.5))
        self.card.add(self.banner)
        self.card.body.addSpacing(theme.metrics().space(0.5))
        self.card.add(scrolled(inside, name=f"{name}_scroll", is_form=True))
        self.card.body.setStretch(self.card.body.count() - 1, 1)
        self.card.body.addLayout(self.foot)
        self.card.setMaximumWidth(theme.metrics().px(FORM_WIDTH))
        side = row(self.card, 1, gap=0)
        side.setStretch(0, 100)
        self.setLayout(side)
        self.setFocusProxy(self.form)
        self.form.changed.connect(self._on_changed)
        self.form.submitted.connect(self.save_button.click)  # not while it is at work
        self.save_button.clicked.connect(self._on_save)

    @property
    def is_dirty(self) -> bool:
        """Whether something was typed that is not kept yet."""
        return self._is_dirty

    def enter(self) -> None:
        """The page is shown: read how things stand, unless something typed waits here."""
        if not self._is_dirty:
            self.read()

    def read(self) -> None:
        """Read how things stand and show it."""

    def save(self) -> None:
        """Keep what the form says."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's override: Esc takes back what was typed."""
        if event.key() == Qt.Key.Key_Escape and self._is_dirty:
            self.take_back()
            return
        super().keyPressEvent(event)

    def take_back(self) -> None:
        """Forget what was typed and show what is kept."""
        self.settled()
        self.read()

    def settled(self) -> None:
        """Nothing typed waits any longer."""
        self._is_dirty = False
        self.form.set_errors({})
        self.banner.hush()
        self.save_button.setEnabled(False)

    def keep(
        self,
        work: Coroutine[Any, Any, T],
        sentence: str | Callable[[T], str],
        *,
        needs_opening: bool,
    ) -> None:
        """Run the work that keeps the form, then say so; what is typed meanwhile stays."""

        def done(result: T) -> None:
            told = sentence if isinstance(sentence, str) else sentence(result)
            if self._sent == self._typed:
                self.take_back()
            if not needs_opening:
                self.banner.say(told, tone=Tone.DONE)
            self.kept.emit(told, needs_opening)

        self.work(work, done)

    def work(self, work: Coroutine[Any, Any, T], done: Callable[[T], None]) -> None:
        """Run what the page does with its form; Save waits meanwhile."""
        self._job = self._run(self, work, done=done, failed=self.fail, busy=self.save_button)

    def fail(self, error: Exception) -> None:
        """Say what went wrong; what was typed stays."""
        tell_failure(self.form, self.banner, error)
        self.save_button.setEnabled(self._is_dirty and not self._is_at_work)

    @property
    def _is_at_work(self) -> bool:
        return self._job is not None and not self._job.is_done

    def _on_save(self) -> None:
        self._sent = self._typed
        self.save()

    def _on_changed(self) -> None:
        self._is_dirty = True
        self._typed += 1
        self.save_button.setEnabled(not self._is_at_work)
