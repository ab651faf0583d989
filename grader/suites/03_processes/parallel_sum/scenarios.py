"""Drives `parallel_sum` inside the sandbox. `func` asks the judge, in whichever process it is called.

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

import os
import signal
from builtins import BaseException, KeyboardInterrupt, SystemExit, bytes, isinstance, len, map, range, sum, type
from functools import cache
from multiprocessing import RawValue, forkserver, resource_tracker, set_start_method
from os import register_at_fork
from random import choice

from grader.player.callbacks import DirectCallback
from grader.player.deeds import Computation, Deed
from grader.player.looks import between_looks, tidily

POSSESSIONS = 10_000  # objects that the caller has, as a larger program may: whoever collects garbage looks at each

# Only Linux lets a process choose.
sched_getaffinity = getattr(os, "sched_getaffinity", None)
sched_setaffinity = getattr(os, "sched_setaffinity", None)

ensure_tracker, ensure_forkserver = resource_tracker.ensure_running, forkserver.ensure_running
set_handler, interrupt_signal = signal.signal, signal.SIGINT
func, caller, born, look = Deed("func"), DirectCallback("caller"), DirectCallback("born"), DirectCallback("look")


class OutOfPatience(BaseException):
    """The caller's own."""


INTERRUPTIONS = {kind.__name__: kind for kind in (KeyboardInterrupt, SystemExit, OutOfPatience)}


def add_up(student, n, workers, method="fork", luggage=0):
    """`caller` tells the judge which process calls; `born` which are forked. So many bytes are pickled with func."""
    _start_by(method)
    caller()
    laden = Deed("func", luggage=bytes(luggage))
    return tidily(lambda: student.parallel_sum(laden, n, workers))


def add_up_modulo(student, n, workers, modulus):
    """For sums that are too large to be told: whether it is a number, and what is left of it."""
    total = add_up(student, n, workers)
    return [type(total) is int, total % modulus if isinstance(total, int) else 0]


def add_up_between_looks(student, n, workers, method):
    _start_by(method)
    _have_helpers(method)
    caller()
    return between_looks(look, lambda: student.parallel_sum(func, n, workers))


def add_up_interrupted(student, n, workers, kind):
    """The caller's handler of the signal raises."""

    def give_up(number, frame):
        raise INTERRUPTIONS[kind]("enough")

    before = set_handler(interrupt_signal, give_up)
    try:
        return add_up_between_looks(student, n, workers, "fork")
    finally:
        set_handler(interrupt_signal, before)


def _start_by(method):
    set_start_method(method, force=True)
    _tell_births()


def _have_helpers(method):
    """Multiprocessing's own are there from the beginning: no student has left them behind."""
    RawValue("i")  # the memory that such things lie in
    ensure_tracker()
    if method == "forkserver":
        ensure_forkserver()


@cache
def _tell_births():
    """Once for all runs of this process."""
    register_at_fork(after_in_child=born)


# ------------------------------------------------------------------ computing


def loop(student, n, **how):
    """The plain loop. Run it on the stub."""
    _stay_on_one_core()
    return sum(map(Computation("computed", **how), range(n)))


def compute_on_one_core(student, n, workers, **how):
    _stay_on_one_core()
    _start_by("fork")
    _have_helpers("fork")
    computation = Computation("computed", **how)
    possessions = [[] for _ in range(POSSESSIONS)]
    try:
        return between_looks(look, lambda: student.parallel_sum(computation, n, workers))
    finally:
        possessions.clear()


def _stay_on_one_core():
    """The same work takes about the same time then; on several, processes slow each other down by more or less."""
    cores = sched_getaffinity(0) if sched_getaffinity else ()
    if sched_setaffinity and len(cores) > 1:
        sched_setaffinity(0, {choice(sorted(cores))})
