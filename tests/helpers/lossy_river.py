"""A service that loses answers on demand: what the settler is for.

Only the calls a settler makes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from posapp.domain.fulfilment import Fulfilment, FulfilmentRequest
from posapp.domain.order import Order
from posapp.gateway.errors import LostAnswer, Offline, PaymentDeclined
from posapp.gateway.river import DigitalRiver
from tests.helpers.builders import a_fulfilment, an_order


@dataclass
class LossyRiver:
    """Each write takes the next word of `script`: answer, lose, vanish, offline or decline.

    `lose` does the work and loses the answer; `vanish` loses the call. Look-ups answer unless
    `is_away`.
    """

    script: list[str] = field(default_factory=list)
    is_away: bool = False
    made: dict[str, Order] = field(default_factory=dict)
    fulfilled: dict[str, Fulfilment] = field(default_factory=dict)
    writes: int = 0
    lookups: int = 0

    @property
    def orders(self) -> LossyRiver:
        return self

    @property
    def fulfilments(self) -> LossyRiver:
        return self

    async def create(self, what: str | FulfilmentRequest) -> Any:
        """Answer `POST /orders` or `POST /fulfillments` as the script says."""
        if isinstance(what, FulfilmentRequest):
            request = what
            return self._act(lambda: self._fulfil(request))
        return self._act(lambda: self._order(what))

    async def find_by_checkout(self, checkout_id: str) -> Order | None:
        self._look()
        return self.made.get(checkout_id)

    async def list(self, _order_id: str) -> tuple[Fulfilment, ...]:
        self._look()
        return tuple(self.fulfilled.values())

    async def get(self, _order_id: str) -> Order:
        self._look()
        return an_order()

    def as_river(self) -> DigitalRiver:
        """Return itself, as the type its users are declared with."""
        return cast(DigitalRiver, self)

    def _act(self, work: Callable[[], object]) -> object:
        self.writes += 1
        match self.script.pop(0) if self.script else "answer":
            case "offline":
                raise Offline(method="POST", path="/orders")
            case "vanish":
                raise LostAnswer(method="POST", path="/orders")
            case "decline":
                raise PaymentDeclined(method="POST", path="/orders", status=409)
            case "lose":
                work()
                raise LostAnswer(method="POST", path="/orders")
            case _:
                return work()

    def _look(self) -> None:
        self.lookups += 1
        if self.is_away:
            raise Offline(method="GET", path="/orders")

    def _order(self, checkout_id: str) -> Order:
        order = an_order(f"order-{len(self.made) + 1}", checkout_id=checkout_id)
        return self.made.setdefault(checkout_id, order)

    def _fulfil(self, request: FulfilmentRequest) -> Fulfilment:
        items = [(item.line_id, item.quantity, item.cancel_quantity) for item in request.items]
        done = a_fulfilment(*items, request=request.request, fulfilment_id=f"ful-{request.request}")
        return self.fulfilled.setdefault(request.request, done)
