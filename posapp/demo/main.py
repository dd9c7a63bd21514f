"""The demo's command: a throw-away shop, the real window, one day, and the books."""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import secrets
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from qasync import QEventLoop

from posapp.app.opening import OpenShop, training_shop
from posapp.app.session import Surroundings
from posapp.app.window import dress, keep_garbage_here, make_application
from posapp.config import settings as till_settings
from posapp.config.clock import SystemClock
from posapp.config.paths import paths_below
from posapp.config.settings import BadSettings, Settings, Theme
from posapp.demo.books import differences
from posapp.demo.day import DECLINED, Day, Form
from posapp.demo.hands import DemoFailed, Hands
from posapp.domain.changes import Changes
from posapp.domain.errors import RuleBroken
from posapp.gateway.errors import GatewayError
from posapp.gateway.sandbox_control import SandboxControl
from posapp.store.errors import StoreError
from posapp.ui.kit.release_light import Light
from posapp.ui.kit.run import Runner
from posapp.ui.main_window import MainWindow
from posapp.ui.messages import explain
from posapp.ui.sale.counter import Place

TRACKING = "1Z999AA10123456784"


def main(arguments: list[str]) -> int:
    """Run the demo; 0 only when every step came out and the books agree."""
    args = _parser().parse_args(arguments)
    environ = dict(os.environ)
    key = environ.get("POSAPP_API_KEY", "")
    if key and not key.startswith("sk_test_"):
        sys.stderr.write("posapp: the demo runs with a sandbox or an sk_test_ key only.\n")
        return 2
    args.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="posapp-demo-") as home:
        environ["POSAPP_HOME"] = home
        environ.pop("POSAPP_DATABASE_URL", None)
        if not args.plain:
            for name in ("POSAPP_API_URL", "POSAPP_JS_URL", "POSAPP_API_KEY"):
                environ.pop(name, None)
        paths = paths_below(Path(home)).make()
        try:
            settings = till_settings.load(paths.settings_file, environ)
        except BadSettings as error:
            sys.stderr.write(f"posapp: {error}\n")
            return 2
        app = make_application()
        keep_garbage_here(app)
        dress(app, replace(settings, theme=Theme(args.theme)))
        # held here: a refused opening is raised on a thread, and its traceback must not be the
        # last to know the window, or that thread destroys it and waits for this one for ever
        window = MainWindow(Runner(_report))
        with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
            return runner.run(_day(args, environ, settings, Path(home), window))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="main.py demo", description=__doc__)
    add = parser.add_argument
    add("--out", type=Path, default=Path("out/demo"), help="folder for the pictures")
    add("--pace", type=float, default=0.0, metavar="S", help="seconds to rest after each step")
    add("--theme", choices=("light", "dark"), default="light")
    add("--plain", action="store_true", help="only the plain line, against the service named")
    add("--fill", action="append", default=[], metavar="SELECTOR=VALUE")
    add("--press", default="", metavar="SELECTOR", help="the form's own pay button")
    return parser


async def _day(
    args: argparse.Namespace,
    environ: dict[str, str],
    settings: Settings,
    home: Path,
    window: MainWindow,
) -> int:
    window.show()
    surroundings = Surroundings(SystemClock(), random.Random(secrets.randbits(64)), Changes())
    try:
        shop = await OpenShop.open(
            paths_below(home), settings, environ, surroundings, shop_file=training_shop()
        )
    except (RuleBroken, GatewayError, StoreError) as error:
        told = explain(error)
        sys.stderr.write(f"posapp: {told.title}. {told.body}\n")
        return 2
    fills = tuple((x.rsplit("=", 1)[0], x.rsplit("=", 1)[1]) for x in args.fill)
    form = Form(fills, args.press) if args.press else Form(fills)
    day = Day(shop, window, Hands(window, args.out, args.pace), form)
    try:
        await shop.let_in(window)
        await day.hands.until(lambda: not shop.session.engine.is_pushing, "the catalogue", 60)
        await _plain_line(day)
        if not args.plain:
            await _the_rest(day)
        found = await _settled_books(day)
    except (DemoFailed, GatewayError) as error:
        await day.hands.step("failed", str(error))
        return 1
    finally:
        window.hide()
        await shop.close()
    for difference in found:
        print(f"the books differ: {difference}")
    if not found:
        print(f"the books agree: {len(day.sold)} orders; pictures in {args.out}")
    return int(bool(found))


async def _settled_books(day: Day) -> list[str]:
    """Compare the books, and again for a while: the last events may still be on their way."""
    tries = 60
    while True:
        found = await differences(day.shop.session, day.sold)
        tries -= 1
        if not found or not tries:
            return found
        await asyncio.sleep(0.5)


async def _plain_line(day: Day) -> None:
    await day.sign_in("mara", "3333")
    await day.basket("MUG-WHT", "CABLE-UC2", ship=True)
    await day.customer()
    await day.checkout()
    await day.pay()
    order_id = await day.place("placed")
    await day.expect_light(Light.GREEN)
    await day.hands.step("green", f"order {order_id}: release goods")
    await day.queue(order_id)
    await day.fulfil(order_id, TRACKING)
    day.floor.go("sell")


async def _the_rest(day: Day) -> None:
    room = day.shop.room
    if room is None:
        raise DemoFailed("there is no training room")
    control = SandboxControl(room.control_url, room.control_token)
    try:
        await control.next("in_review", seconds=12)
        await _sale(day, "BOWL-STN", "placed-review")
        await day.on_review(day.sold[-1])
        await day.next_sale()
        await day.basket("NOTE-A5", "PEN-FTN", ship=True)
        await day.customer()
        await day.checkout()
        await day.pay(DECLINED, step="declined-card")
        await day.place("declined", wanted=(Place.CHECKOUT, Place.PAYMENT))
        await day.pay_again()
        await day.place("paid-again")
        await control.next("blocked_later", seconds=2)
        await _sale(day, "LAMP-BRS", "placed-blocked")
        await day.acknowledge_blocked(day.sold[-1])
        await day.next_sale()
        await day.basket("2*TOWEL-LIN", "MUG-NVY", ship=True)
        await day.customer()
        await day.checkout()
        await day.pay()
        order_id = await day.place("placed-two")
        await day.queue(order_id)
        await day.fulfil_one(order_id, TRACKING)
        await day.cancel_rest(order_id)
    finally:
        await control.aclose()


async def _sale(day: Day, sku: str, name: str) -> None:
    await day.next_sale()
    await day.basket(sku, ship=True)
    await day.customer()
    await day.checkout()
    await day.pay()
    await day.place(name)


def _report(_owner: object, error: Exception) -> None:
    print(f"the window says: {error!r}")
