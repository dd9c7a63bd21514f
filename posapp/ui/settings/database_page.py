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
_PASSWORD = re.compile(r"(?<=:)([^:@/]+)(?=@)")


def masked(url: str) -> str:
    """Return the address with its password hidden."""
    return _PASSWORD.sub(_HIDDEN, url, count=1)


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
            self._desk.use_database(self._typed()), tr("The database is saved."), needs_opening=True
        )

    def _typed(self) -> str:
        typed = self.form.values()["database_url"]
        return self._url if typed == masked(self._url) else typed

    def _try(self) -> None:
        url = self._typed()
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
        self._url = state.filed.database_url
        self.form.set_values({"database_url": masked(self._url)})
        if "database_url" in state.fixed:
            self.form.set_values({"database_url": masked(state.in_force.database_url)})
            show_fixed(self.form, state)
            self.try_button.setEnabled(False)
        elif state.in_force.training and not state.in_force.training_uses_database:
            self.banner.say(
                tr("Training keeps its data on this computer."),
                tr("A database named here is used once the till sells with your own keys."),
                tone=Tone.INFO,
            )
