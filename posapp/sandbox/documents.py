"""Invoices, credit memos, files and the links to them (contract section 16)."""

from __future__ import annotations

from dataclasses import replace

from posapp.sandbox import paper, sales
from posapp.sandbox.core import NO_CONTENT, Call, Core, reply
from posapp.sandbox.paging import Kind
from posapp.sandbox.queries import Condition, Query
from posapp.sandbox.sales import Order
from posapp.sandbox.skus import at_of
from posapp.sandbox.wire import (
    Json,
    Response,
    decode,
    invalid,
    micros,
    not_found,
    read_time,
    stamp,
)

FILE_KIND = Kind("file", {"createdTime": "INTEGER", "orderId": "TEXT"}, ("orderId",))
LINK_KIND = Kind(
    "file_link",
    {"createdTime": "INTEGER", "fileId": "TEXT", "expires": "INTEGER"},
    ("createdTime", "fileId", "expires"),
    (),
)
ISSUERS = frozenset(
    {"DR_INC-ENTITY", "C5_INC-ENTITY", "DR_IRELAND-ENTITY", "DR_UK-ENTITY", "DR_JAPAN-ENTITY"}
)


def issues_invoices(order: Order) -> bool:
    """Whether the seller of this order has its documents made by the service."""
    return order.base.get("sellingEntity", {}).get("id") in ISSUERS


def issue_invoice(core: Core, ref: str, _args: Json) -> None:
    """The invoice of a complete order."""
    _issue(core, sales.load(core, ref), "customer_invoice", "order.invoice.created")


def issue_memo(core: Core, order: Order) -> None:
    """A credit memo for a refund."""
    if issues_invoices(order):
        _issue(core, order, "customer_credit_memo", "order.credit_memo.created")


def _issue(core: Core, order: Order, purpose: str, event: str) -> None:
    id_ = core.ids.uuid()
    word = "invoice" if purpose == "customer_invoice" else "credit-memo"
    data = paper.document(order, word, stamp(core.now))
    wire: Json = {
        "id": id_,
        "createdTime": core.stamp(),
        "fileName": f"{word}-{order.id}.pdf",
        "purpose": purpose,
        "title": f"{word} {order.id}",
        "size": len(data),
        "type": "pdf",
        "url": f"{core.base_url}/files/{id_}/content",
        "liveMode": False,
    }
    columns = {"createdTime": micros(core.now), "orderId": order.id}
    core.save("file", id_, wire, {"order": order.id, "word": word, "at": stamp(core.now)}, columns)
    (order.invoices if word == "invoice" else order.memos).append(id_)
    order.file_base = core.base_url
    sales.save(core, order)
    shown: Json = {
        "id": id_,
        "fileId": id_,
        "orderId": order.id,
        "purpose": purpose,
        "invoiceURL": f"{core.base_url}/files/{id_}/content",
    }
    if "customerId" in order.base:
        shown["customerId"] = order.base["customerId"]
    core.emit(event, shown, order.id)


def get_file(core: Core, call: Call) -> Response:
    """GET /files/{id}"""
    wire = core.document("file", call.id)
    links = [decode(row.wire) for row in core.storage.find("file_link", "fileId", call.id)]
    if links:
        wire["links"] = links
    return reply(200, wire)


def content(core: Core, call: Call) -> Response:
    """GET /files/{id}/content: the document itself, made anew from the order."""
    return Response(200, _pdf(core, call.id), {"Content-Type": "application/pdf"})


def _pdf(core: Core, file_id: str) -> bytes:
    made: Json = decode(core.row("file", file_id).state)
    return paper.document(sales.load(core, made["order"]), made["word"], made["at"])


def create_link(core: Core, call: Call) -> Response:
    """POST /file-links"""
    file_id = call.body["fileId"]
    if core.storage.wire("file", file_id) is None:
        raise invalid("fileId", "No such file.")
    _check_future(core, call.body["expiresTime"])
    id_ = core.ids.uuid()
    wire: Json = {
        "id": id_,
        "createdTime": core.stamp(),
        "expired": False,
        "expiresTime": call.body["expiresTime"],
        "fileId": file_id,
        "url": f"{core.base_url}/shared/{id_}/{core.ids.uuid()}",
        "liveMode": False,
    }
    if "metadata" in call.body:
        wire["metadata"] = call.body["metadata"]
    _save_link(core, wire)
    core.emit("fileLink.created", wire)
    return reply(201, wire)


def _check_future(core: Core, text: str) -> None:
    at = read_time(text)
    if at is None or at <= core.now:
        raise invalid("expiresTime", "Must be in the future.")


def _save_link(core: Core, wire: Json) -> None:
    columns = {
        "createdTime": at_of(wire, "createdTime"),
        "fileId": wire["fileId"],
        "expires": at_of(wire, "expiresTime"),
    }
    core.save("file_link", wire["id"], wire, {}, columns)


def _fresh(core: Core, wire: Json) -> Json:
    at = read_time(wire["expiresTime"])
    return {**wire, "expired": at is None or at <= core.now}


def get_link(core: Core, call: Call) -> Response:
    """GET /file-links/{id}"""
    return reply(200, _fresh(core, core.document("file_link", call.id)))


def list_links(core: Core, call: Call) -> Response:
    """GET /file-links"""
    flag = call.query.flags.get("expired")
    if flag is not None:
        sign = "<=" if flag else ">"
        more = Condition("expires", sign, micros(core.now))
        call.query = with_condition(call, more)
    pieces, has_more = core.page("file_link", call.query, {})
    data = [_fresh(core, decode(piece)) for piece in pieces]
    return reply(200, {"hasMore": has_more, "data": data})


def with_condition(call: Call, condition: Condition) -> Query:
    """The call's query with one more condition."""
    return replace(call.query, conditions=(*call.query.conditions, condition))


def update_link(core: Core, call: Call) -> Response:
    """POST /file-links/{id}"""
    wire = core.document("file_link", call.id)
    _check_future(core, call.body["expiresTime"])
    before = {"expiresTime": wire["expiresTime"]}
    wire = _fresh(core, {**wire, "expiresTime": call.body["expiresTime"]})
    _save_link(core, wire)
    core.emit("fileLink.updated", wire, previous=before)
    return reply(200, wire)


def delete_link(core: Core, call: Call) -> Response:
    """DELETE /file-links/{id}"""
    row = core.row("file_link", call.id)
    core.storage.delete("file_link", call.id)
    core.emit("fileLink.deleted", row.wire)
    return NO_CONTENT


def shared(core: Core, path: str) -> Response:
    """The public address of a link, no key asked; raises Problem 404 when it has expired."""
    wire = core.document("file_link", path.split("/")[2] if path.count("/") > 1 else "")
    if not wire["url"].endswith(path) or _fresh(core, wire)["expired"]:
        raise not_found()
    return Response(200, _pdf(core, wire["fileId"]), {"Content-Type": "application/pdf"})
