"""Finds the `resources/` folder: beside the package, inside a wheel, inside a frozen build.
Never writes there.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import posapp


class ResourceMissing(FileNotFoundError):
    """A file the program ships with is not where it should be: the installation is damaged."""


def candidates() -> tuple[Path, ...]:
    """Return the places the folder may be, in the order they are tried."""
    package = Path(posapp.__file__).resolve().parent
    frozen = getattr(sys, "_MEIPASS", None)  # PyInstaller unpacks the program's data here
    places = [Path(frozen) / "resources"] if frozen else []
    return (
        *places,
        package.parent / "resources",  # a clone, or a Nuitka folder: beside the package
        package / "resources",  # a wheel: moved into the package so that it cannot clash
        Path(sys.executable).resolve().parent / "resources",
    )


@cache
def folder() -> Path:
    """Return the folder with themes, styles, icons and the payment page. Raises ResourceMissing."""
    for place in candidates():
        if (place / "themes").is_dir():
            return place
    looked = ", ".join(str(place) for place in candidates())
    raise ResourceMissing(f"no resources folder found; looked in {looked}")


def path(*parts: str) -> Path:
    """Return the path of one shipped file, such as `path("icons", "sell.svg")`.

    Raises ResourceMissing.
    """
    found = folder().joinpath(*parts)
    if not found.is_file():
        raise ResourceMissing(f"missing resource {'/'.join(parts)} in {folder()}")
    return found


def text(*parts: str) -> str:
    """Return the text of one shipped file (UTF-8). Raises ResourceMissing."""
    return path(*parts).read_text(encoding="utf-8")
