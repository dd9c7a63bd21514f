"""What `python3 main.py bench [NAME …]` runs. `chaos` names the long runs, which are not part of
`bench` without a name."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.run import ROOT, is_root, suite_environment

FOLDER = Path(__file__).resolve().parent


def names() -> list[str]:
    """Return the names of the benchmarks here: each module with a docstring of its own."""
    return sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))


def main(arguments: Sequence[str]) -> int:
    """Run the benchmarks named, else all; return 1 if one missed its target."""
    if arguments and arguments[0] == "chaos":
        return _run("tests.chaos", arguments[1:])
    known = names()
    unknown = [name for name in arguments if name not in known and not name.startswith("-")]
    if unknown or "--list" in arguments or "--help" in arguments or "-h" in arguments:
        print(f"benchmarks: {', '.join([*known, 'chaos'])}")
        return 2 if unknown else 0
    codes = [_run(f"tests.bench.{name}", []) for name in (arguments or known)]
    return max(codes, default=0)


def _run(module: str, arguments: Sequence[str]) -> int:
    """Run one in a process of its own, so that none inherits another's warm caches."""
    environment = suite_environment(os.environ, root=is_root())
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
