"""What was seen when something was decided, and how it stands now, in the shop's words."""

from __future__ import annotations

from posapp.domain.fulfilment import FulfilmentRequest
from posapp.domain.order import Order, OrderState
from posapp.domain.stopped import Sight, Stopped
from posapp.domain.words import tr
from posapp.ui.kit.compare import Compared
from posapp.ui.messages.states import order_words


def stopped_heads() -> tuple[str, str, str]:
    """Return what stands over the columns."""
    return tr("Decided"), tr("You saw"), tr("Now")


def stopped_rows(order: Order, request: FulfilmentRequest, told: Stopped) -> list[Compared]:
    """Return the order's state and each line of the decision: decided, seen, now."""
    saw, now = told.saw, told.now
    state = Compared(
        tr("Order"),
        ("", _state(saw) if saw else "–", _state(now)),
        is_changed=saw is not None and saw.state != now.state,
    )
    rows = [state]
    for item in request.items:
        line = order.line(item.line_id)
        asked = item.quantity + item.cancel_quantity
        left = now.open.get(item.line_id, 0)
        seen = tr("{n} open", n=saw.open.get(item.line_id, 0)) if saw else "–"
        rows.append(
            Compared(
                (line.name or line.sku) if line is not None else item.line_id,
                (str(asked), seen, tr("{n} open", n=left)),
                is_changed=left < asked,
            )
        )
    return rows


def _state(told: Sight) -> str:
    known = told.state in set(OrderState)
    return order_words(OrderState(told.state) if known else OrderState.UNKNOWN, told.state)
