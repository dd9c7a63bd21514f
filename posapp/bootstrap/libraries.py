"""The system libraries that Qt and its web engine need on Linux: which are missing, how to get
them. Installs only as root on Debian or Ubuntu; elsewhere it says what to install."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from posapp.bootstrap.failure import SetUpFailed, explain_output, no_network
from posapp.bootstrap.machine import Machine

# Library → Debian packages that bring it, the newest name first (names changed with 64-bit time).
NEEDED: dict[str, tuple[str, ...]] = {
    # windows, on X11 and off screen
    "libEGL.so.1": ("libegl1",),
    "libGL.so.1": ("libgl1",),
    "libdbus-1.so.3": ("libdbus-1-3",),
    "libfontconfig.so.1": ("libfontconfig1",),
    "libfreetype.so.6": ("libfreetype6",),
    "libglib-2.0.so.0": ("libglib2.0-0t64", "libglib2.0-0"),
    "libxkbcommon.so.0": ("libxkbcommon0",),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0",),
    "libX11.so.6": ("libx11-6",),
    "libX11-xcb.so.1": ("libx11-xcb1",),
    "libxcb-cursor.so.0": ("libxcb-cursor0",),
    "libxcb-icccm.so.4": ("libxcb-icccm4",),
    "libxcb-image.so.0": ("libxcb-image0",),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1",),
    "libxcb-randr.so.0": ("libxcb-randr0",),
    "libxcb-render-util.so.0": ("libxcb-render-util0",),
    "libxcb-shape.so.0": ("libxcb-shape0",),
    "libxcb-xkb.so.1": ("libxcb-xkb1",),
    # the web engine that shows the payment form
    "libnss3.so": ("libnss3",),
    "libasound.so.2": ("libasound2t64", "libasound2"),
    "libgbm.so.1": ("libgbm1",),
    "libXcomposite.so.1": ("libxcomposite1",),
    "libXdamage.so.1": ("libxdamage1",),
    "libXrandr.so.2": ("libxrandr2",),
    "libXtst.so.6": ("libxtst6",),
    "libxkbfile.so.1": ("libxkbfile1",),
    "libgssapi_krb5.so.2": ("libgssapi-krb5-2",),
    "libbrotlidec.so.1": ("libbrotli1",),
    "libexpat.so.1": ("libexpat1",),
    "libxcb-dri3.so.0": ("libxcb-dri3-0",),
    "libudev.so.1": ("libudev1",),
}
# A computer without any font gets one for the shop's words, and a small one (2 MB to fetch) for
# what Japanese, Chinese and Korean buyers must be able to read: texts, names, addresses.
FONTS = (("fonts-dejavu-core",), ("fonts-wqy-microhei", "fonts-droid-fallback"))


def missing_libraries(machine: Machine) -> list[str]:
    """Return the names in NEEDED that this computer cannot load; none outside Linux."""
    if machine.system != "Linux":
        return []
    return [name for name in NEEDED if not machine.can_load(name)]


def missing_packages(machine: Machine) -> list[tuple[str, ...]]:
    """Return the packages (each with its other names) that would complete this computer."""
    packages = [NEEDED[name] for name in missing_libraries(machine)]
    if machine.system == "Linux" and not machine.has_font():
        packages += FONTS
    return packages


def complete_system(machine: Machine, more: Iterable[tuple[str, ...]] = ()) -> None:
    """Install what is missing, as root on Debian or Ubuntu; else raise with what to do.

    `more` are packages wanted besides the libraries, such as the one that brings ensurepip.
    """
    wanted = [*missing_packages(machine), *more]
    if not wanted:
        return
    if not machine.has_apt:
        missing = ", ".join(missing_libraries(machine)) or "a font"
        raise SetUpFailed(
            f"This computer lacks {missing}. Install them with your system's package manager, "
            "then start again. Nothing was changed."
        )
    if not machine.is_root:
        line = " ".join(install_command([_pick(machine, names) for names in wanted]))
        raise SetUpFailed(
            "Some system packages are missing. Run this line, then start again "
            f"(nothing was changed):\n  sudo {line}"
        )
    _install(machine, wanted)


def install_command(packages: Sequence[str]) -> list[str]:
    return ["apt-get", "install", "-y", "--no-install-recommends", *packages]


def _install(machine: Machine, wanted: Sequence[tuple[str, ...]]) -> None:
    machine.say(f"  system: {len(wanted)} Debian packages are missing; reading the package lists")
    update = machine.run(["apt-get", "update"], _quiet)
    if update.code != 0:
        raise explain_output(update.lines, "Reading Debian's package lists")
    packages = [_pick(machine, names) for names in wanted]
    progress = _AptProgress(machine, len(packages))
    install = machine.run(install_command(packages), progress)
    if install.code != 0:
        if any("Unable to locate package" in line for line in install.lines):
            raise no_network("Finding the Debian packages")
        raise explain_output(install.lines, "Installing the Debian packages")
    machine.say(f"  system: {progress.done} Debian packages installed")


def _pick(machine: Machine, names: tuple[str, ...]) -> str:
    """Return the name this release of the distribution knows; the oldest name if in doubt."""
    if len(names) == 1:
        return names[0]
    known = (name for name in names if machine.run(["apt-cache", "show", name], _quiet).code == 0)
    return next(known, names[-1])


class _AptProgress:
    """Counts packages as apt-get sets them up; says so every tenth."""

    def __init__(self, machine: Machine, asked: int) -> None:
        self._machine = machine
        self._total = asked
        self.done = 0

    def __call__(self, line: str) -> None:
        words = line.split()
        if "newly installed," in line and words[0].isdigit():
            self._total = int(words[words.index("newly") - 1])
            self._machine.say(f"  system: installing {self._total} Debian packages")
        elif line.startswith("Setting up "):
            self.done += 1
            if self.done % 10 == 0:
                self._machine.say(f"  system: {self.done} of {self._total}")


def _quiet(line: str) -> None:
    """Take a line that nobody needs to see."""
