"""Programs for the loop: tasks and callbacks that do as the judge says, and tell it what happens to them.

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

from asyncio import AbstractEventLoop, _get_running_loop
from asyncio import Future as AsyncioFuture
from builtins import (
    BaseException,
    Exception,
    GeneratorExit,
    KeyboardInterrupt,
    LookupError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    StopIteration,
    SystemExit,
    TypeError,
    ValueError,
    any,
    enumerate,
    float,
    getattr,
    isinstance,
    len,
    list,
    max,
    min,
    next,
    range,
    set,
    super,
    type,
    zip,
)
from functools import partial
from sys import _getframe
from threading import Barrier
from types import FrameType
from typing import Any

from grader.player.callbacks import Callback
from grader.player.generators import EventLog
from grader.player.schedules import together


class FalsyError(Exception):
    """Counts as false."""

    def __bool__(self):
        return False


class OutsideError(BaseException):
    """Is no Exception."""


KINDS = (LookupError, ValueError, FalsyError, OutsideError, GeneratorExit, SystemExit, KeyboardInterrupt)
ERRORS = {kind.__name__: kind for kind in KINDS}
MOST_WAITS = 1000  # in a program that needs no more than a few dozen


class Clock:
    """Time that passes while a loop waits, or a callback works. A wait comes back `late`, or `early` at first.

    As `time.sleep` it cannot wait for less than no time.
    """

    def __init__(self, early=False, late=0.0):
        self.now = 0.0
        self._early, self._late = early, late
        self._tried = set()

    def time(self):
        return self.now

    def wait(self, seconds):
        if seconds < 0:
            raise ValueError("a wait for less than no time")
        if seconds == 0:
            return
        until = self.now + seconds
        if self._early and until not in self._tried:
            self._tried.add(until)
            self.now += seconds / 2
        else:
            self.now = max(self.now, until + self._late)


class WatchedClock(Clock):
    """`waits`: when it was asked to wait, and for how long."""

    def __init__(self, early, late):
        super().__init__(early, late)
        self.waits = []

    def wait(self, seconds):
        if len(self.waits) == MOST_WAITS:
            raise OverflowError("asked to wait again and again")
        if seconds > 0:
            self.waits.append([self.now, float(seconds)])
        super().wait(seconds)


# ------------------------------------------------------------------ what happens in which order, and when


def follow(student, runs, futures, early, late):
    """Runs what has these names, one after another, and tells what became of all there was.

    The judge hears of all that happens, and says at each step of a task or a callback what the next one is. So nobody
    in this process knows what will be done or returned before it is due.
    """
    log, clock = EventLog(Callback("event")), WatchedClock(early, late)
    puppets = Puppets(student, log.add, clock)
    try:
        for name in futures:
            puppets.things[name] = student.Future(puppets.loop)
        for name in runs:
            puppets.run(name)
        return {"states": puppets.states(), "waits": clock.waits}
    finally:
        log.end()


class Puppets:
    """A loop with tasks, futures and callbacks by name.

    `tell` is told who, what, when and, where there is one, which value.
    """

    def __init__(self, student, tell, clock):
        self._student, self._tell, self._clock = student, tell, clock
        self._objects = []
        self._handles = {}
        self._watchers = {}
        self.things = {}
        self.loop = student.Loop(clock.time, clock.wait, partial(self._tell_of, "the loop", "reports"))

    def run(self, name):
        what = self.things[name] if name in self.things else self._act(name)
        try:
            self._tell_of("the loop", f"has run {name}, which returned", self.loop.run_until_complete(what))
        except NotImplementedError:
            raise
        except BaseException as error:
            self._tell_of("the loop", f"has run {name}, and raised", error)

    def states(self):
        return [[name, *self._state(thing)] for name, thing in self.things.items()]

    def _state(self, thing):
        done, cancelled = thing.done(), thing.cancelled()
        return [done, cancelled, self._tried(thing.result), self._tried(thing.exception)]

    def _tried(self, function, *args):
        try:
            return self._known(function(*args))
        except BaseException as error:
            if not self._is_caught(error):
                raise
            return f"raises {self._known(error)}"

    # ------------------------------------------------------------------ tasks

    async def _act(self, name):
        self._tell_of(name, "begins")
        try:
            while True:
                try:
                    return await self._follow(name)
                except BaseException as error:
                    if not self._is_caught(error):
                        raise
                    self._tell_of(name, "gets", error)
                    if not await self._goes_on(name):
                        raise
        finally:
            self._tell_of(name, "ends")

    async def _goes_on(self, name):
        """Whether it goes on as if nothing had happened; otherwise the error is let out."""
        match self._next(f"{name} in trouble"):
            case ["go on"]:
                return True
            case ["sleep", seconds]:
                await self._student.sleep(seconds)
                self._tell_of(name, "has cleaned up")
            case ["raise", kind]:
                raise self._new(kind)
        return False

    async def _follow(self, name):
        while step := self._next(name):
            match step:
                case ["return", value]:
                    return value
                case ["sleep", seconds]:
                    await self._student.sleep(seconds)
                    self._tell_of(name, "has slept")
                case ["await", other] if other in self.things:
                    self._tell_of(name, f"goes on after {other} with", await self.things[other])
                case _:
                    self._do(name, *step)
        return None

    # ------------------------------------------------------------------ what tasks and callbacks do

    def _called(self, name, *_):
        self._tell_of(name, "is called")
        while step := self._next(name):
            self._do(name, *step)

    def _done_callback(self, name, thing, got):
        self._tell_of(name, "is done" if got is thing else "is done, and another one was handed over")
        if step := self._next(f"who watches {name}"):
            self._do(f"who watches {name}", *step)

    def _do(self, name, action, *args):
        match action, args:
            case "raise", [kind]:
                raise self._new(kind)
            case "work", [seconds]:
                self._clock.now += seconds
            case "spawn", [other] if other not in self.things:
                self.things[other] = self.loop.create_task(self._act(other))
            case "soon", [label]:
                self._handles[label] = self.loop.call_soon(self._called, label, "an argument")
            case "later", [seconds, label]:
                self._handles[label] = self.loop.call_later(seconds, self._called, label)
            case "call off", [label] if label in self._handles:
                self._handles[label].cancel()
            case "watch", [other] if other in self.things:
                thing = self.things[other]
                watcher = partial(self._done_callback, other, thing)
                thing.add_done_callback(self._watchers.setdefault(other, watcher))
            case "look at", [other] if other in self.things:
                self._tell_of(name, f"finds {other}", self._state(self.things[other]))
            case "cancel" | "set" | "fail", [other, *value] if other in self.things:
                self._change(name, action, other, *value)

    def _change(self, name, action, other, *value):
        thing = self.things[other]
        match action:
            case "cancel":
                told = self._tried(thing.cancel)
            case "set":
                told = self._tried(thing.set_result, *value)
            case _:
                told = self._tried(thing.set_exception, self._new(*value))
        self._tell_of(name, f"asks to {action} {other}, and gets", told)

    # ------------------------------------------------------------------ what is told

    def _next(self, name):
        step = self._tell(name, "asks")
        return step[0] if step else None

    def _tell_of(self, name, what, *value):
        self._tell(name, what, self._clock.now, *[self._known(one) for one in value])

    def _new(self, kind):
        error = ERRORS[kind](f"{kind} {len(self._objects)}")
        self._objects.append(error)
        return error

    def _is_caught(self, error):
        """Whether it is one of a program's; not one of Python's that ends a coroutine, or everything."""
        return isinstance(error, (Exception, self._student.CancelledError)) or any(
            error is known for known in self._objects
        )

    def _known(self, value):
        """Says of an error made here that it is the one, and of another one of which type it is."""
        for number, known in enumerate(self._objects):
            if value is known:
                return f"the very {type(value).__name__} {number}"
        if not isinstance(value, BaseException):
            return value
        for kind in (self._student.CancelledError, self._student.InvalidStateError, RuntimeError, TypeError):
            if isinstance(value, kind):
                return kind.__name__
        return type(value).__name__


# ------------------------------------------------------------------ what is refused, and who leaves


def stopped(student, kind, where):
    """What leaves the first run, what had been called then, what leaves the next one, and what has been called then."""
    called = []
    loop = loop_of(student)

    def stop():
        raise ERRORS[kind]

    async def stopping():
        stop()

    future = student.Future(loop)
    ways: dict[str, Any] = {
        "timer": partial(loop.call_later, 0),
        "callback of a future": lambda callback, *args: future.add_done_callback(lambda _: callback(*args)),
    }
    ask = ways.get(where, loop.call_soon)
    ask(called.append, "before")
    if where == "task":
        loop.create_task(stopping())
    else:
        ask(stop)
    ask(called.append, "after")
    future.set_result(None)
    told = [raised_by(student, lambda: loop.run_until_complete(student.Future(loop))), list(called)]
    return [*told, raised_by(student, lambda: loop.run_until_complete(student.sleep(1))), list(called)]


async def give():
    return "done"


def generator():
    yield


def refused(student, method, what):
    loop = loop_of(student)
    things = {
        "None": lambda: None,
        "a number": lambda: 42,
        "a coroutine function": lambda: give,
        "a generator": generator,
        "a future": lambda: student.Future(loop),
    }
    return raised_by(student, lambda: getattr(loop, method)(things[what]()))


def stop_iteration(student):
    future = student.Future(loop_of(student))
    return [raised_by(student, lambda: future.set_exception(StopIteration(1))), future.done()]


def run_inside(student, what):
    loop = loop_of(student)

    async def inside():
        coroutine = give()
        try:
            return raised_by(
                student, lambda: loop.run_until_complete(coroutine if what == "a coroutine" else student.Future(loop))
            )
        finally:
            coroutine.close()

    return [loop.run_until_complete(inside()), loop.run_until_complete(give())]


def foreign(student, what):
    """What is raised by a future of another loop that is awaited or run. A deadlock is another matter."""
    loop, other = loop_of(student), student.Future(loop_of(student))
    found = []

    async def waiter():
        try:
            await other
        except RuntimeError:
            found.append("RuntimeError at the await")

    raised = raised_by(student, lambda: loop.run_until_complete(waiter() if what == "awaited" else other))
    return found if raised is None else [*found, f"{raised} from run_until_complete"]


class Strange:
    def __init__(self, thing):
        self._thing = thing

    def __await__(self):
        yield self._thing


def await_strange(student, what):
    loop, heard = loop_of(student), []

    async def mistaken():
        loop.call_soon(heard.append, "another one")
        thing = {"a number": 42, "zero": 0, "a text": "now", "an empty list": [], "an awaitable": Strange(1)}[what]
        try:
            await Strange(thing)
        except RuntimeError:
            heard.append("RuntimeError")
        return "done"

    result = loop.run_until_complete(mistaken())
    return [*heard, result]


def bare_yields(student):
    loop, heard = loop_of(student), []

    async def turns(name):
        for _ in range(3):
            heard.append(name)
            await Strange(None)

    async def both():
        for task in [loop.create_task(turns(name)) for name in "ab"]:
            await task

    loop.run_until_complete(both())
    return heard


def raised_by(student, function):
    """The name of what it raises, None if nothing."""
    try:
        function()
    except NotImplementedError:
        raise
    except BaseException as error:
        kinds = (RuntimeError, TypeError, SystemExit, KeyboardInterrupt, student.InvalidStateError)
        return next((kind.__name__ for kind in kinds if isinstance(error, kind)), type(error).__name__)
    return None


def loop_of(student, clock=None):
    clock = clock or Clock()
    return student.Loop(clock.time, clock.wait)


# ------------------------------------------------------------------ whose loop it is


def origins(student):
    """Whether a task ran, and what of it was asyncio's."""
    loop, found = loop_of(student), []

    async def look():
        await student.sleep(1)
        if _get_running_loop() is not None:
            found.append("a running loop")
        return "yes"

    task = loop.create_task(look())
    for name, thing, kind in (
        ("the loop", loop, AbstractEventLoop),
        ("a future", student.Future(loop), AsyncioFuture),
        ("a task", task, AsyncioFuture),
    ):
        if isinstance(thing, kind):
            found.append(name)
    return {"ran": loop.run_until_complete(task), "of asyncio": found}


def one_after_another(student, seconds):
    return [run_alone(student, one, lambda: None) for one in seconds]


def side_by_side(student, seconds):
    """Both have a task before one of them runs. What the clocks show after the first run, and after the second one."""
    clocks = [Clock(), Clock()]
    loops = [loop_of(student, clock) for clock in clocks]
    tasks = [loop.create_task(student.sleep(one)) for loop, one in zip(loops, seconds, strict=True)]
    shown = []
    for loop, task in zip(loops, tasks, strict=True):
        loop.run_until_complete(task)
        shown.append([clock.now for clock in clocks])
    return shown


def in_two_threads(student, seconds):
    """None of them goes on before both loops run, nor ends before both tasks sleep."""
    both = Barrier(2)

    def run(one):
        try:
            return run_alone(student, one, both.wait)
        except BaseException:
            both.abort()
            raise

    return together(*[partial(run, one) for one in seconds])


def run_alone(student, seconds, meet):
    """What the clock shows after a sleep, and what the task returns. `meet` comes before it, and while it lasts."""
    clock = Clock()
    loop = loop_of(student, clock)

    async def sleeper():
        meet()
        await student.sleep(seconds)
        return seconds

    async def main():
        task = loop.create_task(sleeper())
        await student.sleep(0)
        await student.sleep(0)
        meet()
        return await task

    result = loop.run_until_complete(main())
    return [clock.now, result]


# ------------------------------------------------------------------ many


def callbacks_in_a_chain(student, number):
    loop, future = with_future(student)

    def link(left):
        if left:
            loop.call_soon(link, left - 1)
        else:
            future.set_result(number)

    link(number)
    return loop.run_until_complete(future)


def callbacks_at_once(student, number):
    loop, future = with_future(student)
    called = []
    for one in range(number):
        loop.call_soon(called.append, one)
    loop.call_soon(future.set_result, None)
    loop.run_until_complete(future)
    return len(called) if called == [*range(number)] else called[:10]


def timers(student, number):
    """As many are called off as fire."""
    loop, future = with_future(student)
    called = []
    for one in range(number // 2):
        loop.call_later(1 + one * 7919 % number, called.append, one)
        loop.call_later(1 + one * 7919 % number, called.append, one).cancel()
    loop.call_later(number, future.set_result, None)
    loop.run_until_complete(future)
    return 2 * len(called)


def awaits_in_a_chain(student, number):
    loop = loop_of(student)

    async def main():
        done = 0
        for _ in range(number):
            future = student.Future(loop)
            loop.call_soon(future.set_result, 1)
            done += await future
        return done

    return loop.run_until_complete(main())


def tasks_in_a_chain(student, number):
    loop, first = with_future(student)

    async def link(before):
        return 1 + await before

    async def main():
        before = first
        for _ in range(number):
            before = loop.create_task(link(before))
        await student.sleep(1)
        first.set_result(0)
        return await before

    return loop.run_until_complete(main())


def awaits_of_one(student, number):
    loop, one = with_future(student)

    async def waiter():
        return await one

    async def main():
        tasks = [loop.create_task(waiter()) for _ in range(number)]
        await student.sleep(1)
        one.set_result(1)
        total = 0
        for task in tasks:
            total += await task
        return total

    return loop.run_until_complete(main())


def with_future(student):
    loop = loop_of(student)
    return loop, student.Future(loop)


def stack_growth(student, number):
    """How often the height of the stack was measured along each chain, and by how much it differs."""
    loop, first = with_future(student)
    heights = {"callbacks in a chain": [], "tasks in a chain": [], "awaits in a chain": []}

    def callback(left):
        heights["callbacks in a chain"].append(stack_height())
        if left > 1:
            loop.call_soon(callback, left - 1)

    async def link(before):
        await before
        heights["tasks in a chain"].append(stack_height())

    async def main():
        before = first
        for _ in range(number):
            before = loop.create_task(link(before))
        callback(number)
        for _ in range(number):
            await student.sleep(1)
            heights["awaits in a chain"].append(stack_height())
        first.set_result(None)
        await before

    loop.run_until_complete(main())
    return {name: [len(found), max(found) - min(found)] if found else [0, 0] for name, found in heights.items()}


def stack_height():
    frame: FrameType | None = _getframe()
    height = 0
    while frame is not None:
        frame, height = frame.f_back, height + 1
    return height
