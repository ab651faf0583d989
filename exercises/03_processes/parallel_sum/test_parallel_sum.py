"""Public tests: run `pytest` in this folder."""

import multiprocessing
import os
import signal
import time
from functools import partial

import pytest
from parallel_sum import parallel_sum

PATIENCE = 10  # seconds; ends a hang, decides nothing else


@pytest.fixture(params=multiprocessing.get_all_start_methods())
def start_method(request):
    """Sets it for one test."""
    before = multiprocessing.get_start_method()
    multiprocessing.set_start_method(request.param, force=True)
    yield request.param
    multiprocessing.set_start_method(before, force=True)


@pytest.fixture(autouse=True)
def no_process_is_left():
    """Looks behind every test."""
    yield
    left = multiprocessing.active_children()
    for process in left:
        process.kill()
    assert not left, f"{len(left)} processes left behind"


def square(i):
    return i * i


def enormous(i):
    return i << 3_000_000


def broken_at(bad, i):
    if i == bad:
        raise ZeroDivisionError(f"at {i}")
    return i


def deadly_at(bad, i):
    if i == bad:
        os.kill(os.getpid(), signal.SIGKILL)
    return i


def meeting(folder, parties, i):
    """Leaves a file of its process's own in the folder, and returns when there are enough of them."""
    (folder / str(os.getpid())).touch()
    for _ in range(100 * PATIENCE):
        if len(list(folder.iterdir())) >= parties:
            return os.getpid()
        time.sleep(0.01)
    raise TimeoutError(f"never were {parties} processes at work at the same time")


@pytest.mark.parametrize(("n", "workers"), [(9, 3), (10, 3), (2, 5), (5, 1), (70, 70)])
def test_the_sum(n, workers):
    assert parallel_sum(square, n, workers) == sum(map(square, range(n)))


@pytest.mark.parametrize("n", [0, -3])
def test_nothing_to_add(n):
    assert parallel_sum(square, n, workers=2) == 0


@pytest.mark.parametrize("workers", [0, -1])
def test_fewer_than_one_worker_is_refused(workers):
    with pytest.raises(ValueError):
        parallel_sum(square, 4, workers)


def test_any_start_method(start_method):
    assert parallel_sum(square, 5, workers=2) == 30


def test_large_results():
    assert parallel_sum(enormous, 4, workers=2) == 6 << 3_000_000


def test_a_failure_is_raised(start_method):
    with pytest.raises(ZeroDivisionError, match="at 3"):
        parallel_sum(partial(broken_at, 3), 5, workers=2)


@pytest.mark.parametrize("bad", [0, 4])
def test_a_killed_worker_is_reported(bad):
    with pytest.raises(RuntimeError):
        parallel_sum(partial(deadly_at, bad), 5, workers=2)


def test_three_workers_at_once(tmp_path):
    total = parallel_sum(partial(meeting, tmp_path, 3), 3, workers=3)

    pids = [int(file.name) for file in tmp_path.iterdir()]
    assert len(pids) == 3 and sum(pids) == total
    assert os.getpid() not in pids
