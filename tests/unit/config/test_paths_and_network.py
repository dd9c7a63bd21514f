"""Where files lie on each system, and where the program may call."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from posapp.config.network import UnsafeUrl, require_https_outside_loopback
from posapp.config.paths import Paths, find_paths
from posapp.gateway.requests import UnsafeAddress, check_address


def test_one_variable_moves_everything(tmp_path: Path) -> None:
    paths = find_paths({"POSAPP_HOME": str(tmp_path / "till")}).make()
    files = (paths.settings_file, paths.secrets_file, paths.journal_file, paths.sandbox_folder)
    assert all(tmp_path in file.parents for file in files)
    assert paths.logs.is_dir()
    if sys.platform != "win32":
        assert paths.config.stat().st_mode & 0o077 == 0


def test_a_blank_home_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/etc/xdg-test")
    assert find_paths({"POSAPP_HOME": "  "}, platform="linux") == find_paths({}, platform="linux")


def _folders(paths: Paths) -> tuple[str, ...]:
    return tuple(
        str(folder).replace("\\", "/") for folder in (paths.config, paths.data, paths.logs)
    )


def test_linux_keeps_to_the_desktop_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/c")
    monkeypatch.setenv("XDG_DATA_HOME", "/d")
    monkeypatch.setenv("XDG_STATE_HOME", "/s")
    assert _folders(find_paths({}, platform="linux")) == ("/c/posapp", "/d/posapp", "/s/posapp/log")


def test_macos_keeps_to_the_library() -> None:
    config, data, logs = _folders(find_paths({}, platform="darwin"))
    assert config.endswith("Library/Application Support/posapp")
    assert data.endswith("Library/Application Support/posapp")
    assert logs.endswith("Library/Logs/posapp")


def test_windows_keeps_to_local_application_data(monkeypatch: pytest.MonkeyPatch) -> None:
    local = "C:\\Users\\anna\\AppData\\Local"  # asked of Windows itself, which is not here
    monkeypatch.setattr("platformdirs.windows.get_win_folder", lambda _name: local)
    config, data, logs = _folders(find_paths({}, platform="win32"))
    assert "AppData/Local" in config
    assert "posapp" in data
    assert logs.lower().endswith("logs")


GOOD = [
    "https://api.digitalriver.com",
    "https://api.digitalriver.com/",
    "http://127.0.0.1:8787",
    "http://[::1]:8787/base",
    "http://localhost:8787",
]
BAD = [
    "http://api.digitalriver.com",
    "http://127.0.0.1.evil.example",
    "http://192.168.0.7:8787",
    "https://user:word@api.digitalriver.com",
    "ftp://localhost",
    "localhost:8787",
    "https://[::1",
    "",
]


@pytest.mark.parametrize("url", GOOD)
def test_https_and_loopback_are_allowed_here_and_in_the_gateway(url: str) -> None:
    assert require_https_outside_loopback(url) == url.rstrip("/")
    check_address(url)  # the two checks live in two layers and must agree


@pytest.mark.parametrize("url", BAD)
def test_clear_text_is_refused_here_and_in_the_gateway(url: str) -> None:
    with pytest.raises(UnsafeUrl):
        require_https_outside_loopback(url)
    with pytest.raises(UnsafeAddress):
        check_address(url)


def test_config_is_cheap_to_import() -> None:
    modules = "paths settings secrets logs clock network redaction".split()
    imports = "; ".join(f"import posapp.config.{module}" for module in modules)
    heavy = "httpx sqlalchemy keyring platformdirs PySide6 msgspec".split()
    code = f"{imports}; import sys; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
