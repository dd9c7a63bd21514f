"""Settings: practise, or sell with the shop's own keys. Never shows a secret key."""

from __future__ import annotations

from functools import partial

from posapp.domain.shop import Mode
from posapp.domain.words import tr
from posapp.ui.kit.buttons import Button
from posapp.ui.kit.dialogs import ask
from posapp.ui.kit.run import Runner
from posapp.ui.kit.theme import Tone
from posapp.ui.settings.fields import keys_of, service_fields, values_of_service
from posapp.ui.settings.page import SettingsPage, show_fixed
from posapp.usecases.settings import SettingsDesk
from posapp.usecases.till_file import HeldKey, TillState
from posapp.usecases.trial import Connection, Keys


def key_hint(key: HeldKey) -> str:
    """Return what stands under the field of the secret key."""
    if not key.is_known:
        return tr("Starts with sk_; a restricted key is enough")
    if key.is_exposed:
        return tr("One is kept, in a file only you may read. Empty: it stays")
    return tr("One is kept ({place}). Empty: it stays", place=key.place)


def say_connection(found: Connection) -> tuple[str, str, Tone]:
    """Return title, body and tone for a service that answered."""
    world = tr("live: real money") if found.mode is Mode.LIVE else tr("test: no real money")
    title = tr("Digital River answers ({world}, {ms} ms).", world=world, ms=found.took_ms)
    if found.clocks_agree:
        return title, tr("The key is accepted, the payment form’s script is there."), Tone.DONE
    return (
        title,
        tr(
            "This computer’s clock is off by {seconds} s. Set it right before you sell: orders "
            "are sorted by time.",
            seconds=round(abs(found.skew_s)),
        ),
        Tone.WAIT,
    )


class ServicePage(SettingsPage):
    """The keys, tried before they are kept."""

    def __init__(self, run: Runner, desk: SettingsDesk) -> None:
        super().__init__(
            run,
            title=tr("Digital River"),
            reason=tr(
                "In training the till sells to a pretend Digital River on this computer. With "
                "your own keys it sells for real, or for tests with keys that start sk_test_."
            ),
            name="service_page",
        )
        self._desk = desk
        self.try_button = Button(tr("Try the keys"), name="try_button", icon="online", key="F9")
        self.practise_button = Button(
            tr("Practise instead"), name="practise_button", icon="training", key="F8"
        )
        self.foot.insertWidget(0, self.practise_button)
        self.foot.insertWidget(2, self.try_button)
        self.try_button.clicked.connect(self._try)
        self.practise_button.clicked.connect(self._practise)

    def read(self) -> None:
        """Show what this till was told."""
        self._run(self, self._desk.state(), done=self._show, failed=self.fail)

    def save(self) -> None:
        """Try the keys, and keep them when the service takes them."""
        keys = keys_of(self.form.values())
        self.work(self._desk.try_to_follow(keys), partial(self._on_fit, keys))

    def _on_fit(self, keys: Keys, is_other: bool) -> None:
        if not is_other:
            self._keep(keys)
            return
        ask(
            self,
            tr("Are these new keys of the same account?"),
            tr(
                "Digital River does not show these keys the orders that are kept here. With keys "
                "of another account they can no longer be followed."
            ),
            yes=tr("Same account"),
            on_yes=partial(self._keep, keys),
            tone=Tone.WAIT,
            is_destructive=True,
        )

    def _keep(self, keys: Keys) -> None:
        self.keep(self._desk.use_keys(keys), tr("The keys are saved."), needs_opening=True)

    def _try(self) -> None:
        self._run(
            self,
            self._desk.try_keys(keys_of(self.form.values())),
            done=self._on_tried,
            failed=self.fail,
            busy=self.try_button,
        )

    def _on_tried(self, found: Connection) -> None:
        self.form.set_errors({})
        title, body, tone = say_connection(found)
        self.banner.say(title, body, tone=tone)

    def _practise(self) -> None:
        sentence = tr("The till goes to training.")
        self._run(
            self,
            self._desk.practise(),
            done=lambda _result: self.kept.emit(sentence, True),
            failed=self.fail,
            busy=self.practise_button,
        )

    def _show(self, state: TillState) -> None:
        self.practise_button.setVisible(not state.in_force.training)
        if self.is_dirty:
            return
        self.form.set_fields(service_fields(key_hint=key_hint(state.key)))
        self.form.set_values(values_of_service(state.filed))
        outside = set(state.fixed) & set(self.form.values())
        self.form.set_values({name: str(getattr(state.in_force, name)) for name in outside})
        show_fixed(self.form, state)
