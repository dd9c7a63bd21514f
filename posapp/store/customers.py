"""Registered buyers, found as their names are typed.

A walk-in lives in its sale only and is never kept here.
"""

from __future__ import annotations

from sqlalchemy import select

from posapp.domain.customer import Customer
from posapp.store.codec import Document
from posapp.store.rows import Repository, Upsert
from posapp.store.search import Newest, phone_words, words_of
from posapp.store.tables import customers

_CUSTOMER = Document(Customer)
_NEWEST = Newest(customers, "num", "doc")
_PUT = Upsert(customers, "id search doc", key="id")


class Customers(Repository):
    """Customers by id and by words."""

    __slots__ = ()

    def save(self, *buyers: Customer) -> None:
        """Insert or replace registered customers.

        Raises ValueError for a walk-in, who has no id to be kept under.
        """
        rows = []
        for buyer in buyers:
            if buyer.id is None:
                raise ValueError("a walk-in is kept in its sale only")
            party = buyer.party
            words = words_of(
                party.name, party.organization, party.email, phone_words(party.phone), buyer.id
            )
            rows.append((buyer.id, words, _CUSTOMER.write(buyer)))
        _PUT.run(self._connection, rows)

    def get(self, customer_id: str) -> Customer | None:
        """Return the customer with this id."""
        found = select(customers.c.doc).where(customers.c.id == customer_id)
        document = self._connection.execute(found).scalar()
        return None if document is None else _CUSTOMER.read(document)

    def search(self, text: str, limit: int) -> tuple[Customer, ...]:
        """Return the newest customers in whom every typed word begins a word of name, firm,
        e-mail or phone.

        A phone number is found by its end too, from four digits on. Nothing typed finds the newest.
        """
        found = _NEWEST.find(self._connection, text, limit=limit)
        return tuple(_CUSTOMER.read(row[0]) for row in found)
