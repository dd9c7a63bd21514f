"""The sheet that ends a concern: a choice, a reason, one press. Words stay until stored."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QRadioButton, QWidget

from posapp.domain.words import tr
from posapp.ui.kit.banner import Banner
from posapp.ui.kit.buttons import Button, Kind
from posapp.ui.kit.dialogs import SheetDialog, ask
from posapp.ui.kit.fields import Field
from posapp.ui.kit.panels import column, holder
from posapp.ui.kit.run import Runner
from posapp.ui.kit.texts import Text
from posapp.ui.kit.theme import Tone, Type
from posapp.ui.messages import explain


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to end it. `asks` is the label of a field this choice needs filled, or nothing."""

    id: str
    title: str
    hint: str
    asks: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person chose, why, and what the choice asked for."""

    choice: str
    reason: str
    extra: str = ""


Store = Callable[[Decision], Coroutine[Any, Any, object]]


class DecisionDialog(SheetDialog):
    """Choices by the keys 1, 2, 3; a reason; Enter stores. `confirm` puts a second question."""

    decided = Signal(object)  # the Decision that was stored

    def __init__(  # noqa: PLR0913  a sheet is described in one call
        self,
        owner: QWidget,
        run: Runner,
        title: str,
        prompt: str,
        choices: Sequence[Choice],
        *,
        yes: str,
        store: Store,
        confirm: Callable[[Decision], tuple[str, str]] | None = None,
        name: str = "decision_dialog",
    ) -> None:
        super().__init__(owner, title, name=name, icon="review", width=560)
        self._run = run
        self._store = store
        self._confirm = confirm
        self._choices = {choice.id: choice for choice in choices}
        self._radios: dict[str, QRadioButton] = {}
        self._group = QButtonGroup(self)
        self._lay_out(prompt, yes)
        self._on_chosen()

    # ---- what the screen asks and tells

    def choice(self) -> str:
        """Return the id of what is chosen, or nothing."""
        return next((key for key, radio in self._radios.items() if radio.isChecked()), "")

    def choose(self, choice: str) -> None:
        """Choose, as a press does."""
        self._radios[choice].setChecked(True)
        self._on_chosen()

    # ---- Qt's side

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's override: 1, 2, 3 choose while no field takes them."""
        number = event.key() - Qt.Key.Key_1
        if 0 <= number < len(self._radios):
            self.choose(list(self._radios)[number])
            return
        super().keyPressEvent(event)

    # ---- inside

    def _lay_out(self, prompt: str, yes: str) -> None:
        self.body.addWidget(Text(prompt, wrap=True))
        for number, choice in enumerate(self._choices.values(), start=1):
            radio = QRadioButton(tr("{n}  {title}", n=number, title=choice.title))
            radio.setObjectName(f"choice_{choice.id.replace(' ', '_')}")
            radio.setAccessibleName(choice.title)
            radio.setAccessibleDescription(choice.hint)
            radio.clicked.connect(self._on_chosen)
            self._group.addButton(radio)
            self._radios[choice.id] = radio
            hint = Text(choice.hint, Type.CAPTION, muted=True, wrap=True)
            hint.setContentsMargins(30, 0, 0, 0)
            self.body.addWidget(holder(column(radio, hint, gap=0)))
        self.extra = QLineEdit()
        self.extra_field = Field("", self.extra, name="extra")
        self.reason = QLineEdit()
        self.reason_field = Field(tr("Reason"), self.reason, name="reason")
        self.banner = Banner(name="decision_banner")
        self.body.addWidget(self.extra_field)
        self.body.addWidget(self.reason_field)
        self.body.addWidget(self.banner)
        leave = self.add_cancel(tr("Leave"))
        leave.setAutoDefault(False)
        self.store_button = Button(
            yes, name="store_button", kind=Kind.PRIMARY, key="Enter", bind=False
        )
        self.store_button.setDefault(True)
        self.add_button(self.store_button, on_press=self._on_store)
        next(iter(self._radios.values())).setFocus()

    def _on_chosen(self) -> None:
        chosen = self._choices.get(self.choice())
        asks = chosen.asks if chosen else ""
        self.extra_field.setVisible(bool(asks))
        self.extra_field.label.setText(asks)
        self.extra.setAccessibleName(asks)
        if chosen is not None:
            self.banner.hush()
            (self.extra if asks else self.reason).setFocus()

    def _on_store(self) -> None:
        decision = Decision(self.choice(), self.reason.text().strip(), self.extra.text().strip())
        if self._complain(decision):
            return
        if self._confirm is None:
            self._put(decision)
            return
        title, text = self._confirm(decision)
        ask(
            self,
            title,
            text,
            yes=tr("Yes, write it down"),
            on_yes=lambda: self._put(decision),
            tone=Tone.WAIT,
            is_destructive=True,
        )

    def _complain(self, decision: Decision) -> bool:
        chosen = self._choices.get(decision.choice)
        self.extra_field.set_error("")
        self.reason_field.set_error("")
        if chosen is None:
            self.banner.say(tr("Choose one first"), tone=Tone.WAIT, can_close=False)
            return True
        if chosen.asks and not decision.extra:
            self.extra_field.set_error(tr("This is needed for “{title}”.", title=chosen.title))
            self.extra.setFocus()
            return True
        if not decision.reason:
            self.reason_field.set_error(tr("Say why in a few words; it is written down."))
            self.reason.setFocus()
            return True
        return False

    def _put(self, decision: Decision) -> None:
        self._run(
            self,
            self._store(decision),
            done=lambda _result: self._on_stored(decision),
            failed=self._on_failed,
            busy=self.store_button,
        )

    def _on_stored(self, decision: Decision) -> None:
        self.decided.emit(decision)
        self.accept()

    def _on_failed(self, error: Exception) -> None:
        told = explain(error)
        body = f"{told.body} {tr('What you wrote is kept.')}"
        self.banner.say(told.title, body, tone=told.tone, can_close=False)
