"""Legal texts by selling entity, language and country, so that a sale need not wait for them.

Never edits their words.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, select

from posapp.domain.legal_text import Disclosure
from posapp.store.codec import Document
from posapp.store.columns import to_micros
from posapp.store.rows import Repository, Upsert
from posapp.store.tables import disclosures

_DISCLOSURE = Document(Disclosure)
_PUT = Upsert(disclosures, "entity_id language country at doc", key="entity_id language country")


class Disclosures(Repository):
    """Disclosures by entity, language and country."""

    __slots__ = ()

    def get(self, entity_id: str, language: str, country: str) -> Disclosure | None:
        """Return the texts as last fetched."""
        document = self._connection.execute(
            select(disclosures.c.doc).where(_of(entity_id, language, country))
        ).scalar()
        return None if document is None else _DISCLOSURE.read(document)

    def fetched_at(self, entity_id: str, language: str, country: str) -> datetime | None:
        """Return when those texts were last fetched."""
        found = select(disclosures.c.at).where(_of(entity_id, language, country))
        return self._connection.execute(found).scalar()

    def save(self, disclosure: Disclosure, at: datetime) -> None:
        """Keep the texts, fetched at this moment."""
        _PUT.run(
            self._connection,
            [
                (
                    disclosure.entity_id,
                    disclosure.language,
                    disclosure.country,
                    to_micros(at),
                    _DISCLOSURE.write(disclosure),
                )
            ],
        )


def _of(entity_id: str, language: str, country: str) -> ColumnElement[bool]:
    return and_(
        disclosures.c.entity_id == entity_id,
        disclosures.c.language == language,
        disclosures.c.country == country,
    )
