"""Lines and totals exactly as the service returned them. Adds nothing up itself."""

from __future__ import annotations

from posapp.domain.money import Money
from posapp.domain.sale import Quote, QuoteLine
from posapp.domain.words import tr
from posapp.ui.kit.fields import money_words
from posapp.ui.kit.panels import Detail, DetailRows
from posapp.ui.kit.table import Align, CellKind, Column, RowsModel
from posapp.ui.kit.table_view import TableView
from posapp.ui.sale.words import rate, tax_line


def quote_columns() -> tuple[Column[QuoteLine], ...]:
    """Return the columns of a quote: quantity, product, rate, tax, amount."""
    end = Align.END
    return (
        Column(
            tr("Qty"), lambda line: f"{line.quantity} ×", align=end, kind=CellKind.STRONG, width=4
        ),
        Column(tr("Product"), lambda line: line.name or line.sku, tip=_tip, width=0),
        Column(
            tr("Tax rate"), lambda line: rate(line.rate), align=end, kind=CellKind.MUTED, width=8
        ),
        Column(tr("Tax"), lambda line: money_words(line.tax), align=end, width=9),
        Column(
            tr("Amount"),
            lambda line: money_words(line.amount),
            align=end,
            kind=CellKind.MONEY,
            width=10,
        ),
    )


def _tip(line: QuoteLine) -> str:
    extras = (
        (tr("Duty"), line.duty),
        (tr("Importer tax"), line.importer_tax),
        (tr("Fees"), line.fees),
    )
    said = [f"{name}: {money_words(money)}" for name, money in extras if money]
    if line.seller_tax_id:
        said.append(tr("Seller’s tax number: {number}", number=line.seller_tax_id))
    return "\n".join([line.sku, *said])


def totals(quote: Quote, *, shipping: str = "") -> tuple[Detail, ...]:
    """Return the totals as they stand in the checkout; what is nothing is left out.

    `shipping` is the name of the way to ship.
    """
    way = tr("Shipping, {way}", way=shipping) if shipping else tr("Shipping")
    fees = [(_fee_words(fee.type), fee.amount) for fee in quote.fee_details if fee.amount]
    parts: list[tuple[str, Money]] = [
        (tr("Discount"), -quote.discount if quote.discount else quote.discount),
        (way, quote.shipping),
        *(fees or [(tr("Fees"), quote.fees)]),
        (tr("Duty"), quote.duty),
    ]
    shown = [(label, money) for label, money in parts if money]
    # The service's subtotal holds shipping, fees and duty already (contract 4.1): it stands below.
    subtotal = tr("Subtotal with the above") if shown else tr("Subtotal")
    shown.append((subtotal, quote.subtotal))
    if quote.importer_tax:
        shown.append((tr("Importer tax"), quote.importer_tax))
    tax = tax_line(quote.disclosure_country, inclusive=quote.tax_inclusive)
    shown.append((tax, quote.tax))
    return tuple(Detail(label, money_words(money), is_amount=True) for label, money in shown)


def _fee_words(kind: str) -> str:
    return kind.replace("_", " ").capitalize() or tr("Fee")


class QuoteTable(TableView):
    """The lines of a quote."""

    def __init__(self, name: str = "quote_table") -> None:
        self.quoted: RowsModel[QuoteLine] = RowsModel(quote_columns(), lambda line: line.line_id)
        super().__init__(self.quoted, name=name, label=tr("Lines as priced"))

    def show_quote(self, quote: Quote | None) -> None:
        """Show these lines, or none."""
        self.quoted.set_rows(quote.lines if quote is not None else ())


class TotalsView(DetailRows):
    """The totals of a quote, the sum to pay last."""

    def __init__(self, name: str = "totals_view") -> None:
        super().__init__(name=name)

    def show_quote(self, quote: Quote | None, *, shipping: str = "") -> None:
        """Show these totals, or none."""
        if quote is None:
            self.show_details(())
            return
        total = Detail(tr("To pay"), money_words(quote.total), is_amount=True, is_strong=True)
        self.show_details((*totals(quote, shipping=shipping), total))
