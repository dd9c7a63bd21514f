"""What an administrator sets: kept, audited, and never the way into another account's orders."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from posapp.config.settings import BadSettings, Density
from posapp.domain.errors import BadField, DatabaseRefused, NotAllowed, NotSignedIn, SetOutside
from posapp.domain.shop import Mode, account_of
from posapp.gateway.errors import Offline, Unauthorised
from posapp.sandbox.clock import wall_clock
from posapp.sandbox.server import running
from posapp.sandbox.world import World
from posapp.store.errors import StoreAway
from posapp.usecases.settings import SettingsDesk
from posapp.usecases.trial import Keys, Trial
from tests.helpers.shop import Shop, open_shop
from tests.helpers.till import PUBLIC, SECRET, keys_to, no_keyring, rivers_of, till_file

__all__ = ["no_keyring"]

pytestmark = pytest.mark.usefixtures("no_keyring")

NOBODY = "http://127.0.0.1:9"
KEYS = Keys("sk_test_new", PUBLIC, NOBODY, f"{NOBODY}/v1")


@dataclass
class Office:
    """An open shop with its settings."""

    shop: Shop
    settings: SettingsDesk

    async def audited(self) -> list[tuple[str, str]]:
        """What was written down, newest first: what and who."""
        entries = await self.shop.session.store.shared.read(lambda tx: tx.audit.entries())
        return [(entry.kind, entry.who) for entry in entries]


OpenOffice = Callable[..., AbstractAsyncContextManager[Office]]


@pytest.fixture
def office_of(tmp_path: Path) -> OpenOffice:
    """Open the office: `async with office_of("ada") as office`."""

    @asynccontextmanager
    async def opened(
        who: str = "ada",
        *,
        mode: Mode = Mode.TRAINING,
        environ: dict[str, str] | None = None,
        flags: dict[str, object] | None = None,
    ) -> AsyncIterator[Office]:
        async with open_shop(tmp_path / "data") as shop:
            trial = Trial(shop.clock, random.Random(1), rivers_of(shop.transport, shop.clock))
            till = till_file(tmp_path / "till", environ, flags)
            desk = SettingsDesk(
                shop.session.store, shop.desks.present, shop.clock, till, trial, mode
            )
            shop.sign_in(who)
            yield Office(shop, desk)

    return opened


# ── the shop ────────────────────────────────────────────────────────────────────────────────────


async def test_the_shop_is_changed_and_the_change_is_written_down(office_of: OpenOffice) -> None:
    async with office_of() as office:
        shop = await office.settings.shop()
        assert shop is not None
        await office.settings.change_shop(replace(shop, name="Harbour East"))
        again = await office.settings.shop()
        assert again == replace(shop, name="Harbour East")
        assert (await office.audited())[0] == ("shop changed", "ada")


async def test_facts_the_service_would_refuse_are_not_kept(office_of: OpenOffice) -> None:
    async with office_of() as office:
        shop = await office.settings.shop()
        assert shop is not None
        for wrong, field in (
            (replace(shop, name="  "), "shop_name"),
            (replace(shop, currency="€"), "currency"),
            (replace(shop, public_ip="192.168.0.4"), "public_ip"),
            (replace(shop, address=replace(shop.address, line1="")), "line1"),
        ):
            with pytest.raises(BadField) as refused:
                await office.settings.change_shop(wrong)
            assert refused.value.field == field
        assert await office.settings.shop() == shop
        assert "shop changed" not in dict(await office.audited())


@pytest.mark.parametrize("who", ["cleo", "finn", "mara"])
async def test_only_an_administrator_reads_or_changes_settings(
    office_of: OpenOffice, who: str
) -> None:
    async with office_of(who) as office:
        desk = office.settings
        shop = await office.shop.session.store.shared.read(lambda tx: tx.shop.get())
        assert shop is not None
        for forbidden in (
            desk.state, desk.shop, desk.practise,
            lambda: desk.change_shop(shop),
            lambda: desk.change_till(till="Mine"),
            lambda: desk.try_keys(KEYS),
            lambda: desk.is_other_account(KEYS),
            lambda: desk.use_keys(KEYS),
            lambda: desk.try_database(""),
            lambda: desk.use_database(""),
        ):  # fmt: skip
            with pytest.raises(NotAllowed):
                await forbidden()
        assert await office.audited() == []
        assert not desk.till.file.exists()
        office.shop.desks.staff.sign_out()
        with pytest.raises(NotSignedIn):
            await desk.state()


# ── this till ───────────────────────────────────────────────────────────────────────────────────


async def test_the_tills_name_and_looks_are_kept(office_of: OpenOffice) -> None:
    async with office_of() as office:
        await office.settings.change_till(till="Till 2", density="touch", text_scale=150)
        filed = (await office.settings.state()).filed
        assert (filed.till, filed.density, filed.text_scale) == ("Till 2", Density.TOUCH, 150)
        assert (await office.audited())[0] == ("till changed", "ada")
        with pytest.raises(BadField) as refused:
            await office.settings.change_till(till=" ")
        assert refused.value.field == "till"
        with pytest.raises(BadSettings):
            await office.settings.change_till(text_scale=90)
        assert (await office.settings.state()).filed == filed


async def test_what_a_flag_fixes_is_not_changed_here(office_of: OpenOffice) -> None:
    async with office_of(flags={"theme": "dark"}) as office:
        with pytest.raises(SetOutside) as refused:
            await office.settings.change_till(theme="light")
        assert refused.value.variable == "--theme"
        assert await office.audited() == []


# ── the service ─────────────────────────────────────────────────────────────────────────────────


async def test_keys_that_fit_are_used_from_the_next_opening_on(office_of: OpenOffice) -> None:
    async with office_of() as office:
        await office.settings.use_keys(KEYS)
        state = await office.settings.state()
        assert state.in_force.training
        assert not state.filed.training
        assert (state.filed.public_key, state.filed.api_url) == (PUBLIC, NOBODY)
        assert state.key.is_known
        assert (await office.audited())[0] == ("keys changed", "ada")
        facts = await office.shop.session.store.shared.read(lambda tx: tx.audit.entries())
        assert "sk_test_new" not in repr(facts)


async def test_an_empty_key_field_keeps_the_key_held(office_of: OpenOffice) -> None:
    async with office_of() as office:
        await office.settings.use_keys(KEYS)
        await office.settings.use_keys(replace(KEYS, secret="", public="pk_test_other"))
        assert await office.settings.till.secret() == "sk_test_new"
        assert (await office.settings.state()).filed.public_key == "pk_test_other"


async def test_the_wrong_key_is_told_by_the_service(office_of: OpenOffice) -> None:
    world = World(clock=wall_clock, seed=7)
    async with office_of() as office, running(world) as sandbox:
        office.settings.trial.connect = None  # over the wire
        office.settings.trial.clock = office.shop.clock
        with pytest.raises(Unauthorised):
            await office.settings.try_keys(keys_to(sandbox, secret="sk_test_wrong"))
        found = await office.settings.try_keys(keys_to(sandbox))
        assert found.mode is Mode.TEST
        with pytest.raises(Offline):
            await office.settings.try_keys(KEYS)
    world.close()


async def test_practising_keeps_keys_and_shop(office_of: OpenOffice) -> None:
    async with office_of() as office:
        await office.settings.use_keys(KEYS)
        await office.settings.practise()
        state = await office.settings.state()
        assert (state.filed.training, state.filed.public_key) == (True, PUBLIC)
        assert state.key.is_known
        assert (await office.audited())[0] == ("training chosen", "ada")


async def test_new_keys_of_the_same_account_need_no_question(office_of: OpenOffice) -> None:
    async with office_of(mode=Mode.TEST) as office:
        await office.shop.sold()
        restricted = replace(KEYS, secret="sk_test_sandbox_readonly")
        assert not await office.settings.is_other_account(restricted)


async def test_keys_that_do_not_see_our_orders_are_asked_about(office_of: OpenOffice) -> None:
    async with office_of(mode=Mode.TEST) as office:
        assert not await office.settings.is_other_account(replace(KEYS, secret=SECRET))
        await office.shop.sold()
        empty = World(clock=wall_clock, seed=8)
        office.shop.transport.world = empty
        other = replace(KEYS, secret=SECRET)
        assert await office.settings.is_other_account(other)
        assert not await office.settings.is_other_account(
            Keys("sk_live_1", "pk_live_1", NOBODY, NOBODY)
        )  # another mode has a store of its own
        await office.settings.use_keys(other)
        assert not await office.settings.is_other_account(other)  # somebody said so once
        empty.close()


async def test_without_an_answer_nobody_says_whose_keys_they_are(office_of: OpenOffice) -> None:
    async with office_of(mode=Mode.TEST) as office:
        await office.shop.sold()
        office.shop.transport.is_down = True
        with pytest.raises(Offline):
            await office.settings.is_other_account(KEYS)


async def test_keys_that_cannot_be_kept_leave_the_former_ones(office_of: OpenOffice) -> None:
    async with office_of(mode=Mode.TEST, environ={"POSAPP_API_KEY": SECRET}) as office:
        with pytest.raises(SetOutside) as refused:
            await office.settings.use_keys(KEYS)
        assert refused.value.variable == "POSAPP_API_KEY"
        assert await office.settings.till.secret() == SECRET
        assert (await office.settings.state()).filed.public_key == ""
        assert "keys changed" not in dict(await office.audited())


async def test_a_store_that_is_away_leaves_the_former_keys(
    office_of: OpenOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_account: str) -> None:
        raise StoreAway("cut")

    async with office_of(mode=Mode.TEST) as office:
        monkeypatch.setattr(office.settings.store, "add_account", away)
        with pytest.raises(StoreAway):
            await office.settings.use_keys(KEYS)
        assert await office.settings.till.secret() == ""
        assert not office.settings.till.file.exists()


async def test_who_signs_out_meanwhile_is_still_written_down(
    office_of: OpenOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with office_of() as office:
        take = office.settings.till.take

        async def slow(secret: str, **changes: object) -> None:
            await take(secret, **changes)
            office.shop.desks.staff.sign_out()

        monkeypatch.setattr(type(office.settings.till), "take", staticmethod(slow))
        await office.settings.use_keys(KEYS)
        assert (await office.audited())[0] == ("keys changed", "ada")


# ── the database ────────────────────────────────────────────────────────────────────────────────


async def test_a_database_that_does_not_answer_is_not_used(office_of: OpenOffice) -> None:
    async with office_of() as office:
        for verb in (office.settings.try_database, office.settings.use_database):
            with pytest.raises(DatabaseRefused):
                await verb("postgresql://user@127.0.0.1:9/shop")
        assert (await office.settings.state()).filed.database_url == ""
        await office.settings.use_database("  ")
        assert (await office.audited())[0] == ("database changed", "ada")


def test_a_fingerprint_tells_keys_apart_and_holds_none() -> None:
    assert account_of("sk_test_1") == account_of("sk_test_1") != account_of("sk_test_2")
    assert "sk_test_1" not in account_of("sk_test_1")
