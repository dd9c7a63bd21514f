"""What people wrote about orders. Never changed, never deleted."""

from __future__ import annotations

from sqlalchemy import insert, select

from posapp.domain.timeline import Note
from posapp.store.rows import Repository
from posapp.store.tables import notes


class Notes(Repository):
    """Notes by order."""

    __slots__ = ()

    def add(self, note: Note) -> None:
        """Keep the note; the order's row counts it."""
        self._connection.execute(
            insert(notes).values(
                order_id=note.order_id,
                text=note.text,
                author=note.author,
                written_at=note.written_at,
            )
        )
        self._tx.orders.reproject(note.order_id)

    def for_order(self, order_id: str) -> tuple[Note, ...]:
        """Return the order's notes, oldest first."""
        found = (
            select(notes)
            .where(notes.c.order_id == order_id)
            .order_by(notes.c.written_at, notes.c.num)
        )
        return tuple(
            Note(row["order_id"], row["text"], row["author"], row["written_at"])
            for row in self._connection.execute(found).mappings()
        )
