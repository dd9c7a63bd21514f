"""What `python3 main.py test` runs, as `python -m tests.run [pytest arguments]`.

Without arguments: the whole suite, whose tests/rules run the formatter, linter, types and walls as
well, then the coverage each layer must reach. With arguments: pytest on just those.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# A file stays on one worker: Qt's application and the PostgreSQL of a file are made once.
WORKERS = ("-n", "2", "--dist", "loadfile")
COVERAGE = ("--cov=posapp", "--cov-report=")
LAYERS = ("domain", "gateway", "store", "settle", "sync", "usecases")
LEAST_PERCENT = 90.0


def main(arguments: Sequence[str]) -> int:
    """Run the suite; return the exit code of what failed first, or 0."""
    environment = suite_environment(os.environ, root=is_root())
    if arguments:
        return _run(environment, "-m", "pytest", *arguments)
    with tempfile.TemporaryDirectory(prefix="posapp-coverage-") as folder:
        environment["COVERAGE_FILE"] = str(Path(folder) / "data")
        code = _run(environment, "-m", "pytest", *WORKERS, *COVERAGE)
        if code != 0:
            return code
        report = Path(folder) / "coverage.json"
        code = _run(environment, "-m", "coverage", "json", "-q", "-o", str(report))
        return code or judge(json.loads(report.read_text(encoding="utf-8"))["files"])


def suite_environment(environ: Mapping[str, str], *, root: bool) -> dict[str, str]:
    """Return the environment of the suite: off screen, without a graphics card."""
    environment = dict(environ)
    environment["QT_QPA_PLATFORM"] = "offscreen"
    environment["QTWEBENGINE_CHROMIUM_FLAGS"] = "--disable-gpu"
    environment["PYTHONFAULTHANDLER"] = "1"
    if root:
        environment["QTWEBENGINE_DISABLE_SANDBOX"] = "1"  # Chromium's sandbox refuses root
    return environment


def judge(files: Mapping[str, Mapping[str, Mapping[str, int]]]) -> int:
    """Print what each layer reached; return 1 if one stays below LEAST_PERCENT.

    `files` is the part of coverage's JSON report with a summary for each file.
    """
    print(f"\nCoverage by line, at least {LEAST_PERCENT:.0f} % in each layer:")
    code = 0
    for layer in LAYERS:
        percent = percent_of(
            file["summary"]
            for name, file in files.items()
            if Path(name).as_posix().startswith(f"posapp/{layer}/")
        )
        enough = percent >= LEAST_PERCENT
        print(f"  {layer:10s} {percent:6.1f} %{'' if enough else '   too little'}")
        code = code if enough else 1
    return code


def percent_of(summaries: Iterable[Mapping[str, int]]) -> float:
    """Return how many of the statements ran, in percent; 0 where there is not one."""
    covered = statements = 0
    for summary in summaries:
        covered += summary["covered_lines"]
        statements += summary["num_statements"]
    return 100 * covered / statements if statements else 0.0


def _run(environment: Mapping[str, str], *arguments: str) -> int:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
