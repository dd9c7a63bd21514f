"""What somebody's best run of a lesson cost. Training only; knows no lesson."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from posapp.domain.lesson import Best, Score
from posapp.store.columns import to_micros
from posapp.store.rows import Repository, Upsert
from posapp.store.tables import lesson_best

_PUT = Upsert(lesson_best, "staff_id lesson millis keys mistakes runs at", key="staff_id lesson")


class LessonBests(Repository):
    """Best runs by person and lesson."""

    __slots__ = ()

    def of(self, staff_id: str) -> dict[str, Best]:
        """Return the person's best runs, by lesson."""
        found = select(lesson_best).where(lesson_best.c.staff_id == staff_id)
        return {
            row["lesson"]: Best(
                Score(row["millis"] / 1000, row["keys"], row["mistakes"]), row["runs"]
            )
            for row in self._connection.execute(found).mappings()
        }

    def keep(self, staff_id: str, lesson: str, score: Score, at: datetime) -> Best | None:
        """Count a passed run, and keep its score if it is the person's best.

        Returns the best run before this one.
        """
        before = self.of(staff_id).get(lesson)
        best = score if before is None or score.beats(before.score) else before.score
        runs = before.runs + 1 if before is not None else 1
        row = (staff_id, lesson, round(best.seconds * 1000), best.keys, best.mistakes, runs)
        _PUT.run(self._connection, [(*row, to_micros(at))])
        return before
