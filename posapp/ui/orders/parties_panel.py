"""Who bought and where the goods go. Shows; never edits."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from posapp.domain.customer import Party
from posapp.domain.order import Order
from posapp.domain.words import tr
from posapp.ui.kit.panels import Card, clear, column, holder, row
from posapp.ui.kit.texts import Text
from posapp.ui.kit.theme import Type


def party_words(party: Party) -> str:
    """Return name and address as on an envelope."""
    place = party.address
    town = " ".join(part for part in (place.postal_code, place.city) if part)
    lines = (
        party.organization,
        party.name,
        place.line1,
        place.line2,
        " ".join(part for part in (town, place.state) if part),
        place.country,
    )
    return "\n".join(line for line in lines if line)


class PartiesPanel(Card):
    """Ship-to beside bill-to; one of them when they are the same."""

    def __init__(self) -> None:
        super().__init__(tr("Customer"), name="parties_panel")
        self._shown: Order | None = None

    def show_order(self, order: Order) -> None:
        """Show this order's parties."""
        if order == self._shown:
            return
        self._shown = order
        clear(self.body)
        ship, bill = order.ship_to, order.bill_to
        if ship is not None and ship == bill:
            columns = [self._party(tr("Ship and bill to"), ship)]
        else:
            columns = [
                self._party(title, party)
                for title, party in ((tr("Ship to"), ship), (tr("Bill to"), bill))
                if party is not None
            ]
        reach = [order.email or (bill.email if bill else ""), bill.phone if bill else ""]
        told = " · ".join(part for part in reach if part)
        self.add(row(*columns, gap=2))
        if told:
            self.add(Text(told, muted=True, wrap=True))

    def _party(self, title: str, party: Party) -> QWidget:
        lines = column(
            Text(title, Type.CAPTION, muted=True), Text(party_words(party), wrap=True), gap=0.25
        )
        return holder(lines)
