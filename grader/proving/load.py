"""A machine that is busy with something else."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# It ends when its standard input does, which the kernel sees to, however we end.
_BURN = """
import os, threading
threading.Thread(target=lambda: (os.read(0, 1), os._exit(0)), daemon=True).start()
while True: sum(range(10_000))
"""


@contextmanager
def burners(count: int) -> Iterator[None]:
    """So many processes that want a processor all the time: they add `count` to the load average.

    They have our priority and control group. Each has a session of its own, as workers and players have: where the
    kernel shares processors out by session (autogroups), they would count as one of us otherwise.
    """
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            burner = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _BURN], stdin=subprocess.PIPE, start_new_session=True
            )
            stack.callback(burner.wait)
            stack.callback(burner.kill)
        yield
