"""Queue and review over a real shop: real store, real client, the sandbox in process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget

from posapp.domain.fulfilment import FulfilmentItem, FulfilmentRequest
from posapp.domain.order import OrderState
from posapp.domain.queue import View
from posapp.domain.review import Concern
from posapp.ui.changes import ChangeSignals
from posapp.ui.kit.compare import CompareTable
from posapp.ui.orders.screen import OrdersScreen
from posapp.ui.review.screen import ReviewScreen
from tests.drivers.orders import OrdersDriver
from tests.drivers.review import ReviewDriver
from tests.helpers.logfail import LogWatch
from tests.helpers.running import ReportedErrors, real_runner
from tests.helpers.shop import Shop, open_shop
from tests.helpers.waiting import until


@dataclass
class Floor:
    """The shop and its two screens."""

    shop: Shop
    orders: OrdersDriver
    review: ReviewDriver
    errors: ReportedErrors


@asynccontextmanager
async def open_floor(folder: Path) -> AsyncIterator[Floor]:
    """Open the shop with a manager at it, and both screens."""
    async with open_shop(folder) as shop:
        shop.sign_in()
        run, errors = real_runner(asyncio.get_running_loop())
        changes = ChangeSignals(shop.desks.changes)
        queue = OrdersScreen(run, shop.desks.orders, changes, shop.clock)
        review = ReviewScreen(run, shop.desks.review, shop.desks.orders, changes, shop.clock)
        try:
            yield Floor(shop, OrdersDriver(queue), ReviewDriver(review), errors)
            await until(lambda: run.is_idle, what="the runner to rest")
            assert errors == []
        finally:
            run.cancel_all()
            for screen in (queue, review):
                screen.close()
                screen.deleteLater()
            changes.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


async def test_an_order_arrives_is_fulfilled_and_paid(tmp_path: Path, qapp: QApplication) -> None:
    async with open_floor(tmp_path) as floor:
        queue = floor.orders
        await queue.arrive()
        await queue.expect_count(View.READY, 0)
        order = await floor.shop.sold("MUG-WHT", "CABLE-UC2")
        await floor.shop.catch_up()
        await queue.expect_count(View.READY, 1)
        await until(lambda: order.id in queue.order_ids, what="the order in the queue")
        assert queue.state(order.id)[0] == "To fulfil"

        await queue.open(order.id)
        dialog = await queue.fulfil_sheet()
        dialog.lines.fill(cancelling=False)
        dialog.scan("1Z999AA10123456784")
        await queue.send(dialog)
        await queue.expect_state(order.id, "Sending")
        await floor.shop.catch_up()
        await queue.expect_state(order.id, "Complete")
        await until(
            lambda: (
                (sheet := queue.screen.detail.sheet) is not None
                and sheet.order.captured == sheet.order.total
            ),
            what="the whole sum captured on the sheet",
        )
        history = queue.screen.detail.history.timeline

        def titles() -> set[str]:
            return {entry.title for entry in history.entries}

        await until(lambda: "Money taken" in titles(), what="the capture in the history")
        assert "Decided to ship" in titles()
        assert floor.shop.books_agree()


async def test_a_part_is_shipped_a_part_cancelled_and_the_forecast_comes_true(
    tmp_path: Path, qapp: QApplication
) -> None:
    async with open_floor(tmp_path) as floor:
        queue = floor.orders
        await queue.arrive()
        order = await floor.shop.sold("MUG-WHT", "MUG-WHT", "CABLE-UC2")
        await floor.shop.catch_up()
        await queue.open(order.id)
        dialog = await queue.fulfil_sheet()
        dialog.scan("MUG-WHT")
        forecast = dialog.strip.captures.text()
        await queue.send(dialog)
        await floor.shop.catch_up()
        sheet = await floor.shop.sheet(order.id)
        assert str(sheet.order.captured) == forecast
        await until(
            lambda: (
                (seen := queue.screen.detail.sheet) is not None
                and seen.order.captured == sheet.order.captured
            ),
            what="the captured amount on the sheet",
        )

        dialog = await queue.fulfil_sheet("C")
        dialog.lines.fill(cancelling=True)
        await queue.send(dialog)
        await floor.shop.catch_up()
        sheet = await floor.shop.sheet(order.id)
        assert [line.open for line in sheet.lines] == [0, 0]
        assert str(sheet.order.captured) == forecast
        assert floor.shop.books_agree()


async def test_a_parcel_that_left_from_elsewhere_stops_the_decision_and_both_screens_compare(
    tmp_path: Path, qapp: QApplication, expected_log: LogWatch
) -> None:
    expected_log.expect("is not sent")
    async with open_floor(tmp_path) as floor:
        shop, queue = floor.shop, floor.orders
        await queue.arrive()
        order = await shop.sold("MUG-WHT", "MUG-WHT", "CABLE-UC2")
        await shop.catch_up()
        await queue.open(order.id)
        dialog = await queue.fulfil_sheet()
        dialog.lines.fill(cancelling=False)
        await queue.send(dialog)
        mugs = next(line for line in order.lines if line.quantity == 2)
        elsewhere = FulfilmentRequest("desk-2", order.id, (FulfilmentItem(mugs.id, 1),))
        await shop.session.river.fulfilments.create(elsewhere)
        await shop.session.engine.outbox.send_due()

        def table(screen: QWidget) -> list[CompareTable]:
            return [x for x in screen.findChildren(CompareTable) if x.isVisible()]

        await until(lambda: table(queue.screen.detail), what="you saw / now on the order")
        [stopped] = table(queue.screen.detail)
        told = {row.label: (*row.cells, row.is_changed) for row in stopped.rows}
        assert told["Order"] == ("", "accepted", "accepted", False)
        assert told[mugs.name] == ("2", "2 open", "1 open", True)
        assert queue.message == "Not sent: the order stands differently now"

        await floor.review.arrive()
        await until(lambda: floor.review.concerns, what="the manager's task")
        await floor.review.choose(Concern.STOPPED_INTENT)
        await until(lambda: table(floor.review.screen.detail), what="you saw / now")
        assert table(floor.review.screen.detail)[0].rows == stopped.rows
        assert "acknowledge_button" in floor.review.offers()

        dialog = await queue.fulfil_sheet()  # what is left can be decided anew
        dialog.lines.fill(cancelling=False)
        await queue.send(dialog)
        assert queue.message.startswith("Decided: 1 × ")
        await shop.catch_up()
        await until(lambda: queue.message == "", what="the banner to go when it is sent")
        assert [line.open for line in (await shop.sheet(order.id)).lines] == [0, 0]
        assert shop.books_agree()


async def test_a_held_order_stands_with_its_sentence_and_a_note(
    tmp_path: Path, qapp: QApplication
) -> None:
    async with open_floor(tmp_path) as floor:
        floor.shop.world.director.next("in_review", seconds=None)
        order = await floor.shop.sold()
        assert order.state is OrderState.IN_REVIEW
        await floor.shop.catch_up()
        await floor.review.arrive()
        await until(lambda: floor.review.concerns, what="the concern")
        item = await floor.review.choose(Concern.IN_REVIEW)
        assert item.order_id == order.id
        await floor.review.note("ID seen at the counter")
        await until(floor.review.screen.detail.notes_card.isVisible, what="the note")
        sheet = await floor.shop.sheet(order.id)
        assert [note.text for note in sheet.notes] == ["ID seen at the counter"]


async def test_a_blocked_order_is_acknowledged_and_leaves_the_list(
    tmp_path: Path, qapp: QApplication
) -> None:
    async with open_floor(tmp_path) as floor:
        floor.shop.world.director.next("in_review", seconds=1.0, accept=False)
        order = await floor.shop.sold()
        await floor.shop.catch_up()
        await floor.orders.arrive()
        await floor.orders.view(View.BLOCKED)
        assert floor.orders.order_ids == [order.id]
        await floor.review.arrive()
        await until(lambda: floor.review.concerns, what="the concern")
        await floor.review.choose(Concern.BLOCKED)
        sheet = await floor.review.sheet("A")
        sheet.choose("customer told")
        sheet.reason.setText("Rang the customer")
        sheet.store_button.click()
        await floor.review.expect_gone(Concern.BLOCKED)
        titles = [entry.what for entry in (await floor.shop.sheet(order.id)).timeline]
        assert "customer told" in titles


async def test_words_of_a_name_find_the_order(tmp_path: Path, qapp: QApplication) -> None:
    async with open_floor(tmp_path) as floor:
        order = await floor.shop.sold()
        await floor.shop.sold()
        await floor.shop.catch_up()
        await floor.orders.arrive()
        await floor.orders.search(order.id[-8:])
        await floor.orders.search(str(order.id))
        await until(lambda: floor.orders.order_ids == [order.id], what="the one order")
        assert floor.orders.order_ids == [order.id]
