"""Who waits for answers is counted in all processes of a player, and for each socket once."""

from __future__ import annotations

import pytest

from grader.evidence import VirtualTime
from grader.sandbox import processes
from tests.conftest import StartPlayer

MANY = 3
SCENARIO = f"""
from grader.player.callbacks import Callback
def call(student): return sorted(student.call_all(Callback("ask"), range({MANY})))
"""
PROCESSES = """
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

def call_all(ask, numbers):
    with ProcessPoolExecutor(len(numbers), get_context("{method}")) as pool:
        return list(pool.map(ask, numbers))
"""
POOL_IN_A_POOL = """
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

def call_in_threads(ask, numbers):
    with ThreadPoolExecutor(len(numbers)) as pool:
        return list(pool.map(ask, numbers))

def call_all(ask, numbers):
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(call_in_threads, ask, numbers).result()
"""
THREADS_OF_AN_EVENT_LOOP = """
import asyncio

def call_all(ask, numbers):
    async def gather():
        return await asyncio.gather(*(asyncio.to_thread(ask, number) for number in numbers))
    return asyncio.run(gather())
"""
HONEST = {
    **{method: PROCESSES.format(method=method) for method in ("fork", "spawn", "forkserver")},
    "pool in a pool": POOL_IN_A_POOL,
    "threads of an event loop": THREADS_OF_AN_EVENT_LOOP,
}
FOR_SHOW = """
import os, socket, threading

def call_all(ask, numbers):
    ours, theirs = socket.socketpair()
    for _ in numbers:
        if not os.fork():
            os.read(os.dup(theirs.fileno()), 1)
            os._exit(0)
    threads = [threading.Thread(target=os.read, args=(os.dup(theirs.fileno()), 1)) for _ in numbers]
    pipe, end = os.pipe()
    threads += [threading.Thread(target=os.read, args=(os.dup(pipe), 1)) for _ in numbers]
    for thread in threads: thread.start()
    results = [ask(number) for number in numbers]
    ours.send(bytes(2 * len(numbers)))
    os.write(end, bytes(len(numbers)))
    for thread in threads: thread.join()
    for _ in numbers: os.wait()
    return results
"""


COMES_AND_GOES = """
import _thread, os
def call_all(ask, numbers):
    if THREAD:
        lock = _thread.allocate_lock()
        lock.acquire()
        _thread.start_new_thread(lock.release, ())
        lock.acquire()
        while len(os.listdir("/proc/self/task")) > 1: pass
    if FORK and not (child := os.fork()):
        os._exit(0)
    if FORK:
        os.waitpid(child, 0)
    return [ask(number) for number in numbers]
"""


def waiting(start_player: StartPlayer, source: str) -> int:
    policy = VirtualTime({"ask": lambda number: number}, lasts={"ask": 1})
    reply = start_player(source, SCENARIO).run("call", {}, policy, watch_callers=True)
    assert (reply.raised, reply.value) == (None, [*range(MANY)])
    return reply.callers.waiting


@pytest.mark.parametrize("kind", HONEST)
def test_threads_of_all_processes_count(kind: str, start_player: StartPlayer) -> None:
    assert waiting(start_player, HONEST[kind]) >= MANY


@pytest.mark.skipif(not processes.PROVES_STOPS, reason=processes.NO_PROOF)
def test_at_one_socket_or_pipe_any_number_counts_once(start_player: StartPlayer) -> None:
    assert waiting(start_player, FOR_SHOW) == 1


@pytest.mark.skipif(not processes.PROVES_STOPS, reason=processes.NO_PROOF)
@pytest.mark.parametrize(("thread", "fork"), [(True, False), (False, True), (False, False)])
def test_a_thread_that_has_ended_is_told(thread: bool, fork: bool, start_player: StartPlayer) -> None:
    player = start_player(f"THREAD, FORK = {thread}, {fork}\n{COMES_AND_GOES}", SCENARIO)
    policy = VirtualTime({"ask": lambda number: number}, lasts={"ask": 1})
    for _ in range(20):
        callers = player.run("call", {}, policy, watch_callers=True).callers
        assert (callers.living, callers.came_and_went) == (0, thread)
