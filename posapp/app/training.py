"""The training room's service: our own sandbox as a child process.

It ends with us and is restarted when it dies.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from posapp.domain.errors import TrainingAway

log = logging.getLogger(__name__)

READY = "sandbox ready "
START_LIMIT_S = 30.0
SECRET_KEY = "sk_test_sandbox"
PUBLIC_KEY = "pk_test_sandbox"


class TrainingRoom:
    """Runs the sandbox on a loopback port of its own choice, always the same one after the first
    start.
    """

    def __init__(self, data: Path, *, seed: int, control_token: str) -> None:
        self._data = data
        self._seed = seed
        self._token = control_token
        self._port = 0
        self._control_port = 0
        self._child: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self.on_restart: Callable[[], None] = lambda: None

    @property
    def control_token(self) -> str:
        """What the control port wants to see."""
        return self._token

    @property
    def api_url(self) -> str:
        """Where its API listens."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def js_url(self) -> str:
        """Where its payment form's script lies."""
        return f"{self.api_url}/v1"

    @property
    def control_url(self) -> str:
        """Where its control port listens; requests carry the token."""
        return f"http://127.0.0.1:{self._control_port}"

    async def open(self) -> None:
        """Start the child and wait until it listens. Raises TrainingAway.

        `on_restart` is called whenever it had to be started again.
        """
        await self._start()
        self._watch = asyncio.create_task(self._keep_alive())

    async def close(self) -> None:
        """Let the child end: it does when its standard input closes."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        child, self._child = self._child, None
        if child is None or child.returncode is not None:
            return
        if child.stdin is not None:
            child.stdin.close()
        try:
            await asyncio.wait_for(child.wait(), 5)
        except TimeoutError:
            child.kill()
            await child.wait()

    def kill(self) -> None:
        """Kill the child, as a crash would; it is started again."""
        if self._child is not None and self._child.returncode is None:
            self._child.kill()

    async def _start(self) -> None:
        self._data.mkdir(parents=True, exist_ok=True)
        self._port = self._port or _free_port()
        self._control_port = self._control_port or _free_port()
        self._child = await asyncio.create_subprocess_exec(
            *_command(),
            "--port",
            str(self._port),
            "--control-port",
            str(self._control_port),
            "--data",
            str(self._data),
            "--seed",
            str(self._seed),
            "--until-stdin-closes",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=_environment(self._token),
        )
        await self._read_ready(self._child)

    async def _read_ready(self, child: asyncio.subprocess.Process) -> None:
        said = ""
        assert child.stdout is not None
        try:
            async with asyncio.timeout(START_LIMIT_S):
                while line := await child.stdout.readline():
                    said = line.decode(errors="replace").strip()
                    if said.startswith(READY):
                        self._port = int(said.rsplit(":", 1)[1])
                        return
        except TimeoutError:
            child.kill()
        raise TrainingAway(said)

    async def _keep_alive(self) -> None:
        while self._child is not None:
            code = await self._child.wait()
            log.warning("the sandbox ended with %s; starting it again", code)
            try:
                await self._start()
            except TrainingAway:
                await asyncio.sleep(2)
                continue
            self.on_restart()


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, "sandbox"]
    run = "import sys; from posapp.sandbox.server import main; sys.exit(main(sys.argv[1:]))"
    return [sys.executable, "-c", run]


def _free_port() -> int:
    """Return a port nobody listens on now; the child says so if that has changed meanwhile."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _environment(token: str) -> dict[str, str]:
    root = Path(__file__).resolve().parents[2]
    path = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH", ""))))
    return {**os.environ, "PYTHONPATH": path, "POSAPP_SANDBOX_TOKEN": token}
