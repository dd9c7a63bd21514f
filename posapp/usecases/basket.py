"""The basket at this till, verb by verb: products, quantities, delivery, hold, recall, the buyer.

Every verb takes the sale as the screen holds it and returns it as it stands afterwards, on disk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from posapp.domain.changes import SalesChanged
from posapp.domain.clock import Clock
from posapp.domain.customer import BuyerKind, Customer, Party, check_party
from posapp.domain.errors import EmptyBasket, SaleUnsettled, UnknownProduct
from posapp.domain.sale import Basket, Delivery, Sale, SaleId, SaleState, Step
from posapp.domain.shop import Mode, Shop
from posapp.domain.staff import Permission
from posapp.usecases.present import Present

if TYPE_CHECKING:
    from posapp.domain.catalogue import Product
    from posapp.gateway.river import DigitalRiver
    from posapp.settle.settler import Settler
    from posapp.store.store import Store
    from posapp.store.transaction import Tx


@dataclass(slots=True)
class BasketDesk:
    """The basket of the sale at this till; `SaleDesk` goes on from here."""

    store: Store
    river: DigitalRiver
    settler: Settler
    clock: Clock
    new_id: Callable[[], str]
    present: Present
    shop: Shop
    mode: Mode
    public_key: str

    # ── basket ───────────────────────────────────────────────────────────────────────────────

    async def take_up(self) -> Sale:
        """Return the sale in hand, taken up where it stood, or a new one."""
        found = await self.store.journal.read(
            lambda tx: tx.sales.open_sale(self.shop.till) or tx.sales.open_sale()
        )
        return found if found is not None else await self.begin()

    async def begin(self) -> Sale:
        """Start a new sale with the next number."""
        staff = self.present.require(Permission.SELL)
        now = self.clock.now()
        number = await self.store.journal.write(lambda tx: tx.sales.next_number())
        return await self._save(
            Sale(
                id=SaleId(self.new_id()),
                number=number,
                basket=Basket(self.shop.currency),
                started_at=now,
                clerk_id=staff.id,
                till=self.shop.till,
            )
        )

    async def get(self, sale_id: str) -> Sale | None:
        """Return a sale as it stands now."""
        return await self.store.journal.read(lambda tx: tx.sales.get(sale_id))

    async def products(self, text: str, limit: int = 50) -> tuple[Product, ...]:
        """Return products that match what was typed; all words, any order."""
        return await self.store.shared.read(lambda tx: tx.products.search(text, limit))

    async def scan(self, sale: Sale, code: str, quantity: int = 1) -> Sale:
        """Add the product with this barcode or number. Raises UnknownProduct."""
        product = await self.store.shared.read(lambda tx: tx.products.by_code(code))
        if product is None:
            raise UnknownProduct(code)
        return await self.add(sale, product, quantity)

    async def add(self, sale: Sale, product: Product, quantity: int = 1) -> Sale:
        """Put units into the basket: goods to take away, digital goods as digital."""
        delivery = Delivery.TAKE_AWAY if product.physical else Delivery.DIGITAL
        deliveries = {line.delivery for line in sale.basket.lines if line.physical}
        if deliveries == {Delivery.SHIP} and product.physical:
            delivery = Delivery.SHIP
        return await self._edit(sale, sale.basket.add(product, quantity, self.new_id(), delivery))

    async def set_quantity(self, sale: Sale, key: str, quantity: int) -> Sale:
        """Set a line's units; 0 removes it."""
        return await self._edit(sale, sale.basket.set_quantity(key, quantity))

    async def set_delivery(self, sale: Sale, delivery: Delivery) -> Sale:
        """Let all goods of the sale be taken away, or be shipped."""
        basket = sale.basket
        for line in basket.lines:
            basket = basket.set_delivery(line.key, delivery)
        return await self._edit(sale, basket)

    async def remove(self, sale: Sale, key: str) -> Sale:
        """Take a line out."""
        return await self._edit(sale, sale.basket.remove(key))

    async def hold(self, sale: Sale, name: str = "") -> Sale:
        """Put the sale aside under a name and start the next one; returns the new sale."""
        if not sale.basket.lines:
            raise EmptyBasket
        await self._save(replace(self._editable(sale).moved(SaleState.HELD), held_as=name))
        return await self.begin()

    async def held(self) -> tuple[Sale, ...]:
        """Return the sales put aside, oldest first."""
        return await self.store.journal.read(lambda tx: tx.sales.held())

    async def recall(self, current: Sale, held: Sale) -> Sale:
        """Take a held sale in hand; an empty current one is dropped, a filled one is held."""
        if current.basket.lines:
            await self._save(self._editable(current).moved(SaleState.HELD))
        else:
            await self._save(current.moved(SaleState.DISCARDED))
        return await self._save(held.moved(SaleState.OPEN))

    # ── customer ─────────────────────────────────────────────────────────────────────────────

    async def customers(self, text: str, limit: int = 20) -> tuple[Customer, ...]:
        """Return known customers by name, e-mail or phone. Raises NotSignedIn, NotAllowed."""
        self.present.require(Permission.SELL)
        return await self.store.shared.read(lambda tx: tx.customers.search(text, limit))

    async def choose(self, sale: Sale, customer: Customer, ship_to: Party | None = None) -> Sale:
        """Let this customer buy. Raises BadField for what the service would refuse."""
        check_party(customer.party, business=customer.kind is BuyerKind.BUSINESS)
        if ship_to is not None:
            check_party(ship_to)
        self._editable(sale)
        step = Step.CHECKOUT if sale.basket.lines else Step.CART
        return await self._save(
            replace(sale, customer=customer, ship_to=ship_to, quote=None, method=None, step=step)
        )

    # ── inside ───────────────────────────────────────────────────────────────────────────────

    def _editable(self, sale: Sale) -> Sale:
        self.present.require(Permission.SELL)
        if not sale.editable:
            raise SaleUnsettled(sale.number)
        return sale

    async def _edit(self, sale: Sale, basket: Basket) -> Sale:
        self._editable(sale)
        step = Step.CART if sale.step is not Step.CUSTOMER else sale.step
        edited = replace(sale, basket=basket, step=step, method=None)
        return await self._save(edited)

    async def _save(self, sale: Sale) -> Sale:
        def work(tx: Tx) -> None:
            tx.sales.save(sale, till=sale.till)
            tx.announce(SalesChanged(frozenset({sale.id})))

        await self.store.journal.write(work)
        return sale
