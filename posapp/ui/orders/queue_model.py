"""The queue's rows as the table sees them: paged, ageing, loud when a page cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal

from posapp.domain.queue import OrderRow
from posapp.ui.kit.paging import Load, PagedRowsModel
from posapp.ui.kit.run import Runner
from posapp.ui.orders.queue_table import CLAIMED, STATE, queue_columns


class QueueModel(PagedRowsModel[OrderRow]):
    """Orders, newest first. A failed page is told by `failed` instead of the program's reporter."""

    failed = Signal(object)  # the Exception of a page that could not be read

    def __init__(
        self,
        run: Runner,
        load: Load[OrderRow],
        now: Callable[[], datetime],
        belongs: Callable[[OrderRow], bool],
    ) -> None:
        super().__init__(
            queue_columns(now),
            lambda row: row.order_id,
            run=run,
            load=load,
            order=lambda row: row.created_at,
            belongs=belongs,
        )

    def grow_older(self, first: int, last: int) -> None:
        """Work out what depends on the time anew, for the rows a person can see."""
        top, bottom = max(first, 0), min(last, self.rowCount() - 1)
        if bottom < top:
            return
        before = self._cells[top : bottom + 1]
        after = [self._prepared(row) for row in self._rows[top : bottom + 1]]
        if after != before:
            self._cells[top : bottom + 1] = after
            self.dataChanged.emit(self.index(top, STATE), self.index(bottom, CLAIMED))

    def _on_failed(self, error: Exception) -> None:
        """The kit's override: the screen shows it in place, with a way to try again."""
        self._job = None
        self.failed.emit(error)
