"""Fails a test on any log record of WARNING or above that it did not announce.
Never filters what the program logs.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest


@dataclass(slots=True)
class _Expected:
    pattern: re.Pattern[str]
    level: int
    logger: str
    seen: list[logging.LogRecord] = field(default_factory=list)

    def takes(self, record: logging.LogRecord) -> bool:
        """Say whether this is the record that was announced, and remember it."""
        fits = (
            record.levelno == self.level
            and record.name.startswith(self.logger)
            and self.pattern.search(record.getMessage()) is not None
        )
        if fits:
            self.seen.append(record)
        return fits


class LogWatch(logging.Handler):
    """Collects every record of WARNING and above during one test."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []
        self._expected: list[_Expected] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Remember the record."""
        self.records.append(record)

    def expect(
        self, pattern: str, *, level: int = logging.WARNING, logger: str = ""
    ) -> list[logging.LogRecord]:
        """Announce records whose message matches `pattern`; the test fails if none ever comes.

        Returns the list of the records seen, filled at the end of the test.
        """
        expected = _Expected(re.compile(pattern), level, logger)
        self._expected.append(expected)
        return expected.seen

    def verdict(self) -> str:
        """Return what is wrong, or nothing."""
        stray = [r for r in self.records if not any([e.takes(r) for e in self._expected])]
        said = [f"unexpected {r.levelname} from {r.name}: {r.getMessage()}" for r in stray]
        for expected in self._expected:
            if not expected.seen:
                said.append(f"the announced log record never came: {expected.pattern.pattern!r}")
        return "\n".join(said)


@pytest.fixture(autouse=True)
def log_watch() -> Iterator[LogWatch]:
    """Watch the log for the length of one test; every test has it."""
    watch = LogWatch()
    root = logging.getLogger()
    root.addHandler(watch)
    try:
        yield watch
    finally:
        root.removeHandler(watch)
    if wrong := watch.verdict():
        pytest.fail(wrong, pytrace=False)


@pytest.fixture
def expected_log(log_watch: LogWatch) -> LogWatch:
    """Announce warnings and errors of this test: `expected_log.expect("no answer")`."""
    return log_watch
