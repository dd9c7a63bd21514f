"""Reads in one statement what belongs to many orders at once: fulfilments, waiting requests,
claims, notes, hand-over.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection

from posapp.domain.fulfilment import Fulfilment, FulfilmentRequest
from posapp.domain.order import Order
from posapp.store.codec import Document
from posapp.store.projection import Belongings

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
_SQLITE = _PARTS.format(these="IN (SELECT value FROM json_each(?1))")
_POSTGRES = _PARTS.format(these="= ANY(%(ids)s)")
_DOC = "SELECT order_id, doc FROM order_documents WHERE order_id {these}"
_DOC_SQLITE = _DOC.format(these="IN (SELECT value FROM json_each(?1))")
_DOC_POSTGRES = _DOC.format(these="= ANY(%(ids)s)")


def documents(connection: Connection, order_ids: Sequence[str]) -> dict[str, Order]:
    """Return the orders with these ids, those that are known."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql(_DOC_SQLITE, (json.dumps(list(order_ids)),))
    else:
        found = connection.exec_driver_sql(_DOC_POSTGRES, {"ids": list(order_ids)})
    return {row[0]: ORDER.read(row[1]) for row in found}


def belongings(connection: Connection, order_ids: Sequence[str]) -> dict[str, Belongings]:
    """Return what belongs to each of these orders; the order itself stays None."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql(_SQLITE, (json.dumps(list(order_ids)),))
    else:
        found = connection.exec_driver_sql(_POSTGRES, {"ids": list(order_ids)})
    held = {order_id: Belongings() for order_id in order_ids}
    for part, order_id, words, one, two, three in found:
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
