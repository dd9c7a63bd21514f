"""The desks of one shop, side by side: what the window is given. Holds nothing of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posapp.domain.changes import Changes
    from posapp.domain.shop import Mode, Shop
    from posapp.usecases.orders import OrderDesk
    from posapp.usecases.present import Present
    from posapp.usecases.review import ReviewDesk
    from posapp.usecases.sale import SaleDesk
    from posapp.usecases.staff import StaffDesk


@dataclass(frozen=True, slots=True)
class Desks:
    """Everything people do, by area."""

    shop: Shop
    mode: Mode
    changes: Changes
    present: Present
    staff: StaffDesk
    sale: SaleDesk
    orders: OrderDesk
    review: ReviewDesk
