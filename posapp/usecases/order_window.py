"""The queue as a window that moves both ways over a list of any length. Never holds rows, only where its pages began."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
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
    """One view of the queue, with one search. The desk pages downwards; the way back up is remembered."""

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
            self._starts.sort(key=_key, reverse=True)
        return (await self.pages.page(self.view, start, limit, self.search)).rows

    async def _above(self, limit: int, end: Cursor) -> tuple[OrderRow, ...]:
        found: tuple[OrderRow, ...] = ()
        above = [start for start in self._starts if _key(start) > _key(end)]
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
            newer = [row for row in page.rows if _key(cursor_of(row)) > _key(end)]
            rows += newer
            if len(newer) < len(page.rows) or page.next is None:
                return tuple(rows)
            cursor = page.next


def cursor_of(row: OrderRow) -> Cursor:
    """Return where a page after this row begins."""
    return Cursor(row.created_at, row.order_id)


def _key(cursor: Cursor) -> tuple[datetime, str]:
    return (cursor.created_at, cursor.order_id)
