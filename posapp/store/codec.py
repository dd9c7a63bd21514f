"""Domain values to JSON documents and back: money as integers, exact.

Reads what older programs wrote.

A field that an older document lacks gets the value's default, one it has too many is dropped.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import msgspec

T = TypeVar("T")

_encoder = msgspec.json.Encoder()


class Document(Generic[T]):
    """Writes and reads the values of one type. Made once each, at import."""

    __slots__ = ("_decoder",)

    def __init__(self, kind: type[T]) -> None:
        self._decoder: msgspec.json.Decoder[T] = msgspec.json.Decoder(kind)

    def write(self, value: T) -> str:
        """Return the document of the value."""
        return _encoder.encode(value).decode()

    def read(self, document: str) -> T:
        """Return the value in the document.

        Raises msgspec.ValidationError for one that nobody of us wrote.
        """
        return self._decoder.decode(document)


def write_plain(value: Any) -> str:
    """Return the document of plain lists, mappings and words, keys sorted, so that equal values
    read equal.
    """
    return msgspec.json.encode(value, order="sorted").decode()
