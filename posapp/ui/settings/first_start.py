"""The first questions: the service, the data, the shop, its administrator. Step by step, by keys.

Nothing is kept before the last step; leaving keeps nothing. Nobody is signed in here.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from enum import IntEnum
from typing import Any, TypeVar

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from posapp.domain.errors import BadField
from posapp.domain.shop import Shop, check_shop
from posapp.domain.words import tr
from posapp.ui.kit import theme
from posapp.ui.kit.address_form import AddressForm
from posapp.ui.kit.banner import Banner
from posapp.ui.kit.buttons import Button, Kind
from posapp.ui.kit.panels import Card, column, holder, row, scrolled
from posapp.ui.kit.run import Job, Runner
from posapp.ui.kit.step_bar import StepBar
from posapp.ui.kit.texts import Text
from posapp.ui.kit.theme import Tone, Type
from posapp.ui.settings.database_page import masked, say_shop
from posapp.ui.settings.fields import (
    administrator_fields,
    administrator_of,
    database_fields,
    keys_of,
    service_fields,
    values_of_service,
)
from posapp.ui.settings.page import FORM_WIDTH, check_filled, show_fixed, tell_failure
from posapp.ui.settings.service_page import key_hint, say_connection
from posapp.ui.settings.shop_fields import locales, shop_fields, shop_of, usual
from posapp.usecases.first_start import Administrator, FirstStartDesk, check_administrator
from posapp.usecases.seeding import Seed
from posapp.usecases.till_file import TillState
from posapp.usecases.trial import Connection, Keys

T = TypeVar("T")


class Step(IntEnum):
    """What is asked."""

    SERVICE = 0
    DATA = 1
    SHOP = 2
    PERSON = 3


class FirstStart(QWidget):
    """The questions, one step at a time: F12 goes on, Esc goes back."""

    finished = Signal(object)  # the Seed for an empty store, or None to join a shop
    left = Signal()  # Esc on the first step

    def __init__(self, run: Runner, desk: FirstStartDesk, *, begin: Step = Step.SERVICE) -> None:
        super().__init__()
        self.setObjectName("first_start")
        self.setProperty("ground", "window")
        self._run = run
        self._desk = desk
        self._joins: Shop | None = None
        self._job: Job | None = None
        self._is_finishing = False
        self._url = ""
        self._has_typed = False  # faster than the file was read
        self.steps = StepBar(
            (tr("Digital River"), tr("Data"), tr("Shop"), tr("You")), name="first_start_steps"
        )
        self.banner = Banner(name="first_start_banner")
        self.forms = {step: AddressForm(name=f"first_{step.name.lower()}") for step in Step}
        self.pages = QStackedWidget()
        self.back_button = Button(
            tr("Back"), name="back_button", icon="back", key="Esc", bind=False
        )
        self.next_button = Button(
            tr("Go on"), name="next_button", kind=Kind.PRIMARY, icon="forward", key="F12"
        )
        self._declare()
        self._build()
        self._connect()
        self.go(begin)
        self._run(self, self._desk.state(), done=self._fill, failed=self._fail)

    @property
    def step(self) -> Step:
        """What is asked now."""
        return Step(self.pages.currentIndex())

    @property
    def form(self) -> AddressForm:
        """The form on show."""
        return self.forms[self.step]

    def go(self, step: Step) -> None:
        """Show a step."""
        self.pages.setCurrentIndex(step)
        self.steps.set_current(step)
        self.back_button.set_text(tr("Leave") if step is Step.SERVICE else tr("Back"))
        self.next_button.set_text(tr("Open the shop") if self._is_last(step) else tr("Go on"))
        self.setFocusProxy(self.form)
        self.form.setFocus()
        self._focus_first()

    def next(self) -> None:
        """Check this step, and go on or say what is wrong."""
        if not self.next_button.isEnabled():
            return
        self.banner.hush()
        self.form.set_errors({})
        try:
            self._leave(self.step)
        except BadField as error:
            self._fail(error)

    def back(self) -> None:
        """One step back, or out; a question in flight is given up, what is being kept is not."""
        if self._is_finishing:
            return
        self._give_up()
        self.banner.hush()
        if self.step is Step.SERVICE:
            self.left.emit()
        else:
            self.go(Step(self.step - 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's override: Esc goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.back()
            return
        super().keyPressEvent(event)

    # ---- steps

    def _leave(self, step: Step) -> None:
        match step:
            case Step.SERVICE:
                work = self._desk.try_keys(self._keys())
                self._ask(work, self._on_service)
            case Step.DATA if url := self._database():
                self._ask(self._desk.try_database(url, self._keys()), self._on_database)
            case Step.DATA:
                self._ask(self._desk.shop_here(self._keys()), self._on_here)
            case Step.SHOP:
                check_filled(self.form)
                check_shop(self._shop())
                self.go(Step.PERSON)
            case Step.PERSON:
                check_administrator(self._person())
                self._finish()

    def _on_service(self, found: Connection) -> None:
        self.go(Step.DATA)
        title, body, tone = say_connection(found)
        self.banner.say(title, body, tone=tone)

    def _on_here(self, shop: Shop | None) -> None:
        self._joins = shop
        if shop is not None:
            self._finish()
            return
        self.go(Step.SHOP)

    def _on_database(self, shop: Shop | None) -> None:
        self._joins = shop
        if shop is not None:
            self._finish()
            return
        self.go(Step.SHOP)
        self.banner.say(tr("The database answers."), say_shop(None), tone=Tone.DONE)

    def _on_step(self, step: int) -> None:
        if not self._is_finishing:
            self._give_up()
            self.go(Step(step))

    def _give_up(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _finish(self) -> None:
        self._is_finishing = True
        joins = self._joins is not None
        work = self._desk.finish(
            self._keys(),
            self._database(),
            None if joins else self._shop(),
            None if joins else self._person(),
        )
        self._ask(work, self._on_finished)

    def _on_finished(self, seed: Seed | None) -> None:
        self.finished.emit(seed)

    def _ask(self, work: Coroutine[Any, Any, T], done: Callable[[T], None]) -> None:
        self._job = self._run(self, work, done=done, failed=self._fail, busy=self.next_button)

    def _fail(self, error: Exception) -> None:
        self._is_finishing = False
        tell_failure(self.form, self.banner, error)

    # ---- values

    def _keys(self) -> Keys:
        return keys_of(self.forms[Step.SERVICE].values())

    def _database(self) -> str:
        typed = self.forms[Step.DATA].values()["database_url"]
        # the password held goes nowhere but where it went so far: nobody is signed in here
        return self._url if typed == masked(self._url) else typed

    def _shop(self) -> Shop:
        return shop_of(self.forms[Step.SHOP].values())

    def _person(self) -> Administrator:
        return administrator_of(self.forms[Step.PERSON].values())

    def _fill(self, state: TillState) -> None:
        settings = state.in_force
        service = self.forms[Step.SERVICE]
        service.set_fields(service_fields(key_hint=key_hint(state.key)))
        if not self._has_typed:
            service.set_values(values_of_service(settings))
            self._url = settings.database_url
            self.forms[Step.DATA].set_values({"database_url": masked(self._url)})
            self.forms[Step.SHOP].set_values({"till": settings.till})
        for form in self.forms.values():
            show_fixed(form, state)
        if not self._has_typed:
            self._focus_first()

    def _on_typed(self) -> None:
        self._has_typed = True

    # ---- building

    def _declare(self) -> None:
        self.forms[Step.SERVICE].set_fields(service_fields(key_hint=""))
        self.forms[Step.DATA].set_fields(database_fields())
        shop = self.forms[Step.SHOP]
        here = QLocale.territoryToCode(QLocale.system().territory())
        shop.set_fields(shop_fields(here))
        known = dict(locales())
        spoken = QLocale.system().name()
        mine = {"locale": spoken} if spoken in known else {}
        shop.set_values({"country": here, "locale": "en_US"} | usual(here) | mine)
        self.forms[Step.PERSON].set_fields(administrator_fields())

    def _build(self) -> None:
        for step, (title, reason) in _words().items():
            inside = holder(column(self.forms[step], 1))
            page = column(
                Text(title, Type.TITLE),
                Text(reason, muted=True, wrap=True),
                scrolled(inside, is_form=True),
                gap=1.5,
            )
            page.setStretch(2, 1)
            self.pages.addWidget(holder(page))
        card = Card(name="first_start_card", padding=3)
        card.body.setSpacing(theme.metrics().space(1.5))
        card.add(self.steps, self.banner, self.pages)
        card.body.setStretch(2, 1)
        card.body.addLayout(row(self.back_button, 1, self.next_button))
        card.setMaximumWidth(theme.metrics().px(FORM_WIDTH + 80))
        card.setMaximumHeight(theme.metrics().px(740))
        across = row(1, card, 1, margins=2)
        across.setStretch(1, 100)
        self.setLayout(across)

    def _connect(self) -> None:
        self.next_button.clicked.connect(self.next)
        self.back_button.clicked.connect(self.back)
        self.steps.step_chosen.connect(self._on_step)
        for form in self.forms.values():
            form.submitted.connect(self.next)
            form.changed.connect(self._on_typed)
        self.forms[Step.SHOP].choice_changed.connect(self._on_choice)

    def _on_choice(self, field: str, value: str) -> None:
        if field == "country" and value:
            self.forms[Step.SHOP].set_fields(shop_fields(value))
            self.forms[Step.SHOP].set_values(usual(value))

    def _is_last(self, step: Step) -> bool:
        return step is Step.PERSON

    def _focus_first(self) -> None:
        editors = [self.form.field(field.id).editor for field in self.form.declared]
        open_ones = [editor for editor in editors if editor.isEnabled()]
        (open_ones[0] if open_ones else self.next_button).setFocus()


def _words() -> dict[Step, tuple[str, str]]:
    return {
        Step.SERVICE: (
            tr("Which Digital River account?"),
            tr(
                "Keys come from the dashboard of your account. They are tried now and kept in "
                "this computer’s key store. Keys that start sk_test_ move no money."
            ),
        ),
        Step.DATA: (
            tr("Where does the shop’s data lie?"),
            tr(
                "One till keeps it on this computer: leave the field empty. Several tills share "
                "one PostgreSQL: name it here, on each of them."
            ),
        ),
        Step.SHOP: (
            tr("Your shop"),
            tr("This goes along with every checkout. You can change it later in Settings."),
        ),
        Step.PERSON: (
            tr("Who is the administrator?"),
            tr("You sign in with this PIN and take on the others in Settings."),
        ),
    }
