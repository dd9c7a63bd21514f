"""The queue as a window that moves both ways over a list of any length. Never holds rows.

The desk pages downwards only; where each page began is remembered, and that is the way back up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from posapp.domain.queue import Cursor

if TYPE_CHECKING:
    from posapp.domain.queue import OrderRow, Page, View


class Pages(Protocol):
    """Who reads pages downwards: the order desk, or a fake of it."""

    async def page(
        self, view: View, after: Cursor | None = None, limit: int = 100, search: str = ""
    ) -> Page:
        """Return one page, newest first."""
        ...


@dataclass(slots=True)
class OrderWindow:
    """One view of the queue, with one search."""

    pages: Pages
    view: View
    search: str = ""
    _starts: list[Cursor] = field(default_factory=list)

    async def read(
        self, limit: int, *, after: OrderRow | None = None, before: OrderRow | None = None
    ) -> tuple[OrderRow, ...]:
        """Return up to `limit` rows below `after`, above `before`, or from the top; newest first.

        Above means nearest: the row next to `before` comes last.
        """
        if before is not None:
            return await self._above(limit, cursor_of(before))
        if after is None:
            self._starts.clear()
            return (await self.pages.page(self.view, None, limit, self.search)).rows
        start = cursor_of(after)
        if start not in self._starts:
            self._starts.append(start)
            self._starts.sort(key=lambda cursor: cursor.created_at, reverse=True)
        return (await self.pages.page(self.view, start, limit, self.search)).rows

    async def _above(self, limit: int, end: Cursor) -> tuple[OrderRow, ...]:
        found: tuple[OrderRow, ...] = ()
        above = [start for start in self._starts if start.created_at > end.created_at]
        for start in [*reversed(above), None]:
            found = (*await self._between(limit, start, end), *found)
            if found:
                end = cursor_of(found[0])
            if len(found) >= limit:
                break
        return found[-limit:]

    async def _between(self, limit: int, start: Cursor | None, end: Cursor) -> tuple[OrderRow, ...]:
        rows: list[OrderRow] = []
        cursor = start
        while True:
            page = await self.pages.page(self.view, cursor, limit, self.search)
            for row in page.rows:
                if row.order_id == end.order_id or row.created_at < end.created_at:
                    return tuple(rows)
                rows.append(row)
            if page.next is None:
                return tuple(rows)
            cursor = page.next


def cursor_of(row: OrderRow) -> Cursor:
    """Return where a page after this row begins."""
    return Cursor(row.created_at, row.order_id)
