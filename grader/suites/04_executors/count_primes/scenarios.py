"""Drives `count_primes` inside the sandbox.

Where the judge has to see who tests which number, another function stands in for `is_prime`: by a change of its code,
so that aliases of it, default arguments and pickling by its name go on working. Workers are forked, so that they have
it too. What is used here is bound before the student's file is loaded, so that it stays the original.
"""

import os
from builtins import all, range, sum
from collections import defaultdict
from math import isqrt
from multiprocessing import set_start_method
from multiprocessing.context import ForkContext, _concrete_contexts  # type: ignore[attr-defined]
from os import getpid
from random import choice
from types import FunctionType

from grader.player.callbacks import Callback

# Only Linux lets a process choose.
sched_getaffinity = getattr(os, "sched_getaffinity", None)
sched_setaffinity = getattr(os, "sched_setaffinity", None)


def counts(student, cases):
    """The counts for several (limit, workers)."""
    _always_fork()
    return [student.count_primes(limit, workers) for limit, workers in cases]


def count(student, limit, workers):
    _always_fork()
    return student.count_primes(limit, workers)


def count_by(student, limit, workers, method):
    set_start_method(method, force=True)
    return student.count_primes(limit, workers)


def _always_fork():
    """Every context forks, also one that the student's file asked for by its name, or already holds."""
    set_start_method("fork", force=True)
    for context in _concrete_contexts.values():
        context.__class__ = ForkContext


# ------------------------------------------------------------------ what is_prime does meanwhile

_SURE = 100  # primes below are primes
_MODULUS = 2**31 - 1


def _replace_is_prime(student, stand_in):
    function = student.is_prime
    if not isinstance(function, FunctionType) or function.__closure__:
        raise TypeError("is_prime is no longer the function that the file came with: keep it as it is")
    function.__code__ = _hand_over.__code__
    function.__defaults__, function.__kwdefaults__ = None, {"to": stand_in}


def _hand_over(n, *, to):
    return to(n)


def _is_prime(n):
    """For where time is the judge's, so that none need be spent."""
    return n >= 2 and all(n % divisor for divisor in range(2, isqrt(n) + 1))


def _as_drawn(salt, effort=1):
    """As slow as the one that the file came with, or `effort` times so, and says no to about half of the larger primes.

    To which ones follows from all remainders and the judge's `salt`: no sieve and no table tells it.
    """

    def is_prime(n):
        state = salt
        for divisor in range(2, n):
            remainder = n % divisor
            if not remainder:
                return False
            for _ in range(effort):
                state = (state * salt + remainder) % _MODULUS ^ remainder
        return n >= 2 and (n < _SURE or state % 2 == 0)

    return is_prime


# ------------------------------------------------------------------ scenarios


def count_with_first_tests_held(student, limit, workers):
    """`caller` tells the judge which process calls; `first_test` is the first call of is_prime in a process."""
    _always_fork()
    _replace_is_prime(student, _telling(_is_prime))
    Callback("caller")()
    return student.count_primes(limit, workers)


def _telling(is_prime):
    have_asked = set()

    def ask_at_first(n):
        if getpid() not in have_asked:
            have_asked.add(getpid())
            Callback("first_test")()
        return is_prime(n)

    return ask_at_first


def count_in_shares(student, limit, workers, share):
    """Each process tells the judge the primes it has met, in `tested`, as soon as their sum exceeds `share`."""
    met = defaultdict(list)

    def tell(n):
        prime = _is_prime(n)
        if prime:
            mine = met[getpid()]
            mine.append(n)
            if sum(mine) > share:
                Callback("tested")(list(mine))
                mine.clear()
        return prime

    _always_fork()
    _replace_is_prime(student, tell)
    return student.count_primes(limit, workers)


def loop(student, limit, salt, effort=1):
    """The plain loop, with the is_prime that count_on_one_core uses. Run it on the stub."""
    _stay_on_one_core()
    return sum(map(_as_drawn(salt, effort), range(limit)))


def count_on_one_core(student, limit, workers, salt, effort=1):
    _always_fork()
    _stay_on_one_core()
    _replace_is_prime(student, _telling(_as_drawn(salt, effort)))
    Callback("caller")()
    return student.count_primes(limit, workers)


def _stay_on_one_core():
    """The same work takes about the same time then; on several, processes slow each other down by more or less."""
    cores = sched_getaffinity(0) if sched_getaffinity else ()
    if sched_setaffinity and len(cores) > 1:
        sched_setaffinity(0, {choice(sorted(cores))})
