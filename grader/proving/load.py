"""A machine that is busy with something else."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_BURN = "while True: sum(range(10_000))"


@contextmanager
def burners(count: int) -> Iterator[None]:
    """Processes that want a processor all the time."""
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            burner = subprocess.Popen([sys.executable, "-c", _BURN], start_new_session=True)
            stack.callback(burner.wait)
            stack.callback(burner.kill)
        yield
