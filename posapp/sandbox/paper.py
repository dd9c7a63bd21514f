"""A small real PDF for invoices and credit memos, written by hand: one page, one font."""

from __future__ import annotations

from posapp.sandbox import money
from posapp.sandbox.sales import Order

LEFT, TOP, STEP = 56, 780, 16
MOST_LINES = 40


def document(order: Order, word: str, at: str) -> bytes:
    """The page of an order's invoice ("invoice") or credit memo ("credit-memo")."""
    return _pdf(_rows(order, word, at))


def _rows(order: Order, word: str, at: str) -> list[str]:
    seller = order.base.get("sellingEntity", {}).get("name", "")
    buyer = order.base.get("billTo", {})
    rows = [
        f"SANDBOX {word.upper()} - NOT A TAX DOCUMENT",
        f"{seller}   {at}",
        f"Order {order.id}",
        f"Sold to: {buyer.get('organization') or buyer.get('name', '')}",
        "",
    ]
    for line in order.lines[:MOST_LINES]:
        name = line.wire.get("productDetails", {}).get("name", line.sku or "")
        amount = money.number(line.parts[0], order.currency)
        rows.append(f"{line.quantity} x {name}   {amount} {order.currency}")
    if len(order.lines) > MOST_LINES:
        rows.append(f"and {len(order.lines) - MOST_LINES} more lines")
    total = money.number(order.total, order.currency)
    rows += ["", f"Tax {order.base['totalTax']}   Total {total} {order.currency}"]
    if word != "invoice" and order.refunded:
        rows.append(f"Refunded {money.number(order.refunded, order.currency)} {order.currency}")
    return rows


def _text(row: str) -> bytes:
    plain = row.encode("cp1252", "replace")
    return plain.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _pdf(rows: list[str]) -> bytes:
    page = b"BT /F1 11 Tf %d TL %d %d Td\n" % (STEP, LEFT, TOP)
    page += b"".join(b"(%b) Tj T*\n" % _text(row) for row in rows) + b"ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return out + b"startxref\n%d\n%%%%EOF\n" % start
