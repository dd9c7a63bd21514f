"""What this till was told: defaults, then a TOML file, then the environment, then flags.

Keys and passwords of people never stand here (`secrets.py`), nor does what belongs to the shop
and its store: name, address, currency, prices.
"""

from __future__ import annotations

import dataclasses
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from posapp.config.network import UnsafeUrl, require_https_outside_loopback

API_URL = "https://api.digitalriver.com"
JS_URL = "https://js.digitalriverws.com/v1"


class Theme(StrEnum):
    """Which colours the window has."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Density(StrEnum):
    """How large the targets are."""

    COMPACT = "compact"
    COMFORTABLE = "comfortable"
    TOUCH = "touch"


@dataclass(eq=False)
class BadSettings(Exception):
    """A setting that cannot be used: where it stands and what is wrong, in words for a person.

    `line` is 0 where there is no line to point at: the environment, a flag.
    """

    where: str
    line: int
    problem: str

    def __str__(self) -> str:
        """Return place and problem in one line."""
        place = f"{self.where}, line {self.line}" if self.line else self.where
        return f"{place}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of this till. `text_scale` is in percent, 100 to 200.

    The database's address, with its password, is in neither `str` nor `repr`.
    """

    training: bool = True
    api_url: str = API_URL
    js_url: str = JS_URL
    public_key: str = ""
    database_url: str = field(default="", repr=False)
    training_uses_database: bool = False
    till: str = "Till 1"
    theme: Theme = Theme.SYSTEM
    text_scale: int = 100
    density: Density = Density.COMFORTABLE
    language: str = ""

    @property
    def store_url(self) -> str:
        """The shared store's address; '' means the file beside the journal (design 4)."""
        if self.training and not self.training_uses_database:
            return ""
        return self.database_url


_FIELDS = {field.name: field for field in dataclasses.fields(Settings)}
ENVIRONMENT: Mapping[str, str] = {
    "POSAPP_API_URL": "api_url",
    "POSAPP_JS_URL": "js_url",
    "POSAPP_PUBLIC_KEY": "public_key",
    "POSAPP_DATABASE_URL": "database_url",
}
"""Variable → setting. `POSAPP_API_KEY` is a secret and `POSAPP_HOME` a place: not here."""


def fixed_by(environ: Mapping[str, str], flags: Mapping[str, object]) -> dict[str, str]:
    """Return what fixes a setting for this start, by the setting's name: a variable or a flag."""
    fixed = {
        name: variable
        for variable, name in ENVIRONMENT.items()
        if environ.get(variable, "").strip()
    }
    told = [name for name, value in flags.items() if value is not None]
    fixed |= {name: f"--{name.replace('_', '-')}" for name in told}
    if "api_url" in fixed:
        fixed.setdefault("training", fixed["api_url"])
    return fixed


def load(
    file: Path,
    environ: Mapping[str, str],
    flags: Mapping[str, object] | None = None,
) -> Settings:
    """Return the settings in force. Raises BadSettings.

    Whoever names a service by variable or flag wants that one: training is then off, unless a
    flag says otherwise.
    """
    settings = load_file(file)
    for variable, name in ENVIRONMENT.items():
        value = environ.get(variable, "").strip()
        if value:
            settings = _with(settings, name, value, variable, 0)
    flags = {name: value for name, value in (flags or {}).items() if value is not None}
    if environ.get("POSAPP_API_URL", "").strip() or "api_url" in flags:
        settings = replace(settings, training=False)
    for name, told in flags.items():
        settings = _with(settings, name, told, f"--{name.replace('_', '-')}", 0)
    return settings


def load_file(file: Path) -> Settings:
    """Return the settings as the file has them; the defaults without a file. Raises BadSettings."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(str(file), 0, f"the file cannot be read: {error}") from error
    try:
        held = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        at = int(line[1]) if line else text.count("\n") + 1
        raise BadSettings(str(file), at, f"not valid TOML: {error}") from error
    settings = Settings()
    for name, value in held.items():
        settings = _with(settings, name, value, str(file), _line_of(text, name))
    return settings


def save(settings: Settings, file: Path) -> None:
    """Write the file, whole or not at all, readable by this user only. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = "# Settings of this till. Keys are kept elsewhere.\n" + "".join(
        f"{name} = {_toml(value)}\n"
        for name in _FIELDS
        if (value := getattr(settings, name)) != _FIELDS[name].default
    )
    write_private(file, text)


def change(file: Path, **changes: object) -> Settings:
    """Change single settings in the file and leave the rest of it; return what it holds now.

    What the environment or a flag says never gets into the file this way. Raises BadSettings.
    """
    settings = load_file(file)
    for name, value in changes.items():
        settings = _with(settings, name, value, name, 0)
    save(settings, file)
    return settings


def write_private(file: Path, text: str) -> None:
    """Replace the file at once, mode 0600: a crash leaves the old one or the new one whole."""
    import tempfile

    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    written = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        written.replace(file)
    finally:
        written.unlink(missing_ok=True)


def _with(settings: Settings, name: str, value: object, where: str, line: int) -> Settings:
    if name not in _FIELDS:
        import difflib

        near = difflib.get_close_matches(name, _FIELDS, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise BadSettings(where, line, f"there is no setting {name}{hint}")
    try:
        checked: Any = _checked(name, value)
    except (ValueError, UnsafeUrl) as error:
        raise BadSettings(where, line, f"{name}: {error}") from error
    return replace(settings, **{name: checked})


def _checked(name: str, value: object) -> object:
    default = _FIELDS[name].default
    if isinstance(default, bool):
        return _truth(value)
    if isinstance(default, int):
        return _percent(value)
    text = _text(value)
    if isinstance(default, (Theme, Density)):
        return _choice(type(default), text)
    return _checked_text(name, text)


def _checked_text(name: str, value: str) -> str:
    if name in ("api_url", "js_url"):
        return require_https_outside_loopback(value)
    if name == "public_key" and value and not value.startswith("pk_"):
        raise ValueError("a public key starts with pk_")
    if name == "till" and not value.strip():
        raise ValueError("a till needs a name")
    return value.strip()


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError("must be a text")


def _truth(value: object) -> bool:
    if value is True or value is False:
        return value
    raise ValueError("must be true or false")


def _percent(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 100 <= value <= 200:
        raise ValueError("must be a whole number from 100 to 200")
    return value


def _choice(kind: type[Theme] | type[Density], value: str) -> Theme | Density:
    try:
        return kind(value)
    except ValueError:
        raise ValueError(f"must be one of {', '.join(kind)}") from None


def _line_of(text: str, name: str) -> int:
    pattern = re.compile(rf"^\s*(\[\s*)?[\"']?{re.escape(name)}[\"']?\s*[=.\]]")
    return next((at for at, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    import json

    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
