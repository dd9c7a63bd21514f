"""The legal texts of a selling entity, to be shown beside a sale; never edits their words.

The service writes them as HTML with links (drop-in.md 5.1); labels and paper take them plain.
"""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser


@dataclass(frozen=True, slots=True)
class DisclosureText:
    """One legal text as the service wrote it: HTML with links, and its own page's address or ''."""

    key: str
    html: str
    url: str

    @property
    def plain(self) -> str:
        """The text without its markup, for labels and paper."""
        return _Plain.of(self.html).text

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """(words, address) of each link in the text, https and http only."""
        return _Plain.of(self.html).links


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The legal texts of one selling entity in one language for one country (drop-in.md 5.1)."""

    entity_id: str
    entity_name: str
    language: str
    country: str
    texts: tuple[DisclosureText, ...]

    def text(self, key: str) -> DisclosureText | None:
        """The text under `key` (as `resellerDisclosure`); None when not required there."""
        return next((text for text in self.texts if text.key == key), None)


class _Plain(HTMLParser):
    """Takes the markup off a legal text and remembers its links."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._words: list[str] = []
        self._link: str | None = None
        self._link_words: list[str] = []
        self._hidden = 0
        self._links: list[tuple[str, str]] = []

    @classmethod
    def of(cls, html: str) -> _Plain:
        plain = cls()
        plain.feed(html)
        plain.close()
        return plain

    @property
    def text(self) -> str:
        lines = "".join(self._words).split("\n")
        return "\n".join(line for line in (" ".join(row.split()) for row in lines) if line)

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        return tuple(self._links)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style"}:
            self._hidden += 1
        elif tag in {"br", "p", "li", "div"}:
            self._words.append("\n")
        elif tag == "a":
            address = dict(attrs).get("href") or ""
            self._link = address if address.startswith(("https://", "http://")) else None
            self._link_words = []

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._hidden = max(0, self._hidden - 1)
        elif tag == "a" and self._link is not None:
            self._links.append((" ".join("".join(self._link_words).split()), self._link))
            self._link = None

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        self._words.append(data)
        if self._link is not None:
            self._link_words.append(data)
