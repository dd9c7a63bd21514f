"""The set-up, phase by phase: system libraries, environment, packages, stamp. Interrupted
anywhere, the next start goes on; nothing is used before the stamp is written."""

from __future__ import annotations

from collections.abc import Mapping

from posapp.bootstrap import environment, libraries, packages
from posapp.bootstrap.failure import SetUpFailed, disk_full, explain_os_error
from posapp.bootstrap.layout import RUNTIME, TEST, Layout, on_disk
from posapp.bootstrap.machine import Machine
from posapp.bootstrap.packages import Installer
from posapp.bootstrap.single import only_one
from posapp.bootstrap.stamp import (
    Problem,
    digest,
    find_problem,
    read_stamp,
    remove_stamp,
    write_stamp,
)

_NEEDED_BYTES = {RUNTIME: 1_200_000_000, TEST: 1_500_000_000}
_LITTLE_BYTES = 200_000_000  # to bring an environment that exists up to date


def set_up(machine: Machine, layout: Layout, group: str) -> None:
    """Make the environment whole for `group`. Raises SetUpFailed with a sentence."""
    try:
        with only_one(layout):
            problem = find_problem(layout, group)
            if problem is not None:
                _work(machine, layout, group, problem)
    except OSError as error:
        raise explain_os_error(error, str(layout.root)) from error


def _work(machine: Machine, layout: Layout, group: str, problem: Problem) -> None:
    started = machine.now()
    machine.say(f"posapp: setting up in {layout.venv} ({problem})")
    known = read_stamp(layout) or {}
    remove_stamp(layout)
    installer = _complete_system(machine)
    version = environment.version_of(machine, layout)
    _check_space(machine, layout, group, exists=version is not None)
    if version is None:
        version = environment.make(machine, layout, with_pip=installer is Installer.PIP)
        known = {}
    machine.say(f"  environment: Python {version}")
    _mend(machine, layout, version, problem)
    packages.install(machine, layout, on_disk(layout.requirements(group)), installer)
    write_stamp(layout, _locks(layout, group, known), version)
    remains = find_problem(layout, group)
    if remains is not None:
        raise SetUpFailed(
            f"The environment in {layout.venv} does not stay whole ({remains}). "
            "Delete that folder and start again; if it happens again, move posapp to a local disk."
        )
    machine.say(f"posapp: ready after {machine.now() - started:.0f} s")


def _complete_system(machine: Machine) -> Installer:
    """Bring the system's own packages; return who will install Python's."""
    installer = packages.choose_installer(machine)
    if installer is None and machine.has_apt:
        libraries.complete_system(machine, [packages.ensurepip_package(machine)])
        installer = packages.choose_installer(machine)
    else:
        libraries.complete_system(machine)
    if installer is None:
        raise SetUpFailed(
            f"{machine.python} came without venv and pip. Install them for this Python "
            "(ensurepip), or install uv, and start again. Nothing was changed."
        )
    return installer


def _check_space(machine: Machine, layout: Layout, group: str, *, exists: bool) -> None:
    needed = _LITTLE_BYTES if exists else _NEEDED_BYTES[group]
    if machine.free_bytes(str(layout.root)) < needed:
        raise disk_full("Before anything was installed")


def _mend(machine: Machine, layout: Layout, version: str, problem: Problem) -> None:
    """Put right what an interruption, a move or a deletion left behind."""
    if problem is Problem.NEW:
        return
    dropped = environment.drop_half_installed(layout, version)
    if dropped:
        machine.say(f"  environment: not whole, installed again: {', '.join(dropped)}")
    if problem is Problem.MOVED:
        environment.point_scripts_here(layout)


def _locks(layout: Layout, group: str, known: Mapping[str, object]) -> dict[str, str]:
    """Return the digests the stamp may vouch for: the test lock holds the runtime lock whole."""
    vouched = {name: digest(layout, name) for name in ((RUNTIME, TEST) if group == TEST else ())}
    vouched[group] = digest(layout, group)
    before = known.get("locks")
    if isinstance(before, dict):
        vouched = {str(name): str(value) for name, value in before.items()} | vouched
    return vouched
