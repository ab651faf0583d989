"""Drives `ThreadPool` inside the sandbox: with calls that are up to the judge, and in virtual time."""

import time
from builtins import (
    Exception,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SystemExit,
    ValueError,
    all,
    divmod,
    int,
    isinstance,
    iter,
    len,
    next,
    range,
    type,
)
from concurrent.futures import Future as LibraryFuture
from functools import partial
from threading import Event, Thread

from grader.player.callbacks import Callback
from grader.player.schedules import breathe, now, pause, together

# ---------------------------------------------------------------------- with calls that the judge holds


def run_tasks(student, tasks, workers):
    """Submits tasks that the judge answers, and shuts the pool down."""
    pool = student.ThreadPool(workers)
    futures = [pool.submit(Callback("task"), number) for number in range(tasks)]
    outcomes = [outcome(future.result) for future in futures]
    pool.shutdown()
    return outcomes


def run_in_block(student, tasks, workers):
    with student.ThreadPool(workers) as pool:
        futures = [pool.submit(Callback("task"), number) for number in range(tasks)]
    return [outcome(future.result) for future in futures]


def run_without_waiting(student, tasks, workers):
    """The pool is told to end while its calls are in progress."""
    pool = student.ThreadPool(workers)
    futures = [pool.submit(Callback("task"), number) for number in range(tasks)]
    pool.shutdown(wait=False)
    Callback("told")()
    return [outcome(future.result) for future in futures]


def map_tasks(student, letters, numbers, workers):
    """Looks at the results only after a while."""
    with student.ThreadPool(workers) as pool:
        results = pool.map(Callback("task"), iter(letters), numbers)
        Callback("pause")()
        return [outcome(partial(next, iter(results))) for _ in range(len(numbers))]


# ---------------------------------------------------------------------- in virtual time


def results(student, number, text):
    """What calls come to; whether it is the very object that was raised; and how many futures the library has made."""
    made = []
    original = LibraryFuture.__init__

    def counted(self, *args, **kwargs):
        made.append(1)
        original(self, *args, **kwargs)

    LibraryFuture.__init__ = counted  # type: ignore[method-assign]
    try:
        error, fatal = LookupError(text), SystemExit(text)
        with student.ThreadPool(1) as pool:
            futures = [pool.submit(raising, error), pool.submit(raising, fatal), pool.submit(divmod, number, 7)]
            futures += [pool.submit(returning, None), pool.submit(returning, ValueError(text))]
            futures += [pool.submit(int, text[:2], base=36), pool.submit(keywords, self=1, fn=2)]
            told = [(outcome(future.result), outcome(future.exception)) for future in futures]
            again = [(outcome(future.result), outcome(future.exception)) for future in futures]
    finally:
        LibraryFuture.__init__ = original  # type: ignore[method-assign]
    same_objects = futures[0].exception() is error and futures[1].exception() is fatal
    kinds = all(isinstance(future, student.Future) for future in futures)
    return [told, again, same_objects, kinds, len(made)]


def time_outs(student, lasts, timeout):
    """Waits for too short a time, twice, then long enough, then without a limit."""
    with student.ThreadPool(2) as pool:
        future = pool.submit(time.sleep, lasts)
        told: list[object] = [(kind_of(future.result, timeout), now())]
        told.append((kind_of(future.exception, timeout), now()))
        told.append(future.done())
        told.append((kind_of(future.result, lasts), now()))
        told.append((outcome(future.exception), outcome(partial(future.result, timeout)), future.done()))
    return told


def callbacks(student, text):
    """Callbacks of a call that returns, of one that raises, of a cancelled one; and one that comes too late."""
    log = []

    def note(name, future):
        log.append((name, future.done(), kind_of(future.result), future is futures[name[0]]))
        if name[1] == 1:
            raise OSError(text)

    with student.ThreadPool(1) as pool:
        gate = Event()
        futures = [pool.submit(gate.wait), pool.submit(raising, LookupError(text)), pool.submit(returning, 1)]
        for call in range(3):
            for number in range(3):
                futures[call].add_done_callback(partial(note, (call, number)))
        futures[2].cancel()
        while_cancelling = len(log)
        gate.set()
        still_works = outcome(pool.submit(returning, "works").result)
    before, late = len(log), outcome(partial(futures[1].add_done_callback, partial(note, (1, 1))))
    return [by_future(log[:before]), while_cancelling, still_works, (late, len(log) - before)]


def by_future(log):
    return [[entry for entry in log if entry[0][0] == call] for call in range(3)]


def callback_with_helper(student):
    """A callback waits for a thread that uses the same future and the same pool."""
    log = []

    def helper(pool, future):
        log.append(outcome(future.result))
        future.add_done_callback(lambda done: log.append("called"))
        log.append(kind_of(pool.submit(returning, 2).done))

    def callback(pool, future):
        thread = Thread(target=helper, args=(pool, future))
        thread.start()
        thread.join()
        was_called.set()

    with student.ThreadPool(1) as pool:
        gate, was_called = Event(), Event()
        future = pool.submit(gate.wait)
        future.add_done_callback(partial(callback, pool))
        gate.set()
        was_called.wait()
    return log


def cancelling(student):
    """One call runs, one is cancelled, and one comes after it."""
    log = []
    with student.ThreadPool(1) as pool:
        begun, gate = Event(), Event()
        running = pool.submit(hold, begun, gate)
        begun.wait()
        pending, follows = pool.submit(log.append, "cancelled one"), pool.submit(log.append, "next one")
        waiting = []
        waiter = Thread(target=lambda: waiting.append(kind_of(pending.result)))
        waiter.start()
        pause(1)
        told = [running.cancel(), running.done(), pending.done(), pending.cancel(), pending.done(), pending.cancel()]
        waiter.join()
        told += [kind_of(pending.result), kind_of(pending.exception), *waiting]
        gate.set()
        told += [outcome(follows.result), follows.cancel(), outcome(running.result), running.cancel()]
    return [told, log]


def shutting_down(student):
    """Calls that last 1 virtual second each, in one worker."""
    pool = student.ThreadPool(1)
    futures = [pool.submit(time.sleep, 1) for _ in range(3)]
    pool.shutdown()
    waited = now(), [future.done() for future in futures], kind_of(partial(pool.submit, len, ""))
    pool.shutdown()

    pool = student.ThreadPool(1)
    futures = [pool.submit(time.sleep, 1) for _ in range(3)]
    began = now()
    pool.shutdown(wait=False)
    refused = kind_of(partial(pool.submit, len, ""))
    at_once = now() - began, [future.done() for future in futures].count(False) >= 2, refused
    pool.shutdown()
    later = now() - began, [kind_of(future.result) for future in futures]

    pool = student.ThreadPool(1)
    begun, gate = Event(), Event()
    running = pool.submit(hold, begun, gate)
    begun.wait()
    called = []
    pending = [pool.submit(called.append, "ran") for _ in range(2)]
    pending[0].add_done_callback(lambda future: called.append("called back"))
    pool.shutdown(wait=False, cancel_futures=True)
    cancelled = [kind_of(future.result) for future in pending], called, running.done()
    gate.set()
    pool.shutdown(cancel_futures=True)
    return [waited, at_once, later, (*cancelled, outcome(running.result))]


def in_a_block(student):
    """The block ends by an exception while a call is in progress."""
    pool = student.ThreadPool(2)
    futures = []

    def block():
        with pool as entered:
            futures.append(entered.submit(time.sleep, 2))
            futures.append(pool.submit(returning, 1))
            raise LookupError(entered is pool)

    ended = outcome(block)
    return ended, now(), [future.done() for future in futures], kind_of(partial(pool.submit, len, ""))


def create(student, workers):
    student.ThreadPool(workers)


# ---------------------------------------------------------------------- under every schedule


def submit(pool, held, work, *args):
    """The future of a call that, with `held`, cannot end in `submit`, as in the caller's thread it would."""
    gate = Event()

    def call():
        if held:
            gate.wait()
        return work(*args)

    future = pool.submit(call)
    if held:
        gate.set()
    return future


def asked_by_two(student, held, value):
    with student.ThreadPool(1) as pool:
        future = submit(pool, held, returning, value)
        return together(future.result, future.exception)


def called_back(student, held):
    """Callbacks added while the call may end at any moment."""
    called = [0, 0]

    def count(place, future):
        called[place] += 1

    with student.ThreadPool(1) as pool:
        future = submit(pool, held, breathe)
        together(*(partial(future.add_done_callback, partial(count, place)) for place in range(2)))
    return called


def cancelled_or_run(student, held):
    """Cancelled while a worker may begin at any moment."""
    ran, called = [], []
    with student.ThreadPool(1) as pool:
        future = submit(pool, held, ran.append, 1)
        future.add_done_callback(lambda done: called.append(kind_of(done.result)))
        cancelled = future.cancel()
    return cancelled, len(ran), called, kind_of(future.result)


def submitted_or_refused(student, held, value):
    """Submitted while another thread shuts the pool down."""
    pool = student.ThreadPool(1)

    def submit_one():
        try:
            future = submit(pool, held, returning, value)
        except RuntimeError:
            return "refused"
        return future.result()

    submitted, _ = together(submit_one, pool.shutdown)
    pool.shutdown()
    return submitted


# ---------------------------------------------------------------------- helpers


def outcome(call):
    try:
        return "returned", call()
    except (Exception, SystemExit) as error:
        return "raised", error


def kind_of(call, *args):
    """The word returned, or the name of what was raised."""
    try:
        call(*args)
    except NotImplementedError:
        raise
    except (Exception, SystemExit) as error:
        return type(error).__name__
    return "returned"


def raising(error):
    raise error


def returning(value):
    return value


def keywords(**given):
    return given


def hold(begun, gate):
    begun.set()
    return gate.wait()
