"""Student code that fights the scheduler, or cannot be scheduled, gets a clear verdict and never a hang."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.catalogue import Exercise, load_catalogue
from grader.judging.judge import Suite
from grader.proving.solutions import read_solutions
from grader.results import Check, Verdict
from grader.sandbox.rungs import NAMESPACES
from grader.sandbox.sandbox import Sandbox
from tests.conftest import CHECKOUT
from tests.rungs import usable_rungs

CATALOGUE = load_catalogue(CHECKOUT / "tests" / "fixtures" / "scheduled")
SOLUTIONS = read_solutions(CATALOGUE, CATALOGUE.select(["counter"])[0])

COUNTER = """
class Counter:
    def __init__(self):
        self.value = 0
        {prepare}

    def add(self, n):
        {before}
        self.value += n
"""


PLAIN = """
def plain(self, n): self.value += n
plain = type(plain)(plain.__code__.replace({}), globals())
"""

TALLY = """
from collections import Counter as Tally
"""


def counter(before: str = "pass", prepare: str = "pass", imports: str = "") -> str:
    return imports + COUNTER.format(before=before.replace("\n", "\n        "), prepare=prepare)


CASES = {
    "blocks at import": (counter(imports="import threading; threading.Event().wait()"), "deadlock", "came to a stop"),
    "fails at import": (counter(imports="1 / 0"), "error", "ZeroDivisionError"),
    "replaces threading.Lock": (
        counter(imports="import threading\nclass Lock: pass\nthreading.Lock = Lock"),
        "error",
        "your code used a threading.Lock of its own",
    ),
    "replaces Thread.start": (
        counter("threading.Thread.start = print", imports="import threading"),
        "error",
        "your code used a Thread.start of its own",
    ),
    "sets a tracer": (counter("sys.settrace(None)", imports="import sys"), "error", "your code used sys.settrace"),
    "sets a tracer under another name": (
        counter("try: trace(None)\nexcept Exception: pass", imports="from sys import settrace as trace"),
        "error",
        "your code used sys.settrace",
    ),
    "sets a profiler": (
        counter("sys.setprofile(None)", imports="import sys"),
        "error",
        "your code used sys.setprofile",
    ),
    "forks": (counter("os.fork()", imports="import os"), "error", "your code used os.fork (line"),
    "starts a process": (
        counter("Process(target=print).start()", imports="from multiprocessing import Process"),
        "error",
        "your code used multiprocessing",
    ),
    "runs a command": (counter("subprocess.run(['true'])", imports="import subprocess"), "error", "used subprocess"),
    "catches everything again and again": (
        counter(
            "with self.lock: self.value += n\nreturn",
            prepare="self.lock = threading.Lock(); threading.Thread(target=endless).start()",
            imports="import queue, threading\n"
            "def endless():\n    tasks = queue.Queue()\n    while True:\n        try: tasks.get()\n"
            "        except BaseException: pass\n",
        ),
        "pass",
        "schedules tried",
    ),
    "asks for its frame": (
        counter("sys._getframe().f_trace_opcodes = False", imports="import sys"),
        "error",
        "your code used frames (line",
    ),
    "asks a library for its frame": (
        counter("inspect.currentframe()", imports="import inspect"),
        "error",
        "your code used frames",
    ),
    "gets a frame from an error": (
        counter("try: 1 / 0\nexcept ZeroDivisionError as e: e.__traceback__.tb_frame.f_trace = None"),
        "error",
        "your code used frames",
    ),
    "has an error printed": (
        counter(
            "try: 1 / 0\nexcept ZeroDivisionError: traceback.format_exc()\nwith self.lock: self.value += n\nreturn",
            prepare="self.lock = threading.Lock()",
            imports="import threading, traceback\n",
        ),
        "pass",
        "schedules tried",
    ),
    "takes what is behind a function": (
        counter("type(threading.Lock()).acquire.__globals__", imports="import threading"),
        "error",
        "your code used __globals__",
    ),
    "asks the collector": (counter("gc.get_objects()", imports="import gc"), "error", "your code used gc.get_objects"),
    "claims to be a library": (
        counter("plain(self, n); return", imports="import queue\n" + PLAIN.format("co_filename=queue.__file__")),
        "error",
        "your code used code objects",
    ),
    "claims to be a module": (
        counter("plain(self, n); return", imports=PLAIN.format("co_name='<module>'")),
        "error",
        "your code used code objects",
    ),
    "raises what ends a schedule": (
        counter("raise next(c for c in BaseException.__subclasses__() if c.__name__ == 'Unwind')"),
        "error",
        "the judge's own means of ordering threads",
    ),
    "replaces a part of the scheduler": (
        counter(
            imports="for c in object.__subclasses__():\n"
            "    if c.__name__ == 'Scheduler': c.point = lambda self, me, access: None\n"
        ),
        "error",
        "your code used a point of its own",
    ),
    "keeps who could go on from the scheduler": (
        counter(
            "s = getattr(threading.Thread.start, BEHIND).get('current', int)()\n"
            "if s: s.scheduler._able = [t for t in s.scheduler.threads if t is s]",
            imports="import threading\nBEHIND = ''.join(['__glo', 'bals__'])\n",
        ),
        "error",
        "the judge's own means of ordering threads",
    ),
    "is compiled elsewhere": (counter("exec('self.value += n', {'self': self, 'n': n}); return"), "race", "the sum"),
    "counts by a library": (
        counter("self.tally.update(v=n); return", prepare="self.tally = Tally()", imports=TALLY)
        + "    value = property(lambda self: self.tally['v'], lambda self, new: None)\n",
        "race",
        "the sum of all that was added",
    ),
    "spins": (counter("while not self.ready: pass", prepare="self.ready = False"), "deadlock", "no end after 20,000"),
    "spins on the clock": (counter("while time.time(): pass", imports="import time"), "deadlock", "no end after"),
    "recurses for ever": (counter("self.add(n)"), "error", "a recursion deeper than Python allows"),
    "starts a thousand threads": (
        counter(
            "for _ in range(1000): threading.Thread(target=threading.Event().wait).start()", imports="import threading"
        ),
        "error",
        "more than 40 threads at once",
    ),
    "ends the process": (counter("os._exit(0)", imports="import os"), "crash", "exit status 0"),
    "is never the same": (
        counter("sys.calls = getattr(sys, 'calls', 0) + 1; n += sys.calls", imports="import sys"),
        "race",
        "the sum of all that was added",
    ),
    "is wrong once in a process": (
        counter("sys.calls = getattr(sys, 'calls', 0) + 1; n += sys.calls == 20", imports="import sys"),
        "race",
        "the sum of all that was added",
    ),
    "goes another way each time": (
        counter("for _ in range(os.urandom(1)[0] % 40): pass", imports="import os"),
        "race",
        "the sum of all that was added",
    ),
    "waits for a pipe": (
        counter(
            "os.read(self.pipe[0], 1); self.value += n; os.write(self.pipe[1], b'x'); return",
            prepare="self.pipe = os.pipe(); os.write(self.pipe[1], b'x')",
            imports="import os",
        ),
        "error",
        "the judge cannot follow, such as a pipe",
    ),
    "waits for a lock of the system": (
        counter(
            "self.lock(ctypes.byref(self.it)); self.value += n; self.unlock(ctypes.byref(self.it)); return",
            prepare="self.it = ctypes.create_string_buffer(64)\n"
            "        self.lock, self.unlock = libc.pthread_mutex_lock, libc.pthread_mutex_unlock",
            imports="import ctypes\nlibc = ctypes.CDLL(None)",
        ),
        "error",
        "the judge cannot follow, such as a pipe",
    ),
    "forges the summary": (
        counter(
            imports="import grader.player.schedules.explore as theirs\n"
            "theirs.explore = lambda *all: {'schedules': 800, 'covered': 2, 'steps': 1, 'stopped': None}\n"
        ),
        "error",
        "of its own",
    ),
}
RIGHT = {
    "a lock of multiprocessing": counter(
        "with self.lock: self.value += n\nreturn",
        prepare="self.lock = mp.Lock()",
        imports="import multiprocessing as mp",
    ),
    "a lock of a context": counter(
        "with self.lock: self.value += n\nreturn",
        prepare="self.lock = get_context('spawn').Lock()",
        imports="from multiprocessing import get_context",
    ),
    "a queue of multiprocessing as a lock": counter(
        "self.free.get(); self.value += n; self.free.put(1); return",
        prepare="self.free = mp.Queue(); self.free.put(1)",
        imports="import multiprocessing as mp",
    ),
    "a pool of one thread": counter(
        "self.pool.apply(self.really_add, (n,)); return",
        prepare="self.pool = ThreadPool(1)",
        imports="from multiprocessing.pool import ThreadPool",
    )
    + "    def really_add(self, n):\n"
    + "        self.value += n\n",
    "a raw lock made at import": counter(
        "with LOCK: self.value += n\nreturn", imports="import _thread\nLOCK = _thread.allocate_lock()"
    ),
    "a lock that is tried again and again": counter(
        "while not self.lock.acquire(blocking=False): time.sleep(0)\nself.value += n; self.lock.release(); return",
        prepare="self.lock = threading.Lock()",
        imports="import threading, time",
    ),
    "a lock, and another way each time": counter(
        "for _ in range(os.urandom(1)[0] % 40): pass\nwith self.lock: self.value += n\nreturn",
        prepare="self.lock = threading.Lock()",
        imports="import os, threading",
    ),
    "an import in each thread": counter(
        "import statistics, mailbox, configparser\nwith self.lock: self.value += n\nreturn",
        prepare="self.lock = threading.Lock()",
        imports="import threading",
    ),
    "a semaphore": counter(
        "with self.one: self.value += n\nreturn",
        prepare="self.one = Semaphore()",
        imports="from threading import Semaphore",
    ),
    "one thread that owns the value": counter(
        "done = threading.Event(); self.inbox.put((n, done)); done.wait(); return",
        prepare="self.inbox = queue.Queue(); threading.Thread(target=self.serve, daemon=True).start()",
        imports="import queue, threading",
    )
    + "    def serve(self):\n"
    + "        while True:\n"
    + "            n, done = self.inbox.get()\n"
    + "            self.value += n\n"
    + "            done.set()\n",
}


@pytest.fixture(scope="module")
def exercise() -> Exercise:
    return CATALOGUE.select(["counter"])[0]


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    usable = usable_rungs()[NAMESPACES]
    if usable.rung.unavailable:
        pytest.skip(usable.rung.unavailable)
    with Sandbox(usable.interpreter, usable.rung) as sandbox:
        yield sandbox


def judged(source: str, exercise: Exercise, box: Sandbox) -> tuple[Verdict, str, Check]:
    result = Suite.collect(exercise).judge(source.encode(), box, seed=7)
    return result.verdict, f"{result.message} {result.checks[0].message}", result.checks[0]


@pytest.mark.parametrize("name", CASES)
def test_it_is_told_what_it_did(name: str, exercise: Exercise, box: Sandbox) -> None:
    source, verdict, said = CASES[name]
    found, message, _ = judged(source, exercise, box)
    assert (found, said in message) == (verdict, True), message


@pytest.mark.parametrize("name", RIGHT)
def test_unusual_right_solutions_pass(name: str, exercise: Exercise, box: Sandbox) -> None:
    found, message, _ = judged(RIGHT[name], exercise, box)
    assert found is Verdict.PASS, message


def test_a_pass_says_how_thoroughly_it_was_tried(exercise: Exercise, box: Sandbox) -> None:
    _, message, _ = judged(SOLUTIONS.reference.decode(), exercise, box)
    assert message.strip() == "800 schedules tried, among them all with at most 2 preemptions."


def test_a_race_that_does_not_come_again_is_shown_without_a_token(exercise: Exercise, box: Sandbox) -> None:
    _, _, check = judged(CASES["goes another way each time"][0], exercise, box)
    assert check.interleaving is not None
    assert check.interleaving.steps and not check.interleaving.token
    assert "go another way in the same order" in check.look_at


def test_a_race_is_shown_step_by_step(exercise: Exercise, box: Sandbox) -> None:
    _, _, check = judged(SOLUTIONS.flawed["no_lock"].decode(), exercise, box)
    assert check.interleaving is not None
    actors = check.interleaving.actors
    steps = [(actors[step.actor], step.code, step.note) for step in check.interleaving.steps if step.code]
    line = "self.value += n"
    assert [step[:2] for step in steps[-3:]] == [("thread 1", line), ("thread 2", line), ("thread 1", line)]
    assert [step[2].partition(" becomes")[0] for step in steps[-3:]] == [
        "self.value is 0",
        "self.value is 0; self.value",
        "self.value",
    ]


def test_a_deadlock_says_who_waits_for_whom(exercise: Exercise, box: Sandbox) -> None:
    _, _, check = judged(SOLUTIONS.flawed["taken_twice"].decode(), exercise, box)
    assert check.verdict is Verdict.DEADLOCK and check.interleaving is not None
    waits = {check.interleaving.actors[wait.actor]: wait.what for wait in check.interleaving.waits}
    assert waits == {
        "main": "waits for the end of thread 1",
        "thread 1": "waits for self._lock, which it holds itself at line 20",
        "thread 2": "waits for self._lock, held by thread 1 at line 16",
    }
