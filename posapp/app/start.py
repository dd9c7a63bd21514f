"""What a start of the program rests on. Imports nothing heavy: it is made before the window."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from posapp.config.paths import Paths
from posapp.config.settings import Settings


@dataclass(frozen=True, slots=True)
class Start:
    """Folders, settings, and what they came from."""

    paths: Paths
    settings: Settings
    environ: dict[str, str]
    flags: dict[str, object]
    shop_file: Path | None = None
