"""Sources on a checkout: one primary, any number of credits (contract section 6, rules)."""

from __future__ import annotations

from posapp.sandbox import addresses, sources
from posapp.sandbox.basket import Checkout, Share
from posapp.sandbox.core import Core
from posapp.sandbox.methods import METHODS
from posapp.sandbox.sources import Source
from posapp.sandbox.wire import Json, conflict, not_found

USABLE = ("chargeable", "pending_redirect", "pending_funds")


def primary(checkout: Checkout) -> Share | None:
    """The share of the primary source, if one is attached."""
    return next((share for share in checkout.shares if not share.credit), None)


def credits(checkout: Checkout) -> int:
    """What store credit pays."""
    return sum(share.amount for share in checkout.shares if share.credit)


def attach(core: Core, checkout: Checkout, source_id: str) -> None:
    """Applies a source; raises Problem 404 or 409."""
    source = sources.load(core, source_id, "sourceId")
    if any(share.source == source_id for share in checkout.shares):
        return
    if source.state not in USABLE:
        raise conflict("source_status_invalid_for_session", "Source state not usable.")
    if not source.reusable and source.session not in (None, checkout.session):
        raise conflict("source_in_use", "Belongs to another payment session.", "sourceId")
    if source.is_credit:
        _attach_credit(core, checkout, source)
    else:
        _attach_primary(core, checkout, source)
    refit(checkout)
    _fill_bill_to(checkout, source)


def _attach_credit(core: Core, checkout: Checkout, source: Source) -> None:
    share = primary(checkout)
    if share is not None:
        other = sources.load(core, share.source)
        if not share.floats or not METHODS[other.type].credit:
            text = "A single-use primary source is already attached."
            raise conflict("session_update_not_allowed", text)
    amount = source.amount or 0
    if credits(checkout) + amount > checkout.total:
        raise conflict("session_source_amount_too_large", "Sources exceed the total.")
    checkout.shares.insert(0, Share(source.id, amount, credit=True))


def _attach_primary(core: Core, checkout: Checkout, source: Source) -> None:
    if credits(checkout) and not METHODS[source.type].credit:
        raise conflict("session_update_not_allowed", "Not together with store credit.")
    before = primary(checkout)
    if before is not None:
        checkout.shares.remove(before)
        _let_go(core, before.source)
    amount = checkout.total - credits(checkout)
    checkout.shares.append(Share(source.id, amount, floats=source.reusable))
    source.session = source.session or checkout.session
    if not source.reusable:
        source.currency, source.amount = checkout.currency, amount
    sources.save(core, source)


def _let_go(core: Core, source_id: str) -> None:
    source = sources.load(core, source_id)
    if not source.reusable:
        sources.move(core, source, "cancelled")


def detach(core: Core, checkout: Checkout, source_id: str) -> None:
    """Takes a source off; a single-use one is cancelled. Raises Problem 404."""
    share = next((share for share in checkout.shares if share.source == source_id), None)
    if share is None:
        raise not_found("sourceId")
    checkout.shares.remove(share)
    _let_go(core, source_id)


def refit(checkout: Checkout) -> None:
    """A saved primary covers what credits leave; a single-use one keeps its amount."""
    share = primary(checkout)
    if share is not None and share.floats:
        share.amount = max(0, checkout.total - credits(checkout))


def _fill_bill_to(checkout: Checkout, source: Source) -> None:
    """Bill-to follows the owner of the source applied last (contract section 4, billTo)."""
    owner = source.owner
    address = owner.get("address")
    if not address or not address.get("country"):
        return
    name = " ".join(filter(None, (owner.get("firstName"), owner.get("lastName"))))
    bill_to: Json = {"address": address}
    for key, value in (
        ("name", name),
        ("email", owner.get("email")),
        ("phone", owner.get("phoneNumber")),
        ("organization", owner.get("organization")),
        ("additionalAddressInfo", owner.get("additionalAddressInfo")),
    ):
        if value:
            bill_to[key] = value
    addresses.check_bill_to(bill_to)
    checkout.fields["billTo"] = {**checkout.fields.get("billTo", {}), **bill_to}


def of(core: Core, checkout: Checkout) -> list[tuple[Share, Source]]:
    """The attached sources, credits first."""
    return [(share, sources.load(core, share.source)) for share in checkout.shares]
