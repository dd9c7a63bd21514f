"""100,000 fuzzed requests against the sandbox: afterwards its books must agree.

python3 main.py bench sandbox_fuzz; `python -m tests.bench.sandbox_fuzz COUNT SEED` for other runs.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from tests.unit.sandbox.havoc import run

COUNT, SEED = 100_000, 1


def main(arguments: Sequence[str]) -> int:
    """Send them; return 1 when an invariant or an answer is broken."""
    count = int(arguments[0]) if arguments else COUNT
    seed = int(arguments[1]) if len(arguments) > 1 else SEED
    begun = time.perf_counter()
    tills = run(count, seed)
    took = time.perf_counter() - begun
    statuses = ", ".join(f"{status}: {n}" for status, n in sorted(tills.statuses.items()))
    core = tills.world.core
    kept = {kind: core.storage.count(kind) for kind in ("order", "fulfilment", "refund", "return")}
    print(f"sandbox fuzz, seed {seed}: {tills.sent} requests in {took:.0f} s")
    print(f"  answers: {statuses}")
    print(f"  left behind: {', '.join(f'{n} {kind}s' for kind, n in kept.items())}; "
          f"{tills.audited} orders audited through the API")  # fmt: skip
    for sentence in tills.wrong[:20]:
        print(f"  BROKEN {sentence}")
    print("verdict: the books agree" if not tills.wrong else "verdict: the books do NOT agree")
    return int(bool(tills.wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
