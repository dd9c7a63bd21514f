"""A table's model over a list far longer than memory should hold: pages by key, a bounded window.
Never counts the whole list.

The window holds at most `window` rows. Reaching its end asks for the page after the last row and
lets rows at the other end go; the list therefore never grows with the shop's history. Rows are
ordered by `order`, largest first.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Coroutine, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Signal

from posapp.ui.kit.run import Job, Runner
from posapp.ui.kit.table import _NO_PARENT, Column, Index, RowsModel

T = TypeVar("T")

PAGE = 128
WINDOW = 2048


@dataclass(frozen=True, slots=True)
class PageAsk(Generic[T]):
    """Which rows are wanted:

    after this row (further down), before it (further up), or the top when neither.
    """

    limit: int
    after: T | None = None
    before: T | None = None


Load = Callable[[PageAsk[T]], Coroutine[Any, Any, Sequence[T]]]
"""Reads one page, best order first: for `before` too, the row nearest to it comes last."""


class PagedRowsModel(RowsModel[T]):
    """A window over an ordered list that is read page by page through the runner."""

    loaded = Signal()  # a page has come, or the first one turned out to be empty

    def __init__(
        self,
        columns: Sequence[Column[T]],
        key: Callable[[T], Hashable],
        *,
        run: Runner,
        load: Load[T],
        order: Callable[[T], Any],
        belongs: Callable[[T], bool] | None = None,
        page: int = PAGE,
        window: int = WINDOW,
    ) -> None:
        super().__init__(columns, key)
        self._run = run
        self._load = load
        self._order = order
        self._belongs = belongs
        self._page = page
        self._window = max(window, 3 * page)
        self._has_below = False
        self._has_above = False
        self._job: Job | None = None
        self.is_filling_above = False  # the rows coming in were there before: hold what is read

    @property
    def is_loading(self) -> bool:
        """Whether a page is on its way."""
        return self._job is not None

    @property
    def is_at_top(self) -> bool:
        """Whether the window starts with the list's first row."""
        return not self._has_above

    @property
    def is_complete(self) -> bool:
        """Whether the window holds the whole list."""
        return not self._has_above and not self._has_below

    def reload(self, load: Load[T] | None = None) -> None:
        """Read the top anew, or another list; rows that stay keep their selection."""
        self._load = load or self._load
        self._give_up()
        self._ask(PageAsk(self._page), self._on_top_loaded)

    def canFetchMore(self, parent: Index) -> bool:
        """Qt's override: whether the list goes on below."""
        return not parent.isValid() and self._has_below and not self.is_loading

    def fetchMore(self, parent: Index = _NO_PARENT) -> None:
        """Qt's override: ask for the page below."""
        if self.canFetchMore(parent) and self._rows:
            self._ask(PageAsk(self._page, after=self._rows[-1]), self._on_below_loaded)

    def fetch_above(self) -> None:
        """Ask for the page above, if rows were let go there."""
        if self._has_above and self._rows and not self.is_loading:
            self._ask(PageAsk(self._page, before=self._rows[0]), self._on_above_loaded)

    def upsert(self, rows: Iterable[T]) -> None:
        """Take news in:

        known rows change or move, new ones come in where they belong, if that is in the window.
        """
        given = list(rows)
        wanted = [row for row in given if self._belongs is None or self._belongs(row)]
        wanted_keys = {self._key(row) for row in wanted}
        self.remove([k for row in given if (k := self._key(row)) not in wanted_keys])
        self.remove([self._key(row) for row in wanted if self._has_moved(row)])
        self._replace([row for row in wanted if self._key(row) in self._positions])
        for row in wanted:
            if self._key(row) not in self._positions:
                self._insert_in_order(row)
        self._let_go_below()

    def _ask(self, ask: PageAsk[T], take: Callable[[Sequence[T]], None]) -> None:
        def done(rows: Sequence[T]) -> None:
            self._job = None
            take(rows)
            self.loaded.emit()

        self._job = self._run(self, self._load(ask), done=done, failed=self._on_failed)

    def _on_failed(self, error: Exception) -> None:
        self._job = None
        self._run.report(self, error)

    def _has_moved(self, row: T) -> bool:
        at = self.position(self._key(row))
        return at is not None and self._order(self._rows[at]) != self._order(row)

    def _insert_in_order(self, row: T) -> None:
        at = self._place(row)
        is_above = at == 0 and self._has_above
        is_below = at == len(self._rows) and self._has_below
        if not is_above and not is_below:
            self._insert(at, [row])

    def _place(self, row: T) -> int:
        """Where a row goes: largest first, so the list is searched from its end."""
        from_end = bisect_left(
            range(len(self._rows)),
            self._order(row),
            key=lambda at: self._order(self._rows[len(self._rows) - 1 - at]),
        )
        return len(self._rows) - from_end

    def _on_top_loaded(self, rows: Sequence[T]) -> None:
        self._has_above = False
        self._has_below = len(rows) >= self._page
        self.set_rows(rows)

    def _on_below_loaded(self, rows: Sequence[T]) -> None:
        self._has_below = len(rows) >= self._page
        new = [row for row in rows if self._key(row) not in self._positions]
        if new:
            self._insert(len(self._rows), new)
        excess = len(self._rows) - self._window
        if excess > 0:
            self.remove([self._key(row) for row in self._rows[:excess]])
            self._has_above = True

    def _on_above_loaded(self, rows: Sequence[T]) -> None:
        self._has_above = len(rows) >= self._page
        new = [row for row in rows if self._key(row) not in self._positions]
        if new:
            self.is_filling_above = True
            self._insert(0, new)
            self.is_filling_above = False
        self._let_go_below()

    def _let_go_below(self) -> None:
        if len(self._rows) > self._window:
            self.remove([self._key(row) for row in self._rows[self._window :]])
            self._has_below = True

    def _give_up(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
