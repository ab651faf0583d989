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
