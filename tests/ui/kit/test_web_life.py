"""The payment view through its life: lost, opened again, reached by keyboard, thrown away."""

from __future__ import annotations

import os
import signal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from posapp.ui.kit import web
from posapp.ui.kit.web import FormState, Lost, PaymentView, ReloadBudget, blanked_grab
from tests.drivers.payment import PaymentDriver
from tests.helpers.waiting import emitted, until
from tests.ui.kit.web_fixtures import answering, run_script, shop
from tests.unit.sandbox_form.fake_world import OWNER, FakeWorld

pytestmark = pytest.mark.usefixtures("qapp")


async def test_a_crashed_form_is_lost_and_can_be_opened_again() -> None:
    async with shop() as till:
        till.open_form()
        buyer = PaymentDriver(till.view)
        await buyer.wait_open()
        page = till.view.page()
        assert page is not None
        lost = emitted(till.view.lost)
        os.kill(page.renderProcessPid(), signal.SIGKILL)
        assert await lost == (Lost.CRASHED.value,)
        assert till.view.state is FormState.LOST
        till.open_form()
        await buyer.wait_open()
        assert (await buyer.pay_by_card()).last_four == "1111"


async def test_a_listener_may_open_again_at_once() -> None:
    async with shop() as till:
        till.open_form()
        buyer = PaymentDriver(till.view)
        await buyer.wait_open()
        till.view.lost.connect(lambda _reason: till.open_form())
        page = till.view.page()
        assert page is not None
        os.kill(page.renderProcessPid(), signal.SIGKILL)
        await until(lambda: till.view.state is FormState.LOADING)
        await buyer.wait_open()
        assert (await buyer.pay_by_card()).last_four == "1111"


async def test_a_page_that_runs_out_of_memory_is_lost() -> None:
    world = FakeWorld()
    world.owner = {**OWNER, "lastName": "CrashView"}
    async with shop(world) as till:
        till.open_form()
        buyer = PaymentDriver(till.view)
        await buyer.wait_open()
        lost = emitted(till.view.lost, timeout_s=25)
        await buyer.type_card()
        await buyer.agree()
        await buyer.submit()
        assert await lost == (Lost.CRASHED.value,)


async def test_an_address_nobody_serves_is_lost() -> None:
    async with shop() as till:
        url = till.server.publish(till.page())
        await till.server.stop()
        lost = emitted(till.view.lost)
        till.view.open(url, till.vendor.origins)
        assert await lost == (Lost.NOT_LOADED.value,)
        await till.server.start()


async def test_a_page_handed_out_before_is_lost() -> None:
    async with shop(patience_s=1) as till:
        url = till.server.publish(till.page())
        till.server.retire(url)
        lost = emitted(till.view.lost)
        till.view.open(url, till.vendor.origins)
        (reason,) = await lost
        assert reason in {Lost.NOT_LOADED.value, Lost.SILENT.value}


async def test_a_script_that_is_not_there_is_lost() -> None:
    async with shop() as till:
        lost = emitted(till.view.lost)
        till.open(till.page(script_folder=f"{till.vendor.origin}/v2"))
        assert await lost == (Lost.SCRIPT.value,)


async def test_a_configuration_the_script_refuses_is_lost() -> None:
    async with shop() as till:
        lost = emitted(till.view.lost)
        till.open(till.page(dropin={"options": {}}))
        assert await lost == (Lost.SCRIPT.value,)


async def test_a_vendor_that_says_nothing_is_lost_after_a_while() -> None:
    async with answering(None) as deaf, shop(patience_s=0.3) as till:
        lost = emitted(till.view.lost)
        till.open(till.page(script_folder=f"{deaf}/v1", origins=(deaf,)))
        assert await lost == (Lost.SILENT.value,)


def test_a_form_comes_back_by_itself_twice_a_minute() -> None:
    now = 0.0
    budget = ReloadBudget(lambda: now)
    assert [budget.spend(), budget.spend(), budget.spend()] == [True, True, False]
    now = 60.0
    assert budget.spend()


async def test_the_keyboard_goes_through_the_form_and_out_again(qapp: QApplication) -> None:
    async with shop() as till:
        window = QWidget()
        before, after = QLineEdit(), QLineEdit()
        rows = QVBoxLayout(window)
        for part in (before, till.view, after):
            rows.addWidget(part)
        till.view.set_neighbours(before, after)
        window.show()
        window.activateWindow()
        till.open_form()
        buyer = PaymentDriver(till.view)
        await buyer.wait_open()
        before.setFocus()
        await until(before.hasFocus)
        QTest.keyClick(before, Qt.Key.Key_Tab)
        await until(till.view.has_form_focus, what="the form to take the keyboard")
        while await _place(till.view) != "card-number":
            await _tab(till.view, qapp)
        focus = qapp.focusWidget()
        assert focus is not None
        QTest.keyClicks(focus, "4444222233331111")
        QTest.keyClicks(focus, "1229")  # the form goes on by itself when a field is full
        QTest.keyClicks(focus, "123")
        await buyer.expect_text("#card-number", "•••• •••• •••• 1111")
        await buyer.expect_text("#card-expiry", "12 / 29")
        while till.view.has_form_focus():
            await _tab(till.view, qapp)
        await until(after.hasFocus, what="the keyboard to leave the form")
        till.view.setParent(None)
        window.close()


async def _place(view: PaymentView) -> str:
    """Which element has the keyboard, in the card's frame or else in the page."""
    look = """(() => {
      if (!document.hasFocus()) { return ''; }
      const at = document.activeElement;
      return at.id || at.tagName + [...document.querySelectorAll('*')].indexOf(at);
    })()"""
    inside = await run_script(view, look, frame="card.html")
    return str(inside or await run_script(view, look))


async def _tab(view: PaymentView, qapp: QApplication) -> None:
    """Press Tab and wait until the keyboard is somewhere else: keys arrive later than scripts."""
    before = await _place(view)
    focus = qapp.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_Tab)
    for _ in range(2000):
        if not view.has_form_focus() or await _place(view) != before:
            return
    raise AssertionError(f"Tab does not lead away from {before}")


async def test_the_form_follows_text_size_and_language() -> None:
    async with shop() as till:
        till.view.set_text_scale(1.5)
        till.open_form(locale="de-DE")
        await PaymentDriver(till.view).wait_open()
        assert await run_script(till.view, "innerWidth") == 400
        spoken = "[navigator.language, document.documentElement.lang].join()"
        assert await run_script(till.view, spoken) == "de-DE,de-DE"


async def test_a_hidden_view_still_brings_the_legal_texts() -> None:
    async with shop() as till:
        till.view.hide()
        told = emitted(till.view.disclosure, timeout_s=15)
        till.open(till.texts("DR_JAPAN-ENTITY", "ja", "JP"))
        (disclosure,) = await told
        assert disclosure.text("japaneseCommerceLaw").plain == "特定商取引法に基づく表示"


async def test_a_picture_leaves_the_form_out_unless_it_is_the_sandbox() -> None:
    async with shop() as till:
        till.open_form()
        buyer = PaymentDriver(till.view)
        await buyer.wait_open()
        blank, empty = _picture(till.view), _picture(till.view, show_sandbox=True)
        await buyer.type_card()
        await until(lambda: _picture(till.view, show_sandbox=True) != empty)
        assert _picture(till.view) == blank
        assert blank.pixel(20, 20) == till.view.palette().window().color().rgb()


def test_a_live_form_is_never_pictured() -> None:
    view = PaymentView(live=True, environment={})
    view.resize(600, 560)
    blank = _picture(view, show_sandbox=True)
    view.open("http://127.0.0.1:9/x/", ())
    assert view.grab().toImage() != blank
    assert _picture(view, show_sandbox=True) == blank
    view.dispose()


def _picture(view: PaymentView, *, show_sandbox: bool = False) -> QImage:
    return blanked_grab(view, show_sandbox=show_sandbox).toImage()


async def test_a_sale_may_throw_the_form_away_while_it_speaks() -> None:
    async with shop() as till:
        till.view.paid.connect(lambda _claim: till.view.dispose())
        till.open_form()
        buyer = PaymentDriver(till.view)
        await buyer.wait_open()
        assert (await buyer.pay_by_card()).last_four == "1111"
        assert till.view.state is FormState.EMPTY
        till.view.dispose()


async def test_a_window_closed_in_the_middle_takes_the_form_along() -> None:
    async with shop() as till:
        till.open_form()
        await PaymentDriver(till.view).wait_open()
        gone = emitted(till.view.destroyed)
        till.view.deleteLater()
        await gone
        till.view = PaymentView(live=False)
        assert till.view.state is FormState.EMPTY


async def test_the_engine_can_be_warmed() -> None:
    warmed: list[bool] = []
    web.warm(lambda: warmed.append(True))
    await until(lambda: warmed == [True])
    assert warmed
