"""What the kernel says of processes is read so that nobody is overlooked."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox import processes
from grader.sandbox.processes import proc

TWO_THREADS = """
import sys, threading
waiting = threading.Thread(target=sys.stdin.read)
waiting.start()
print("ready", flush=True)
waiting.join()
"""


@pytest.fixture
def parked() -> Iterator[int]:
    """A process with two threads that wait for good."""
    command = [sys.executable, "-c", TWO_THREADS]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        while processes.parked_tasks([process.pid]) is None:
            pass  # it has still to go to sleep
        yield process.pid
        process.kill()


FOR_A_MINUTE = """
import multiprocessing, queue, select, threading, time
reader, writer = multiprocessing.Pipe()
waits = [
    lambda: time.sleep(60),
    lambda: threading.Event().wait(60),
    lambda: select.poll().poll(60_000),
    lambda: select.select([], [], [], 60),
    lambda: reader.poll(60),
    lambda: queue.SimpleQueue().get(timeout=60),
]
for wait in waits:
    threading.Thread(target=wait, daemon=True).start()
print("ready", flush=True)
waits[0]()
"""


@pytest.mark.skipif(not processes.PROVES_STOPS, reason="only Linux tells what threads wait for")
def test_it_is_told_how_long_somebody_waits() -> None:
    command = [sys.executable, "-c", FOR_A_MINUTE]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        found: list[float] = []
        while len(found) < 7 or min(found) < 1:  # they have still to go to sleep
            found = [processes.lasts_s(task) for task in processes.tasks([process.pid])]
        process.kill()
    assert max(found) <= 60


def test_all_threads_are_found_parked(parked: int) -> None:
    found = processes.parked_tasks([parked])
    assert found is not None
    assert len(found) == 2


def test_a_listing_that_leaves_a_thread_out_is_noticed(parked: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proc, "_thread_ids", lambda pid: [pid])
    assert processes.parked_tasks([parked]) is None


def test_nobody_is_parked_while_we_run() -> None:
    assert processes.parked_tasks([os.getpid()]) is None


def test_threads_of_a_user_are_counted() -> None:
    before = processes.threads_of(os.getuid())
    go_on = threading.Event()
    threads = [threading.Thread(target=go_on.wait) for _ in range(200)]
    for thread in threads:
        thread.start()
    try:
        assert processes.threads_of(os.getuid()) > before + 100  # others of this user may have ended meanwhile
    finally:
        go_on.set()


def test_who_waits_for_a_child_within_a_call_is_not_held_up_by_the_machine(tmp_path: Path) -> None:
    """It could wait there for as long as it likes: the child, which opens a pipe that nobody writes to, does."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    opens = f"[(os.POSIX_SPAWN_OPEN, 3, {str(pipe)!r}, os.O_RDONLY, 0)]"
    source = f"import os; os.posix_spawn('/bin/true', ['true'], {{}}, file_actions={opens})"
    with subprocess.Popen([sys.executable, "-c", source]) as process:
        try:
            while not proc._may_wait_for_a_child(process.pid, process.pid):
                assert process.poll() is None  # it has still to come there
            everybody = processes.descendants(process.pid)
            while proc._state(everybody[-1], everybody[-1]) == "R":
                assert process.poll() is None  # the child has, too
            assert not processes.wants_processor(everybody)
        finally:
            os.close(os.open(pipe, os.O_RDWR))  # which waits for nobody, and lets the child go
