"""Reads in one statement what belongs to many orders at once: fulfilments, waiting requests,
claims, notes, hand-over.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from posapp.domain.fulfilment import Fulfilment, FulfilmentRequest
from posapp.domain.order import Order
from posapp.store.codec import Document
from posapp.store.projection import Belongings
from posapp.store.rows import these

ORDER = Document(Order)
FULFILMENT = Document(Fulfilment)
REQUEST = Document(FulfilmentRequest)

_PARTS = """
SELECT 'order' AS part, order_id, '' AS words, place AS one, created_at AS two, seen_at AS three
  FROM orders WHERE order_id {these}
UNION ALL
SELECT 'fulfilment', order_id, doc, 0, 0, 0 FROM fulfilments WHERE order_id {these}
UNION ALL
SELECT 'waiting', outbox.order_id, outbox.doc, 0, 0, 0 FROM outbox
  JOIN intents ON intents.id = outbox.intent_id
 WHERE outbox.order_id {these} AND intents.state IN ('written', 'sending', 'unknown')
UNION ALL
SELECT 'claim', order_id, holder, until, 0, 0 FROM claims WHERE order_id {these}
UNION ALL
SELECT 'notes', order_id, '', count(*), 0, 0 FROM notes WHERE order_id {these} GROUP BY order_id
UNION ALL
SELECT 'handover', order_id, sale_id, 0, 0, 0 FROM handover WHERE order_id {these}
"""
_DOCUMENTS = "SELECT order_id, doc FROM order_documents WHERE order_id {these}"


def documents(connection: Connection, order_ids: Sequence[str]) -> dict[str, Order]:
    """Return the orders with these ids, those that are known."""
    found = these(connection, _DOCUMENTS, order_ids)
    return {row[0]: ORDER.read(row[1]) for row in found}


def belongings(connection: Connection, order_ids: Sequence[str]) -> dict[str, Belongings]:
    """Return what belongs to each of these orders; the order itself stays None."""
    held = {order_id: Belongings() for order_id in order_ids}
    for part, order_id, words, one, two, three in these(connection, _PARTS, order_ids):
        mine = held[order_id]
        match part:
            case "order":
                mine.place, mine.created_at, mine.seen_at = one, two, three
            case "fulfilment":
                mine.fulfilments.append(FULFILMENT.read(words))
            case "waiting":
                mine.waiting.append(REQUEST.read(words))
            case "claim":
                mine.claimed_by, mine.claim_until = words, one
            case "notes":
                mine.notes = one
            case _:
                mine.to_hand_over = True
    return held
