"""The seller's texts as the buyer may read them: plain words, links as buttons that open
elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from posapp.domain.legal_text import Disclosure
from posapp.domain.words import tr
from posapp.ui.kit.buttons import Button, Kind, Size
from posapp.ui.kit.panels import clear, column, holder, row, scrolled
from posapp.ui.kit.texts import IconLabel, Text
from posapp.ui.kit.theme import Type

SHOWN: tuple[str, ...] = (
    "resellerDisclosure",
    "cancellationRights",
    "warrantyInformation",
    "invoiceAgreement",
    "japaneseCommerceLaw",
)
"""The texts that stand on the screen itself, when the seller has them (drop-in.md 5.3)."""
LINKED: tuple[str, ...] = (
    "termsOfSale",
    "privacyPolicy",
    "cookiePolicy",
    "cancellationRights",
    "legalNotice",
    "californiaPrivacyRights",
    "refundPolicy",
    "returnPolicy",
)
CONFIRM = "confirmDisclosure"
LINKS_A_ROW = 3
SCROLLER = 24


def link_words(key: str) -> str:
    """Return what a text is called."""
    return {
        "termsOfSale": tr("Terms of sale"),
        "privacyPolicy": tr("Privacy"),
        "cookiePolicy": tr("Cookies"),
        "cancellationRights": tr("Right to cancel"),
        "legalNotice": tr("Legal notice"),
        "californiaPrivacyRights": tr("California privacy"),
        "refundPolicy": tr("Refunds"),
        "returnPolicy": tr("Returns"),
    }[key]


class LegalView(QWidget):
    """Who sells, the texts that must be seen, and links to the rest."""

    link_opened = Signal(str)  # an address, to be opened outside the till

    def __init__(self, name: str = "legal_view", *, keys: Sequence[str] = SHOWN) -> None:
        super().__init__()
        self.setObjectName(name)
        self._keys = tuple(keys)
        self.seller = Text("", Type.STRONG, wrap=True, name=f"{name}_seller")
        self.text = Text("", muted=True, wrap=True, name=f"{name}_text")
        self._link_buttons: list[Button] = []
        self._links = QGridLayout()
        self._links.setContentsMargins(0, 0, 0, 0)
        self._links.setHorizontalSpacing(0)
        self._links.setVerticalSpacing(0)
        self._links.setColumnStretch(LINKS_A_ROW, 1)
        head = row(IconLabel("shop"), self.seller)
        head.setStretch(1, 1)
        inside = column(head, self.text, self._links, 1, gap=1)
        self.setLayout(column(scrolled(holder(inside), name=f"{name}_scroll"), gap=0))
        self.show_nothing()

    def show_nothing(self) -> None:
        """There is no seller yet."""
        self._show("", "", ())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's override: as many links beside each other as there is room for."""
        super().resizeEvent(event)
        self._lay_links()

    def show_waiting(self, seller: str) -> None:
        """Say that the texts are on their way."""
        self._show(seller, tr("The seller’s legal texts are loading …"), ())

    def show_missing(self, seller: str) -> None:
        """Say that they could not be had."""
        self._show(seller, tr("The seller’s legal texts are missing. Without them no order."), ())

    def show_texts(self, disclosure: Disclosure) -> None:
        """Show the texts of this seller."""
        found = [disclosure.text(key) for key in self._keys]
        words = "\n\n".join(text.plain for text in found if text is not None and text.plain)
        links = []
        for key in LINKED:
            text = disclosure.text(key)
            if text is not None and text.url:
                links.append((link_words(key), text.url))
        self._show(disclosure.entity_name, words, links)

    def _show(self, seller: str, words: str, links: Sequence[tuple[str, str]]) -> None:
        self.seller.setText(tr("Sold by {seller}", seller=seller) if seller else "")
        self.text.setText(words)
        clear(self._links)
        self._link_buttons = []
        for words_of_link, address in links:
            button = Button(
                words_of_link,
                name=f"link_{words_of_link.lower().replace(' ', '_')}",
                kind=Kind.QUIET,
                size=Size.SMALL,
            )
            button.setToolTip(address)
            button.clicked.connect(lambda _on=False, to=address: self.link_opened.emit(to))
            self._link_buttons.append(button)
        self._lay_links()

    def _lay_links(self) -> None:
        widths = [link.sizeHint().width() for link in self._link_buttons]

        def needed(a_row: int) -> int:
            return sum(max(widths[at::a_row], default=0) for at in range(a_row))

        room = self.width() - SCROLLER
        a_row = next((n for n in range(LINKS_A_ROW, 1, -1) if needed(n) <= room), 1)
        for at, link in enumerate(self._link_buttons):
            self._links.addWidget(link, at // a_row, at % a_row, Qt.AlignmentFlag.AlignLeft)
