"""System libraries: found missing, installed as root on Debian, else named in one line."""

from __future__ import annotations

import pytest

from posapp.bootstrap.failure import SetUpFailed
from posapp.bootstrap.libraries import NEEDED, complete_system, missing_libraries, missing_packages
from posapp.bootstrap.machine import Outcome
from posapp.bootstrap.packages import Installer, choose_installer, ensurepip_package
from posapp.bootstrap.setup import _complete_system
from tests.unit.bootstrap.machines import OK, FakeComputer, failed

INSTALLED = Outcome(
    0,
    (
        "0 upgraded, 12 newly installed, 0 to remove and 0 not upgraded.",
        *(f"Setting up lib{number} …" for number in range(12)),
    ),
)


def test_a_complete_computer_is_asked_nothing_more() -> None:
    computer = FakeComputer()
    complete_system(computer.machine())
    assert computer.commands == []


@pytest.mark.parametrize("system", ["Darwin", "Windows"])
def test_other_systems_bring_their_libraries(system: str) -> None:
    computer = FakeComputer(system=system, missing=set(NEEDED), has_font=False)
    assert missing_libraries(computer.machine()) == []
    assert missing_packages(computer.machine()) == []


def test_root_on_debian_gets_only_what_is_missing() -> None:
    computer = FakeComputer(
        {"apt-get install": INSTALLED}, missing={"libEGL.so.1", "libnss3.so"}, has_font=False
    )

    complete_system(computer.machine())

    assert computer.ran("apt-get")[0] == "apt-get update"
    assert computer.ran("apt-get")[1] == (
        "apt-get install -y --no-install-recommends libegl1 libnss3 "
        "fonts-dejavu-core fonts-wqy-microhei"
    )
    assert "  system: installing 12 Debian packages" in computer.said
    assert "  system: 10 of 12" in computer.said
    assert computer.said[-1] == "  system: 12 Debian packages installed"


@pytest.mark.parametrize(
    ("known", "name"), [("libasound2t64", "libasound2t64"), ("libasound2 ", "libasound2")]
)
def test_a_package_goes_by_the_name_this_release_knows(known: str, name: str) -> None:
    computer = FakeComputer(
        {f"apt-cache show {known.strip()}": OK, "apt-cache show": failed()},
        missing={"libasound.so.2"},
    )
    if known.endswith(" "):
        computer.answers = {"apt-cache show libasound2t64": failed(), "apt-cache show": OK}

    complete_system(computer.machine())

    assert computer.ran("apt-get install")[0].endswith(f" {name}")


def test_without_root_the_one_line_is_said_and_nothing_is_changed() -> None:
    computer = FakeComputer(is_root=False, missing={"libEGL.so.1", "libGL.so.1"})

    with pytest.raises(SetUpFailed) as failure:
        complete_system(computer.machine())

    line = "sudo apt-get install -y --no-install-recommends libegl1 libgl1"
    assert str(failure.value).splitlines()[-1].strip() == line
    assert computer.ran("apt-get") == []


def test_another_linux_is_told_which_libraries() -> None:
    computer = FakeComputer(distribution=frozenset({"fedora"}), missing={"libEGL.so.1"})
    with pytest.raises(SetUpFailed, match=r"lacks libEGL\.so\.1"):
        complete_system(computer.machine())


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        (
            {"apt-get update": failed("W: Failed to fetch", "Temporary failure resolving 'x'")},
            "Reading Debian's package lists: the network",
        ),
        (
            {"apt-get install": failed("E: Unable to locate package libegl1", code=100)},
            "Finding the Debian packages: the network",
        ),
        (
            {"apt-get install": failed("E: dpkg was interrupted, error 3", code=100)},
            "Installing the Debian packages did not work: E: dpkg was interrupted",
        ),
    ],
)
def test_a_failing_apt_is_one_sentence(answers: dict[str, Outcome], sentence: str) -> None:
    computer = FakeComputer({**answers}, missing={"libEGL.so.1"})
    with pytest.raises(SetUpFailed, match=sentence):
        complete_system(computer.machine())


def test_bare_debian_gets_its_ensurepip_together_with_the_libraries() -> None:
    computer = FakeComputer(missing={"libEGL.so.1"})
    bare = failed("No module named ensurepip")
    computer.answers = {
        "uv --version": failed(code=127),
        "import ensurepip": lambda _: OK if computer.ran("apt-get install") else bare,
        "-m pip --version": failed("No module named pip"),
        "apt-cache show python3.11-venv": OK,
    }

    assert _complete_system(computer.machine()) is Installer.PIP
    assert computer.ran("apt-get install")[0].endswith(" libegl1 python3.11-venv")


def test_without_ensurepip_and_apt_a_pip_of_the_system_will_do() -> None:
    computer = FakeComputer(system="Darwin", distribution=frozenset())
    computer.answers = {
        "uv --version": failed(),
        "import ensurepip": failed(),
        "-m pip --version": Outcome(0, ("pip 23.0.1 from /x (python 3.11)",)),
    }
    assert choose_installer(computer.machine()) is Installer.SYSTEM_PIP

    computer.answers["-m pip --version"] = Outcome(0, ("pip 21.1 from /x (python 3.11)",))
    assert choose_installer(computer.machine()) is None
    with pytest.raises(SetUpFailed, match="came without venv and pip"):
        _complete_system(computer.machine())


def test_the_package_of_ensurepip_goes_with_the_version_of_python() -> None:
    assert ensurepip_package(FakeComputer().machine())[0] == "python3.11-venv"
