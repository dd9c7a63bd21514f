"""Taking an order in hand, laying it down, taking it over. The desk decides who may."""

from __future__ import annotations

from collections.abc import Coroutine
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.staff import Permission, may
from posapp.ui.kit.run import Runner
from posapp.usecases.orders import RENEW_WITHIN, OrderDesk, OrderSheet

_TRY_AGAIN = timedelta(seconds=30)


class Hold(StrEnum):
    """Who has an order in hand, seen from here."""

    NOBODY = "nobody"
    ME = "me"
    OTHER = "other"


def held_by(desk: OrderDesk, holder: str, till: str, until: datetime | None, now: datetime) -> Hold:
    """Say who holds an order. An empty `till` is any: rows of the queue name only the person."""
    if not holder or (until is not None and until <= now):
        return Hold.NOBODY
    staff = desk.present.staff
    is_me = staff is not None and staff.name == holder and till in ("", desk.till)
    return Hold.ME if is_me else Hold.OTHER


class Claiming(QObject):
    """The presses around a claim; news of it comes back through the announcements."""

    take_over_wanted = Signal(str, str)  # order id, holder: ask the person before `take_over`
    failed = Signal(object)  # the Exception

    def __init__(self, run: Runner, desk: OrderDesk, owner: QWidget) -> None:
        super().__init__(owner)
        self._run = run
        self._desk = desk
        self._owner = owner
        self._renewed_at: datetime | None = None

    @property
    def may_take_over(self) -> bool:
        """Whether the person at the till may take an order out of another's hands."""
        staff = self._desk.present.staff
        return staff is not None and may(staff, Permission.TAKE_OVER)

    def press(
        self, order_id: str, hold: Hold, holder: str = "", busy: QWidget | None = None
    ) -> None:
        """Do what the claim key does now: take, lay down, or ask for a take-over."""
        if hold is Hold.OTHER and self.may_take_over:
            self.take_over_wanted.emit(order_id, holder)
        elif hold is Hold.ME:
            self._start(self._desk.release_claim(order_id), busy)
        else:
            self._start(self._desk.claim(order_id), busy)

    def take_over(self, order_id: str, busy: QWidget | None = None) -> None:
        """Take the order out of another's hands; audited by the desk."""
        self._start(self._desk.claim(order_id, take_over=True), busy)

    def keep(self, sheet: OrderSheet, now: datetime) -> None:
        """The order is open in its holder's hands: prolong a claim that nears its end."""
        holder, till, until = sheet.claim or ("", "", now)
        if held_by(self._desk, holder, till, until, now) is not Hold.ME:
            return
        if until - now > RENEW_WITHIN:
            return
        if self._renewed_at is not None and now - self._renewed_at < _TRY_AGAIN:
            return
        self._renewed_at = now
        self._start(self._desk.renew_claim(sheet.order.id), None)

    def _start(self, work: Coroutine[Any, Any, object], busy: QWidget | None) -> None:
        self._run(self._owner, work, done=self._on_done, failed=self.failed.emit, busy=busy)

    def _on_done(self, _until: object) -> None:
        """Nothing to show here: the announcement repaints row and sheet."""
