"""What changed, announced once after each commit to whoever listens.

Never carries the data itself, only its ids.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class OrdersChanged:
    """These orders of the mirror, or what people wrote about them, are different now."""

    order_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class OutboxChanged:
    """Something was put into, sent from or refused in the outbox."""

    order_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class SalesChanged:
    """These sales of this till are different now."""

    sale_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class FeedChanged:
    """The feed's age or health is different now."""


@dataclass(frozen=True, slots=True)
class StoreReturned:
    """The shared store answers this program again; what was told meanwhile was not heard."""


@dataclass(frozen=True, slots=True)
class CatalogueChanged:
    """Products were added or changed."""


@dataclass(frozen=True, slots=True)
class PersonChanged:
    """Somebody signed in or out."""


Change = (
    OrdersChanged
    | OutboxChanged
    | SalesChanged
    | FeedChanged
    | StoreReturned
    | CatalogueChanged
    | PersonChanged
)


@dataclass(slots=True)
class Changes:
    """The announcement board: the one stateful object of this layer. Call it on the loop's thread
    only.
    """

    _listeners: list[Callable[[Change], None]] = field(default_factory=list)

    def subscribe(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Call `listener` with every change; returns the function that ends it."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def announce(self, *changes: Change) -> None:
        """Tell every listener, in the order they came."""
        for change in changes:
            for listener in tuple(self._listeners):
                listener(change)
