"""Where the program's files lie on this computer. Never makes or touches one, save by `make`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

APP = "posapp"


@dataclass(frozen=True, slots=True)
class Paths:
    """The program's folders; `make` makes them, for this user only."""

    config: Path
    data: Path
    logs: Path

    @property
    def settings_file(self) -> Path:
        """The TOML file of this till."""
        return self.config / "settings.toml"

    @property
    def secrets_file(self) -> Path:
        """Where keys go when the computer has no keyring."""
        return self.config / "secrets.json"

    @property
    def journal_file(self) -> Path:
        """The till's own SQLite file."""
        return self.data / "journal.sqlite3"

    @property
    def sandbox_folder(self) -> Path:
        """The world of the training service."""
        return self.data / "sandbox"

    @property
    def backups(self) -> Path:
        """Copies of the store made before an upgrade."""
        return self.data / "backups"

    def make(self) -> Paths:
        """Make the folders that are missing, closed to other users where the system can."""
        for folder in (self.config, self.data, self.logs):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self


def store_file(data: Path, mode: str) -> Path:
    """Return the till's SQLite file of this mode: each mode has one of its own (design 4)."""
    return data / f"{mode}.sqlite"


def find_paths(environ: Mapping[str, str], *, platform: str = sys.platform) -> Paths:
    """Return the folders: all below `POSAPP_HOME` if that is set, else where the system keeps such.

    platformdirs reads the system's own variables (XDG_…, LOCALAPPDATA); `platform` is for tests.
    """
    home = environ.get("POSAPP_HOME", "").strip()
    if home:
        return paths_below(Path(home).expanduser().absolute())
    if platform == "win32":
        from platformdirs.windows import Windows as Folders
    elif platform == "darwin":
        from platformdirs.macos import MacOS as Folders  # type: ignore[assignment]
    else:
        from platformdirs.unix import Unix as Folders  # type: ignore[assignment]
    folders = Folders(APP, appauthor=False)
    return Paths(
        Path(folders.user_config_dir), Path(folders.user_data_dir), Path(folders.user_log_dir)
    )


def paths_below(home: Path) -> Paths:
    """Return the folders of a program that keeps everything below one."""
    return Paths(home / "config", home / "data", home / "logs")
