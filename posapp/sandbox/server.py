"""Runs a sandbox: `main.py sandbox`, or inside a test. Opens sockets and files, knows no rule.

async with running(World()) as sandbox: ...      # on the caller's loop
with run_in_thread() as sandbox: ...             # on a thread of its own; sandbox.world, .url
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import secrets
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from posapp.sandbox import control, front
from posapp.sandbox.clock import Pace, wall_clock
from posapp.sandbox.core import Options
from posapp.sandbox.courier import carry
from posapp.sandbox.seed import plant
from posapp.sandbox.webhooks import Delivery
from posapp.sandbox.world import World

log = logging.getLogger(__name__)

LONGEST_NAP_S = 0.25
START_LIMIT_S = 10.0
TOKEN_VARIABLE = "POSAPP_SANDBOX_TOKEN"
DATABASE = "sandbox-3.sqlite3"  # the number of the storage format: an older world is left alone


@dataclass(frozen=True, slots=True)
class Running:
    """A sandbox that listens. `js_url` is the folder of DigitalRiver.js."""

    world: World
    url: str
    control_url: str = ""

    @property
    def js_url(self) -> str:
        """What POSAPP_JS_URL is set to."""
        return f"{self.url}/v1"


class _Server(uvicorn.Server):
    """uvicorn without hands on the process's signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to whoever runs the loop."""
        yield


def _listen(host: str, port: int) -> socket.socket:
    # named protocol: asyncio sets TCP_NODELAY only then, and without it each answer waits 40 ms
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


@asynccontextmanager
async def _served(application: front.App, host: str, port: int) -> AsyncIterator[str]:
    listener = _listen(host, port)
    config = uvicorn.Config(
        application, http="h11", ws="none", lifespan="off", log_config=None,
        log_level="critical", access_log=False, proxy_headers=False, server_header=False,
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn tells no event
        await asyncio.sleep(0.002)
    try:
        shown = f"[{host}]" if ":" in host else host
        yield f"http://{shown}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        listener.close()


@asynccontextmanager
async def running(
    world: World,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    control_port: int | None = None,
    control_token: str = "",
) -> AsyncIterator[Running]:
    """Serves a world on the running loop; port 0 takes any free one."""
    async with contextlib.AsyncExitStack() as stack:
        url = await stack.enter_async_context(_served(front.app(world), host, port))
        world.core.base_url = url
        control_url = ""
        if control_port is not None:
            served = _served(control.app(world, control_token), "127.0.0.1", control_port)
            control_url = await stack.enter_async_context(served)
        ticker = asyncio.create_task(_tick(world))
        try:
            yield Running(world, url, control_url)
        finally:
            ticker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await ticker


async def _tick(world: World) -> None:
    """Lets due things happen without anybody asking, and delivers webhooks."""
    tasks: set[asyncio.Task[None]] = set()
    while True:
        world.advance()
        for delivery in world.take_deliveries():
            task = asyncio.create_task(_post(world, delivery))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        due = world.next_due_s()
        await asyncio.sleep(LONGEST_NAP_S if due is None else min(LONGEST_NAP_S, max(due, 0.005)))


async def _post(world: World, delivery: Delivery) -> None:
    good = await asyncio.to_thread(carry, delivery)
    world.delivered(delivery, good=good)


@contextmanager
def run_in_thread(world: World | None = None, *, control_token: str = "") -> Iterator[Running]:
    """A sandbox on a free port and a thread of its own; a token also opens a control port."""
    served = world or World()
    loop = asyncio.new_event_loop()
    ready: list[Running] = []
    up, stop = threading.Event(), asyncio.Event()

    async def work() -> None:
        control_port = 0 if control_token else None
        async with running(
            served, control_port=control_port, control_token=control_token
        ) as sandbox:
            ready.append(sandbox)
            up.set()
            await stop.wait()

    def run() -> None:
        try:
            loop.run_until_complete(work())
        finally:
            up.set()
            loop.close()

    thread = threading.Thread(target=run, name="sandbox", daemon=True)
    thread.start()
    up.wait(START_LIMIT_S)
    if not ready:
        raise RuntimeError("the sandbox did not start")
    try:
        yield ready[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        if world is None:
            served.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py sandbox", description="A pretend Digital River on this machine."
    )
    add = parser.add_argument
    add("--port", type=int, default=8787, help="0 takes any free port (default 8787)")
    add("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    add("--data", type=Path, help="folder that keeps the world; without it memory only")
    add("--seed", type=int, help="make ids repeat and fill an empty world with a seeded shop")
    add("--pace", type=float, default=1.0, help="how slow captures and reviews run; 0 = at once")
    add("--rate-limit", type=float, help="requests a second and key, as the service's 25")
    add("--control-port", type=int, help="port of the control protocol, off by default")
    add("--control-token", help=f"its token; else {TOKEN_VARIABLE}, else a random one is told")
    add("--until-stdin-closes", action="store_true", help="end when the standard input closes")
    return parser


def main(arguments: list[str]) -> int:
    """`main.py sandbox`: serves until it is told to end; returns the exit code."""
    return serve(_parser().parse_args(arguments))


def serve(args: argparse.Namespace) -> int:
    """Prints `sandbox ready URL` when it listens; ends on SIGTERM, SIGINT or closed stdin."""
    given = args.control_token or os.environ.get(TOKEN_VARIABLE, "")
    options = Options(pace=Pace().scaled(args.pace), rate_limit=args.rate_limit)
    path = None
    if args.data is not None:
        args.data.mkdir(parents=True, exist_ok=True)
        path = args.data / DATABASE
    chance = args.seed if args.seed is not None else os.urandom(16).hex()
    world = World(path, clock=wall_clock, seed=chance, options=options)
    if args.seed is not None:
        plant(world)
    try:
        return asyncio.run(_serve(world, args, given))
    finally:
        world.close()


async def _serve(world: World, args: argparse.Namespace, given: str) -> int:
    token = given or secrets.token_urlsafe(24)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        if sys.platform == "win32":  # no loop there takes signals
            signal.signal(name, lambda *_: loop.call_soon_threadsafe(stop.set))
        else:
            loop.add_signal_handler(name, stop.set)
    if args.until_stdin_closes:
        threading.Thread(target=_watch_stdin, args=(loop, stop), daemon=True).start()
    try:
        async with running(
            world, host=args.host, port=args.port, control_port=args.control_port,
            control_token=token,
        ) as sandbox:  # fmt: skip
            if sandbox.control_url:
                _tell_control(sandbox.control_url, "" if given else token)
            print(f"sandbox ready {sandbox.url}", flush=True)
            await stop.wait()
    except OSError as failed:
        print(
            f"sandbox: port {args.port} on {args.host} cannot be used ({failed.strerror}); "
            "choose another with --port.",
            file=sys.stderr,
        )
        return 1
    return 0


def _tell_control(url: str, made: str) -> None:
    """Where the control port is, for whoever started us; a token of their own they know."""
    print(
        f"sandbox control {url}" + (f" token {made}" if made else ""), file=sys.stderr, flush=True
    )


def _watch_stdin(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """The parent holds our standard input open for as long as it lives."""
    while sys.stdin.buffer.read(4096):
        pass
    loop.call_soon_threadsafe(stop.set)
