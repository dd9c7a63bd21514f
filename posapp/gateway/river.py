"""Digital River, whole: every resource behind one object. Holds no rule of its own."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from posapp.gateway.charges import Charges
from posapp.gateway.checkouts import Checkouts
from posapp.gateway.client import Client, Reach
from posapp.gateway.customers import Customers
from posapp.gateway.events import Events
from posapp.gateway.fulfilments import Fulfilments
from posapp.gateway.orders import Orders
from posapp.gateway.skus import Skus
from posapp.gateway.sources import Sources
from posapp.gateway.tax_identifiers import TaxIdentifiers


class DigitalRiver:
    """The service. Close it with `aclose`, or use it with `async with`."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.budget = client.budget
        self.customers = Customers(client)
        self.tax_identifiers = TaxIdentifiers(client)
        self.skus = Skus(client)
        self.checkouts = Checkouts(client)
        self.sources = Sources(client)
        self.orders = Orders(client)
        self.charges = Charges(client)
        self.fulfilments = Fulfilments(client)
        self.events = Events(client)

    async def reach(self) -> Reach:
        """Say how fast the service answers and what time it has. Raises GatewayError."""
        return await self._client.reach()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close every connection."""
        await self.aclose()
