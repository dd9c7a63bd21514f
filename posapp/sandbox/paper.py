"""A small real PDF for invoices and credit memos, written by hand: one page, one font."""

from __future__ import annotations

from posapp.sandbox import money
from posapp.sandbox.sales import Order

LEFT, TOP, STEP = 56, 780, 16
MOST_LINES = 40
_KEYS = ("invoice", "credit-memo", "no paper", "order", "sold to", "tax number", "tax", "total",
         "refunded")  # fmt: skip
# languages that the one font can spell; the others get English
WORDS: dict[str, dict[str, str]] = {
    language: dict(zip(_KEYS, words, strict=True))
    for language, words in {
        "en": ("Invoice", "Credit memo", "NOT A TAX DOCUMENT", "Order", "Sold to", "Tax number",
               "Tax", "Total", "Refunded"),
        "de": ("Rechnung", "Gutschrift", "KEIN STEUERBELEG", "Bestellung", "Verkauft an",
               "Steuernummer", "Steuer", "Gesamt", "Erstattet"),
        "fr": ("Facture", "Avoir", "SANS VALEUR FISCALE", "Commande", "Vendu à",
               "Numéro de TVA", "Taxe", "Total", "Remboursé"),
        "es": ("Factura", "Abono", "SIN VALOR FISCAL", "Pedido", "Vendido a", "Número fiscal",
               "Impuesto", "Total", "Reembolsado"),
        "it": ("Fattura", "Nota di credito", "SENZA VALORE FISCALE", "Ordine", "Venduto a",
               "Partita IVA", "Imposta", "Totale", "Rimborsato"),
        "nl": ("Factuur", "Creditnota", "GEEN FISCAAL DOCUMENT", "Bestelling", "Verkocht aan",
               "Btw-nummer", "Belasting", "Totaal", "Terugbetaald"),
    }.items()
}  # fmt: skip


def document(order: Order, word: str, at: str) -> bytes:
    """The page of an order's invoice ("invoice") or credit memo ("credit-memo")."""
    return _pdf(_rows(order, word, at))


def _rows(order: Order, word: str, at: str) -> list[str]:
    seller = order.base.get("sellingEntity", {}).get("name", "")
    buyer = order.base.get("billTo", {})
    say = WORDS.get(str(order.base.get("locale", ""))[:2], WORDS["en"])
    rows = [
        f"SANDBOX - {say[word].upper()} - {say['no paper']}",
        f"{seller}   {at}",
        f"{say['order']} {order.id}",
        f"{say['sold to']}: {buyer.get('organization') or buyer.get('name', '')}",
        *_tax_numbers(order, say),
        "",
    ]
    for line in order.lines[:MOST_LINES]:
        name = line.wire.get("productDetails", {}).get("name", line.sku or "")
        amount = money.number(line.parts[0], order.currency)
        rows.append(f"{line.quantity} x {name}   {amount} {order.currency}")
    if len(order.lines) > MOST_LINES:
        rows.append(f"+ {len(order.lines) - MOST_LINES}")
    total = money.number(order.total, order.currency)
    tax = order.base["totalTax"]
    rows += ["", f"{say['tax']} {tax}   {say['total']} {total} {order.currency}"]
    if word != "invoice" and order.refunded:
        refunded = money.number(order.refunded, order.currency)
        rows.append(f"{say['refunded']} {refunded} {order.currency}")
    return rows


def _tax_numbers(order: Order, say: dict[str, str]) -> list[str]:
    """The buyer's tax numbers; they are printed in any state (contract section 16)."""
    numbers = [each["value"] for each in order.base.get("taxIdentifiers", [])]
    return [f"{say['tax number']}: {', '.join(numbers)}"] if numbers else []


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
