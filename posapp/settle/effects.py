"""What becomes true when a write is known to have happened, or known not to have: the same in the
foreground and after a crash.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from posapp.domain.customer import Customer
from posapp.domain.fulfilment import Fulfilment
from posapp.domain.intent import Intent, IntentKind, IntentState
from posapp.domain.order import Order, merge_read
from posapp.domain.sale import Delivery, Quote, Sale, SaleState, Step
from posapp.gateway.errors import OrderRefused

if TYPE_CHECKING:
    from datetime import datetime

    from posapp.store.transaction import Tx


def remote_id(result: object) -> str:
    """Return the service's id of what a write made."""
    match result:
        case Quote():
            return result.checkout_id
        case Customer():
            return result.id or ""
        case _:
            return str(getattr(result, "id", result or ""))


def apply(tx: Tx, intent: Intent, result: object | None) -> None:
    """Bring the till's journal, or for fulfilments the shared store, to where the intent's end puts
    it.
    """
    if intent.kind is IntentKind.FULFILMENT:
        if isinstance(result, Fulfilment):
            tx.fulfilments.save(result)
        return
    if not intent.sale_id:
        return
    sale = tx.sales.get(intent.sale_id)
    if sale is not None and intent.kind is IntentKind.ORDER:
        tx.sales.save(_after_order(sale, intent, result), till=sale.till)


def mirror_order(tx: Tx, order: Order, now: datetime) -> None:
    """Keep an order the service just told us in the mirror."""
    merged = merge_read(tx.orders.get(order.id), order)
    tx.orders.save(merged.order, now)


def keep_for_customer(tx: Tx, order: Order, sale: Sale) -> None:
    """Remember that goods to take away wait for their customer, unless somebody has decided about
    them already.
    """
    is_taken_away = any(line.delivery is Delivery.TAKE_AWAY for line in sale.basket.lines)
    if is_taken_away and not tx.outbox.history(order.id):
        tx.handover.add(order.id, sale.id)


def _after_order(sale: Sale, intent: Intent, result: object | None) -> Sale:
    match intent.state:
        case IntentState.DONE if isinstance(result, Order) and sale.order_id == result.id:
            return sale  # found a second time
        case IntentState.DONE if isinstance(result, Order):
            return replace(sale.moved(SaleState.DONE), step=Step.DONE, order_id=result.id)
        case IntentState.DONE:
            # A manager saw it there, we did not: never sold again, its number stays unknown.
            return replace(sale.moved(SaleState.DONE), step=Step.DONE)
        case IntentState.REFUSED if isinstance(result, OrderRefused):
            # The checkout is spent: the basket stays, everything the service made is made anew
            # (design 5).
            return replace(
                sale.moved(SaleState.OPEN),
                step=Step.CHECKOUT,
                quote=None,
                method=None,
                consent=None,
            )
        case IntentState.NOT_DONE | IntentState.REFUSED:
            return replace(sale.moved(SaleState.OPEN), step=Step.REVIEW)
        case IntentState.UNKNOWN if sale.state is SaleState.PLACING:
            return sale.moved(SaleState.UNKNOWN)
        case _:
            return sale
