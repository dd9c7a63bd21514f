"""The sale in hand: one basket change after the other, and no late answer on a newer basket.

Every scan counts even when the next one comes before the disk has answered: changes wait in line
and
each starts from what the one before left. Long questions (checkout, payment) run beside them; their
answers are dropped when the sale or its basket has moved on (design 5). Never calls the service.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.sale import Sale
from posapp.ui.kit.run import Job, Runner

T = TypeVar("T")

Verb = Callable[[Sale], Coroutine[Any, Any, Sale]]
"""What is done with the sale as it is when its turn comes."""


@dataclass(frozen=True, slots=True)
class _Edit:
    verb: Verb
    done: Callable[[Sale], None] | None
    failed: Callable[[Exception], None]


class SaleInHand(QObject):
    """The sale this till works on."""

    changed = Signal(object)  # Sale: as it stands now
    replaced = Signal(object)  # Sale: another one was taken in hand

    def __init__(self, run: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._sale: Sale | None = None
        self._waiting: deque[_Edit] = deque()
        self._under_way: _Edit | None = None

    @property
    def sale(self) -> Sale | None:
        """The sale as it stands, or None before the first."""
        return self._sale

    @property
    def is_changing(self) -> bool:
        """Whether a basket change is not on disk yet."""
        return self._under_way is not None

    def take(self, sale: Sale) -> None:
        """Hold this sale, or this newer state of it; an older basket is not taken back."""
        if self._sale is not None and sale.id == self._sale.id:
            if sale.basket.version >= self._sale.basket.version and sale != self._sale:
                self._sale = sale
                self.changed.emit(sale)
            return
        self._waiting.clear()
        self._sale = sale
        self.replaced.emit(sale)
        self.changed.emit(sale)

    def edit(
        self,
        verb: Verb,
        *,
        failed: Callable[[Exception], None],
        done: Callable[[Sale], None] | None = None,
    ) -> None:
        """Do this with the sale once everything asked before is done."""
        self._waiting.append(_Edit(verb, done, failed))
        self._next()

    def ask(
        self,
        owner: QObject,
        work: Coroutine[Any, Any, T],
        *,
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        busy: QWidget | None = None,
    ) -> Job:
        """Ask a long question about the sale; the outcome is dropped if the basket moved on."""
        about = self._stamp()

        def on_done(result: T) -> None:
            if self._stamp() == about:
                done(result)

        def on_failed(error: Exception) -> None:
            if self._stamp() == about:
                failed(error)

        return self._run(owner, work, done=on_done, failed=on_failed, busy=busy)

    def _stamp(self) -> tuple[str, int]:
        if self._sale is None:
            return ("", 0)
        return (self._sale.id, self._sale.basket.version)

    def _next(self) -> None:
        if self._under_way is not None or not self._waiting or self._sale is None:
            return
        edit = self._waiting.popleft()
        self._under_way = edit
        self._run(self, edit.verb(self._sale), done=self._on_done, failed=self._on_failed)

    def _on_done(self, sale: Sale) -> None:
        edit, self._under_way = self._under_way, None
        self.take(sale)
        if edit is not None and edit.done is not None:
            edit.done(sale)
        self._next()

    def _on_failed(self, error: Exception) -> None:
        edit, self._under_way = self._under_way, None
        if edit is not None:
            edit.failed(error)
        self._next()
