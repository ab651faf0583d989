"""Public tests of RWLock. Run `pytest` in this folder."""

from __future__ import annotations

import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from pathlib import Path
from typing import Any

import pytest
from readers_writer import RWLock

PATIENCE = 10.0  # seconds: only there so that a test cannot hang; a right solution needs milliseconds
USER = "thread"


def together(*functions: Callable[[], Any]) -> None:
    """Call each function in a thread of its own; if they hang, fail and say which thread waits where."""
    outcomes: list[Future[Any]] = [Future() for _ in functions]

    def call(function: Callable[[], Any], outcome: Future[Any]) -> None:
        try:
            outcome.set_result(function())
        except BaseException as error:
            outcome.set_exception(error)

    for n, pair in enumerate(zip(functions, outcomes, strict=True), 1):
        threading.Thread(target=call, args=pair, name=f"{USER} {n}", daemon=True).start()
    if wait(outcomes, timeout=PATIENCE).not_done:
        pytest.fail(f"still waiting after {PATIENCE:g} s:\n{who_waits_where()}", pytrace=False)
    for outcome in outcomes:
        outcome.result()


def who_waits_where() -> str:
    """One line for each thread that is inside readers_writer.py: its name and the line it has reached."""
    stacks = sys._current_frames()
    lines = []
    for thread in threading.enumerate():
        summary = traceback.StackSummary.extract(traceback.walk_stack(stacks.get(thread.ident or 0)))
        own = [entry for entry in summary if Path(entry.filename).name == "readers_writer.py"]
        if own:  # the innermost call comes first
            lines.append(f"  {thread.name}: readers_writer.py, line {own[0].lineno}: {own[0].line}")
    return "\n".join(lines) or "  (no thread is inside readers_writer.py any more)"


@pytest.fixture(scope="module", autouse=True)
def exit_in_spite_of_hanging_threads() -> Iterator[None]:
    """Python exits once all threads have ended; if some never will, end the process after the last test."""
    yield
    if any(thread.name.startswith(USER) for thread in threading.enumerate()):
        last_resort = threading.Timer(PATIENCE, lambda: (sys.stdout.flush(), os._exit(1)))
        last_resort.daemon = True
        last_resort.start()


def test_readers_are_inside_at_the_same_time() -> None:
    lock, meeting = RWLock(), threading.Barrier(3)

    def reader() -> None:
        with lock.read():
            meeting.wait()  # nobody passes before three readers are inside

    together(reader, reader, reader)


def test_one_after_the_other() -> None:
    lock, done = RWLock(), []

    def user() -> None:
        for _ in range(3):
            with lock.write():
                done.append("write")
            with lock.read():
                done.append("read")

    together(user)
    assert done == ["write", "read"] * 3


def test_a_writer_is_alone() -> None:
    lock = RWLock()
    inside: list[str] = []

    def writer() -> None:
        for _ in range(200):
            with lock.write():
                inside.append("writer")
                assert inside == ["writer"], "somebody else is inside together with a writer"
                inside.remove("writer")

    def reader() -> None:
        for _ in range(200):
            with lock.read():
                inside.append("reader")
                assert "writer" not in inside, "a reader is inside together with a writer"
                inside.remove("reader")

    together(writer, writer, reader, reader)


def test_a_reader_waits_for_the_writer() -> None:
    lock, inside = RWLock(), threading.Event()
    pages = ["old"]

    def writer() -> None:
        with lock.write():
            inside.set()
            pages.append("half")
            pages[:] = ["new"]

    def reader() -> None:
        inside.wait()
        with lock.read():
            assert pages == ["new"]

    together(writer, reader, reader)


@pytest.mark.parametrize("mode", ["read", "write"])
def test_an_exception_comes_out_and_the_lock_is_let_go(mode: str) -> None:
    lock = RWLock()

    def user() -> None:
        with pytest.raises(ZeroDivisionError), getattr(lock, mode)():
            raise ZeroDivisionError
        with lock.write():
            pass
        with lock.read():
            pass

    together(user)


def test_locks_know_nothing_of_each_other() -> None:
    first, second = RWLock(), RWLock()

    def user() -> None:
        with first.write(), second.write():
            pass
        with first.read(), second.write():
            pass

    together(user)
