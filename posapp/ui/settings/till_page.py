"""Settings: this till's name and its looks, which change at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from posapp.config.settings import Settings
from posapp.domain.errors import BadField
from posapp.domain.words import tr
from posapp.ui.kit.run import Runner
from posapp.ui.settings.fields import looks_fields, looks_of, values_of_looks
from posapp.ui.settings.page import SettingsPage, check_filled, show_fixed
from posapp.usecases.settings import SettingsDesk
from posapp.usecases.till_file import TillState


class TillPage(SettingsPage):
    """The name on papers and claims, colours, sizes."""

    def __init__(self, run: Runner, desk: SettingsDesk, dress: Callable[[Settings], None]) -> None:
        super().__init__(
            run,
            title=tr("This till"),
            reason=tr("Only this computer changes; other tills keep theirs."),
            name="till_page",
        )
        self._desk = desk
        self._dress = dress
        self._shown = values_of_looks(Settings())
        self.kept.connect(lambda _sentence, _needs: self._dress_anew())
        self.form.set_fields(looks_fields())

    def read(self) -> None:
        """Show what this till was told."""
        self._run(self, self._desk.state(), done=self._show, failed=self.fail)

    def save(self) -> None:
        """Keep it, and change the looks now."""
        try:
            check_filled(self.form)
        except BadField as error:
            self.fail(error)
            return
        typed, shown = looks_of(self.form.values()), looks_of(self._shown)
        changes = {name: value for name, value in typed.items() if value != shown[name]}
        self.keep(self._desk.change_till(**changes), tr("Saved."), needs_opening="till" in changes)

    def _show(self, state: TillState) -> None:
        if self.is_dirty:
            return
        fixed = {
            name: getattr(state.in_force, name)
            for name in looks_of(self._shown)
            if name in state.fixed
        }
        self._shown = values_of_looks(replace(state.filed, **fixed))
        self.form.set_fields(looks_fields())
        self.form.set_values(self._shown)
        show_fixed(self.form, state)

    def _dress_anew(self) -> None:
        """Show the looks just kept, but for those that a flag has the say in."""
        self._run(self, self._desk.state(), done=self._on_kept_looks, failed=self.fail)

    def _on_kept_looks(self, state: TillState) -> None:
        filed, now = state.filed, state.in_force
        has_say = state.fixed
        self._dress(
            replace(
                now,
                theme=now.theme if "theme" in has_say else filed.theme,
                text_scale=now.text_scale if "text_scale" in has_say else filed.text_scale,
                density=now.density if "density" in has_say else filed.density,
            )
        )
