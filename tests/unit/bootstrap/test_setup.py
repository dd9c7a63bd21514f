"""A fresh clone becomes a whole environment, and whatever happened to it, the next start mends."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from posapp.bootstrap import setup
from posapp.bootstrap.failure import SetUpFailed
from posapp.bootstrap.layout import RUNTIME, TEST
from posapp.bootstrap.machine import Outcome
from posapp.bootstrap.setup import set_up
from posapp.bootstrap.single import only_one
from posapp.bootstrap.stamp import Problem, find_problem, read_stamp, remove_stamp
from tests.unit.bootstrap.machines import OK, VERSION, Checkout, a_checkout, failed


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return a_checkout(tmp_path)


@pytest.fixture
def ready(checkout: Checkout) -> Checkout:
    """A checkout that was set up, its commands and words forgotten."""
    set_up(checkout.computer.machine(), checkout.layout, RUNTIME)
    checkout.computer.commands.clear()
    checkout.computer.said.clear()
    return checkout


def start(checkout: Checkout, group: str = RUNTIME) -> None:
    set_up(checkout.computer.machine(), checkout.layout, group)


def problem(checkout: Checkout, group: str = RUNTIME) -> Problem | None:
    return find_problem(checkout.layout, group)


def test_a_first_start_makes_the_environment_and_the_second_finds_it(checkout: Checkout) -> None:
    assert problem(checkout) is Problem.NEW

    start(checkout)

    assert problem(checkout) is None
    assert len(checkout.computer.ran("-m venv")) == 1
    assert checkout.computer.said[0].endswith("(first start)")
    assert checkout.computer.said[-1] == "posapp: ready after 0 s"


def test_a_whole_environment_is_left_alone(ready: Checkout) -> None:
    start(ready)

    assert ready.computer.commands == []
    assert ready.computer.said == []


def test_packages_come_hashed_from_the_lock_and_from_no_named_index(checkout: Checkout) -> None:
    start(checkout)

    (command,) = checkout.computer.ran("pip install")
    assert "--require-hashes --no-deps --only-binary :all:" in command
    assert command.endswith(f"--requirement {checkout.root / 'requirements.lock'}")
    assert "index" not in command
    assert "://" not in command


def test_uv_installs_where_there_is_one_and_needs_no_pip(checkout: Checkout) -> None:
    checkout.computer.answers |= {"uv --version": OK, "uv pip install": checkout.install}

    start(checkout)

    assert checkout.computer.ran("-m venv --without-pip")
    assert checkout.computer.ran(f"uv pip install --python {checkout.layout.python}")
    assert not checkout.computer.ran("-m pip install")


def test_where_uv_cannot_pip_goes_on(checkout: Checkout) -> None:
    checkout.computer.answers = {
        "uv --version": OK,
        "uv pip install": failed("error: Failed to fetch"),
        **checkout.computer.answers,
    }
    checkout.computer.answers["uv --version"] = OK

    start(checkout)

    assert problem(checkout) is None
    assert checkout.computer.ran("-m pip install")


def test_an_interrupted_installation_goes_on_and_is_not_used_before(checkout: Checkout) -> None:
    def torn(command: list[str]) -> Outcome:
        record = checkout.add_package("httpx", "0.28.1", {"httpx/__init__.py": "import sniffio\n"})
        (record / "RECORD").unlink()
        checkout.add_package("segno", "1.6", {"segno/__init__.py": "whole"})
        raise KeyboardInterrupt

    checkout.computer.answers["pip install"] = torn
    with pytest.raises(KeyboardInterrupt):
        start(checkout)
    assert problem(checkout) is Problem.UNFINISHED

    checkout.computer.answers["pip install"] = checkout.install
    start(checkout)

    assert problem(checkout) is None
    assert len(checkout.computer.ran("-m venv")) == 1, "the environment was kept"
    assert "  environment: not whole, installed again: httpx-0.28.1" in checkout.computer.said


def test_a_cut_off_file_makes_its_package_come_again(ready: Checkout) -> None:
    (ready.site / "httpx" / "__init__.py").write_text("imp")
    remove_stamp(ready.layout)

    start(ready)

    assert (ready.site / "httpx" / "__init__.py").read_text() == "import sniffio\n"
    assert any("httpx" in line for line in ready.computer.said)


def test_a_deleted_package_is_noticed_and_comes_again(ready: Checkout) -> None:
    (ready.site / "httpx" / "__init__.py").unlink()
    (ready.site / "httpx").rmdir()
    assert problem(ready) is Problem.PACKAGE

    start(ready)

    assert problem(ready) is None
    assert (ready.site / "httpx" / "__init__.py").exists()


def test_a_lost_interpreter_makes_the_environment_anew(ready: Checkout) -> None:
    Path(ready.layout.python).unlink()
    assert problem(ready) is Problem.INTERPRETER

    start(ready)

    assert problem(ready) is None
    assert ready.computer.ran("-m venv")


def test_an_interpreter_that_does_not_run_makes_the_environment_anew(ready: Checkout) -> None:
    remove_stamp(ready.layout)
    tell = ready.computer.answers["-I -c"]
    ready.computer.answers["-I -c"] = failed("bad interpreter", code=126)

    def make(command: list[str]) -> Outcome:
        ready.computer.answers["-I -c"] = tell
        return ready.make_venv(command)

    ready.computer.answers["-m venv"] = make
    start(ready)

    assert problem(ready) is None


def test_a_moved_folder_is_mended_without_installing_anew(ready: Checkout, tmp_path: Path) -> None:
    script = ready.root / ".venv" / "bin" / "alembic"
    script.write_text(f"#!{ready.layout.python}\nimport alembic\n")
    moved = a_checkout(_moved(ready.root, tmp_path.parent / f"{tmp_path.name}-moved"))
    assert problem(moved) is Problem.MOVED

    start(moved)

    assert problem(moved) is None
    assert not moved.computer.ran("-m venv")
    mended = moved.root / ".venv" / "bin" / "alembic"
    assert mended.read_text() == f"#!{moved.layout.python}\nimport alembic\n"


def _moved(old: Path, new: Path) -> Path:
    return old.rename(new)


def test_a_changed_lock_installs_what_is_new_and_keeps_the_environment(ready: Checkout) -> None:
    lock = ready.root / "requirements.lock"
    lock.write_text(lock.read_text() + "segno==1.6 \\\n    --hash=sha256:1\n")
    assert problem(ready) is Problem.LOCK

    start(ready)

    assert problem(ready) is None
    assert not ready.computer.ran("-m venv")


def test_the_tests_need_their_own_lock_which_vouches_for_both(ready: Checkout) -> None:
    assert problem(ready, TEST) is Problem.LOCK

    start(ready, TEST)

    assert problem(ready, TEST) is None
    assert problem(ready, RUNTIME) is None
    assert ready.computer.ran("requirements-test.lock")


def test_a_garbled_stamp_counts_as_none(ready: Checkout) -> None:
    for text in ("", "[]", "{}", '{"format": 1}', "\x00"):
        Path(ready.layout.stamp).write_text(text)
        assert problem(ready) is not None


def test_the_stamp_names_interpreter_and_lock(ready: Checkout) -> None:
    stamp = read_stamp(ready.layout)

    assert stamp is not None
    assert stamp["python"] == VERSION
    assert json.dumps(stamp["locks"]).count('"') == 4


def test_a_foreign_folder_of_that_name_is_not_deleted(checkout: Checkout) -> None:
    precious = checkout.root / ".venv" / "notes.txt"
    precious.parent.mkdir()
    precious.write_text("mine")

    with pytest.raises(SetUpFailed, match="is not an environment of Python"):
        start(checkout)

    assert precious.read_text() == "mine"


def test_no_network_is_one_sentence_and_leaves_nothing_in_use(checkout: Checkout) -> None:
    checkout.computer.answers["pip install"] = failed(
        "WARNING: Retrying … NewConnectionError: Failed to establish a new connection",
        "ERROR: Could not find a version that satisfies the requirement httpx==0.28.1",
    )

    with pytest.raises(SetUpFailed, match="the network or the package index could not be reached"):
        start(checkout)

    assert problem(checkout) is Problem.UNFINISHED


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "not the file that the lock names"),
        ("SSLError(SSLCertVerificationError: certificate verify failed)", "does not trust"),
        ("error: Failed to fetch: dns error", "could not be reached"),
        ("PermissionError: Permission denied: 'x'", "could not be written"),
        ("ERROR: No matching distribution found for pyside6", "no ready-made package"),
        ("error: something nobody foresaw", "something nobody foresaw"),
    ],
)
def test_a_failed_installation_says_why(checkout: Checkout, line: str, sentence: str) -> None:
    checkout.computer.answers["pip install"] = failed("Collecting httpx", line, "")

    with pytest.raises(SetUpFailed, match=sentence):
        start(checkout)


def test_a_full_disk_is_said_before_anything_is_installed(checkout: Checkout) -> None:
    checkout.computer.free = 300_000_000

    with pytest.raises(SetUpFailed, match="the disk is full"):
        start(checkout)

    assert not checkout.computer.ran("-m venv")


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES])
def test_a_read_only_folder_is_one_sentence(
    checkout: Checkout, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, "Read-only file system", str(checkout.root))

    monkeypatch.setattr(setup, "only_one", refuse)

    with pytest.raises(SetUpFailed, match="this folder cannot be written") as failure:
        start(checkout)
    assert str(checkout.root) in str(failure.value)


def test_a_disk_that_fills_up_meanwhile_is_one_sentence(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(setup, "write_stamp", refuse)

    with pytest.raises(SetUpFailed, match="the disk is full"):
        start(checkout)


def test_two_starts_at_once_work_one_after_the_other(checkout: Checkout) -> None:
    with only_one(checkout.layout), pytest.raises(SetUpFailed, match="Another start of posapp"):
        start(checkout)

    start(checkout)
    assert problem(checkout) is None


def test_an_environment_that_does_not_stay_whole_ends_with_a_sentence(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "write_stamp", lambda *_: None)

    with pytest.raises(SetUpFailed, match="does not stay whole"):
        start(checkout)
