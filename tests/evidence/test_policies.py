"""Virtual time and rendezvous: exact for threads, processes and tasks, whatever the machine does meanwhile."""

from __future__ import annotations

import pytest

from grader.evidence import AtOnce, InTurns, Observation, Rendezvous, VirtualTime
from grader.sandbox import processes
from grader.sandbox.player import Player
from tests.conftest import StartPlayer

SCENARIOS = """
import asyncio
from grader.player.callbacks import AsyncCallback, Callback, RemoteIterator

def work(student, count):
    return student.work(Callback("work"), count)

def work_async(student, count):
    return asyncio.run(student.work(AsyncCallback("work"), count))

def drain(student):
    return list(RemoteIterator(Callback("next"), "a"))
"""
THREADS = """
from concurrent.futures import ThreadPoolExecutor
def work(fn, count):
    with ThreadPoolExecutor(3) as pool:
        return list(pool.map(fn, range(count)))
"""
PROCESSES = THREADS.replace("ThreadPool", "ProcessPool")
SPAWNED = PROCESSES.replace(
    "ProcessPoolExecutor(3)", "ProcessPoolExecutor(3, multiprocessing.get_context('spawn'))"
).replace("from", "import multiprocessing\nfrom", 1)
POLLING = """
import queue, threading
def work(fn, count):
    todo, done = queue.Queue(), {}
    def worker():
        while True:
            try:
                n = todo.get(timeout=0.01)
            except queue.Empty:
                if stop.is_set(): return
                continue
            done[n] = fn(n)
            todo.task_done()
    stop = threading.Event()
    threads = [threading.Thread(target=worker) for _ in range(3)]
    for t in threads: t.start()
    for n in range(count): todo.put(n)
    todo.join()
    stop.set()
    for t in threads: t.join()
    return [done[n] for n in range(count)]
"""
NOW_AND_THEN = """
import threading, time
def work(fn, count):
    ended = []
    for n in range(count):
        threading.Thread(target=lambda n=n: ended.append(fn(n)), daemon=True).start()
    while not ended:
        LOOK
    return len(ended)
"""
SERIAL = "def work(fn, count): return [fn(n) for n in range(count)]"
TASKS = """
import asyncio
async def work(fn, count):
    room = asyncio.Semaphore(3)
    async def one(n):
        async with room:
            return await fn(n)
    return await asyncio.gather(*[one(n) for n in range(count)])
"""


def observe(player: Player, policy: VirtualTime | Rendezvous | AtOnce, scenario: str, **inputs: object) -> Observation:
    return Observation(player.run(scenario, inputs, policy), policy.unit, policy.now)


@pytest.mark.parametrize("source", [THREADS, PROCESSES, SPAWNED, POLLING], ids=["threads", "fork", "spawn", "polling"])
def test_virtual_time_is_exact(source: str, start_player: StartPlayer) -> None:
    policy = VirtualTime({"work": lambda n: n * n}, lasts={"work": lambda n: 10 + n})
    seen = observe(start_player(source, SCENARIOS), policy, "work", count=5)
    assert seen.value == [0, 1, 4, 9, 16]
    assert (seen.peak("work"), seen.makespan) == (3, 25)  # 0-10, 1-11, 2-12, then 3 from 10 to 23, 4 from 11 to 25
    assert policy.in_flight == [3, 3, 3, 2, 1]


def test_virtual_time_is_exact_for_tasks(start_player: StartPlayer) -> None:
    policy = VirtualTime({"work": lambda n: n}, lasts={"work": lambda n: 10 + n})
    seen = observe(start_player(TASKS, SCENARIOS), policy, "work_async", count=5)
    assert (seen.value, seen.peak("work"), seen.makespan) == ([0, 1, 2, 3, 4], 3, 25)


def test_serial_code_takes_the_sum(start_player: StartPlayer) -> None:
    policy = VirtualTime({"work": lambda n: n}, lasts={"work": 2})
    seen = observe(start_player(SERIAL, SCENARIOS), policy, "work", count=4)
    assert (seen.peak("work"), seen.makespan) == (1, 8)
    assert [(span.track, span.start, span.end) for span in seen.timeline().spans] == [
        ("worker 1", 2.0 * n, 2.0 * n + 2) for n in range(4)
    ]


def test_turns_are_exact_where_nobody_waits_for_quiet(start_player: StartPlayer) -> None:
    for source, turns in ((PROCESSES, [3, 3, 1]), (SERIAL, [1] * 7)):
        policy = InTurns({"work": lambda n: n}, lasts={"work": 1}, processes=3)
        seen = observe(start_player(source, SCENARIOS), policy, "work", count=7)
        assert (seen.value, seen.makespan) == (list(range(7)), len(turns))
        in_flight = [len([call for call in seen.calls("work") if call.began == turn]) for turn in range(len(turns))]
        assert in_flight == turns


@pytest.mark.skipif(not processes.PROVES_STOPS, reason="only Linux tells what threads wait for")
@pytest.mark.parametrize("look", ["time.sleep({})", "threading.Event().wait({})"])
@pytest.mark.parametrize(("seconds", "makespan"), [(0.02, 1), (3, 2)])
def test_who_looks_seldom_is_not_waited_for(
    look: str, seconds: float, makespan: float, start_player: StartPlayer
) -> None:
    policy = VirtualTime({"work": lambda n: n}, lasts={"work": lambda n: 1 + n}, patience_s=60.0, seldom_s=0.5)
    source = NOW_AND_THEN.replace("LOOK", look.format(seconds))
    assert observe(start_player(source, SCENARIOS), policy, "work", count=2).makespan == makespan


def test_a_rendezvous_is_met_or_known_to_be_impossible(start_player: StartPlayer) -> None:
    for source, met in ((THREADS, True), (SERIAL, False)):
        policy = Rendezvous(3, "work", {"work": lambda n: n})
        seen = observe(start_player(source, SCENARIOS), policy, "work", count=4)
        assert (policy.met, seen.value) == (met, [0, 1, 2, 3])


def test_processes_are_attested(start_player: StartPlayer) -> None:
    policy = VirtualTime({"work": lambda n: n}, lasts={"work": 1})
    assert observe(start_player(PROCESSES, SCENARIOS), policy, "work", count=6).processes("work") == 3
    assert observe(start_player(THREADS, SCENARIOS), policy, "work", count=6).processes("work") == 1


def test_replies_raise_on_the_students_side(start_player: StartPlayer) -> None:
    player = start_player(SERIAL, SCENARIOS)
    raised = observe(player, AtOnce({"work": lambda n: OSError("gone")}), "work", count=1).raised
    assert raised is not None and repr(raised) == "OSError: gone" and raised.is_a("Exception")
    unknown = observe(player, AtOnce({}), "work", count=1).raised
    assert unknown is not None and unknown.type_name == "KeyError"


def test_iterators_are_pulled_one_item_at_a_time(start_player: StartPlayer) -> None:
    items = [[1], [2], []]
    seen = observe(start_player("", SCENARIOS), AtOnce({"next": lambda name: items.pop(0)}), "drain")
    assert (seen.value, len(seen.calls("next"))) == ([1, 2], 3)


def test_a_cancelled_await_is_an_abandoned_call(start_player: StartPlayer) -> None:
    source = """
import asyncio
async def work(fn, count):
    tasks = [asyncio.create_task(fn(n)) for n in range(count)]
    await tasks[0]
    for task in tasks: task.cancel()
    await asyncio.wait(tasks)
    return sum(task.cancelled() for task in tasks)
"""
    policy = VirtualTime({"work": lambda n: n}, lasts={"work": lambda n: 5 + n})
    seen = observe(start_player(source, SCENARIOS), policy, "work_async", count=3)
    assert seen.value == 2
    assert [(call.abandoned, call.ended) for call in seen.calls("work")] == [(False, 5), (True, 5), (True, 5)]


def test_burning_cpu_while_all_is_held_is_noticed(start_player: StartPlayer) -> None:
    source = """
import threading
def work(fn, count):
    done = []
    worker = threading.Thread(target=lambda: done.append(fn(0)))
    worker.start()
    while not done: pass
    return done
"""
    seen = observe(
        start_player(source, SCENARIOS), VirtualTime({"work": lambda n: n}, lasts={"work": 1}), "work", count=1
    )
    assert (seen.value, seen.busy_waited) == ([0], True)


def test_polling_while_all_is_held_is_noticed(start_player: StartPlayer) -> None:
    for source, polled in ((POLLING, True), (THREADS, False)):
        policy = VirtualTime({"work": lambda n: n}, lasts={"work": 1})
        assert observe(start_player(source, SCENARIOS), policy, "work", count=2).polled is polled
