"""Turns a checkout into an order, or says why not (contract sections 4.2 and 7)."""

from __future__ import annotations

from posapp.sandbox import attachments, basket, checkouts, lifecycle, sales, tax_identifiers
from posapp.sandbox.basket import Checkout
from posapp.sandbox.cards import Effect
from posapp.sandbox.core import Call, Core, reply
from posapp.sandbox.director import Next, Outcome
from posapp.sandbox.sales import Order
from posapp.sandbox.sources import Source
from posapp.sandbox.wire import (
    Json,
    Problem,
    Response,
    conflict,
    decode,
    encode,
    micros,
    missing,
    not_found,
    problem,
)

DECIDES = (
    Outcome.ACCEPTED, Outcome.DECLINED, Outcome.IN_REVIEW, Outcome.BLOCKED, Outcome.BLOCKED_LATER,
    Outcome.PENDING, Outcome.PENDING_FAILS,
)  # fmt: skip
NOT_IN_BASE = {"id", "createdTime", "updatedTime", "items", "payment", "liveMode", "upstreamId",
               "metadata"}  # fmt: skip


def create(core: Core, call: Call) -> Response:
    """POST /orders: every field but checkoutId is ignored."""
    checkout = basket.find(core, call.body["checkoutId"])
    if checkout is None or checkout.order is not None:
        raise not_found("orderId")
    if checkout.refused is not None:
        return Response(409, encode(checkout.refused))
    _check_ready(checkout)
    try:
        _check_allowed(core, checkout)
        outcome = core.director.take(*DECIDES) or core.director.by_chance()
        _check_paid(core, checkout, outcome)
    except Problem as refusal:
        if refusal.status != 409:
            raise
        return _spend(core, checkout, refusal)
    return reply(201, _place(core, checkout, outcome))


def _spend(core: Core, checkout: Checkout, refusal: Problem) -> Response:
    """After a 409 the checkout is spent (openapi createOrders)."""
    checkout.refused = refusal.body
    basket.save(core, checkout)
    return Response(409, encode(refusal.body))


def _check_ready(checkout: Checkout) -> None:
    """What is missing still; raises Problem 400, after which the checkout may be repaired."""
    fields = checkout.fields
    if not fields.get("email"):
        raise problem(400, "order_create_failed", "Please add an email.", "email")
    bill_to: Json = fields.get("billTo") or {}
    address: Json = bill_to.get("address") or {}
    for part in ("country", "line1", "city", "postalCode"):
        if not address.get(part):
            raise missing(f"billTo.address.{part}")
    if not bill_to.get("name"):
        raise missing("billTo.name")
    if checkout.is_physical:
        _check_shipping(checkout)
    if checkout.session_state != "requires_confirmation":
        raise problem(400, "order_submit_failed", "Payment is not ready.", None)


def _check_shipping(checkout: Checkout) -> None:
    fields = checkout.fields
    for line in checkout.lines:
        if line.goods.physical and not line.goods.origin:
            raise missing("shipFrom.address")
    ship_to: Json = fields.get("shipTo") or {}
    if not ship_to.get("address"):
        raise missing("shipTo.address")
    if not ship_to.get("name"):
        raise missing("shipping.name")
    if "shippingChoice" not in fields:
        text = "Shipping choice missing."
        raise problem(400, "invalid_shipping_choice", text, "shippingChoice")


def _check_allowed(core: Core, checkout: Checkout) -> None:
    """What can never become an order; raises Problem 409."""
    customer_id = checkout.fields.get("customerId")
    if customer_id is not None:
        wire = core.storage.wire("customer", customer_id)
        if wire is None or not decode(wire).get("enabled", True):
            raise conflict("create-order-failed", "Order details incomplete.")
    for _share, source in attachments.of(core, checkout):
        if source.customer is not None and source.customer != customer_id:
            raise conflict("source_in_use", "Belongs to someone else.", "sourceId")
        if source.state not in attachments.USABLE:
            raise conflict("source_status_invalid_for_session", "Source state not usable.")
    country = checkouts.tax_country(checkout)
    if tax_identifiers.is_missing(core, checkout, country):
        text = "Please add a tax number."
        raise conflict("additional_information_required", text, "taxIdentifiers")
    taiwan = checkout.entity.get("id") == "DR_TAIWAN-ENTITY"
    business = checkout.fields.get("customerType") == "business"
    if taiwan and not business and "invoiceAttributeId" not in checkout.fields:
        text = "Please choose an e-invoice option."
        raise conflict("additional_information_required", text, "invoiceAttributeId")


def _check_paid(core: Core, checkout: Checkout, outcome: Next) -> None:
    """Authorisation and the first fraud screen; raises Problem 409."""
    if not checkout.total:
        return
    for _share, source in attachments.of(core, checkout):
        if source.effect in (Effect.CHARGE_FAILS, Effect.CHALLENGE_CHARGE_FAILS):
            raise conflict("failed-request", "Payment was refused.")
    if outcome.outcome is Outcome.DECLINED:
        raise conflict(outcome.code, "Payment was refused.")
    if outcome.outcome is Outcome.BLOCKED:
        raise conflict("order-fraud-failure", "The order was refused.")


def _place(core: Core, checkout: Checkout, outcome: Next) -> Json:
    attached = attachments.of(core, checkout)
    order = _order(core, checkout)
    main = None
    for share, source in attached:
        if not source.is_credit:
            main = source
            order.primary, order.primary_amount = source.id, share.amount
            order.effect = source.effect
        if source.state != "pending_funds" and share.amount:
            lifecycle.add_charge(
                core, order, source.id, share.amount, credit=source.is_credit, effect=source.effect
            )
    checkout.order = order.id
    basket.save(core, checkout)
    first = sales.save(core, order)
    core.emit("order.created", first, order.id)
    core.emit("order.submitted", first, order.id)
    for charge in order.charges:
        lifecycle.tell_charge(core, order, charge, "created")
    return _decide(core, order, main, outcome)


def _order(core: Core, checkout: Checkout) -> Order:
    shown = basket.show(core, checkout)
    session = {**shown["payment"]["session"], "state": "pending"}
    lines = []
    for line, price in zip(checkout.lines, checkout.price.lines, strict=True):
        parts = [price.goods, price.tax, price.shipping, price.shipping_tax, price.fee,
                 price.fee_tax, price.duty, price.importer_tax]  # fmt: skip
        lines.append(
            sales.Line(
                id=core.number_id("line"),
                wire=basket.show_line(line, price, checkout.currency),
                quantity=line.goods.quantity,
                parts=parts,
                sku=line.sku,
                extra={"physical": line.goods.physical}
                | ({"metadata": line.physical_metadata} if line.physical_metadata else {}),
                moves={"created": core.stamp()},
            )
        )
    return Order(
        id=core.number_id("order"),
        checkout=checkout.id,
        created=core.stamp(),
        created_at=micros(core.now),
        updated=core.stamp(),
        currency=checkout.currency,
        total=checkout.total,
        base={k: v for k, v in shown.items() if k not in NOT_IN_BASE and k != "chargeType"},
        lines=lines,
        sources=shown["payment"]["sources"],
        session=session,
        charge_type=checkout.fields["chargeType"],
        upstream=checkout.fields.get("upstreamId"),
        subscription=basket.subscription_of(shown),
        metadata=checkout.fields.get("metadata", {}),
    )


def _decide(core: Core, order: Order, main: Source | None, outcome: Next) -> Json:
    """The order's first state (contract section 7)."""
    pace = core.options.pace
    kind, seconds = outcome.outcome, outcome.seconds
    waits = main is not None and main.state in ("pending_redirect", "pending_funds")
    _foresee(core, order, outcome, waits=waits)
    if main is not None and main.state == "pending_redirect":
        data = {"redirectUrl": main.redirect["redirectUrl"]}
        return _wait(core, order, "pending_redirect", {"action": "redirect", "data": data})
    if main is not None and main.state == "pending_funds":
        return _wait_for_funds(core, order, main)
    later = {Effect.CHARGE_FAILS_LATER: Outcome.PENDING_FAILS}.get(order.effect)
    if order.effect is Effect.CHARGE_STAYS_PENDING:
        return _wait(core, order, "pending", None)
    if later or kind in (Outcome.PENDING, Outcome.PENDING_FAILS):
        wire = _wait(core, order, "pending", None)
        good = (later or kind) is Outcome.PENDING
        if seconds is not None:
            wait = pace.late_failure if seconds < 0 else seconds
            core.after(wait, "order.payment_settles", order.id, good=good)
        return wire
    lifecycle.authorise(core, order)
    return lifecycle.screened(core, order)


def _foresee(core: Core, order: Order, outcome: Next, *, waits: bool) -> None:
    """Notes what the fraud screen will say once the payment is good (section 22, point 10)."""
    kind, seconds = outcome.outcome, outcome.seconds
    if kind not in (Outcome.IN_REVIEW, Outcome.BLOCKED_LATER):
        return
    order.verdict = "block" if waits and kind is Outcome.BLOCKED_LATER else "review"
    order.review_s = core.options.pace.review if seconds is not None and seconds < 0 else seconds
    order.review_passes = outcome.accept and kind is Outcome.IN_REVIEW


def _wait(core: Core, order: Order, session: str, action: Json | None) -> Json:
    order.session = {**order.session, "state": session}
    if action:
        order.session["nextAction"] = action
    wire = lifecycle.enter(core, order, "pending_payment", "order.pending_payment")
    for charge in order.charges:
        lifecycle.tell_charge(core, order, charge, "pending")
    return wire


def _wait_for_funds(core: Core, order: Order, main: Source) -> Json:
    data = {"sourceId": main.id, "sourceClientSecret": main.secret}
    action = {"action": "show_payment_instructions", "data": data}
    wire = _wait(core, order, "pending_funds", action)
    wish = core.director.funds_s(main.id)
    if main.effect is Effect.FUNDS_NEVER_COME:
        core.after(core.options.pace.late_failure, "order.payment_settles", order.id, good=False)
    elif wish is not None:
        wait = core.options.pace.funds if wish < 0 else wish
        core.after(wait, "order.payment_settles", order.id, good=True)
    lapse = core.options.transfer_days * 86400
    core.after(lapse, "order.payment_settles", order.id, good=False)
    return wire
