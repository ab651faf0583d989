"""Drives `parallel_sum` inside the sandbox. `func` asks the judge, in whichever process it is called.

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

import os
from builtins import isinstance, len, map, range, sum, type
from functools import cache
from multiprocessing import RawValue, forkserver, resource_tracker, set_start_method
from os import register_at_fork
from random import choice

from grader.player.callbacks import DirectCallback
from grader.player.deeds import Computation, Deed
from grader.player.looks import between_looks, tidily

# Only Linux lets a process choose.
sched_getaffinity = getattr(os, "sched_getaffinity", None)
sched_setaffinity = getattr(os, "sched_setaffinity", None)

ensure_tracker, ensure_forkserver = resource_tracker.ensure_running, forkserver.ensure_running
func, caller, born, look = Deed("func"), DirectCallback("caller"), DirectCallback("born"), DirectCallback("look")


def add_up(student, n, workers, method="fork"):
    """`caller` tells the judge which process calls; `born` which are forked."""
    _start_by(method)
    caller()
    return tidily(lambda: student.parallel_sum(func, n, workers))


def add_up_modulo(student, n, workers, modulus):
    """For sums that are too large to be told: whether it is a number, and what is left of it."""
    total = add_up(student, n, workers)
    return [type(total) is int, total % modulus if isinstance(total, int) else 0]


def add_up_between_looks(student, n, workers, method):
    _start_by(method)
    _have_helpers(method)
    caller()
    return between_looks(look, lambda: student.parallel_sum(func, n, workers))


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
    return between_looks(look, lambda: student.parallel_sum(computation, n, workers))


def _stay_on_one_core():
    """The same work takes about the same time then; on several, processes slow each other down by more or less."""
    cores = sched_getaffinity(0) if sched_getaffinity else ()
    if sched_setaffinity and len(cores) > 1:
        sched_setaffinity(0, {choice(sorted(cores))})
