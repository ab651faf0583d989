"""Drives `RWLock` inside the sandbox. Nobody is preempted in here, so plain counters are exact."""

from builtins import KeyboardInterrupt, enumerate, getattr
from functools import partial
from threading import Thread

from grader.player.callbacks import Callback
from grader.player.schedules import breathe, now, pause, together


def visits(student, plan):
    """For each `[mode, arrives, stays]` a thread that does so (in virtual seconds): when it went in."""
    lock = student.RWLock()
    went_in: list[float | None] = [None] * len(plan)

    def visit(number, mode, arrives, stays):
        pause(arrives)
        with getattr(lock, mode)():
            went_in[number] = now()
            pause(stays)

    together(*(partial(visit, number, *about) for number, about in enumerate(plan)))
    return went_in


def crowd(student, plan, stays):
    """For each entry of the plan a thread that visits in these modes, one after the other; each stays so long.

    Returns who was met inside by somebody who should not have met them, and how many have been in.
    """
    lock = student.RWLock()
    inside = {"read": 0, "write": 0}
    met, been_in = [], 0

    def visitor(modes):
        nonlocal been_in
        for mode in modes:
            with getattr(lock, mode)():
                been_in += 1
                if inside["write"] or (mode == "write" and inside["read"]):
                    met.append([mode, "write" if inside["write"] else "read"])
                inside[mode] += 1
                breathe() if stays == 0 else pause(stays)
                inside[mode] -= 1

    together(*(partial(visitor, modes) for modes in plan))
    return {"met": met, "been_in": been_in}


def raising(student, mode, message):
    """What comes out of the `with` statement when its body raises; then the lock is used again."""
    lock = student.RWLock()
    came_out = []
    for error in (LookupError(message), KeyboardInterrupt(message)):
        caught = None
        try:
            with getattr(lock, mode)():
                raise error
        except (LookupError, KeyboardInterrupt) as e:
            caught = e
        came_out.append(caught is error)
        for again in ("write", "read"):
            with getattr(lock, again)():
                pass
    return came_out


def side_by_side(student):
    """One thread inside two locks at once."""
    first, second = student.RWLock(), student.RWLock()
    been_in = 0
    with first.write(), second.write():
        been_in += 1
    with first.read(), second.write():
        been_in += 1
    return been_in


def held(student, modes):
    """A thread of the system for each mode; when it arrives and how long it stays is up to the judge."""
    lock = student.RWLock()
    arrive, stay = Callback("arrive"), Callback("stay")

    def visit(number, mode):
        arrive(number)
        with getattr(lock, mode)():
            stay(number)

    threads = [Thread(target=visit, args=about) for about in enumerate(modes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
