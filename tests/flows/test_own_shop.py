"""From a fresh machine to a shop of one's own, in the real window, and what may go wrong."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication

from posapp.app import window as program
from posapp.app.door import Door
from posapp.app.opening import OpenShop
from posapp.config.settings import Settings, load_file
from posapp.domain.shop import Mode
from posapp.sandbox.clock import wall_clock
from posapp.sandbox.core import Keys
from posapp.sandbox.seed import plant
from posapp.sandbox.server import Running, run_in_thread
from posapp.sandbox.world import World
from posapp.ui.changes import ChangeSignals
from posapp.ui.kit import theme
from posapp.ui.kit.buttons import Button
from posapp.ui.kit.garbage import GarbageOnQtThread
from posapp.ui.kit.scanner import ScanFilter
from posapp.ui.main_window import MainWindow
from posapp.ui.sale.screen import SaleScreen
from posapp.ui.settings.first_start import Step
from posapp.ui.settings.screen import SettingsScreen
from tests.drivers.sale import SaleDriver
from tests.drivers.settings import FirstStartDriver, SettingsDriver, SignInDriver
from tests.helpers.logfail import LogWatch
from tests.helpers.postgres import PostgresServer, postgres_server
from tests.helpers.running import real_runner
from tests.helpers.till import PUBLIC, SECRET, no_keyring
from tests.helpers.waiting import settled, shown, until

__all__ = ["no_keyring", "postgres_server"]

pytestmark = [
    pytest.mark.time_limit(120),
    pytest.mark.usefixtures("no_keyring", "garbage_on_qt_thread", "typist"),
]

TASKS_AT_MOST = 12
"""An open shop's loops and what they have in hand; ten openings that leave any would pass it."""

SHOP = {
    "shop_name": "Hafen & Kiefer",
    "line1": "Elbchaussee 1",
    "postal_code": "22765",
    "city": "Hamburg",
    "public_ip": "203.0.113.9",
}


class Till:
    """The program's window and its door, as `main.py` puts them together."""

    def __init__(self, folder: Path, environ: dict[str, str], arguments: list[str]) -> None:
        self.folder = folder
        start = program.read_start(arguments, {**environ, "POSAPP_HOME": str(folder)})
        assert not isinstance(start, str), start
        run, self.errors = real_runner(asyncio.get_running_loop())
        self.run = run
        self.window = MainWindow(run)
        self.dressed: list[Settings] = []
        self.door = Door(start, self.window, self.dressed.append)
        self.sign_in = SignInDriver(self.window.sign_in)

    @property
    def questions(self) -> FirstStartDriver:
        """Somebody who answers the first questions."""
        asked = self.door._questions
        assert asked is not None
        assert asked.isVisible()
        return FirstStartDriver(asked, self.run)

    @property
    def settings(self) -> SettingsDriver:
        """An administrator at the settings."""
        assert self.window.floor is not None
        screen = self.window.floor.screen_of("settings")
        assert isinstance(screen, SettingsScreen)
        return SettingsDriver(screen, self.run)

    @property
    def kept(self) -> Settings:
        """What the till's file holds."""
        return load_file(self.folder / "config" / "settings.toml")

    @property
    def mode(self) -> str:
        """What the frame says."""
        return self.window.frame.mode.value

    async def expect_open(self, shop: str) -> None:
        """The sign-in of this shop offers people before long."""
        await until(
            lambda: self.sign_in.names and self.window.sign_in.shop_name.text() == shop,
            timeout_s=30,
            what=f"{shop} to be open (it says: {self.sign_in.message})",
        )

    async def expect_questions(self) -> FirstStartDriver:
        """The first questions come before long."""
        await until(
            lambda: self.door._questions is not None and self.door._questions.isVisible(),
            timeout_s=30,
            what=f"the questions (it says: {self.sign_in.message})",
        )
        await self.sign_in.come_forward()
        await self.questions.rest()
        return self.questions

    async def expect_floor(self) -> None:
        """Somebody is in before long."""
        await until(
            lambda: self.window.floor is not None and self.window.floor.isVisible(),
            timeout_s=10,
            what=f"the shop floor (it says: {self.sign_in.message})",
        )

    async def come_in(self, name: str, pin: str) -> None:
        """Sign in."""
        await self.sign_in.sign_in_as(name, pin)
        await self.expect_floor()

    async def go_to_settings(self) -> SettingsDriver:
        """Ctrl+4, as an administrator."""
        await self.sign_in.come_forward()
        self.sign_in.press("Ctrl+4")
        await until(self.settings.screen.isVisible, what="the settings")
        await self.settings.rest()
        return self.settings


OpenTill = Callable[..., AbstractAsyncContextManager[Till]]


@pytest.fixture
def garbage_on_qt_thread(qapp: QApplication) -> Iterator[None]:
    """The store's threads must not be the ones that destroy a closed window."""
    theme.apply(qapp, theme.load("light"))
    guard = GarbageOnQtThread()
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    guard.stop()
    guard.deleteLater()


@pytest.fixture
def typist(monkeypatch: pytest.MonkeyPatch) -> set[ScanFilter]:
    """Who watches the keys for scans. Keeps them off: a test types as fast as a scanner does."""
    watching: set[ScanFilter] = set()

    def install(scans: ScanFilter, _app: object) -> None:
        watching.add(scans)

    def remove(scans: ScanFilter) -> None:
        watching.discard(scans)

    monkeypatch.setattr(ScanFilter, "install", install)
    monkeypatch.setattr(ScanFilter, "remove", remove)
    return watching


@pytest.fixture
def service() -> Iterator[Running]:
    """A Digital River account that has sold before."""
    world = World(clock=wall_clock, seed=7)
    plant(world)
    with run_in_thread(world) as sandbox:
        yield sandbox
    world.close()


@pytest.fixture
def till_at(tmp_path: Path, loop: asyncio.AbstractEventLoop) -> OpenTill:
    """Start the program: `async with till_at() as till`."""

    @asynccontextmanager
    async def opened(*arguments: str, folder: str = "home", **environ: str) -> AsyncIterator[Till]:
        till = Till(tmp_path / folder, environ, list(arguments))
        await shown(till.window)
        await till.sign_in.come_forward()
        till.door.open()
        try:
            yield till
        finally:
            till.run.cancel_all()
            await till.door.close()
            till.window.close()
            till.window.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert till.errors == []

    assert loop.is_running() is False
    return opened


def keys_of(service: Running) -> dict[str, str]:
    """What the first question wants to know."""
    return {
        "secret_key": SECRET,
        "public_key": PUBLIC,
        "api_url": service.url,
        "js_url": service.js_url,
    }


def outside(service: Running) -> dict[str, str]:
    """The same, told by the environment."""
    return {
        "POSAPP_API_KEY": SECRET,
        "POSAPP_PUBLIC_KEY": PUBLIC,
        "POSAPP_API_URL": service.url,
        "POSAPP_JS_URL": service.js_url,
    }


async def describe_shop(at: FirstStartDriver) -> None:
    """Answer the third and the fourth question."""
    at.expect_step(Step.SHOP)
    await at.choose_country("Germany")
    at.answer(**SHOP)
    await at.on()
    at.expect_step(Step.PERSON)
    at.answer(staff_name="Olga Owner", pin="2468", pin_again="2468")
    at.press("F12")


# ── the way ─────────────────────────────────────────────────────────────────────────────────────


async def test_from_a_fresh_machine_to_a_shop_of_ones_own_that_is_renamed(
    till_at: OpenTill, service: Running
) -> None:
    async with till_at() as till:
        await till.expect_open("Harbour & Pine")
        assert till.mode == Mode.TRAINING
        assert till.sign_in.offers() == ["F10 Set up my own shop"]
        await set_up(till, service)
        assert (till.mode, till.sign_in.names, till.sign_in.offers()) == (
            "test",
            ["Olga Owner"],
            [],
        )
        assert not till.kept.training

        await till.come_in("Olga Owner", "2468")
        at_settings = await till.go_to_settings()
        await at_settings.open("shop_page")
        at_settings.fill(at_settings.page.form, shop_name="Hafen & Kiefer Ost")
        await at_settings.save()
        await at_settings.expect_offers_opening("The shop is saved.")
        at_settings.press("F10")
        await till.expect_open("Hafen & Kiefer Ost")
        await till.come_in("Olga Owner", "2468")
        assert till.window.windowTitle().startswith("Hafen & Kiefer Ost")

    async with till_at() as again:  # the next morning
        await again.expect_open("Hafen & Kiefer Ost")
        assert again.mode == "test"


async def test_an_address_without_a_key_asks_by_itself(till_at: OpenTill, service: Running) -> None:
    told = outside(service)
    del told["POSAPP_API_KEY"]
    async with till_at(**told) as till:
        at = await till.expect_questions()
        assert at.shown("api_url") == service.url
        assert not at.questions.form.field("api_url").editor.isEnabled()
        at.answer(secret_key=SECRET)
        await at.on()
        await at.on()
        await describe_shop(at)
        await till.expect_open("Hafen & Kiefer")
        assert till.mode == "test"


async def test_who_leaves_the_questions_is_back_at_the_sign_in_with_a_way_on(
    till_at: OpenTill, service: Running
) -> None:
    told = outside(service)
    del told["POSAPP_API_KEY"]
    async with till_at(**told) as till:
        at = await till.expect_questions()
        at.press("Esc")
        assert till.window.sign_in.isVisible()
        assert till.sign_in.offers() == ["F5 Try again", "F10 Set up this till"]
        till.sign_in.press("F10")
        assert (await till.expect_questions()).shown("api_url") == service.url
        till.sign_in.press("Esc")
        till.sign_in.press("F5")
        till.sign_in.press("F10")  # nothing to press while the shop is being opened
        at = await till.expect_questions()
        at.press("Esc")
        till.door.ask()
        till.door.ask()
        await till.expect_questions()


async def test_a_database_that_is_away_is_told_tried_again_and_replaced(
    till_at: OpenTill, service: Running, postgres_server: PostgresServer, expected_log: LogWatch
) -> None:
    expected_log.expect("the shop cannot be opened", level=40)
    with postgres_server.fresh() as url:
        away = url.replace("/t_", "/gone_")
        told = outside(service) | {"POSAPP_DATABASE_URL": ""}
        async with till_at("--database-url", away, **told) as till:
            await till.sign_in.expect_says("The shop’s database does not answer")
            assert till.sign_in.offers() == ["F5 Try again", "F10 Set up this till"]
            till.sign_in.press("F5")
            await until(lambda: till.sign_in.offers() == [], what="a new try")
            await till.sign_in.expect_says("The shop’s database does not answer")
            till.sign_in.press("F10")
            at = await till.expect_questions()
            await at.on()
            at.expect_step(Step.DATA)
            assert not at.questions.form.field("database_url").editor.isEnabled()
            await at.on()
            at.expect_says("The database cannot be used")
        async with till_at(**told) as till:
            at = await till.expect_questions()
            await at.on()
            at.answer(database_url=url)
            await at.on()
            await describe_shop(at)
            await till.expect_open("Hafen & Kiefer")
        async with till_at(folder="second", **told) as second:
            at = await second.expect_questions()
            await at.on()
            at.answer(database_url=url)
            await at.on()
            await second.expect_open("Hafen & Kiefer")  # joined: neither shop nor people asked for
            await second.come_in("Olga Owner", "2468")


async def test_from_practice_back_to_the_shop_there_is_already(
    till_at: OpenTill, service: Running
) -> None:
    async with till_at() as till:
        await set_up(till, service)
        await till.come_in("Olga Owner", "2468")
        at_settings = await till.go_to_settings()
        await at_settings.open("service_page")
        at_settings.press("F8")
        await at_settings.expect_offers_opening("The till goes to training.")
        at_settings.press("F10")
        await till.expect_open("Harbour & Pine")
        assert till.mode == Mode.TRAINING
        till.sign_in.press("F10")
        at = await till.expect_questions()
        await at.on()  # the key held, for the addresses held
        at.expect_step(Step.DATA)
        at.press("F12")  # on this computer, which holds the shop: nothing more is asked
        await till.expect_open("Hafen & Kiefer")
        assert till.sign_in.names == ["Olga Owner"]
        await till.come_in("Olga Owner", "2468")


async def test_from_test_to_live_another_shop_is_asked_for_and_both_stay(
    till_at: OpenTill, service: Running
) -> None:
    async with till_at() as till:
        await set_up(till, service)
        await till.come_in("Olga Owner", "2468")
        service.world.core.options.keys = Keys(secret="sk_live_1", public="pk_live_1")
        at_settings = await till.go_to_settings()
        await at_settings.open("service_page")
        at_settings.fill(at_settings.page.form, secret_key="sk_live_1", public_key="pk_live_1")
        await at_settings.save()
        await at_settings.expect_offers_opening("The keys are saved.")
        at_settings.press("F10")
        at = await till.expect_questions()  # the live store holds no shop yet
        assert at.shown("public_key") == "pk_live_1"
        await at.on()
        at.expect_says("live: real money")
        await at.on()
        await describe_shop(at)
        await till.expect_open("Hafen & Kiefer")
        assert till.mode == Mode.LIVE
        assert stores_of(till) == {"training.sqlite", "test.sqlite", "live.sqlite"}


async def set_up(till: Till, service: Running) -> None:
    """From the training room to a shop of one's own."""
    await till.expect_open("Harbour & Pine")
    till.sign_in.press("F10")
    at = await till.expect_questions()
    at.answer(**keys_of(service))
    await at.on()
    await at.on()
    await describe_shop(at)
    await till.expect_open("Hafen & Kiefer")


def stores_of(till: Till) -> set[str]:
    """The stores this till has: one of each mode."""
    return {file.name for file in (till.folder / "data").glob("*.sqlite")}


async def test_the_basket_in_hand_is_kept_while_the_shop_is_opened_anew(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.expect_open("Harbour & Pine")
        ada = next(name for name in till.sign_in.names if name.startswith("Ada"))
        await till.come_in(ada, "4444")
        before = await basket_of(till, "MUG-WHT")
        await till.go_to_settings()
        till.settings.screen.reopen_wanted.emit()
        await until(lambda: till.sign_in.names == [], what="the shop to close")
        await till.expect_open("Harbour & Pine")
        await till.come_in(ada, "4444")
        assert await basket_of(till) == before != []


async def basket_of(till: Till, *skus: str) -> list[tuple[str, str]]:
    """Scan these products and return what is in the basket."""
    assert till.window.floor is not None
    screen = till.window.floor.screen_of("sell")
    assert isinstance(screen, SaleScreen)
    at = SaleDriver(screen)
    await until(lambda: screen.in_hand.sale is not None, what="a sale")
    for sku in skus:
        screen.scan(sku)
        await until(lambda: at.basket != [], what="a line in the basket")
    return at.basket


async def test_keys_of_another_account_leave_the_shop_closed_with_a_sentence(
    till_at: OpenTill, service: Running, expected_log: LogWatch
) -> None:
    expected_log.expect("the shop cannot be opened", level=40)
    async with till_at(**outside(service)) as till:
        await own_shop(till, service)
        await hear_of_orders(till)
    stranger = World(clock=wall_clock, seed=8)
    stranger.core.options.keys = Keys(secret="sk_test_other", public=PUBLIC)
    with run_in_thread(stranger) as other:
        told = outside(other) | {"POSAPP_API_KEY": "sk_test_other"}
        async with till_at(**told) as till:
            await till.sign_in.expect_says("of another Digital River account")
            assert till.sign_in.offers() == ["F5 Try again", "F10 Set up this till"]
    stranger.close()
    restricted = outside(service) | {"POSAPP_API_KEY": "sk_test_sandbox_readonly"}
    async with till_at(**restricted) as till:  # another key of the same account
        await till.expect_open("Hafen & Kiefer")


async def hear_of_orders(till: Till) -> None:
    """Wait until the shop's store holds an order."""
    shop = till.door.shop
    assert shop is not None
    while not await shop.session.store.shared.read(lambda tx: tx.orders.newest(1)):
        shop.session.engine.look_now()
        await settled()


# ── while something is under way ────────────────────────────────────────────────────────────────


async def own_shop(till: Till, service: Running) -> None:
    """Set up a shop of one's own and sign in."""
    at = await till.expect_questions()
    await at.on()
    await at.on()
    await describe_shop(at)
    await till.expect_open("Hafen & Kiefer")
    await till.come_in("Olga Owner", "2468")
    assert service.url


async def test_answers_given_while_the_shop_is_being_opened_are_used(
    till_at: OpenTill, service: Running
) -> None:
    async with till_at(**outside(service)) as till:
        at = await till.expect_questions()
        await at.on()
        await at.on()
        await at.choose_country("Germany")
        at.answer(**SHOP)
        await at.on()
        at.answer(staff_name="Olga Owner", pin="2468", pin_again="2468")
        till.door.open()  # somebody pressed F5 before
        at.press("F12")
        await till.expect_open("Hafen & Kiefer")


async def test_the_window_closed_in_the_middle_of_the_questions_keeps_nothing(
    till_at: OpenTill, service: Running
) -> None:
    async with till_at() as till:
        await till.expect_open("Harbour & Pine")
        till.sign_in.press("F10")
        at = await till.expect_questions()
        at.answer(**keys_of(service))
        at.press("F12")
        till.window.close()
    assert not (till.folder / "config" / "settings.toml").exists()
    assert not (till.folder / "config" / "secrets.json").exists()
    async with till_at() as again:
        await again.expect_open("Harbour & Pine")


async def test_the_window_closed_while_the_shop_is_reopened_lets_go_of_every_file(
    till_at: OpenTill, service: Running
) -> None:
    async with till_at(**outside(service)) as till:
        await own_shop(till, service)
    for _again in range(4):
        async with till_at(**outside(service)) as till:
            await till.expect_open("Hafen & Kiefer")
            till.door.open()
            await asyncio.sleep(0)
    async with till_at(**outside(service)) as till:
        await till.expect_open("Hafen & Kiefer")


async def test_reopening_while_something_is_being_kept_ends_in_an_open_shop(
    till_at: OpenTill, service: Running
) -> None:
    async with till_at(**outside(service)) as till:
        await own_shop(till, service)
        at = await till.go_to_settings()
        await at.open("shop_page")
        at.fill(at.page.form, shop_name="Hafen & Kiefer Ost")
        at.press("F12")
        till.door.open()
        till.door.open()
        await until(lambda: till.sign_in.names, timeout_s=30, what="the shop to be open")
        assert till.window.sign_in.shop_name.text() in ("Hafen & Kiefer", "Hafen & Kiefer Ost")
        await till.come_in("Olga Owner", "2468")


async def test_who_locks_the_till_at_the_settings_leaves_nothing_to_the_next(
    till_at: OpenTill, service: Running
) -> None:
    async with till_at() as till:
        await till.expect_open("Harbour & Pine")
        ada = next(name for name in till.sign_in.names if name.startswith("Ada"))
        cleo = next(name for name in till.sign_in.names if name.startswith("Cleo"))
        await till.come_in(ada, "4444")
        at = await till.go_to_settings()
        await at.open("service_page")
        at.fill(at.page.form, secret_key=SECRET)
        at.press("Ctrl+L")
        assert till.window.sign_in.isVisible()
        await till.come_in(cleo, "1111")
        assert till.window.floor is not None
        assert not till.settings.screen.isVisible()
        till.sign_in.press("Ctrl+4")
        assert till.window.floor.rail.current() != "settings"
        till.sign_in.press("Ctrl+L")
        await till.come_in(ada, "4444")


async def test_ten_openings_leave_nothing_behind(
    till_at: OpenTill, service: Running, typist: set[ScanFilter]
) -> None:
    async with till_at(**outside(service)) as till:
        await own_shop(till, service)
        counts = []
        for _opening in range(10):
            await till.go_to_settings()
            till.settings.screen.reopen_wanted.emit()
            await until(lambda: till.sign_in.names == [], what="the shop to close")
            await till.expect_open("Hafen & Kiefer")
            await till.come_in("Olga Owner", "2468")
            await until(lambda: till.run.is_idle, what="the window to rest")
            counts.append(census(till.window))
            assert len(typist) == 1
            assert len(asyncio.all_tasks()) < TASKS_AT_MOST
        assert counts[-1] == counts[1]
    assert typist == set()


def census(window: MainWindow) -> dict[str, int]:
    """Count what an opening makes."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    kinds = (ScanFilter, ChangeSignals, OpenShop, Button)
    alive = Counter(type(one).__name__ for one in gc.get_objects() if isinstance(one, kinds))
    children = Counter(f"{type(one).__name__} below" for one in window.findChildren(QObject))
    return {
        "threads": threading.active_count(),
        **alive,
        **children,
    }


async def test_what_ctrl_k_finds_goes_into_the_sale(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.expect_open("Harbour & Pine")
        await till.come_in("Ada Admin", "4444")
        floor = till.window.floor
        assert floor is not None
        screen = floor.screen_of("sell")
        assert isinstance(screen, SaleScreen)
        await until(lambda: screen.in_hand.sale is not None, what="a sale in hand")
        floor.go("orders")
        floor.product_wanted.emit("BOWL-STN")  # as the palette does when one is chosen
        await until(lambda: _skus(screen) == ["BOWL-STN"], what="the bowl in the basket")
        assert floor.pages.currentWidget() is screen


def _skus(screen: SaleScreen) -> list[str]:
    sale = screen.in_hand.sale
    return [line.sku for line in sale.basket.lines] if sale is not None else []
