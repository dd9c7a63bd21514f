"""What the payment form may ask with the public key: sessions, sources, challenges, redirects.

`World.form` is this desk; posapp.sandbox.form serves it over HTTP. Each call is one transaction and
may raise `Problem`. Card data is only looked at: a number is checked, turned into brand, last four
digits and effect, and forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from posapp.sandbox import (
    basket,
    cards,
    entities,
    instructions,
    lifecycle,
    methods,
    money,
    refunds,
    sales,
    sources,
)
from posapp.sandbox.cards import Effect, refusal
from posapp.sandbox.core import Core
from posapp.sandbox.director import Outcome
from posapp.sandbox.methods import METHODS, Wish
from posapp.sandbox.sources import Source
from posapp.sandbox.wire import Json, decode, encode, missing, not_found, stamp

if TYPE_CHECKING:
    from posapp.sandbox.basket import Checkout
    from posapp.sandbox.form import Slip, Visit

CHALLENGED = (Effect.CHALLENGE, Effect.CHALLENGE_CHARGE_FAILS)
CHALLENGE = {"action": "mock_challenge_shopper"}
WALLETS = ("googlePay", "applePay")
ABILITIES = ("supportsStorage", "supportsRecurring", "supportsFreeTrial")


class Transactions(Protocol):
    """Opens one transaction of the world."""

    def __call__(self) -> AbstractContextManager[None]:
        """Commits at the end, undoes on any exception."""


class FormDesk:
    """The public-key side of one world (the `FormWorld` of posapp.sandbox.form)."""

    def __init__(self, core: Core, transaction: Transactions) -> None:
        self._core = core
        self._transaction = transaction

    def knows_public_key(self, key: str) -> bool:
        """Whether this is the account's public key."""
        return key == self._core.options.keys.public

    def session(self, session_id: str) -> Json:
        """What the form shows of a payment session: amount (text), currency, country, entity …"""
        with self._transaction():
            checkout = self._checkout(session_id)
            remaining = max(0, checkout.total - checkout.contributed)
            fields = checkout.fields
            shown: Json = {
                "id": session_id,
                "checkoutId": checkout.id,
                "amount": str(money.number(remaining, checkout.currency)),
                "currency": checkout.currency,
                "country": self._country(checkout),
                "businessEntityCode": checkout.entity.get("id", ""),
                "recurring": any(line.subscription for line in checkout.lines),
                "state": checkout.session_state,
                "registered": "customerId" in fields,
                "physical": checkout.is_physical,
            }
            wanted = ("locale", "chargeType", "customerType", "billTo", "email")
            return shown | {name: fields[name] for name in wanted if name in fields}

    def methods(self, query: Mapping[str, str]) -> list[Json]:
        """Payment methods for `sessionId`, or for `country` and `currency`, in order.

        `supportsStorage`, `supportsRecurring`, `supportsFreeTrial`: "true" leaves others out.
        """
        with self._transaction():
            keep = any(query.get(name) == "true" for name in ABILITIES)
            wish = Wish(query.get("country"), query.get("currency"), keep=keep, everything=True)
            if "sessionId" in query:
                checkout = self._checkout(query["sessionId"])
                fields = checkout.fields
                wish = Wish(
                    self._country(checkout) or None,
                    checkout.currency,
                    fields.get("chargeType"),
                    keep=keep or any(line.subscription for line in checkout.lines),
                    business=fields.get("customerType") == "business",
                )
            return [_told(name) for name in methods.available(wish)]

    def seller(self, country: str) -> str:
        """The entity whose texts stand beside a form without a sale."""
        return entities.HOME.get(country, entities.ELSEWHERE)

    def create_source(self, order: Json) -> Json:
        """The web form's source (drop-in 1.3), which may be `failed`.

        order: {type, sessionId?, owner?, creditCard?: {number, expirationMonth, expirationYear,
        cvv}, konbini?: {storeId}, onlineBanking?: {bankCode}, returnUrl?, cancelUrl?, mandate?}.
        Without a session (manage flow) the source carries no amount and needs an owner.
        """
        with self._transaction():
            session = order.get("sessionId")
            checkout = self._checkout(session) if isinstance(session, str) else None
            return self._create(checkout, order)

    def read_source(self, source_id: str, secret: str) -> Json:
        """The source in the form's shape; 404 also for a wrong secret."""
        with self._transaction():
            return self._shown(self._own(source_id, secret))

    def answer_challenge(self, source_id: str, secret: str, answer: str) -> Json:
        """The buyer answered the bank: chargeable with the right word, failed with any other."""
        with self._transaction():
            source = self._own(source_id, secret)
            good = answer.strip() in cards.CHALLENGE_ANSWERS
            if source.state == "requires_action":
                sources.move(self._core, source, "chargeable" if good else "failed")
            return self._shown(source)

    def authenticate(
        self, session_id: str, source_id: str, secret: str, cvv: str | None = None
    ) -> Json:
        """`{status}` of a saved source, with `source` when the bank wants a challenge.

        `cvv`: what the buyer typed into a security code field, None without one.
        """
        with self._transaction():
            self._checkout(session_id)
            source = self._own(source_id, secret)
            good = source.state == "chargeable" and _code_fits(source, cvv)
            if good and _is_challenged(source):
                shown = self._shown(source)
                shown |= {"state": "requires_action", "nextAction": CHALLENGE}
                return {"status": "requires_action", "source": shown}
            return {"status": "authentication_not_required" if good else "failed"}

    def update_source(self, source_id: str, secret: str, changes: Json) -> Json:
        """Owner and expiry of a card; any other kind of source is refused (drop-in 1.4)."""
        with self._transaction():
            source = self._own(source_id, secret)
            if source.type != "creditCard":
                raise refusal("invalid_parameter", "type")
            if "owner" in changes:
                source.owner = _owner(changes["owner"], None)
            if "expirationMonth" in changes or "expirationYear" in changes:
                source.details |= cards.expiry(changes, self._core.now)
            source.updated = self._core.stamp()
            sources.save(self._core, source)
            return self._shown(source)

    def visit(self, source_id: str, token: str) -> Visit:
        """The provider's page of a redirect source."""
        from posapp.sandbox.form import Visit

        with self._transaction():
            source = sources.load(self._core, source_id)
            sources.redirect_token(self._core, source, token)
            amount = money.number(source.amount or 0, source.currency or "USD")
            page = source.redirect
            return Visit(
                method=source.type,
                amount=f"{amount} {source.currency or ''}".strip(),
                language=source.language,
                return_url=page.get("returnUrl", ""),
            )

    def slip(self, source_id: str, token: str) -> Slip:
        """What a buyer takes to the store; raises Problem 404 without the right token."""
        from posapp.sandbox.form import Slip

        with self._transaction():
            source = sources.load(self._core, source_id)
            if self._core.storage.note(f"slip:{source_id}") != token.encode():
                raise not_found("token")
            amount = money.number(source.amount or 0, source.currency or "JPY")
            return Slip(
                store=source.details["localizedStoreName"],
                number=source.details["receiptNumber"],
                amount=f"{amount} {source.currency or ''}".strip(),
                until=(source.expires or "")[:10],
                language=source.language,
            )

    def decide(self, source_id: str, token: str, *, approve: bool) -> None:
        """The buyer approved or declined at the provider; declining changes nothing."""
        with self._transaction():
            source = sources.load(self._core, source_id)
            sources.redirect_token(self._core, source, token)
            if approve and source.state == "pending_redirect":
                self._approve(source)

    def refund(self, refund_token: str) -> Json:
        """A refund that waits for bank details: amount (text), currency, until when."""
        with self._transaction():
            rows = self._core.storage.find("refund", "token", refund_token)
            waiting = refunds.load(self._core, rows[0].id) if rows else None
            if waiting is None or waiting.state != "pending_information" or not waiting.token:
                raise not_found("refundToken")
            return {
                "amount": str(money.number(waiting.amount, waiting.currency)),
                "currency": waiting.currency,
                "expiresTime": waiting.token["expiresTime"],
            }

    def refund_details(self, refund_token: str) -> None:
        """The buyer gave bank details for a refund that asked for them; they are not kept."""
        with self._transaction():
            if refunds.details_given(self._core, refund_token) is None:
                raise not_found("refundToken")

    # -- inside -------------------------------------------------------------------------------

    def _checkout(self, session_id: str) -> Checkout:
        checkout = basket.of_session(self._core, session_id)
        if checkout is None:
            raise not_found("sessionId")
        return checkout

    def _country(self, checkout: Checkout) -> str:
        for block in ("billTo", "shipTo"):
            address: Json = checkout.fields.get(block, {}).get("address") or {}
            if address:
                return str(address["country"])
        return ""

    def _own(self, source_id: str, client_secret: str) -> Source:
        source = sources.load(self._core, source_id)
        if source.secret != client_secret:
            raise not_found()
        return source

    def _shown(self, source: Source) -> Json:
        """The web form's source, which differs from the REST one (contract section 6)."""
        wire = sources.show(source)
        if "paymentSessionId" in wire:
            wire["sessionId"] = wire.pop("paymentSessionId")
        if "amount" in wire:
            wire["amount"] = str(wire["amount"])
        if source.redirect:
            wire["redirect"] = source.redirect
            wire[sources.detail_name(source.type)] = source.details
        if source.expires:
            wire["expirationTime"] = source.expires
        if source.state == "requires_action":
            wire["nextAction"] = CHALLENGE
        if mandate := self._core.storage.note(f"mandate:{source.id}"):
            wire["mandate"] = decode(mandate)
        wire |= {"clientId": "sandbox", "channelId": "sandbox", "creationIp": "127.0.0.1"}
        return wire | {"language": source.language}

    def _create(self, checkout: Checkout | None, order: Json) -> Json:
        core = self._core
        kind = order.get("type")
        if not isinstance(kind, str) or kind not in METHODS:
            raise refusal("invalid_parameter", "type")
        owner = _owner(order.get("owner"), checkout)
        if core.director.take(Outcome.WIRE_TRANSFER):
            kind = "wireTransfer"
        effect = cards.effect_of_name(kind, owner)
        if effect is Effect.SOURCE_REFUSED:
            raise refusal("source_creation_failed")
        details: Json = {}
        if kind == "creditCard":
            card = order.get("creditCard")
            details, by_card = cards.read(card if isinstance(card, dict) else {}, core.now)
            effect = by_card if by_card is not Effect.NONE else effect
        elif kind in WALLETS:
            details = cards.of_wallet(core.now)
        state = self._first_state(kind, effect, checkout)
        source = sources.make(
            core, kind, owner, state=state, details=details, flow=METHODS[kind].flow,
            effect=effect, session=checkout.session if checkout else None,
        )  # fmt: skip
        self._complete(source, checkout, order)
        sources.save(core, source)
        if isinstance(mandate := order.get("mandate"), dict):
            signed = {"terms": str(mandate.get("terms", "")), "signedTime": core.stamp()}
            core.storage.set_note(f"mandate:{source.id}", encode(signed))
        return self._shown(source)

    def _first_state(self, kind: str, effect: Effect, checkout: Checkout | None) -> str:
        if effect is Effect.SOURCE_FAILS:
            return "failed"
        moto = checkout is not None and checkout.fields.get("chargeType") == "moto"
        if effect in CHALLENGED and not moto:
            return "requires_action"
        flow = METHODS[kind].flow
        return {"redirect": "pending_redirect", "receiver": "pending_funds"}.get(flow, "chargeable")

    def _complete(self, source: Source, checkout: Checkout | None, order: Json) -> None:
        """Amount, provider addresses, payment instructions."""
        core = self._core
        if isinstance(order.get("language"), str):
            source.language = order["language"][:12]
        if checkout is not None:
            source.currency = checkout.currency
            source.amount = max(0, checkout.total - checkout.contributed)
        if source.flow == "redirect":
            token = core.ids.uuid()
            core.storage.set_note(f"redirect:{source.id}", token.encode())
            source.redirect = {
                "redirectUrl": f"{core.base_url}/payments/redirects/{source.id}/{token}"
            }
            for name in ("returnUrl", "cancelUrl"):
                if isinstance(order.get(name), str):
                    source.redirect[name] = order[name]
        if source.flow == "receiver":
            days = core.options.transfer_days
            source.expires = stamp(core.now + timedelta(days=days))
            source.details = instructions.for_source(core, source.type, order)
        if source.type == "konbini":
            token = core.ids.uuid()
            core.storage.set_note(f"slip:{source.id}", token.encode())
            address = f"{core.base_url}/payments/slips/{source.id}/{token}"
            source.details["printableInvoiceUrl"] = address
        if source.type == "onlineBanking":
            bank = order.get("onlineBanking")
            source.details = dict(bank) if isinstance(bank, dict) else {}

    def _approve(self, source: Source) -> None:
        core = self._core
        order = sales.of_source(core, source.session, source.id)
        if source.effect is Effect.FAILS_AFTER_REDIRECT:
            sources.move(core, source, "failed")
            if order is not None and order.state == "pending_payment":
                lifecycle.payment_failed(core, order)
            return
        sources.move(core, source, "chargeable")
        if order is not None and order.state == "pending_payment":
            order.session = {**order.session, "state": "pending"}
            sales.save(core, order)
            wait = core.options.pace.redirect
            match source.effect:
                case Effect.CHARGE_STAYS_PENDING:
                    return
                case Effect.CHARGE_FAILS | Effect.CHARGE_FAILS_LATER:
                    core.after(wait, "order.payment_settles", order.id, good=False)
                case _:
                    core.after(wait, "order.payment_settles", order.id, good=True)


def _told(name: str) -> Json:
    method = METHODS[name]
    return {"type": name, "flow": method.flow} | dict.fromkeys(ABILITIES, method.reusable)


def _is_challenged(source: Source) -> bool:
    return source.effect in CHALLENGED


def _code_fits(source: Source, cvv: str | None) -> bool:
    length = 4 if source.details.get("brand") == cards.AMEX else 3
    return cvv is None or (cvv.isascii() and cvv.isdigit() and len(cvv) == length)


def _owner(given: object, checkout: Checkout | None) -> Json:
    """The owner that the form sent, or the session's bill-to; raises Problem 400."""
    if isinstance(given, dict) and given.get("lastName"):
        known = ("firstName", "lastName", "email", "phoneNumber", "organization", "address",
                 "additionalAddressInfo")  # fmt: skip
        return {name: given[name] for name in known if given.get(name)}
    bill_to: Json = checkout.fields.get("billTo", {}) if checkout else {}
    first, _, last = str(bill_to.get("name", "")).rpartition(" ")
    if not last or checkout is None:
        raise missing("owner.lastName")
    owner: Json = {"lastName": last, "address": bill_to["address"]}
    email = bill_to.get("email") or checkout.fields.get("email")
    for name, value in (
        ("firstName", first),
        ("email", email),
        ("phoneNumber", bill_to.get("phone")),
        ("organization", bill_to.get("organization")),
    ):
        if value:
            owner[name] = value
    return owner
