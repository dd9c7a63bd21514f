"""What managers decided about what stood on the Review screen. Never changed, never deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from posapp.domain.review import Concern
from posapp.store.rows import Repository
from posapp.store.tables import decisions


@dataclass(frozen=True, slots=True)
class Decision:
    """`who` decided on `outcome` for `reason`; `subject` is an order id, a sale id or an intent
    id.
    """

    subject: str
    concern: Concern
    outcome: str
    reason: str
    who: str
    at: datetime


class Decisions(Repository):
    """Decisions by what they are about."""

    __slots__ = ()

    def add(
        self, subject: str, concern: Concern, outcome: str, reason: str, who: str, at: datetime
    ) -> None:
        """Keep the decision.

        It acknowledges the concern about this order, sale or intent, up to then.
        """
        self._connection.execute(
            insert(decisions).values(
                subject=subject,
                concern=concern.value,
                outcome=outcome,
                reason=reason,
                who=who,
                at=at,
            )
        )

    def for_order(self, subject: str) -> tuple[Decision, ...]:
        """Return the decisions about this order (or sale, or intent), oldest first."""
        found = (
            select(decisions)
            .where(decisions.c.subject == subject)
            .order_by(decisions.c.at, decisions.c.num)
        )
        return tuple(
            Decision(
                row["subject"],
                Concern(row["concern"]),
                row["outcome"],
                row["reason"],
                row["who"],
                row["at"],
            )
            for row in self._connection.execute(found).mappings()
        )
