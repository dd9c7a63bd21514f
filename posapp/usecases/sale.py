"""The sale, verb by verb: basket, customer, checkout, payment, order. Sends nothing itself:
`settle` does, once.

Every verb takes the sale as the screen holds it and returns it as it stands afterwards, already on
disk.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from posapp.domain.clock import Clock
from posapp.domain.customer import Address, BuyerKind, Customer, CustomerId, Party, check_party
from posapp.domain.errors import (
    ClaimMismatch,
    EmptyBasket,
    NoDisclosure,
    NotPaid,
    SaleMoved,
    WrongMode,
)
from posapp.domain.intent import Intent, IntentId, IntentKind, IntentState
from posapp.domain.legal_text import Disclosure
from posapp.domain.sale import (
    Basket,
    CheckoutId,
    Consent,
    Delivery,
    Quote,
    Sale,
    SaleState,
    ShippingOption,
    Step,
    destination,
)
from posapp.domain.shop import Mode
from posapp.domain.staff import Permission
from posapp.gateway.checkout_body import checkout_body
from posapp.gateway.customers import customer_body
from posapp.usecases.basket import BasketDesk

if TYPE_CHECKING:
    from posapp.domain.order import Order
    from posapp.domain.payment_form import PaidClaim

ORDER_LIMIT_S = 60.0
"""How long `POST /orders` may take before its outcome is in doubt (design 6)."""
WRITE_LIMIT_S = 20.0


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """What the payment form needs: the session, who pays, in which language (drop-in 1.2). No
    secret is in it.
    """

    session_id: str
    public_key: str
    locale: str
    bill_to: Party
    registered: bool
    amount_words: str
    disabled_methods: tuple[str, ...] = ("googlePay", "applePay")


class SaleDesk(BasketDesk):
    """The sale at this till, from its taxes to its order."""

    async def discard(self, sale: Sale) -> Sale:
        """Drop the sale and its checkout, and start the next one; returns the new sale."""
        await self._save(self._editable(sale).moved(SaleState.DISCARDED))
        await self._drop_checkout(sale)
        return await self.begin()

    async def register(
        self, sale: Sale, party: Party, kind: BuyerKind = BuyerKind.INDIVIDUAL
    ) -> Sale:
        """Store a new customer at the service under an id of ours, and let them buy."""
        check_party(party, business=kind is BuyerKind.BUSINESS)
        customer = Customer(CustomerId(self.new_id()), party, kind, self.shop.locale)
        body = customer_body(customer, customer_id=str(customer.id))
        intent = self._intent(
            sale, IntentKind.CUSTOMER, f"customer:{customer.id}", str(customer.id), body
        )
        await self.settler.send(intent, lambda: self.river.customers.create(body))
        await self.store.keep(lambda tx: tx.customers.save(customer))
        return await self.choose(sale, customer)

    # ── checkout ─────────────────────────────────────────────────────────────────────────────

    async def checkout(self, sale: Sale, shipping: ShippingOption | None = None) -> Sale:
        """Have the basket priced and taxed by the service; a changed basket gets a new checkout.

        Raises EmptyBasket, MixedDestinations, ClaimMismatch without a customer, SaleMoved when the
        basket changed meanwhile, StillUnknown, GatewayError.
        """
        self.present.require(Permission.SELL)
        self._editable(sale)
        where = destination(sale, self.shop.address)
        chosen = shipping or sale.shipping
        fresh = sale.quote is not None and sale.quote.basket_version == sale.basket.version
        if fresh and chosen == sale.shipping:
            return sale
        upstream_id = self.new_id()
        old, sale = sale, replace(sale, attempts=sale.attempts + 1, shipping=chosen)
        body = self._checkout_body(sale, where, upstream_id)
        adopted = await self._adopted(old, body, upstream_id)
        if adopted is not None and chosen == old.shipping:
            return await self._quoted(old, adopted, Step.PAYMENT)
        await self._save(sale)
        intent = self._intent(sale, IntentKind.CHECKOUT, f"sale:{sale.id}", upstream_id, body)
        version = sale.basket.version
        quote = await self.settler.send(
            intent, lambda: self.river.checkouts.create(body, basket_version=version)
        )
        self._check_mode(quote)
        await self._drop_checkout(old)
        return await self._quoted(sale, replace(quote, basket_version=version), Step.PAYMENT)

    async def disclosure(self, quote: Quote) -> Disclosure | None:
        """Return the seller's texts if they were loaded before (design 5: cached by entity,
        language, country).
        """
        language = self.shop.locale.split("_")[0]
        return await self.store.look(
            lambda tx: tx.disclosures.get(
                quote.selling_entity_id, language, quote.disclosure_country
            )
        )

    async def keep_disclosure(self, disclosure: Disclosure) -> None:
        """Keep the seller's texts that the payment page loaded."""
        now = self.clock.now()
        await self.store.keep(lambda tx: tx.disclosures.save(disclosure, now))

    # ── payment ──────────────────────────────────────────────────────────────────────────────

    def payment(self, sale: Sale) -> PaymentRequest:
        """Return what the payment form needs. Raises EmptyBasket when nothing was quoted."""
        if sale.quote is None or sale.customer is None:
            raise EmptyBasket
        return PaymentRequest(
            session_id=sale.quote.session.id,
            public_key=self.public_key,
            locale=sale.customer.locale,
            bill_to=sale.customer.party,
            registered=sale.customer.registered,
            amount_words=str(sale.quote.total),
        )

    async def paid(self, sale: Sale, claim: PaidClaim) -> Sale:
        """Check the form's claim with the service, attach the source, and go to Review.

        Raises ClaimMismatch when the service tells another story, StillUnknown, GatewayError (drop-
        in 6.4).
        """
        quote = self._quote_in_hand(sale)
        source = await self.river.sources.get(claim.source_id)
        if source.session_id and source.session_id != quote.session.id:
            raise ClaimMismatch("session")
        if source.currency and source.currency != quote.currency:
            raise ClaimMismatch("currency")
        if source.method.amount is not None and quote.total < source.method.amount:
            raise ClaimMismatch("amount")
        if source.state in ("failed", "cancelled", "consumed"):
            raise ClaimMismatch("state")
        source_id = claim.source_id
        customer_id = sale.customer.id if sale.customer is not None else None
        if claim.ready_for_storage and customer_id is not None:
            await self._send_unless_done(
                self._intent(
                    sale, IntentKind.SAVE_SOURCE, f"customer:{customer_id}", source_id, "{}"
                ),
                lambda: self.river.customers.attach_source(customer_id, source_id),
            )
        checkout = quote.checkout_id
        await self._send_unless_done(
            self._intent(sale, IntentKind.ATTACH_SOURCE, f"checkout:{checkout}", source_id, "{}"),
            lambda: self.river.checkouts.attach_source(
                checkout,
                source_id,
                basket_version=quote.basket_version,
                tax_inclusive=quote.tax_inclusive,
            ),
        )
        return await self.review(sale)

    async def review(self, sale: Sale) -> Sale:
        """Read the checkout again: final totals, method, session. Raises NotPaid unless it is
        funded.
        """
        quote = self._quote_in_hand(sale)
        read = await self.river.checkouts.get(
            quote.checkout_id,
            basket_version=quote.basket_version,
            tax_inclusive=quote.tax_inclusive,
        )
        self._check_mode(read)
        if not read.session.funded:
            await self._quoted(sale, read, Step.PAYMENT)
            raise NotPaid(read.session.state)
        return await self._quoted(sale, read, Step.REVIEW)

    async def give_up_payment(self, sale: Sale) -> Sale:
        """Go back from Payment or Review; a source used up needs a new checkout."""
        self._editable(sale)
        used = sale.quote is not None and bool(sale.quote.methods)
        if not used:
            return await self._save(replace(sale, step=Step.CHECKOUT))
        await self._drop_checkout(sale)
        return await self._save(replace(sale, step=Step.CHECKOUT, quote=None, method=None))

    # ── order ────────────────────────────────────────────────────────────────────────────────

    async def place(self, sale: Sale, disclosure: Disclosure | None, *, where: str) -> Order:
        """Make the order, once. `where` says which screen took the consent.

        Raises NoDisclosure, NotPaid, PaymentDeclined and its kin (a new checkout is needed: the
        basket is kept),
        StillUnknown (the basket stays locked until we know), GatewayError.
        """
        staff = self.present.require(Permission.SELL)
        quote = self._quote_in_hand(sale)
        if disclosure is None:
            raise NoDisclosure(quote.selling_entity_id, quote.disclosure_country)
        if not quote.session.funded:
            raise NotPaid(quote.session.state)
        consent = consent_of(disclosure, staff.name, where, self.clock)
        sale = await self._save(replace(sale.moved(SaleState.PLACING), consent=consent))
        checkout_id = quote.checkout_id
        intent = self._intent(
            sale,
            IntentKind.ORDER,
            f"checkout:{checkout_id}",
            checkout_id,
            json.dumps({"checkoutId": checkout_id}),
            limit_s=ORDER_LIMIT_S,
        )
        return await self.settler.send(intent, lambda: self.river.orders.create(checkout_id))

    async def ledger(self, sale: Sale) -> tuple[Intent, ...]:
        """Return every write of this sale with its times, remote id and outcome (design 5)."""
        return await self.store.journal.read(lambda tx: tx.intents.for_sale(sale.id))

    async def orders_made(self, sale: Sale) -> tuple[Order, ...]:
        """Ask the service for the orders of all checkouts of this sale. Raises GatewayError."""
        ledger = await self.ledger(sale)
        made = {x.remote_id for x in ledger if x.kind is IntentKind.CHECKOUT and x.remote_id}
        found = [await self.river.orders.find_by_checkout(CheckoutId(x)) for x in sorted(made)]
        return tuple(order for order in found if order is not None)

    async def unsettled(self) -> tuple[Sale, ...]:
        """Return this till's sales of which nobody knows yet whether an order exists."""
        return await self.store.journal.read(lambda tx: tx.sales.unsettled())

    async def look_again(self, sale: Sale) -> Sale:
        """Look up, now, whether the order of this sale exists."""
        intents = await self.store.journal.read(lambda tx: tx.intents.open_for(sale_id=sale.id))
        for intent in intents:
            await self.settler.settle(intent)
        found = await self.get(sale.id)
        return found if found is not None else sale

    # ── inside ───────────────────────────────────────────────────────────────────────────────

    def shipping_options(self) -> tuple[ShippingOption, ...]:
        """Return the ways this shop ships."""
        return self.shop.shipping

    def _shipping(self, sale: Sale) -> ShippingOption | None:
        if not sale.basket.physical:
            return None
        ships = any(line.delivery is Delivery.SHIP for line in sale.basket.lines)
        if ships and sale.shipping is not None:
            return sale.shipping
        if ships and self.shop.shipping:
            return self.shop.shipping[0]
        return ShippingOption("take-away", "Take away", Basket(self.shop.currency).subtotal)

    def _checkout_body(self, sale: Sale, where: Address | None, upstream_id: str) -> str:
        customer = sale.customer
        if customer is None:
            raise ClaimMismatch("customer")
        ship_to = None
        if where is not None:
            ship_to = replace(sale.ship_to or customer.party, address=where)
        return checkout_body(
            shop=self.shop,
            customer=customer,
            basket=sale.basket,
            ship_to=ship_to,
            shipping=self._shipping(sale),
            upstream_id=upstream_id,
            sale_number=sale.label,
        )

    async def _adopted(self, sale: Sale, body: str, upstream_id: str) -> Quote | None:
        """Look for a checkout whose answer was lost; one made of this very body, buyer and address
        included, is taken over, any other dropped (design 5).
        """
        resource = f"sale:{sale.id}"
        doubtful = await self.store.journal.read(lambda tx: tx.intents.open_for(resource=resource))
        for intent in doubtful:
            _, found = await self.settler.look_up(intent)
            if not isinstance(found, Quote):
                continue
            if intent.body == body.replace(upstream_id, intent.key):
                return replace(found, basket_version=sale.basket.version)
            await self._drop_checkout(replace(sale, quote=found))
        return None

    def _quote_in_hand(self, sale: Sale) -> Quote:
        self._editable(sale)
        if sale.quote is None:
            raise EmptyBasket
        if sale.quote.basket_version != sale.basket.version:
            raise SaleMoved(sale.quote.basket_version, sale.basket.version)
        return sale.quote

    def _check_mode(self, quote: Quote) -> None:
        if quote.live_mode != (self.mode is Mode.LIVE):
            raise WrongMode(quote.live_mode)

    async def _quoted(self, sale: Sale, quote: Quote, step: Step) -> Sale:
        """Keep a quote unless the basket moved on while the service was thinking (design 5)."""
        now = await self.get(sale.id)
        current = now if now is not None else sale
        if current.basket.version != quote.basket_version:
            raise SaleMoved(quote.basket_version, current.basket.version)
        method = quote.methods[0] if quote.methods else None
        return await self._save(replace(current, quote=quote, step=step, method=method))

    async def _drop_checkout(self, sale: Sale) -> None:
        """Delete a checkout nobody needs; its end is settled by itself and stops nobody."""
        if sale.quote is None or sale.order_id:
            return
        checkout_id = sale.quote.checkout_id
        intent = self._intent(
            sale, IntentKind.CHECKOUT_DELETE, f"checkout:{checkout_id}", checkout_id, "{}"
        )
        self.settler.start(intent, lambda: self.river.checkouts.delete(checkout_id))

    async def _send_unless_done(
        self, intent: Intent, write: Callable[[], Awaitable[object]]
    ) -> None:
        """Send what no earlier try of this sale has brought to its end."""
        sent = await self.store.journal.read(lambda tx: tx.intents.for_sale(intent.sale_id))
        what = (intent.kind, intent.resource, intent.key, IntentState.DONE)
        if not any((x.kind, x.resource, x.key, x.state) == what for x in sent):
            await self.settler.send(intent, write)

    def _intent(
        self,
        sale: Sale,
        kind: IntentKind,
        resource: str,
        key: str,
        body: str,
        *,
        limit_s: float = WRITE_LIMIT_S,
    ) -> Intent:
        return Intent(
            id=IntentId(self.new_id()),
            kind=kind,
            resource=resource,
            key=key,
            body=body,
            written_at=self.clock.now(),
            sale_id=sale.id,
            limit_s=limit_s,
        )


def consent_of(disclosure: Disclosure, clerk: str, where: str, clock: Clock) -> Consent:
    """Return the proof of what was disclosed: hashes and links of all texts (drop-in 5.3)."""
    return Consent(
        entity_id=disclosure.entity_id,
        language=disclosure.language,
        country=disclosure.country,
        hashes=tuple(
            (text.key, hashlib.sha256(text.html.encode()).hexdigest()) for text in disclosure.texts
        ),
        links=tuple((text.key, text.url) for text in disclosure.texts if text.url),
        given_at=clock.now(),
        clerk=clerk,
        where=where,
    )
