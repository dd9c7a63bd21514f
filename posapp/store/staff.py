"""Who works here, their PINs' hashes, and the lock after too many wrong ones.

Never hashes: that is slow work for elsewhere.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import RowMapping, select, text, update

from posapp.domain.staff import Role, Staff, StaffId
from posapp.store.columns import to_micros
from posapp.store.rows import Repository, Upsert
from posapp.store.tables import staff

TRIES = 5
"""Wrong PINs in a row before the name is locked."""
LOCKED_FOR = timedelta(minutes=5)
"""How long a locked name stays so; `reset` (a manager) opens it at once."""

_PUT = Upsert(staff, "id name role active pin_hash", key="id")
_PUT_BUT_PIN = Upsert(staff, "id name role active pin_hash", key="id", update="name role active")
_FAIL = text(
    "UPDATE staff SET failures = failures + 1, "
    "locked_until = CASE WHEN failures + 1 >= :tries THEN :until ELSE locked_until END "
    "WHERE id = :id RETURNING failures"
)


def _person(row: RowMapping) -> Staff:
    return Staff(StaffId(row["id"]), row["name"], Role(row["role"]), row["active"])


class StaffList(Repository):
    """Staff by id."""

    __slots__ = ()

    def save(self, person: Staff, pin_hash: str = "") -> None:
        """Insert or change the person; without a hash the PIN stays as it is."""
        row = (person.id, person.name, person.role.value, person.active, pin_hash)
        (_PUT if pin_hash else _PUT_BUT_PIN).run(self._connection, [row])

    def get(self, staff_id: str) -> Staff | None:
        """Return the person, active or not."""
        found = self._connection.execute(select(staff).where(staff.c.id == staff_id)).mappings()
        return next((_person(row) for row in found), None)

    def all_active(self) -> tuple[Staff, ...]:
        """Return who may sign in, by name."""
        return self._people(active_only=True)

    def everyone(self) -> tuple[Staff, ...]:
        """Return all who ever worked here, by name."""
        return self._people(active_only=False)

    def pin_hash(self, staff_id: str) -> str:
        """Return the PIN's hash, '' when none was set or nobody has this id."""
        found = select(staff.c.pin_hash).where(staff.c.id == staff_id)
        return self._connection.execute(found).scalar() or ""

    def fail(self, staff_id: str, now: datetime) -> int:
        """Count a wrong PIN and return how many in a row that makes; from the fifth on the name
        is locked.
        """
        counted = self._connection.execute(
            _FAIL, {"id": staff_id, "tries": TRIES, "until": to_micros(now + LOCKED_FOR)}
        ).scalar()
        return int(counted or 0)

    def reset(self, staff_id: str) -> None:
        """Forget the wrong PINs and open the lock: after a right one, or by a manager."""
        self._connection.execute(
            update(staff).where(staff.c.id == staff_id).values(failures=0, locked_until=None)
        )

    def failures(self, staff_id: str) -> int:
        """Return how many wrong PINs came in a row."""
        found = select(staff.c.failures).where(staff.c.id == staff_id)
        return self._connection.execute(found).scalar() or 0

    def locked_until(self, staff_id: str) -> datetime | None:
        """Return when the lock opens by itself; None when there is none.

        A past moment means it has opened.
        """
        found = select(staff.c.locked_until).where(staff.c.id == staff_id)
        return self._connection.execute(found).scalar()

    def _people(self, *, active_only: bool) -> tuple[Staff, ...]:
        wanted = select(staff).order_by(staff.c.name, staff.c.id)
        if active_only:
            wanted = wanted.where(staff.c.active)
        return tuple(_person(row) for row in self._connection.execute(wanted).mappings())
