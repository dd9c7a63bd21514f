"""The log: JSON lines in a file that rolls over, redacted and written by a thread of its own.

Never blocks whoever logs, never ends the program because a disk is full.
"""

from __future__ import annotations

import json
import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from pathlib import Path
from typing import Final

from posapp.config.redaction import nothing_known, redact

LOG_FILE: Final = "posapp.jsonl"
LARGEST_FILE: Final = 5_000_000
"""Bytes after which the file rolls over."""
FILES_KEPT: Final = 5
BATCH_S: Final = 0.2
"""How long a line of no alarm may wait for company."""

FACTS: Final = (
    "method", "path", "status", "ms", "request_id", "order_id", "sale", "intent", "event",
    "reference", "till",
)  # fmt: skip
"""The only `extra=` fields that reach the file: facts about the shop, not about people."""


class JsonLines(logging.Formatter):
    """One JSON object a line: when, how bad, who, what; redacted."""

    def __init__(self, is_known: Callable[[str], bool] = nothing_known) -> None:
        super().__init__()
        self._is_known = is_known

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {
            "at": at.replace("+00:00", "Z"),
            "level": record.levelname,
            "from": record.name,
            "what": redact(record.getMessage(), self._is_known),
        }
        for fact in FACTS:
            value = getattr(record, fact, None)
            if value is not None:
                told = value if isinstance(value, (int, float)) else None
                line[fact] = told if told is not None else redact(str(value), self._is_known)
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            line["trace"] = redact(record.exc_text, self._is_known)
        return json.dumps(line, ensure_ascii=False)


class _Hand(QueueHandler):
    """Hands records over with their text made, so that nothing mutable travels to the thread."""

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """Return a copy of the record that needs nothing of its caller any more."""
        made = logging.makeLogRecord(record.__dict__)
        made.msg, made.args = record.getMessage(), None
        if record.exc_info:
            made.exc_text = logging.Formatter().formatException(record.exc_info)
            made.exc_info = None
        return made


class _Scribe(QueueListener):
    """Writes in batches: a thread that woke for each line would fight the loop for every one.

    Anything worse than INFO is written at once.
    """

    def __init__(
        self, records: queue.SimpleQueue[logging.LogRecord], handlers: list[logging.Handler]
    ) -> None:
        super().__init__(records, *handlers)
        self._records = records
        self._ending = threading.Event()

    def dequeue(self, block: bool) -> logging.LogRecord:
        """Return the next record; the first of a batch lets others gather."""
        if not self._records.empty():
            return super().dequeue(False)
        record = super().dequeue(block)
        if getattr(record, "levelno", logging.ERROR) <= logging.INFO:
            self._ending.wait(BATCH_S)
        return record

    def stop(self) -> None:
        """Write what is left and end."""
        self._ending.set()
        super().stop()


@dataclass(slots=True)
class Logs:
    """The running log; `stop` writes what is left and takes the handlers away again."""

    file: Path
    problem: str
    _hand: QueueHandler
    _listener: QueueListener
    _before: int
    _stopped: bool = False

    def stop(self) -> None:
        """Write out, close, and leave the root logger as it was; the second time does nothing."""
        if self._stopped:
            return
        self._stopped = True
        root = logging.getLogger()
        root.removeHandler(self._hand)
        root.setLevel(self._before)
        self._listener.stop()
        for handler in self._listener.handlers:
            handler.close()
        self._hand.close()


def start(
    folder: Path,
    *,
    level: int = logging.INFO,
    console: bool = False,
    is_known: Callable[[str], bool] = nothing_known,
) -> Logs:
    """Begin to log into `folder`. A folder that cannot be written is told in `Logs.problem`.

    `is_known` is asked by the log's thread about digits that look like a card number.
    """
    lines = JsonLines(is_known)
    handlers: list[logging.Handler] = []
    problem = ""
    file = folder / LOG_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
        rolling = RotatingFileHandler(
            file, maxBytes=LARGEST_FILE, backupCount=FILES_KEPT, encoding="utf-8"
        )
        handlers.append(rolling)
    except OSError as error:
        problem = f"the log cannot be written: {error.strerror or type(error).__name__}"
    if console or problem:
        handlers.append(logging.StreamHandler())
    for handler in handlers:
        handler.setFormatter(lines)
    records: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    hand = _Hand(records)
    listener = _Scribe(records, handlers)
    root = logging.getLogger()
    before = root.level
    root.setLevel(level)
    root.addHandler(hand)
    for chatty in ("httpx", "httpcore", "asyncio", "keyring"):
        logging.getLogger(chatty).setLevel(logging.WARNING)  # httpx would log whole addresses
    listener.start()
    return Logs(file, problem, hand, listener, before)
