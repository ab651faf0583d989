"""What a player prints. Its beginning is kept, for whoever reads the report; there may not be too much of it."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time

from grader.results import Verdict

from .limits import MB
from .outcomes import PlayerEndedError

_KEPT = 64 * 1024
_DUMP_S = 0.2


class Printed:
    """Reads from the pipe that standard output and standard error of a player lead to."""

    def __init__(self, pipe: int, most_mb: int) -> None:
        os.set_blocking(pipe, False)  # what is printed can be taken back before we read it
        self.kept = bytearray()
        self._pipe, self._most_mb, self._count = pipe, most_mb, 0

    def read(self) -> bool:
        """Whether there may be more, later. Raises PlayerEndedError where it was too much."""
        try:
            data = os.read(self._pipe, 65536)
        except BlockingIOError:
            return True
        self._count += len(data)
        self.kept += data[: _KEPT - len(self.kept)]
        if self._count > self._most_mb * MB:
            seen = f"More than {self._most_mb} MiB was printed in one check."
            raise PlayerEndedError(Verdict.ERROR, seen, "debugging prints: take them out")
        return bool(data)

    def dump_of_threads(self, pid: int) -> str:
        """Where the threads of the process are, as its faulthandler writes it to standard error when asked."""
        dump = bytearray()
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGUSR1)
        deadline = time.monotonic() + _DUMP_S
        while (left := deadline - time.monotonic()) > 0 and select.select([self._pipe], [], [], left)[0]:
            try:
                data = os.read(self._pipe, 65536)
            except BlockingIOError:
                continue
            dump += data
            if not data or len(dump) > _KEPT:
                break
        return dump.decode("utf-8", "replace")
