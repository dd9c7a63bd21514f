"""What a start of the program rests on. Imports nothing heavy: it is made before the window."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from posapp.config.paths import Paths
from posapp.config.settings import Settings


@dataclass(frozen=True, slots=True)
class Start:
    """Folders, settings, and what they came from."""

    paths: Paths
    settings: Settings
    environ: dict[str, str] = field(repr=False)  # keys and passwords are in there
    flags: dict[str, object] = field(repr=False)
    shop_file: Path | None = None
