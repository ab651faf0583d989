"""Drives `Barrier` inside the sandbox. Nobody is preempted in here, so plain counters are exact."""

from builtins import range
from functools import partial
from threading import Thread

from grader.player.callbacks import Callback
from grader.player.ready_made import ReadyMade
from grader.player.schedules import pause, together


def meet(student, parties):
    """One meeting: how many left early, and which ready-made classes the barrier is, or has made."""
    ready_made = ReadyMade()
    with ready_made.watching():
        barrier = student.Barrier(parties)
        early = _play(barrier, [1] * parties, parties, late=0)["early"]
    ready_made.look_at(barrier)
    return {"early": early, "made": ready_made.names}


def refuse(student, parties):
    student.Barrier(parties)


def wait_alone(student, times):
    """What `wait` returns at a barrier for one."""
    barrier = student.Barrier(1)
    return [barrier.wait() for _ in range(times)]


def rounds(student, parties, waits, late=0):
    """Who calls `wait` how often: `waits` has a number for each thread. The last one comes late, in virtual seconds.

    `early` is how many calls returned too early; `indices` is what they returned, by number of the thread's call.
    """
    return _play(student.Barrier(parties), waits, parties, late)


def _play(barrier, waits, parties, late):
    arrived = left = early = 0
    indices = [[] for _ in range(max(waits))]

    def player(times, delay=0):
        nonlocal arrived, left, early
        pause(delay)
        for own in range(times):
            arrived += 1
            index = barrier.wait()
            left += 1
            full = arrived // parties
            # As many calls may return as are in full rounds; and no thread may be in a later round than these.
            early += left > full * parties or own >= full
            indices[own].append(index)

    *others, last = waits
    together(*(partial(player, times) for times in others), partial(player, last, late))
    return {"early": early, "indices": indices}


def side_by_side(student, parties):
    """A full barrier beside one at which one party is missing: the order in which threads leave the two of them."""
    waiting, passing = student.Barrier(parties), student.Barrier(parties)
    left = []

    def leave(name, barrier):
        barrier.wait()
        left.append(name)

    def last():
        together(*[partial(leave, "full", passing)] * parties)
        leave("other", waiting)

    together(*[partial(leave, "other", waiting)] * (parties - 1), last)
    return left


def one_comes_late(student, parties):
    """All but one wait, in threads of the system, until the judge lets the last one come."""
    barrier, come_late = student.Barrier(parties), Callback("come late")
    left = []

    def player(delay):
        delay()
        left.append(barrier.wait())

    threads = [Thread(target=player, args=(delay,)) for delay in [*[int] * (parties - 1), come_late]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(left) if all(type(index) is int for index in left) else left
