"""Settings: where the shop's data lies. Shows no password, moves no data."""

from __future__ import annotations

import re

from posapp.domain.shop import Shop
from posapp.domain.words import tr
from posapp.ui.kit.buttons import Button
from posapp.ui.kit.run import Runner
from posapp.ui.kit.theme import Tone
from posapp.ui.settings.fields import database_fields
from posapp.ui.settings.page import SettingsPage, show_fixed
from posapp.usecases.settings import SettingsDesk
from posapp.usecases.till_file import TillState

_HIDDEN = "••••"
_PASSWORD = re.compile(r"(?<=://)([^:/?#]*):(.*)(?=@)|(?<=[?&]password=)[^&#]+")


def masked(url: str) -> str:
    """Return the address with its password hidden."""
    return _PASSWORD.sub(lambda found: _beside(found, _HIDDEN), url)


def unmasked(typed: str, url: str) -> str:
    """Return what was typed, the password of `url` in place of dots that were left standing."""
    held = _PASSWORD.search(url)
    if held is None or _HIDDEN not in typed:
        return typed
    password = held[2] if held[2] is not None else held[0]
    return typed.replace(_HIDDEN, password)


def _beside(found: re.Match[str], hidden: str) -> str:
    return f"{found[1]}:{hidden}" if found[2] else hidden if found[1] is None else found[0]


def say_shop(shop: Shop | None) -> str:
    """Return the sentence about what a database holds."""
    if shop is None:
        return tr("It holds no shop yet: the first opening asks for one.")
    return tr("It holds the shop {name}; this till joins it.", name=shop.name)


class DatabasePage(SettingsPage):
    """One file on this computer, or one PostgreSQL for all tills."""

    def __init__(self, run: Runner, desk: SettingsDesk) -> None:
        super().__init__(
            run,
            title=tr("Database"),
            reason=tr(
                "With one till the shop’s data lies on this computer. Several tills share one "
                "PostgreSQL. What was kept so far stays where it is: it is not moved."
            ),
            name="database_page",
        )
        self._desk = desk
        self._url = ""
        self.form.set_fields(database_fields())
        self.try_button = Button(tr("Try it"), name="try_button", icon="database", key="F9")
        self.foot.insertWidget(1, self.try_button)
        self.try_button.clicked.connect(self._try)

    def read(self) -> None:
        """Show where the data lies."""
        self._run(self, self._desk.state(), done=self._show, failed=self.fail)

    def save(self) -> None:
        """Use this database from the next opening on."""
        self.keep(
            self._desk.use_database(self._wanted()),
            tr("The database is saved."),
            needs_opening=True,
        )

    def _wanted(self) -> str:
        return unmasked(self.form.values()["database_url"], self._url)

    def _try(self) -> None:
        url = self._wanted()
        if not url:
            self.banner.say(tr("This computer’s own file is used."), tone=Tone.INFO)
            return
        self._run(
            self,
            self._desk.try_database(url),
            done=self._on_tried,
            failed=self.fail,
            busy=self.try_button,
        )

    def _on_tried(self, shop: Shop | None) -> None:
        self.form.set_errors({})
        self.banner.say(tr("The database answers."), say_shop(shop), tone=Tone.DONE)

    def _show(self, state: TillState) -> None:
        if self.is_dirty:
            return
        is_fixed = "database_url" in state.fixed
        self._url = (state.in_force if is_fixed else state.filed).database_url
        self.form.set_values({"database_url": masked(self._url)})
        if is_fixed:
            show_fixed(self.form, state)
            self.try_button.setEnabled(False)
        elif state.in_force.training and not state.in_force.training_uses_database:
            self.banner.say(
                tr("Training keeps its data on this computer."),
                tr("A database named here is used once the till sells with your own keys."),
                tone=Tone.INFO,
            )
