"""How fast schedules are explored, and what 30,000 of them leave behind: `python -m tests.benchmarks.schedules`.

The bar is 1,000 schedules a second on the producer-consumer scenario, on one core. On a machine with other work only
the figures per second of CPU time can be compared.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from grader.player.schedules.explore import explore, student_scenario
from grader.player.schedules.messages import Plan, ToldExploration
from grader.player.schedules.ownership import Ownership
from tests.benchmarks.peers import table
from tests.player.schedules.programs import CASES

_REFERENCE = Path(__file__).parents[2] / "solutions/02_queues/producer_consumer/producer_consumer.py"
_OWNERSHIP = Ownership()
_ROUNDS = 7
_MANY, _AT_ONCE = 30_000, 5_000

Exploration = Callable[[Plan], ToldExploration]


def two_items(student: Any) -> None:
    """One producer, one consumer, room for one."""
    got: list[int] = []
    student.produce_consume([[1, 2]], got.append, capacity=1)
    assert got == [1, 2]


def producer_consumer(plan: Plan) -> ToldExploration:
    program, scenario = student_scenario(two_items, "producer_consumer", str(_REFERENCE), dict, _OWNERSHIP)
    return explore(program, scenario, plan, lambda outcome: "value" in outcome)


def bounded_buffer(plan: Plan) -> ToldExploration:
    told: ToldExploration = next(case for case in CASES if case.name == "bounded_buffer").explore(plan).told
    return told


@contextmanager
def _on_one_core() -> Iterator[None]:
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def rates(explored: Exploration) -> tuple[float, float, float]:
    """The medians of schedules a second, schedules a second of CPU time, and steps a schedule."""
    explored(Plan(0, 100))
    measured = [_rate(explored, Plan(seed)) for seed in range(_ROUNDS)]
    wall, cpu, steps = (statistics.median(column) for column in zip(*measured, strict=True))
    return wall, cpu, steps


def _rate(explored: Exploration, plan: Plan) -> tuple[float, float, float]:
    began, cpu = time.perf_counter(), time.process_time()
    told = explored(plan)
    seconds, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    assert told["stopped"] is None
    return told["schedules"] / seconds, told["schedules"] / cpu_s, told["steps"] / told["schedules"]


def _speed() -> str:
    with _on_one_core():
        told = {"producer-consumer": rates(producer_consumer), "`bounded_buffer`": rates(bounded_buffer)}
    rows = [[name, f"{wall:,.0f}", f"{cpu:,.0f}", f"{steps:.0f}"] for name, (wall, cpu, steps) in told.items()]
    return table(["scenario", "schedules/s", "per CPU second", "steps a schedule"], rows)


def _left_behind() -> str:
    rows = [["0", *_held()]]
    done = 0
    while done < _MANY:
        done += producer_consumer(Plan(done, _AT_ONCE))["schedules"]
        rows.append([f"{done:,}", *_held()])
    return table(["schedules", "threads", "resident MiB"], rows)


def _held() -> list[str]:
    time.sleep(0.1)  # a thread that has said that it ends is there for a moment longer
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    threads = len(list(Path("/proc/self/task").iterdir()))
    return [str(threads), f"{pages * os.sysconf('SC_PAGE_SIZE') / (1 << 20):.1f}"]


def main() -> None:
    print(f"CPython {sys.version.split()[0]}, medians of {_ROUNDS} explorations of {Plan().schedules} schedules\n")
    print(_speed(), flush=True)
    print(f"\n{_left_behind()}")


if __name__ == "__main__":
    main()
