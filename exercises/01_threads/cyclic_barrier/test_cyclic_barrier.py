"""Public tests of Barrier. Run `pytest` in this folder."""

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
from cyclic_barrier import Barrier

PATIENCE = 10.0  # seconds: only there so that a test cannot hang; a right solution needs milliseconds
PLAYER = "player"


def together(*functions: Callable[[], Any]) -> list[Any]:
    """Call each function in a thread of its own; if they hang, fail and say which thread waits where."""
    outcomes: list[Future[Any]] = [Future() for _ in functions]

    def call(function: Callable[[], Any], outcome: Future[Any]) -> None:
        try:
            outcome.set_result(function())
        except BaseException as error:
            outcome.set_exception(error)

    for n, pair in enumerate(zip(functions, outcomes, strict=True), 1):
        threading.Thread(target=call, args=pair, name=f"{PLAYER} {n}", daemon=True).start()
    if wait(outcomes, timeout=PATIENCE).not_done:
        pytest.fail(f"still waiting after {PATIENCE:g} s:\n{who_waits_where()}", pytrace=False)
    return [outcome.result() for outcome in outcomes]


def who_waits_where() -> str:
    """One line for each thread that is inside cyclic_barrier.py: its name and the line it has reached."""
    stacks = sys._current_frames()
    lines = []
    for thread in threading.enumerate():
        summary = traceback.StackSummary.extract(traceback.walk_stack(stacks.get(thread.ident or 0)))
        own = [entry for entry in summary if Path(entry.filename).name == "cyclic_barrier.py"]
        if own:  # the innermost call comes first
            lines.append(f"  {thread.name}: cyclic_barrier.py, line {own[0].lineno}: {own[0].line}")
    return "\n".join(lines) or "  (no thread is inside cyclic_barrier.py any more)"


@pytest.fixture(scope="module", autouse=True)
def exit_in_spite_of_hanging_threads() -> Iterator[None]:
    """Python exits once all threads have ended; if some never will, end the process after the last test."""
    yield
    if any(thread.name.startswith(PLAYER) for thread in threading.enumerate()):
        last_resort = threading.Timer(PATIENCE, lambda: (sys.stdout.flush(), os._exit(1)))
        last_resort.daemon = True
        last_resort.start()


def play_rounds(parties: int, rounds: int) -> list[list[int]]:
    """Let `parties` threads meet again and again; return the indices by round."""
    barrier = Barrier(parties)
    arrived: list[int] = []  # the round of each arrival
    indices: list[list[int]] = [[] for _ in range(rounds)]

    def player() -> None:
        for number in range(rounds):
            arrived.append(number)
            index = barrier.wait()
            assert arrived.count(number) == parties, f"somebody left round {number} before all had arrived"
            indices[number].append(index)

    together(*[player] * parties)
    return indices


def test_nobody_leaves_before_all_have_arrived() -> None:
    play_rounds(parties=4, rounds=1)


def test_it_can_be_used_again() -> None:
    play_rounds(parties=3, rounds=200)


def test_each_index_once_in_each_round() -> None:
    for indices in play_rounds(parties=4, rounds=50):
        assert sorted(indices) == [0, 1, 2, 3]


def test_more_threads_than_parties() -> None:
    barrier = Barrier(2)
    assert sorted(together(*[barrier.wait] * 6)) == [0, 0, 0, 1, 1, 1]


def test_one_thread_waits_for_nobody() -> None:
    barrier = Barrier(1)
    assert together(lambda: [barrier.wait() for _ in range(3)]) == [[0, 0, 0]]


def test_barriers_know_nothing_of_each_other() -> None:
    first, second = Barrier(2), Barrier(2)

    def player() -> tuple[int, int]:
        return first.wait(), second.wait()

    indices = together(player, player)
    assert sorted(mine for mine, _ in indices) == [0, 1]
    assert sorted(mine for _, mine in indices) == [0, 1]


@pytest.mark.parametrize("parties", [0, -1])
def test_refuses_less_than_one_party(parties: int) -> None:
    with pytest.raises(ValueError):
        Barrier(parties)
