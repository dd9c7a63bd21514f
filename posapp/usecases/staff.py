"""Signing in and out: PINs are argon2 hashes with a lock-out; nothing here knows a window."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from posapp.domain.clock import Clock
from posapp.domain.customer import FieldProblem
from posapp.domain.errors import BadField, LastAdmin, LockedOut, WrongPin
from posapp.domain.staff import Permission, Role, Staff, StaffId, check_pin, may
from posapp.store.errors import StoreAway
from posapp.usecases.present import Present

if TYPE_CHECKING:
    from posapp.store.store import Store
    from posapp.store.transaction import Tx

T = TypeVar("T")

TRIES = 5
LOCKED_FOR = timedelta(minutes=5)


def hash_pin(pin: str) -> str:
    """Return the argon2id hash of a PIN; takes some 20 ms, so never on the loop or the database
    thread.
    """
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash(pin)


def pin_fits(pin: str, hashed: str) -> bool:
    """Say whether the PIN is the hashed one."""
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return PasswordHasher().verify(hashed, pin)
    except (VerificationError, InvalidHashError):
        return False


@dataclass(slots=True)
class StaffDesk:
    """Who works here, and who stands at this till."""

    store: Store
    clock: Clock
    present: Present

    async def names(self) -> tuple[Staff, ...]:
        """Return everybody who may sign in, by name.

        The till keeps a copy: without the shop's server the sale in hand can still be finished,
        also by somebody who has locked the till meanwhile.
        """
        try:
            people = await self.store.shared.read(_with_hashes)
        except StoreAway:
            return await self.store.journal.read(lambda tx: tx.staff.all_active())
        if not self.store.is_one:
            await self.store.journal.write(partial(_copy, people=people))
        return tuple(person for person, _hashed in people if person.active)

    async def sign_in(self, staff_id: StaffId, pin: str) -> Staff:
        """Let somebody in. Raises WrongPin, or LockedOut after too many tries."""
        now = self.clock.now()
        staff, hashed, locked = await self.store.look(
            lambda tx: (
                tx.staff.get(staff_id),
                tx.staff.pin_hash(staff_id),
                tx.staff.locked_until(staff_id),
            )
        )
        if locked is not None and locked > now:
            raise LockedOut(locked)
        fits = await asyncio.to_thread(pin_fits, pin, hashed or "")
        if staff is None or not staff.active or not fits:
            failures = await self._count(lambda tx: tx.staff.fail(staff_id, now))
            if failures >= TRIES:
                raise LockedOut(now + LOCKED_FOR)
            raise WrongPin(TRIES - failures)
        await self._count(lambda tx: tx.staff.reset(staff_id))
        self.present.enter(staff)
        return staff

    async def _count(self, work: Callable[[Tx], T]) -> T:
        """Keep what a PIN brought about, on the till while the shop's server is away."""
        try:
            return await self.store.shared.write(work)
        except StoreAway:
            if self.store.is_one:
                raise
            return await self.store.journal.write(work)

    def sign_out(self) -> None:
        """Let the till stand alone; the basket stays."""
        self.present.enter(None)

    async def everyone(self) -> tuple[Staff, ...]:
        """Return all who work or worked here, by name. Raises NotAllowed."""
        self.present.require(Permission.SETTINGS)
        return await self.store.shared.read(lambda tx: tx.staff.everyone())

    async def add(self, name: str, role: Role, pin: str, staff_id: StaffId) -> Staff:
        """Take somebody on. Raises NotAllowed, BadField for a bad PIN or a name already there."""
        who = self.present.require(Permission.SETTINGS)
        staff = _named(Staff(staff_id, name, role))
        check_pin(pin, pin)
        hashed = await asyncio.to_thread(hash_pin, pin)
        await self._keep(staff, hashed, "staff added", who.id)
        return staff

    async def take_on(self, staff: Staff, pin: str) -> Staff:
        """Take on somebody described whole. Raises what `add` does."""
        return await self.add(staff.name, staff.role, pin, staff.id)

    async def change(self, staff: Staff, pin: str = "") -> None:
        """Keep another name, role or state of somebody; '' leaves the PIN as it is.

        A new PIN opens a locked name. Who changes themselves has the new role at once, or is out.
        Raises NotAllowed, BadField, LastAdmin when nobody would be left who may change settings.
        """
        who = self.present.require(Permission.SETTINGS)
        staff = _named(staff)
        hashed = ""
        if pin:
            check_pin(pin, pin)
            hashed = await asyncio.to_thread(hash_pin, pin)
        await self._keep(staff, hashed, "staff changed", who.id)
        present = self.present.staff
        if present is not None and present.id == staff.id:
            self.present.enter(staff if staff.active else None)

    async def _keep(self, staff: Staff, hashed: str, kind: str, who: str) -> None:
        now = self.clock.now()

        def work(tx: Tx) -> None:
            others = [one for one in tx.staff.everyone() if one.id != staff.id]
            if any(one.name.casefold() == staff.name.casefold() for one in others):
                raise BadField("staff_name", FieldProblem.TAKEN)
            if not any(may(one, Permission.SETTINGS) for one in (*others, staff)):
                raise LastAdmin
            tx.staff.save(staff, hashed)
            if hashed:
                tx.staff.reset(staff.id)
            facts = {"staff": staff.id, "role": staff.role, "active": str(staff.active)}
            tx.audit.append(kind, who, now, facts)

        await self.store.shared.write(work)


def _named(staff: Staff) -> Staff:
    """Return somebody with their name trimmed. Raises BadField when there is none."""
    name = " ".join(staff.name.split())
    if not name:
        raise BadField("staff_name", FieldProblem.MISSING)
    return replace(staff, name=name)


def _with_hashes(tx: Tx) -> tuple[tuple[Staff, str], ...]:
    return tuple((person, tx.staff.pin_hash(person.id)) for person in tx.staff.everyone())


def _copy(tx: Tx, people: tuple[tuple[Staff, str], ...]) -> None:
    for person, hashed in people:
        tx.staff.save(person, hashed)
