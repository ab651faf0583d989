"""Public tests of count_primes. Run `pytest` in this folder."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, wait

import pytest
from count_primes import count_primes, is_prime

PATIENCE = 60.0  # seconds: only there so that a test cannot hang; a right solution needs about one
CALLER = "caller of count_primes"

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")  # the guard is a thread


def run(limit: int, workers: int) -> int:
    """Call count_primes; if it hangs, fail and end its processes."""
    outcome: Future[int] = Future()

    def call() -> None:
        try:
            outcome.set_result(count_primes(limit, workers))
        except BaseException as error:
            outcome.set_exception(error)

    threading.Thread(target=call, name=CALLER, daemon=True).start()
    wait([outcome], timeout=PATIENCE)
    if not outcome.done():
        for process in multiprocessing.active_children():
            process.kill()
        pytest.fail(f"count_primes({limit}, {workers}) is still running after {PATIENCE:g} s", pytrace=False)
    return outcome.result()


@pytest.fixture(scope="module", autouse=True)
def exit_in_spite_of_hanging_threads() -> Iterator[None]:
    """Python exits once all threads have ended; if some never will, end the process after the last test."""
    yield
    if any(thread.name == CALLER for thread in threading.enumerate()):
        last_resort = threading.Timer(10.0, lambda: (sys.stdout.flush(), os._exit(1)))
        last_resort.daemon = True
        last_resort.start()


def serial(limit: int) -> int:
    return sum(is_prime(n) for n in range(limit))


@pytest.mark.parametrize(("limit", "workers"), [(10, 2), (100, 3), (1009, 2), (1010, 4)])
def test_counts_the_primes_below_the_limit(limit: int, workers: int) -> None:
    assert run(limit, workers) == serial(limit)


@pytest.mark.parametrize("limit", [-5, 0, 1, 2, 3, 4])
def test_small_limits(limit: int) -> None:
    assert run(limit, workers=3) == serial(limit)


def test_one_worker_is_enough() -> None:
    assert run(500, workers=1) == serial(500)


@pytest.mark.parametrize("workers", [0, -1])
def test_refuses_less_than_one_worker(workers: int) -> None:
    with pytest.raises(ValueError):
        run(100, workers)


def test_no_process_is_left() -> None:
    run(300, workers=2)
    left = [process.name for process in multiprocessing.active_children()]
    assert not left, f"still there after the call: {left}"


def test_the_calling_process_has_little_to_do() -> None:
    """CPU time of this process alone: neither the time of others nor that of its children counts."""
    start = time.process_time()
    expected = serial(10_000)
    serial_cpu = time.process_time() - start

    start = time.process_time()
    counted = run(10_000, workers=2)
    own_cpu = time.process_time() - start

    assert counted == expected
    assert own_cpu < serial_cpu / 2, (
        f"the calling process used {own_cpu:.2f} s of CPU, the serial loop {serial_cpu:.2f} s: "
        "the work, or too much work for handing it out, is done here"
    )
