"""Who stands at the till right now, and the check that every use case makes before it acts."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.domain.changes import Changes, PersonChanged
from posapp.domain.errors import NotSignedIn
from posapp.domain.staff import Permission, Staff, require


@dataclass(slots=True)
class Present:
    """The person signed in at this till."""

    changes: Changes
    _staff: Staff | None = None

    @property
    def staff(self) -> Staff | None:
        """The person, or None."""
        return self._staff

    def enter(self, staff: Staff | None) -> None:
        """Let this person (or nobody) stand at the till."""
        self._staff = staff
        self.changes.announce(PersonChanged())

    def require(self, permission: Permission) -> Staff:
        """Return the person. Raises NotSignedIn or NotAllowed."""
        if self._staff is None:
            raise NotSignedIn
        require(self._staff, permission)
        return self._staff
