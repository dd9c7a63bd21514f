"""Two lessons in the whole program: its own sandbox child, control port over HTTP, the real payment
form. Run by `test_lessons.py` in a process of its own, as the demo is.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from qasync import QEventLoop

from posapp.app.opening import OpenShop
from posapp.app.session import Surroundings
from posapp.app.window import keep_garbage_here, make_application
from posapp.config import settings as till_settings
from posapp.config.clock import SystemClock
from posapp.config.paths import paths_below
from posapp.domain.changes import Changes
from posapp.ui.kit import theme
from posapp.ui.kit.release_light import Light as Lamp
from posapp.ui.main_window import MainWindow
from posapp.ui.sale.counter import Place
from posapp.ui.sale.screen import SaleScreen
from posapp.ui.training.sheets import ResultSheet
from posapp.usecases.lessons import DECLINED, WIRE_TRANSFER
from tests.drivers.payment import PaymentDriver
from tests.drivers.sale import SaleDriver
from tests.drivers.training import TrainingDriver
from tests.helpers.running import real_runner
from tests.helpers.waiting import until

LIMIT_S = 30.0


@dataclass
class Program:
    """The opened shop and everybody's hands in its window."""

    shop: OpenShop
    window: MainWindow
    till: SaleDriver
    training: TrainingDriver

    async def customer_pays(self, *, by_transfer: bool = False) -> None:
        """F12 to the payment unless there; the customer fills the real form in."""
        if self.till.screen.place is not Place.PAYMENT:
            await self.till.forward()
        buyer = PaymentDriver(await self.till.form(), limit_s=LIMIT_S)
        await buyer.wait_open()
        await (buyer.pay_by("wireTransfer") if by_transfer else buyer.pay_by_card())
        await self.till.expect_place(Place.REVIEW)

    async def place(self) -> None:
        """Tick what must be ticked, place the order."""
        page = self.till.screen.steps.review.page
        await until(
            lambda: (
                page.terms_box.isVisible() or self.till.screen.basket.forward_button.isEnabled()
            ),
            timeout_s=LIMIT_S,
            what="the review",
        )
        if page.terms_box.isVisible() and not page.terms_box.isChecked():
            page.terms_box.click()
        await self.till.forward()

    async def hand_over(self) -> None:
        """Give the goods away once the light is green."""
        await self.till.expect_lamp(Lamp.GREEN)
        button = self.till.screen.steps.done.page.hand_over_button
        await until(button.isVisible, timeout_s=LIMIT_S, what="the hand-over key")
        self.till.key("F10")


@asynccontextmanager
async def open_program(home: Path) -> AsyncIterator[Program]:
    """Open the program on a fresh machine and sign Cleo in."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("POSAPP_")}
    paths = paths_below(home).make()
    settings = till_settings.load(paths.settings_file, environ)
    run, errors = real_runner(asyncio.get_running_loop())
    window = MainWindow(run)
    surroundings = Surroundings(SystemClock(), random.Random(7), Changes())
    shop = await OpenShop.open(paths, settings, environ, surroundings)
    try:
        window.show()
        await shop.let_in(window)
        window.activateWindow()
        await until(window.isActiveWindow, what="the window to have the keyboard")
        await until(lambda: not shop.session.engine.is_pushing, timeout_s=60, what="the catalogue")
        cleo = next(one for one in window.sign_in.people if one.id == "cleo")
        shop.session.desks.present.enter(cleo)
        window.sign_in.signed_in.emit(cleo)
        floor = window.floor
        assert floor is not None and shop.screens is not None
        assert shop.screens.practice is not None
        screen = floor.screen_of("sell")
        assert isinstance(screen, SaleScreen)
        till = SaleDriver(screen, limit_s=LIMIT_S)
        await until(lambda: screen.in_hand.sale is not None, timeout_s=LIMIT_S, what="a sale")
        bar = shop.screens.practice.bar
        yield Program(shop, window, till, TrainingDriver(floor, bar, limit_s=LIMIT_S))
        assert errors == []
    finally:
        window.hide()
        await shop.close()
        run.cancel_all()


async def walk(home: Path) -> None:
    """A declined card, a transfer, and a sandbox that dies in the middle of a third lesson."""
    async with open_program(home) as program:
        training = program.training
        await training.begin(DECLINED)
        await program.customer_pays()
        await program.place()
        await training.expect_says("Declined. Ask for another card")
        await program.customer_pays()
        await program.place()
        await program.hand_over()
        tell(await training.result())
        await training.close(await training.result())

        await training.begin(WIRE_TRANSFER)
        await program.customer_pays(by_transfer=True)
        await program.place()
        await program.till.expect_lamp(Lamp.AMBER)
        await training.expect_says("hand out the reference")
        await program.hand_over()
        tell(await training.result())
        await training.close(await training.result())

        await training.begin(DECLINED)
        room = program.shop.room
        assert room is not None
        room.kill()
        await training.expect_says("Begin it once more")
        await training.set_next("2")
        await training.expect_ahead("Next: declined")
        sys.stdout.write(f"{training.ahead}\n")


def tell(sheet: ResultSheet) -> None:
    """Print one result."""
    result = sheet.result_shown
    told = {"passed": result.has_passed, "keys": result.score.keys, "slips": result.mistakes}
    sys.stdout.write(f"{result.lesson.id} {told}\n")


def main(home: str) -> None:
    """Walk in a fresh home."""
    app = make_application()
    keep_garbage_here(app)
    theme.apply(app, theme.load("light"))
    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        runner.run(walk(Path(home)))


if __name__ == "__main__":
    main(sys.argv[1])
