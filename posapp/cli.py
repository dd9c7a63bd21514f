"""The commands of main.py, once the environment exists. Imports nothing heavy: each command's
module is imported when it is asked for, and `--version` and `--help` need no environment."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from posapp import __version__

ROOT = Path(__file__).resolve().parent.parent
Arguments = list[str]

MODULES = {
    "run": "posapp.app",
    "demo": "posapp.demo.main",
    "sandbox": "posapp.sandbox.server",
    "doctor": "posapp.doctor",
}
_HELP = {
    "run": "open the shop's window (the default)",
    "demo": "drive the real window through one day and compare the books",
    "sandbox": "serve the pretend Digital River alone",
    "setup": "make or mend the environment and start nothing",
    "doctor": "check this computer and say how to mend it; reads only",
    "test": "run the whole suite, or what the pytest arguments name",
    "bench": "run the benchmarks, or the one named; 'bench chaos' for the long runs",
}


def main(arguments: Arguments) -> int:
    """Run the command that the arguments name; return the exit code."""
    if arguments and arguments[0] in ("--version", "-V"):
        print(f"posapp {__version__}")
        return 0
    if arguments and arguments[0] in ("--help", "-h"):
        _parser().print_help()
        return 0
    # Flags without a command belong to the main job: `main.py --shop X` is `main.py run --shop X`.
    name, rest = (
        ("run", arguments)
        if not arguments or arguments[0].startswith("-")
        else (
            arguments[0],
            arguments[1:],
        )
    )
    _parser().parse_args([name])  # an unknown command ends here, with the usage
    return _COMMANDS[name](rest)


def has_display(environ: Mapping[str, str], platform: str) -> bool:
    """Whether a window can be shown: elsewhere than on Linux there always is a screen."""
    if not platform.startswith("linux"):
        return True
    return any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _run(arguments: Arguments) -> int:
    if not has_display(os.environ, sys.platform):
        print(
            "posapp: this computer has no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so "
            "no window can open. The demo runs instead: the same window, off screen, a picture "
            "of each step.",
            flush=True,
        )
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        return _demo(arguments)
    return _call(MODULES["run"], arguments)


def _demo(arguments: Arguments) -> int:
    return _call(MODULES["demo"], arguments)


def _sandbox(arguments: Arguments) -> int:
    return _call(MODULES["sandbox"], arguments)


def _setup(_arguments: Arguments) -> int:
    print(f"posapp {__version__} is set up, with Python {platform.python_version()}")
    return 0


def _doctor(arguments: Arguments) -> int:
    return _call(MODULES["doctor"], arguments)


def _call(module: str, arguments: Arguments) -> int:
    """Import a command's module now, not before, and run its `main(arguments) -> int`."""
    run: Callable[[Arguments], int] = import_module(module).main
    return run(arguments)


def _test(arguments: Arguments) -> int:
    return _python("-m", "tests.run", *arguments)


def _bench(arguments: Arguments) -> int:
    return _python("-m", "tests.bench", *arguments)


def _python(*arguments: str) -> int:
    """Run a module of the checkout in its own process, from the checkout's folder."""
    if not (ROOT / "tests").is_dir():
        print("posapp: tests and benchmarks need a checkout of the sources.", file=sys.stderr)
        return 1
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, check=False).returncode


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py",
        description="posapp: a point of sale for shops that sell through Digital River.",
        epilog="'main.py COMMAND --help' tells a command's own options.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", "-V", action="version", version=f"posapp {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name in _COMMANDS:
        commands.add_parser(name, help=_HELP[name], add_help=False)
    return parser


_COMMANDS: Mapping[str, Callable[[Arguments], int]] = {
    "run": _run,
    "demo": _demo,
    "sandbox": _sandbox,
    "setup": _setup,
    "doctor": _doctor,
    "test": _test,
    "bench": _bench,
}
