"""`main.py doctor`: looks this computer over, one line a check, each with its mend. Reads only."""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path

from posapp.config import secrets as key_store
from posapp.config import settings as till_settings
from posapp.config.clock import SystemClock
from posapp.config.paths import Paths, find_paths
from posapp.config.settings import BadSettings, Settings
from posapp.domain.words import tr

MOST_SKEW_S = 60.0


class Verdict(StrEnum):
    """How a check came out."""

    GOOD = "ok"
    WARNING = "warn"
    BAD = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it is, and the mend."""

    what: str
    verdict: Verdict
    words: str
    mend: str = ""

    def __str__(self) -> str:
        line = f"{self.verdict:<5} {self.what:<12} {self.words}"
        return f"{line} → {self.mend}" if self.mend else line


@dataclass(frozen=True, slots=True)
class Subject:
    """What is looked over."""

    paths: Paths
    settings: Settings
    environ: dict[str, str]


Check = Callable[[Subject], Awaitable[Finding]]


def main(arguments: list[str]) -> int:
    """Print a line a check; returns 1 when something must be mended."""
    parser = argparse.ArgumentParser(prog="main.py doctor", description=__doc__)
    parser.parse_args(arguments)
    environ = dict(os.environ)
    paths = find_paths(environ)
    try:
        settings = till_settings.load(paths.settings_file, environ)
    except BadSettings as error:
        print(Finding("settings", Verdict.BAD, str(error), tr("mend that line")))
        return 1
    print(Finding("settings", Verdict.GOOD, str(paths.settings_file)))
    findings = asyncio.run(_examine(Subject(paths, settings, environ)))
    return int(any(finding.verdict is Verdict.BAD for finding in findings))


async def _examine(subject: Subject) -> list[Finding]:
    findings = []
    for check in CHECKS:
        finding = await check(subject)
        print(finding, flush=True)
        findings.append(finding)
    return findings


async def libraries(_subject: Subject) -> Finding:
    """Whether Qt and its web engine can be loaded."""
    try:
        import_module("PySide6.QtWidgets")
        import_module("PySide6.QtWebEngineCore")
    except ImportError as error:
        return Finding(
            "libraries", Verdict.BAD, str(error), tr("run main.py setup; it names the packages")
        )
    version = import_module("PySide6").__version__
    return Finding("libraries", Verdict.GOOD, f"Python {sys.version.split()[0]}, Qt {version}")


async def display(subject: Subject) -> Finding:
    """Whether a window can be shown."""
    named = [n for n in ("WAYLAND_DISPLAY", "DISPLAY", "QT_QPA_PLATFORM") if subject.environ.get(n)]
    if named or not sys.platform.startswith("linux"):
        return Finding("display", Verdict.GOOD, ", ".join(named) or sys.platform)
    return Finding(
        "display", Verdict.WARNING, tr("none"), tr("the window needs one; the demo does not")
    )


async def fonts(_subject: Subject) -> Finding:
    """Whether names and legal texts of every seller can be read on the screen."""
    try:
        gui = import_module("PySide6.QtGui")
    except ImportError:
        return Finding(
            "fonts", Verdict.WARNING, tr("not looked at"), tr("mend the libraries first")
        )
    application = gui.QGuiApplication.instance()
    if application is None:
        application = gui.QGuiApplication(["posapp", "-platform", "offscreen"])
    systems = gui.QFontDatabase.WritingSystem
    wanted = {
        tr("Latin"): systems.Latin,
        tr("Greek"): systems.Greek,
        tr("Cyrillic"): systems.Cyrillic,
        tr("Japanese"): systems.Japanese,
        tr("Chinese"): systems.SimplifiedChinese,
        tr("Korean"): systems.Korean,
    }
    missing = [name for name, kind in wanted.items() if not gui.QFontDatabase.families(kind)]
    if missing:
        words = tr("boxes instead of {scripts}", scripts=", ".join(missing))
        mend = tr("install a font for them; on Debian: apt-get install fonts-wqy-microhei")
        return Finding("fonts", Verdict.WARNING, words, mend)
    return Finding("fonts", Verdict.GOOD, ", ".join(wanted))


async def web_engine(subject: Subject) -> Finding:
    """Whether the payment form may be shown safely."""
    if subject.environ.get("QTWEBENGINE_REMOTE_DEBUGGING"):
        mend = tr("unset QTWEBENGINE_REMOTE_DEBUGGING")
        return Finding("web engine", Verdict.BAD, tr("remote debugging is on"), mend)
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if as_root or subject.environ.get("QTWEBENGINE_DISABLE_SANDBOX"):
        return Finding(
            "web engine",
            Verdict.WARNING,
            tr("its own sandbox is off"),
            tr("live mode refuses this: run as an ordinary user"),
        )
    return Finding("web engine", Verdict.GOOD, tr("its own sandbox is on"))


async def keyring(subject: Subject) -> Finding:
    """Where the secret key lies."""
    if subject.settings.training:
        return Finding("keys", Verdict.GOOD, tr("training needs none"))
    held = await asyncio.to_thread(key_store.choose, subject.environ, subject.paths.secrets_file)
    try:
        known = await asyncio.to_thread(held.get, key_store.API_KEY)
    except key_store.SecretsUnusable as error:
        return Finding("keys", Verdict.BAD, str(error), tr("enter the key again in Settings"))
    if not known:
        mend = tr("enter it in Settings, or set POSAPP_API_KEY")
        return Finding("keys", Verdict.BAD, tr("no secret key"), mend)
    if held.exposed:
        mend = tr("install a keyring service")
        return Finding("keys", Verdict.WARNING, tr("in a file, for this user only"), mend)
    return Finding("keys", Verdict.GOOD, held.place)


async def folders(subject: Subject) -> Finding:
    """Whether the program's folders can be written, without making them."""
    for folder in (subject.paths.config, subject.paths.data, subject.paths.logs):
        near = next(parent for parent in (folder, *folder.parents) if parent.exists())
        if not os.access(near, os.W_OK):
            mend = tr("give this user the folder, or set POSAPP_HOME")
            return Finding("folders", Verdict.BAD, tr("{folder} is closed", folder=near), mend)
    return Finding("folders", Verdict.GOOD, str(subject.paths.data))


async def database(subject: Subject) -> Finding:
    """Whether the shared store answers, when there is one."""
    url = subject.settings.store_url
    if not url:
        return Finding("database", Verdict.GOOD, tr("on this computer"))
    from posapp.store.probe import why_not

    begun = time.monotonic()
    problem = await asyncio.to_thread(why_not, url)
    if problem:
        return Finding("database", Verdict.BAD, problem, tr("check POSAPP_DATABASE_URL"))
    return Finding("database", Verdict.GOOD, f"{(time.monotonic() - begun) * 1000:.0f} ms")


async def service(subject: Subject) -> Finding:
    """Whether the service answers, and how far its clock is from ours."""
    if subject.settings.training:
        return Finding("service", Verdict.GOOD, tr("the built-in sandbox"))
    from posapp.gateway.client import Client
    from posapp.gateway.errors import GatewayError
    from posapp.gateway.river import DigitalRiver

    clock = SystemClock()
    secret = await asyncio.to_thread(
        key_store.choose(subject.environ, subject.paths.secrets_file).get, key_store.API_KEY
    )
    client = Client(
        base_url=subject.settings.api_url,
        secret_key=secret or "missing",
        clock=clock,
        rng=random.Random(),
    )
    async with DigitalRiver(client) as river:
        try:
            reach = await river.reach()
        except GatewayError as error:
            return Finding("service", Verdict.BAD, str(error), tr("check the address and the key"))
    skew = abs((reach.service_time - clock.now()).total_seconds()) if reach.service_time else 0.0
    if skew > MOST_SKEW_S:
        mend = tr("set this computer's clock")
        return Finding("service", Verdict.BAD, tr("clocks differ by {s:.0f} s", s=skew), mend)
    return Finding("service", Verdict.GOOD, subject.settings.api_url)


async def audit(subject: Subject) -> Finding:
    """Whether the chain of the audit is whole."""
    found = await asyncio.to_thread(_stores, subject.paths.data)
    if not found:
        return Finding("audit", Verdict.GOOD, tr("nothing written yet"))
    from posapp.store.probe import audit_broken_at

    for file in found:
        broken = await asyncio.to_thread(audit_broken_at, file)
        if broken is not None:
            words = tr("{file} is broken at entry {at}", file=file.name, at=broken)
            return Finding("audit", Verdict.BAD, words, tr("keep the file and call support"))
    return Finding("audit", Verdict.GOOD, tr("{count} chains whole", count=len(found)))


def _stores(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.sqlite"))


CHECKS: tuple[Check, ...] = (
    libraries,
    display,
    fonts,
    web_engine,
    folders,
    keyring,
    database,
    service,
    audit,
)
