"""The seller's legal texts for a quote: from the store when they were loaded before, else from the
service's script. No text, no order (design 5). Never edits a word.
"""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from posapp.domain.errors import NoDisclosure
from posapp.domain.legal_text import Disclosure
from posapp.domain.sale import Quote
from posapp.ui.kit.web import PaymentView, UnsafeWebEngine
from posapp.ui.sale.counter import Counter


class LegalTexts(QObject):
    """Asks for one quote's texts at a time; a newer question silences the older one."""

    def __init__(self, counter: Counter, owner: QWidget) -> None:
        super().__init__(owner)
        self._counter = counter
        self._owner = owner
        self._view: PaymentView | None = None
        self._focus: QWidget | None = None
        self._wanted: Quote | None = None
        self._done: Callable[[Disclosure], None] | None = None
        self._failed: Callable[[Exception], None] | None = None

    def want(
        self,
        quote: Quote,
        *,
        done: Callable[[Disclosure], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Have the texts of this quote's seller and country; `failed` gets NoDisclosure."""
        self.forget()
        self._wanted, self._done, self._failed = quote, done, failed
        self._counter.run(
            self,
            self._counter.desk.disclosure(quote),
            done=lambda found: self._on_looked_up(quote, found),
            failed=lambda error: self._end_badly(quote, error),
        )

    def forget(self) -> None:
        """Want nothing any more, and let the page go."""
        self._wanted = self._done = self._failed = None
        self._drop_view()

    def _on_looked_up(self, quote: Quote, found: Disclosure | None) -> None:
        if self._wanted is not quote:
            return
        if found is not None:
            self._end_well(found)
            return
        self._focus = QApplication.focusWidget()
        view = self._counter.forms.make_view(self._owner)
        view.hide()
        self._view = view
        view.disclosure.connect(self._on_loaded)
        view.lost.connect(lambda _reason: self._missing(quote))
        try:
            self._counter.forms.open_texts(view, quote, self._counter.desk.shop.locale)
        except (UnsafeWebEngine, ValueError) as error:
            self._end_badly(quote, error)

    def _on_loaded(self, loaded: Disclosure) -> None:
        if self._wanted is None:
            return
        self._counter.run(
            self,
            self._counter.desk.keep_disclosure(loaded),
            done=lambda _nothing: self._end_well(loaded),
            failed=lambda _error: self._end_well(loaded),  # shown all the same, only not kept
        )

    def _missing(self, quote: Quote) -> None:
        error = NoDisclosure(quote.selling_entity_id, quote.disclosure_country)
        self._end_badly(quote, error)

    def _end_well(self, found: Disclosure) -> None:
        done = self._done
        self.forget()
        if done is not None:
            done(found)

    def _end_badly(self, quote: Quote, error: Exception) -> None:
        if self._wanted is not quote:
            return
        failed = self._failed
        self.forget()
        if failed is not None:
            failed(error)

    def _drop_view(self) -> None:
        view, self._view = self._view, None
        if view is not None:
            view.dispose()
            view.deleteLater()
            self._give_focus_back()

    def _give_focus_back(self) -> None:
        """A page that loads takes the keyboard, seen or not; the clerk's keys go where they
        went.
        """
        before, self._focus = self._focus, None
        known = before is not None and shiboken6.isValid(before) and before.isVisible()
        if before is not None and known:
            before.setFocus()
        elif self._owner.isVisible():
            self._owner.setFocus()
