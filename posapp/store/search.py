"""Search as typed: words folded alike when written and when sought, every typed word a beginning.

Never a `LIKE`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table

from posapp.store.rows import Row, fetched

# Letters that no decomposition takes apart.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l"}
    | {"\u0131": "i"}
)
_WORD = re.compile(r"[^\W_]+")
_SHORTEST_TAIL, _LONGEST_TAIL = 4, 10
_MOST_WORDS = 8
_RECENT = 4_000
"""How many of the newest rows PostgreSQL looks through before it asks its word index."""


def fold(words: str) -> str:
    """Return the words without case, accents and other marks: `Žižková` and `zizkova` are the
    same.
    """
    if words.isascii():
        return words.lower()
    plain = unicodedata.normalize("NFKD", words.casefold().translate(_LETTERS))
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).translate(_LETTERS)


def words_of(*texts: str) -> str:
    """Return each word of the texts once, folded, with one space between: what the word index
    reads.
    """
    found = dict.fromkeys(word for each in texts if each for word in _WORD.findall(fold(each)))
    return " ".join(found)


def phone_words(phone: str) -> str:
    """Return the number and its tails, so that the last four digits or the number without prefix
    find it.
    """
    digits = "".join(sign for sign in phone if sign.isdecimal())
    tails = (digits[-length:] for length in range(_SHORTEST_TAIL, _LONGEST_TAIL + 1))
    return " ".join(dict.fromkeys((digits, *tails))) if len(digits) >= _SHORTEST_TAIL else digits


def typed_words(typed: str) -> tuple[str, ...]:
    """Return the words a person typed, folded, as many as a search looks at."""
    return tuple(words_of(typed).split()[:_MOST_WORDS])


class Newest:
    """The newest rows of a table in which every typed word begins a word, at the driver's speed.

    On SQLite the word index itself walks newest first, so that a broad word costs no more than a
    rare one. PostgreSQL's does not: there the newest rows are looked through first, which is all
    that a broad word needs, and only a rarer one asks the index, which then has few rows to sort.
    """

    __slots__ = ("_columns", "_name", "_row", "_within")

    def __init__(self, table: Table, row: str, columns: str, *, within: str = "") -> None:
        """`row` orders the rows, `columns` are read, `within` can be demanded to have a value."""
        self._name = table.name
        self._row = row
        self._columns = ", ".join(f"{table.name}.{name}" for name in columns.split())
        self._within = within

    def find(
        self,
        connection: Connection,
        typed: str,
        *,
        limit: int,
        before: int | None = None,
        within: str | None = None,
    ) -> list[Row]:
        """Return at most `limit` rows, newest first, below `before` and with the value `within`.

        Their values are the driver's: moments are microseconds.
        """
        words = typed_words(typed)
        is_sqlite = connection.dialect.name == "sqlite"
        given = {"limit": limit, "before": before, "within": within}
        asked = (bool(words), before is not None, within is not None)
        if not words or is_sqlite:
            if words:
                # Letters and digits only, so the quotes cannot be closed from inside.
                given["typed"] = " AND ".join(f'"{word}" *' for word in words)
            statement = self._sqlite(*asked) if is_sqlite else self._untyped(*asked[1:], "%({})s")
            return self._rows(connection, statement, given)
        given["typed"] = " & ".join(f"'{word}':*" for word in words)
        recent = self._rows(connection, self._recent(*asked[1:]), given)
        if len(recent) == limit:
            return recent
        return self._rows(connection, self._indexed(*asked[1:]), given)

    def _rows(self, connection: Connection, statement: str, given: dict[str, Any]) -> list[Row]:
        return fetched(connection, statement, given)

    @lru_cache  # noqa: B019  one of these a table, made at import and never dropped
    def _sqlite(self, typed: bool, before: bool, within: bool) -> str:
        if not typed:
            return self._untyped(before, within, ":{}")
        index = f"{self._name}_words"
        limits = f" AND {index}.rowid < :before" if before else ""
        limits += f" AND {self._name}.{self._within} = :within" if within else ""
        return (
            f"SELECT {self._columns} FROM {index} "
            f"CROSS JOIN {self._name} ON {self._name}.{self._row} = {index}.rowid "
            f"WHERE {index} MATCH :typed{limits} ORDER BY {index}.rowid DESC LIMIT :limit"
        )

    def _limits(self, before: bool, within: bool, mark: str) -> list[str]:
        limits = [f"{self._name}.{self._row} < {mark.format('before')}"] if before else []
        if within:
            limits.append(f"{self._name}.{self._within} = {mark.format('within')}")
        return limits

    def _untyped(self, before: bool, within: bool, mark: str) -> str:
        limits = self._limits(before, within, mark)
        where = f"WHERE {' AND '.join(limits)} " if limits else ""
        return (
            f"SELECT {self._columns} FROM {self._name} {where}"
            f"ORDER BY {self._name}.{self._row} DESC LIMIT {mark.format('limit')}"
        )

    @property
    def _matches(self) -> str:
        return f"{self._name}.words @@ CAST(%(typed)s AS tsquery)"

    @lru_cache  # noqa: B019  as above
    def _recent(self, before: bool, within: bool) -> str:
        limits = self._limits(before, within, "%({})s")
        where = f"WHERE {' AND '.join(limits)} " if limits else ""
        return (
            f"SELECT {self._columns} FROM (SELECT * FROM {self._name} {where}"
            f"ORDER BY {self._row} DESC LIMIT {_RECENT}) AS {self._name} "
            f"WHERE {self._matches} ORDER BY {self._name}.{self._row} DESC LIMIT %(limit)s"
        )

    @lru_cache  # noqa: B019  as above
    def _indexed(self, before: bool, within: bool) -> str:
        found = " AND ".join([self._matches, *self._limits(before, within, "%({})s")])
        # Materialized, or the planner walks all rows backwards and tests each.
        return (
            f"WITH hits AS MATERIALIZED (SELECT {self._row} FROM {self._name} WHERE {found}) "
            f"SELECT {self._columns} FROM {self._name} WHERE {self._row} IN "
            f"(SELECT {self._row} FROM hits ORDER BY {self._row} DESC LIMIT %(limit)s) "
            f"ORDER BY {self._name}.{self._row} DESC"
        )
