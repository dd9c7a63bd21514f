"""Moves of an order and its charges, legal ones only (contract sections 8 and 9)."""

from __future__ import annotations

from posapp.sandbox import documents, sales, sources
from posapp.sandbox.cards import Effect
from posapp.sandbox.core import Core
from posapp.sandbox.sales import Charge, Operation, Order
from posapp.sandbox.wire import Json, micros

NEXT: dict[str, frozenset[str]] = {
    "": frozenset({"pending_payment", "in_review", "accepted"}),
    "pending_payment": frozenset({"in_review", "accepted", "blocked", "cancelled"}),
    "in_review": frozenset({"accepted", "blocked"}),
    "accepted": frozenset({"cancelled", "fulfilled", "dispute"}),
    "fulfilled": frozenset({"complete", "returned", "dispute"}),
    "complete": frozenset({"returned", "dispute"}),
    "dispute": frozenset({"accepted", "fulfilled", "complete"}),
    "blocked": frozenset(),
    "cancelled": frozenset(),
    "returned": frozenset(),
}


# events that carry more of the product when the vendor has activated it for the account
EXPANDED = frozenset({"order.accepted", "order.cancelled", "order.refunded"})


class IllegalMove(Exception):
    """A rule of the sandbox asked for a state that cannot follow: a fault of ours."""


def enter(core: Core, order: Order, state: str, event: str | None) -> Json:
    """Puts the order into a state, writes it and says so."""
    if state not in NEXT[order.state if order.moves else ""]:
        raise IllegalMove(f"order {order.id}: {order.state} -> {state}")
    before = order.state if order.moves else None
    known = order.moves.get(state)
    order.state = state
    order.moves[state] = core.stamp()
    previous = {"state": before, "stateTransitions": {state: known}} if before else None
    return tell(core, order, event, previous)


def tell(core: Core, order: Order, event: str | None, previous: Json | None = None) -> Json:
    """Writes an order and emits an event that carries it."""
    order.updated = core.stamp()
    wire = sales.save(core, order)
    if event:
        expand = core.options.expanded_events and event in EXPANDED
        shown = sales.show(order, expand=True) if expand else wire
        core.emit(event, shown, order.id, previous)
    return wire


def tell_charge(core: Core, order: Order, charge: Charge, event: str, before: str = "") -> None:
    """Writes an order and emits an event with one of its charges; `before`: its earlier state."""
    order.updated = core.stamp()
    sales.save(core, order)
    shown = sales.show_charge(order, charge, alone=True)
    previous = {"state": before} if before else None
    core.emit(f"order.charge.{event}", shown, order.id, previous)


def screen(core: Core, order: Order, state: str) -> None:
    """Sets the fraud state."""
    order.fraud = state
    order.fraud_moves[state] = core.stamp()


def authorise(core: Core, order: Order) -> None:
    """Every charge of the order may now be captured; single-use sources are used up."""
    for charge in order.charges:
        if charge.state == "pending":
            charge.state = "capturable"
            charge.authorised_at = micros(core.now)
            tell_charge(core, order, charge, "capturable", "pending")
        source = sources.find(core, charge.source)
        if source is not None and source.state == "chargeable" and not source.reusable:
            sources.move(core, source, "consumed")
    order.session = {**order.session, "state": "complete"}
    order.session.pop("nextAction", None)


def accept(core: Core, order: Order) -> Json:
    """Authorised and passed: goods may leave."""
    reviewed = order.state == "in_review" and bool(order.moves)
    before = order.fraud
    screen(core, order, "passed")
    if reviewed:
        shown = sales.save(core, order)
        core.emit("order.review_closed", shown, order.id, {"fraudState": before})
    return enter(core, order, "accepted", "order.accepted")


def screened(core: Core, order: Order) -> Json:
    """The fraud screen of an authorised order: accepted, or a second check begins."""
    if order.verdict != "review":
        return accept(core, order)
    screen(core, order, "review_opened")
    wire = enter(core, order, "in_review", "order.review_opened")
    if order.review_s is not None:  # else it stays open until it is ended by hand
        core.after(order.review_s, "order.review_ends", order.id, accept=order.review_passes)
    return wire


def review_ends(core: Core, ref: str, args: Json) -> None:
    """The decision of a review."""
    order = sales.load(core, ref)
    if order.state != "in_review":
        return
    if args["accept"]:
        accept(core, order)
    else:
        block(core, order)


def block(core: Core, order: Order) -> None:
    """Refused for fraud: final; money is released, yet cancelledAmount stays 0."""
    screen(core, order, "blocked")
    _set_lines(core, order, "blocked")
    _release(core, order)
    enter(core, order, "blocked", "order.blocked")
    for charge in order.charges:
        if charge.state == "cancelled":
            tell_charge(core, order, charge, "cancelled")


def _set_lines(core: Core, order: Order, state: str) -> None:
    for line in order.lines:
        line.state = state
        line.moves[state] = core.stamp()


def _release(core: Core, order: Order) -> None:
    """Cancels every charge in full outside any fulfilment."""
    for charge in order.charges:
        if charge.open and charge.state in ("pending", "capturable"):
            operation = new_operation(core, charge.open)
            operation.state = "complete"
            charge.cancels.append(operation)
            charge.state = "cancelled"


def payment_failed(core: Core, order: Order, code: str = "failed-request") -> None:
    """The payment of a waiting order never came (section 22, point 15)."""
    order.session = {**order.session, "state": "failed"}
    if any(charge.source == order.primary for charge in order.charges):
        order.session.pop("nextAction", None)
    else:  # a transfer that never came: as the vendor's sample shows it
        screen(core, order, "passed")
    for charge in order.charges:
        if charge.state == "pending":
            charge.state, charge.failed_because = "failed", code
            tell_charge(core, order, charge, "failed", "pending")
    _release(core, order)
    _set_lines(core, order, "cancelled")
    enter(core, order, "cancelled", "order.cancelled")


def payment_came(core: Core, order: Order) -> None:
    """A waiting payment is good: redirect done, transfer arrived, bank answered."""
    if order.primary and not any(charge.source == order.primary for charge in order.charges):
        add_charge(core, order, order.primary, order.primary_amount, effect=order.effect)
    authorise(core, order)
    if order.verdict == "block":
        block(core, order)
    else:
        screened(core, order)


def add_charge(
    core: Core, order: Order, source: str, amount: int, *, credit: bool = False,
    effect: Effect = Effect.NONE,
) -> Charge:  # fmt: skip
    """An authorisation asked for, still pending."""
    charge = Charge(
        core.ids.uuid(), core.stamp(), source, amount, order.charge_type, "pending",
        credit=credit, effect=effect,
    )  # fmt: skip
    order.charges = [*order.charges, charge]
    order.charges.sort(key=lambda each: not each.credit)
    return charge


def payment_settles(core: Core, ref: str, args: Json) -> None:
    """A pending payment is decided: bank answer, return from a provider, transfer."""
    order = sales.load(core, ref)
    if order.state != "pending_payment":
        return
    if args.get("good", True):
        source = sources.find(core, order.primary or "")
        if source is not None:
            sources.move(core, source, "chargeable")
        payment_came(core, order)
        return
    source = sources.find(core, order.primary or "")
    if source is not None and source.state in ("pending_funds", "pending_redirect"):
        sources.move(core, source, "failed")
    payment_failed(core, order)


def new_operation(core: Core, amount: int, fulfilment: str | None = None) -> Operation:
    """A money movement that has just been asked for."""
    return Operation(core.ids.uuid(), core.stamp(), core.stamp(), amount, fulfilment=fulfilment)


def settle_charge(core: Core, order: Order, charge: Charge) -> None:
    """The charge's state after an operation ended."""
    operations = [*charge.captures, *charge.cancels]
    if any(each.state in ("pending", "pending_information") for each in operations):
        state = "processing" if charge.open == 0 else "capturable"
    elif charge.open:
        state = "capturable"
    else:
        captured = any(each.state == "complete" for each in charge.captures)
        state = "complete" if captured else "cancelled"
    if charge.state == state or charge.state in ("failed", "complete", "cancelled"):
        return
    before, charge.state = charge.state, state
    if state != "capturable":
        tell_charge(core, order, charge, state, before)


def settle_order(core: Core, order: Order) -> None:
    """Fulfilled to complete, or accepted to cancelled, once the money allows."""
    charges = {charge.state for charge in order.charges}
    if order.state == "fulfilled" and charges <= {"complete", "cancelled"}:
        enter(core, order, "complete", "order.complete")
        if order.total and documents.issues_invoices(order):
            core.after(core.options.pace.invoice, "order.invoice", order.id)
    dropped = all(line.dropped == line.quantity for line in order.lines)
    if order.state == "accepted" and dropped and charges <= {"cancelled"}:
        _set_lines(core, order, "cancelled")
        enter(core, order, "cancelled", "order.cancelled")


def send_back(core: Core, order: Order) -> None:
    """Shipped lines whose goods and tax are paid back to the last cent become `returned`."""
    if not is_settled(order):
        return
    on_its_way = {parcel.line for parcel in order.parcels if not (parcel.settled or parcel.cancel)}
    for line in order.lines:
        paid_back = line.returnable == 0 and line.id not in on_its_way
        if line.state == "fulfilled" and any(line.refunded) and paid_back:
            line.state = "returned"
            line.moves["returned"] = core.stamp()


def is_settled(order: Order) -> bool:
    """Whether no refund is still on its way."""
    refunds = (each for charge in order.charges for each in charge.refunds)
    return all(each.state in ("complete", "failed") for each in refunds)


def settle_refunds(core: Core, order: Order) -> bool:
    """Fulfilled or complete to returned, once nothing is left to pay back; whether it did."""
    all_here = all(parcel.settled or parcel.cancel for parcel in order.parcels)
    open_state = order.state in ("fulfilled", "complete")
    if order.refundable or not (all_here and open_state and is_settled(order)):
        return False
    for line in order.lines:
        if line.state == "fulfilled":
            line.state = "returned"
            line.moves["returned"] = core.stamp()
    enter(core, order, "returned", "order.refunded")
    return True


def fulfilled(core: Core, ref: str, _args: Json) -> None:
    """All units have left or were dropped."""
    order = sales.load(core, ref)
    if order.state != "accepted" or any(line.open for line in order.lines):
        return
    if any(line.shipped for line in order.lines):
        enter(core, order, "fulfilled", "order.fulfilled")
    settle_order(core, order)


def dispute(core: Core, order: Order) -> None:
    """A bank inquiry or chargeback opens."""
    order.before_dispute = [order.state, order.fraud]
    screen(core, order, "review_opened")
    enter(core, order, "dispute", "order.dispute")


def resolve_dispute(core: Core, order: Order, charged_back: int) -> None:
    """The dispute ends; a granted chargeback lowers what can be refunded."""
    if order.state != "dispute":
        raise IllegalMove(f"order {order.id} is {order.state}: there is no dispute to end")
    state, _fraud = order.before_dispute
    screen(core, order, "passed")
    lost = min(charged_back, order.refundable)
    order.charged_back += lost
    enter(core, order, state or "accepted", "order.dispute.resolved")
    if lost:
        tell(core, order, "order.chargeback")
    _catch_up(core, order)


def _catch_up(core: Core, order: Order) -> None:
    """What ended while the order was frozen has its effect now."""
    if order.state == "accepted" and not any(line.open for line in order.lines):
        fulfilled(core, order.id, {})
    elif order.state == "fulfilled":
        settle_order(core, order)
    if order.refunded:
        settle_refunds(core, order)
