"""Search as typed: words folded alike when written and when sought, every typed word a beginning.

Never a `LIKE`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Text,
    cast,
    literal_column,
)
from sqlalchemy import column as sql_column
from sqlalchemy import table as sql_table
from sqlalchemy.dialects.postgresql import TSQUERY

# Letters that no decomposition takes apart.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l"}
    | {"\u0131": "i"}
)
_WORD = re.compile(r"[^\W_]+")
_SHORTEST_TAIL, _LONGEST_TAIL = 4, 10
_MOST_WORDS = 8


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


def newest(
    connection: Connection,
    statement: Select[Any],
    rowid: Column[int],
    typed: str,
    *,
    limit: int,
    before: int | None = None,
) -> Select[Any]:
    """Return the statement cut to its newest `limit` rows below `before` in which every typed
    word begins a word.
    """
    words = typed_words(typed)
    if not words:
        if before is not None:
            statement = statement.where(rowid < before)
        return statement.order_by(rowid.desc()).limit(limit)
    if connection.dialect.name != "sqlite":
        statement = _vector_matches(statement, rowid, words)
        if before is not None:
            statement = statement.where(rowid < before)
        return statement.order_by(rowid.desc()).limit(limit)
    # The word index itself walks newest first, so that a broad word costs no more than a rare one.
    name = f"{rowid.table.name}_words"
    index = sql_table(name, sql_column("rowid", Integer), sql_column(name, Text))
    # Words hold letters and digits only, so the quotes cannot be closed from inside.
    query = " AND ".join(f'"{word}" *' for word in words)
    statement = statement.join(index, index.c.rowid == rowid).where(
        index.c[name].op("MATCH")(query)
    )
    if before is not None:
        statement = statement.where(index.c.rowid < before)
    return statement.order_by(index.c.rowid.desc()).limit(limit)


def _vector_matches(
    statement: Select[Any], rowid: Column[int], words: tuple[str, ...]
) -> Select[Any]:
    words_stored = f"string_to_array({rowid.table.name}.search, ' ')"
    vector: ColumnElement[Any] = literal_column(f"array_to_tsvector({words_stored})")
    query = cast(" & ".join(f"'{word}':*" for word in words), TSQUERY)
    return statement.where(vector.bool_op("@@")(query))
