"""Where the environment's files lie, on each operating system. Touches no disk."""

from __future__ import annotations

from pathlib import Path, PurePath

RUNTIME = "runtime"
TEST = "test"


class Layout:
    """The paths of one checkout. `root` is the folder that holds main.py."""

    __slots__ = ("root", "windows")

    def __init__(self, root: PurePath, *, windows: bool) -> None:
        self.root = root
        self.windows = windows

    @property
    def venv(self) -> PurePath:
        return self.root / ".venv"

    @property
    def scripts(self) -> PurePath:
        return self.venv / ("Scripts" if self.windows else "bin")

    @property
    def python(self) -> PurePath:
        return self.scripts / ("python.exe" if self.windows else "python")

    @property
    def stamp(self) -> PurePath:
        return self.venv / "posapp-stamp.json"

    @property
    def busy(self) -> PurePath:
        """The file that one set-up at a time holds locked."""
        return self.root / ".venv.lock"

    def site_packages(self, version: str) -> PurePath:
        """Return the folder of installed packages for a Python `version` such as 3.11.2."""
        if self.windows:
            return self.venv / "Lib" / "site-packages"
        major, minor = version.split(".")[:2]
        return self.venv / "lib" / f"python{major}.{minor}" / "site-packages"

    def requirements(self, group: str) -> PurePath:
        name = "requirements-test.lock" if group == TEST else "requirements.lock"
        return self.root / name


def on_disk(path: PurePath) -> Path:
    """Return the path as one that can be opened here."""
    return Path(path)
