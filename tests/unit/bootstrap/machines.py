"""A computer that exists only in a test: it answers commands from a script and notes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from posapp.bootstrap.layout import Layout
from posapp.bootstrap.machine import Machine, Outcome

Answer = Callable[[list[str]], Outcome]
VERSION = "3.11.2"
OK = Outcome(0, ())


@dataclass
class FakeComputer:
    """Answers by the first fragment that occurs in the joined command; else with success."""

    answers: dict[str, Answer | Outcome] = field(default_factory=dict)
    system: str = "Linux"
    distribution: frozenset[str] = frozenset({"debian"})
    is_root: bool = True
    missing: set[str] = field(default_factory=set)  # libraries that cannot be loaded
    has_font: bool = True
    free: int = 10_000_000_000
    commands: list[list[str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def run(self, command: Sequence[str], on_line: Callable[[str], None]) -> Outcome:
        asked = [str(part) for part in command]
        self.commands.append(asked)
        text = " ".join(asked)
        for fragment, answer in self.answers.items():
            if fragment in text:
                outcome = answer if isinstance(answer, Outcome) else answer(asked)
                for line in outcome.lines:
                    on_line(line)
                return outcome
        return OK

    def machine(self) -> Machine:
        return Machine(
            system=self.system,
            distribution=self.distribution,
            python="/usr/bin/python3",
            version=VERSION,
            is_root=self.is_root,
            run=self.run,
            can_load=lambda library: library not in self.missing,
            has_font=lambda: self.has_font,
            free_bytes=lambda folder: self.free,
            say=self.said.append,
            now=lambda: 0.0,
        )

    def ran(self, fragment: str) -> list[str]:
        """Return each command that holds the fragment, joined."""
        return [text for text in map(" ".join, self.commands) if fragment in text]


def failed(*lines: str, code: int = 1) -> Outcome:
    return Outcome(code, lines)


@dataclass
class Checkout:
    """A checkout in a temporary folder, with locks, and a computer that can set it up."""

    layout: Layout
    computer: FakeComputer

    @property
    def root(self) -> Path:
        return Path(self.layout.root)

    @property
    def site(self) -> Path:
        return Path(self.layout.site_packages(VERSION))

    def make_venv(self, command: list[str]) -> Outcome:
        """Do what `python -m venv` does, as far as the set-up looks at it."""
        venv = Path(command[-1])
        (venv / "bin").mkdir(parents=True)
        (venv / "bin" / "python").write_text("#!/bin/sh\n")
        (venv / "pyvenv.cfg").write_text("home = /usr/bin\n")
        self.site.mkdir(parents=True)
        return OK

    def tell_version(self, command: list[str]) -> Outcome:
        return Outcome(0, (VERSION, str(Path(command[0]).parent.parent)))

    def install(self, command: list[str]) -> Outcome:
        """Do what an installer does with a lock of one package."""
        self.add_package("httpx", "0.28.1", {"httpx/__init__.py": "import sniffio\n"})
        return Outcome(0, ("Collecting httpx==0.28.1", "Successfully installed httpx-0.28.1"))

    def add_package(self, name: str, version: str, content: dict[str, str]) -> Path:
        record = self.site / f"{name}-{version}.dist-info" / "RECORD"
        record.parent.mkdir(parents=True, exist_ok=True)
        rows = []
        for file, text in content.items():
            (self.site / file).parent.mkdir(parents=True, exist_ok=True)
            (self.site / file).write_text(text)
            rows.append(f"{file},sha256=x,{len(text)}")
        record.write_text("\n".join([*rows, f"../../../bin/{name},sha256=y,7"]) + "\n")
        return record.parent


def a_checkout(root: Path, **computer: object) -> Checkout:
    """Return a fresh clone on a computer with pip and without uv."""
    layout = Layout(root, windows=False)
    for lock in ("requirements.lock", "requirements-test.lock"):
        (root / lock).write_text("httpx==0.28.1 \\\n    --hash=sha256:0\n")
    checkout = Checkout(layout, FakeComputer(**computer))  # type: ignore[arg-type] # named as there
    checkout.computer.answers = {
        "uv --version": failed(code=127),
        "-m venv": checkout.make_venv,
        "-I -c": checkout.tell_version,
        "pip install": checkout.install,
        "pip --version": Outcome(0, ("pip 23.0.1 from /x (python 3.11)",)),
    }
    return checkout
