"""Processes of `verify`'s own, for what is no job: they collect suites as workers do."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from grader.errors import InfrastructureError
from grader.player import limits


@contextmanager
def pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Started afresh, as judges with threads may not fork. Raises InfrastructureError when one dies."""
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _prepare) as processes:
        try:
            yield processes
        except BrokenProcessPool as e:
            raise InfrastructureError("A process of verify's own has died.") from e
        finally:
            processes.shutdown(cancel_futures=True)


def _prepare() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the grader's to handle
    limits.die_with_parent()
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
