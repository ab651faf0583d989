"""What one player costs on each rung, over one that is not isolated: `python -m tests.benchmarks.players [ROUNDS]`.

Players of all rungs take turns, so that whatever else the machine does falls on all of them alike. A player is started
from the warm zygote, loads an empty module, and is taken down.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

from grader.sandbox.rungs import RLIMITS
from grader.sandbox.sandbox import Sandbox
from tests.rungs import usable_rungs


def measure(sandbox: Sandbox, submission: Path) -> tuple[float, float]:
    """Milliseconds until the module is loaded, and until the player is gone."""
    began = time.perf_counter()
    with sandbox.player(submission) as player:
        player.load("", "student")
        loaded = time.perf_counter()
    return (loaded - began) * 1000, (time.perf_counter() - began) * 1000


def main(rounds: int) -> None:
    times: dict[str, list[tuple[float, float]]] = defaultdict(list)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        (folder / "student.py").touch()
        # The same Python for all, though root's own may be out of reach on some rungs.
        interpreter = usable_rungs()[RLIMITS].interpreter
        sandboxes = {
            name: stack.enter_context(Sandbox(interpreter, usable.rung))
            for name, usable in usable_rungs().items()
            if not usable.rung.unavailable
        }
        for _ in range(rounds):
            for name, sandbox in sandboxes.items():
                times[name].append(measure(sandbox, folder))
    bare = [statistics.median(column) for column in zip(*times[RLIMITS], strict=True)]
    print(f"{'rung':16} {'loaded':>8} {'gone':>8} {'over bare':>10}   (ms, medians of {rounds})")
    for name, found in times.items():
        loaded, gone = (statistics.median(column) for column in zip(*found, strict=True))
        print(f"{name:16} {loaded:8.1f} {gone:8.1f} {gone - bare[1]:10.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 100)
