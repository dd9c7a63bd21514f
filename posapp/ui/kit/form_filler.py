"""Types into a web form whose inside nobody knows, whichever frame a field lies in. Never live.

Works on any vendor's page: fields are found by CSS selector in every frame and shadow root.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWebEngineCore import QWebEngineFrame, QWebEnginePage, QWebEngineScript

_STEP_MS: Final = 60
_WORLD: Final = QWebEngineScript.ScriptWorldId.UserWorld.value

_FIND: Final = """
  function find(root, selector) {
    const seen = [];
    for (const one of root.querySelectorAll(selector)) { seen.push(one); }
    for (const host of root.querySelectorAll('*')) {
      const inner = host.shadowRoot && find(host.shadowRoot, selector);
      if (inner) { seen.push(inner); }
    }
    return seen.find((one) => one.getClientRects().length > 0) || null;
  }
  const field = find(document, SELECTOR);
  if (!field) { return false; }
"""

_FILL: Final = """
  field.scrollIntoView({block: 'nearest'});
  field.focus();
  const tell = (name) => field.dispatchEvent(new Event(name, {bubbles: true, composed: true}));
  if (field.type === 'checkbox' || field.type === 'radio') {
    const wanted = !['', '0', 'false', 'no', 'off'].includes(VALUE.toLowerCase());
    if (field.checked !== wanted) { field.click(); }
  } else {
    const base = field instanceof HTMLSelectElement ? HTMLSelectElement
      : field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
    if (field instanceof base) {
      Object.getOwnPropertyDescriptor(base.prototype, 'value').set.call(field, VALUE);
    } else {
      field.textContent = VALUE;
    }
    tell('input'); tell('change');
  }
  field.blur();
  return true;
"""

_PRESS: Final = """
  if (field.disabled || field.getAttribute('aria-disabled') === 'true') { return false; }
  field.scrollIntoView({block: 'nearest'});
  field.click();
  return true;
"""

_READ: Final = """
  return '=' + (field.innerText || field.value || '').trim();
"""


class FormFiller(QObject):
    """Fills and presses in any frame of one page; waits until the field is there."""

    def __init__(self, page: QWebEnginePage, *, limit_s: float = 10.0) -> None:
        """`limit_s`: how long to look for a field before `done(False)`."""
        super().__init__(page)
        self._page = page
        self._limit_s = limit_s

    def fill(self, selector: str, value: str, done: Callable[[bool], None]) -> None:
        """Write `value` into the first visible field; boxes tick unless '', 0, false, no, off."""
        self._until_done(selector, _FILL, value, lambda answer: done(bool(answer)))

    def press(self, selector: str, done: Callable[[bool], None]) -> None:
        """Click the first visible, enabled element."""
        self._until_done(selector, _PRESS, "", lambda answer: done(bool(answer)))

    def read(self, selector: str, done: Callable[[str | None], None]) -> None:
        """Give the text of the first visible element, None when it never shows up."""
        self._until_done(
            selector,
            _READ,
            "",
            lambda answer: done(answer[1:] if isinstance(answer, str) else None),
        )

    def frames(self) -> Iterator[QWebEngineFrame]:
        """Every frame of the page, the main one first."""
        waiting = [self._page.mainFrame()]
        while waiting:
            frame = waiting.pop(0)
            if frame.isValid():
                yield frame
                waiting.extend(frame.children())

    def _until_done(
        self, selector: str, action: str, value: str, done: Callable[[object], None]
    ) -> None:
        source = _script(selector, action, value)
        _Search(self, source, time.monotonic() + self._limit_s, done).look()


class _Search(QObject):
    """One search through all frames, repeated until something answers or the time is up."""

    def __init__(
        self, filler: FormFiller, source: str, deadline: float, done: Callable[[object], None]
    ) -> None:
        super().__init__(filler)
        self._filler = filler
        self._source = source
        self._deadline = deadline
        self._done = done
        self._frames: list[QWebEngineFrame] = []

    def look(self) -> None:
        """Begin with the main frame."""
        self._frames = list(self._filler.frames())
        self._ask_next()

    def _ask_next(self) -> None:
        if self._frames:
            self._frames.pop(0).runJavaScript(self._source, _WORLD, self._on_answer)
        elif time.monotonic() < self._deadline:
            QTimer.singleShot(_STEP_MS, self, self.look)
        else:
            self._finish(None)

    def _on_answer(self, answer: object) -> None:
        if answer:
            self._finish(answer)
        else:
            self._ask_next()

    def _finish(self, answer: object) -> None:
        self._done(answer)
        self.deleteLater()


def _script(selector: str, action: str, value: str) -> str:
    facts = f"const SELECTOR = {json.dumps(selector)}, VALUE = {json.dumps(value)};"
    return f"(function () {{ {facts}\n{_FIND}\n{action}\n}})()"
