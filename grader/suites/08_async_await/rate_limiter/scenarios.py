"""Drives a `RateLimiter`: callers on the virtual event loop, `try_acquire` under a wall clock that the judge sets.

All moments are multiples of a quarter second, so that sums and differences of them are exact.

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

import time
from asyncio import CancelledError, create_task, get_running_loop, sleep, wait
from builtins import enumerate, range
from datetime import timedelta
from types import SimpleNamespace

from freezegun import freeze_time

from grader.player.schedules import now


async def crowd(student, rate, per, arrivals, cancelled=()):
    """Caller n calls `acquire` at `arrivals[n]`; `cancelled` are pairs of a caller and when its call is cancelled.

    Returns for each caller when it started, or None, and how its call ended: "started", or "cancelled" and when.
    """
    limiter = student.RateLimiter(rate, per)
    started: list[float | None] = [None] * len(arrivals)
    ended = ["waiting"] * len(arrivals)

    async def call(caller):
        try:
            await limiter.acquire()
        except CancelledError:
            ended[caller] = f"cancelled at {now():g}"
            raise
        started[caller] = now()
        ended[caller] = "started"

    callers = []
    for caller, arrival in enumerate(arrivals):
        if arrival > now():
            await sleep(arrival - now())
        callers.append(create_task(call(caller)))
        for _, moment in [pair for pair in cancelled if pair[0] == caller]:
            get_running_loop().call_at(moment - now() + get_running_loop().time(), callers[caller].cancel)
    await wait(callers)
    for task in callers:
        if not task.cancelled():
            task.result()
    await a_few_turns()
    return [started, ended]


async def crowd_while_the_wall_clock_stands_still(student, rate, per, arrivals):
    stop_the_wall_clock(student)
    return await crowd(student, rate, per, arrivals)


def stop_the_wall_clock(student):
    """For the student's file only: the event loop's clock, which freezegun would stop as well, has to go on."""
    shows = time.time()
    stopped = SimpleNamespace(**{**vars(time), "time": lambda: shows, "time_ns": lambda: int(shows * 10**9)})
    for name, value in list(vars(student).items()):
        if value is time:
            setattr(student, name, stopped)
        elif value is time.time:
            setattr(student, name, stopped.time)


def ask(student, rate, per, steps):
    """The answers of `try_acquire`, in groups. A step is ["ask", how often] or ["clock", how far forth or back]."""
    answers = []
    with freeze_time("2030-06-01 12:00:00") as clock:
        limiter = student.RateLimiter(rate, per)
        for what, number in steps:
            if what == "ask":
                answers.append([limiter.try_acquire() for _ in range(number)])
            else:
                clock.tick(timedelta(seconds=number))
    return answers


def refuse(student, arguments):
    """What comes of limiters made with these arguments."""
    outcomes = []
    for rate, per in arguments:
        try:
            student.RateLimiter(rate, per)
        except ValueError:
            outcomes.append("ValueError")
        else:
            outcomes.append("nothing")
    return outcomes


def ask_two(student, rate, per):
    """The answers of two limiters, asked by turns."""
    limiters = [student.RateLimiter(rate, per), student.RateLimiter(rate, per)]
    return [[limiter.try_acquire() for _ in range(rate + 1)] for limiter in limiters]


async def a_few_turns():
    """No time passes. Enough for tasks that only have to notice that they are done."""
    for _ in range(5):
        await sleep(0)
