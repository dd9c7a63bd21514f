"""What our client costs beside bare httpx: typed, budgeted, logged, one call after another.

Run: `python -m tests.bench.client`. The answering side is a separate process on loopback; both
clients ask it for the same order, in turns, so that noise of the machine hits both.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from posapp.config import logs
from posapp.config.clock import SystemClock
from posapp.gateway.budget import Budget
from posapp.gateway.client import Client
from posapp.gateway.river import DigitalRiver
from tests.bench.parse import an_order

CALLS = 300
ROUNDS = 7
TARGET = 0.8


async def serve() -> None:
    """Answer every request with one order; end when standard input closes."""
    body = json.dumps(an_order(random.Random(1))).encode()
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-dr-requestid: req-1\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(head + body)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


async def _rate(call: Callable[[], Awaitable[object]]) -> float:
    started = time.perf_counter()
    for _ in range(CALLS):
        await call()
    return CALLS / (time.perf_counter() - started)


async def measure(base_url: str) -> tuple[float, float]:
    """Return (ours, bare): calls a second, the median of the rounds."""
    clock = SystemClock()
    ours = DigitalRiver(
        Client(
            base_url=base_url,
            secret_key="sk_test_bench",
            clock=clock,
            rng=random.Random(1),
            budget=Budget(clock, calls_per_s=1e6),  # the limit is not what is measured
        )
    )
    rates: dict[str, list[float]] = {"ours": [], "bare": []}
    async with ours, httpx.AsyncClient(base_url=base_url, trust_env=False) as bare:
        for _ in range(ROUNDS + 1):
            rates["bare"].append(await _rate(lambda: bare.get("/orders/1?expand=true")))
            rates["ours"].append(await _rate(lambda: ours.orders.get("1")))
    return statistics.median(rates["ours"][1:]), statistics.median(rates["bare"][1:])


def main() -> int:
    """Print the figures; return 1 below the target."""
    if sys.argv[1:] == ["--serve"]:
        asyncio.run(serve())
        return 0
    command = [sys.executable, "-m", "tests.bench.client", "--serve"]
    pipe = subprocess.PIPE
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as server,
    ):
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        log = logs.start(Path(folder), level=logging.DEBUG)
        try:
            ours, bare = asyncio.run(measure(f"http://127.0.0.1:{port}"))
        finally:
            log.stop()
            server.communicate()
        lines = len(log.file.read_text(encoding="utf-8").splitlines())
    ratio = ours / bare
    print(f"bare httpx: {bare:,.0f} a second; our client: {ours:,.0f} ({lines} log lines)")
    print(f"our client / bare httpx = {ratio:.2f} (target {TARGET})")
    return 0 if ratio >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
