"""Tasks for the scheduler that do as the judge says, and tell it what happens to them.

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

from builtins import (
    BaseException,
    Exception,
    LookupError,
    NotImplementedError,
    TypeError,
    ValueError,
    any,
    float,
    isinstance,
    iter,
    max,
    min,
    range,
    type,
)
from sys import _getframe, settrace
from types import FrameType

from grader.player.callbacks import Callback
from grader.player.generators import EventLog


def give(value=None):
    return value
    yield


ERRORS = {"LookupError": LookupError, "ValueError": ValueError}
NO_GENERATORS = {"a number": 42, "None": None, "a list": [], "an iterator": iter([]), "a generator function": give}


# ------------------------------------------------------------------ whose turn it is, and with what it goes on


def follow(student, runs):
    """What came of run after run on one scheduler; each is a list of the names of the tasks that are spawned before.

    The judge hears of all that happens, and says at each step of a task what the next one is: an action and what
    belongs to it. So nobody in this process knows what will be done or returned before it is due.
    """
    log = EventLog(Callback("event"))
    puppets = Puppets(student, log.add)
    try:
        return [puppets.spawn(names) and puppets.run() for names in runs]
    finally:
        log.end()


def side_by_side(student, left, right):
    """Two schedulers: each is given its tasks before one of them runs."""
    log = EventLog(Callback("event"))
    both = [Puppets(student, log.add), Puppets(student, log.add)]
    for puppets, names in zip(both, (left, right), strict=True):
        puppets.spawn(names)
    try:
        return [puppets.run() for puppets in both]
    finally:
        log.end()


class Puppets:
    """A scheduler with tasks that do as `tell` answers, and that knows the objects that must come out as they went in.

    `tell` is told who, what, the scheduler's time and, where there is one, which value.
    """

    def __init__(self, student, tell):
        self._student, self._tell = student, tell
        self._scheduler = student.Scheduler()
        self._objects = []
        self._tasks = {}
        self._channels = {}

    def spawn(self, names):
        for name in names:
            self._spawn(name)
        return True

    def run(self):
        """What was known of the tasks before, how the run ended, and what became of them."""
        before = self._states()
        self._tell("nobody", "runs")
        try:
            self._scheduler.run()
            end = "run() returned"
        except NotImplementedError:
            raise
        except BaseException as error:
            is_deadlock = isinstance(error, self._student.Deadlock)
            end = f"run() raised {'Deadlock' if is_deadlock else type(error).__name__}"
        self._tell("nobody", "has run")
        return [before, [self._now(), end], self._states()]

    def _now(self):
        now = self._scheduler.now
        return float(now) if type(now) in (int, float) else now

    def _states(self):
        return [
            [name, task.done, self._known(task.result), self._known(task.error)] for name, task in self._tasks.items()
        ]

    def _spawn(self, name):
        task = self._scheduler.spawn(self._generator(name))
        self._tasks[name] = task
        return task

    def _generator(self, name):
        self._tell_of(name, "begins")
        try:
            while step := self._tell(name, "asks"):
                action, *arguments = step[0]
                match action:
                    case "return":
                        return arguments[0]
                    case "return object":
                        return self._new(ERRORS[arguments[0]]())
                    case "raise":
                        raise self._new(ERRORS[arguments[0]](name))
                    case "call spawn":
                        self._spawn(arguments[0])
                        self._tell_of(name, f"has called spawn for {arguments[0]}")
                    case "try":
                        try:
                            answer = yield self._request(*arguments)
                            self._note_answer(name, arguments, answer)
                        except Exception as error:
                            self._tell_of(name, "catches", self._known(error))
                    case _:
                        answer = yield self._request(action, *arguments)
                        self._note_answer(name, [action, *arguments], answer)
        finally:
            self._tell_of(name, "ends")

    def _request(self, action, *arguments):
        about = self._student
        requests = {
            "yield": lambda: None,
            "sleep": about.Sleep,
            "spawn": lambda name: about.Spawn(self._generator(name)),
            "join": lambda name: about.Join(self._tasks[name]),
            "send": lambda name, value: about.Send(self._channel(name), value),
            "recv": lambda name: about.Recv(self._channel(name)),
            "spawn thing": lambda thing: about.Spawn(NO_GENERATORS[thing]),
            "ask for a number": lambda: 42,
            "ask for a generator": give,
            "ask for a class": lambda: about.Sleep,
            "ask for a tuple": lambda: (about.Sleep, 1),
        }
        return requests[action](*arguments)

    def _channel(self, name):
        if name not in self._channels:
            self._channels[name] = self._student.Channel()
        return self._channels[name]

    def _note_answer(self, name, step, answer):
        if step[0] == "spawn" and isinstance(answer, self._student.Task):
            self._tasks[step[1]] = answer
            answer = "the new task"
        self._tell_of(name, f"goes on after {step[0]} with", self._known(answer))

    def _tell_of(self, name, what, *value):
        self._tell(name, what, self._now(), *value)

    def _new(self, thing):
        self._objects.append(thing)
        return thing

    def _known(self, value):
        """Says of an object made here that it is the one, and of an exception of which type it is."""
        if any(value is known for known in self._objects):
            return f"the very {type(value).__name__}"
        return kind(value) if isinstance(value, BaseException) else value


def kind(error):
    for known in (TypeError, ValueError):
        if isinstance(error, known):
            return known.__name__
    return type(error).__name__


def spawn_thing(student, thing):
    """The type of what is raised."""
    scheduler = student.Scheduler()
    try:
        scheduler.spawn(NO_GENERATORS[thing])
    except NotImplementedError:
        raise
    except BaseException as error:
        return kind(error)
    return "nothing"


# ------------------------------------------------------------------ many turns


def yielding(student, turns):
    """Two tasks by turns."""
    return total(student, lambda scheduler: [scheduler.spawn(only_yield(turns)) for _ in range(2)])


def only_yield(turns):
    for _ in range(turns):
        yield
    return turns


def sleeping(student, sleepers, rounds):
    """So many sleepers, most of them due at moments of their own."""

    def sleeper(number):
        for turn in range(rounds):
            yield student.Sleep(1 + (number * 7919 + turn) % sleepers)
        return rounds

    return total(student, lambda scheduler: [scheduler.spawn(sleeper(number)) for number in range(sleepers)])


def handing_over(student, values):
    """One task sends, the other one receives."""
    channel = student.Channel()

    def sender():
        for _ in range(values):
            yield student.Send(channel, 1)
        return 0

    def receiver():
        received = 0
        for _ in range(values):
            received += yield student.Recv(channel)
        return received

    return total(student, lambda scheduler: [scheduler.spawn(sender()), scheduler.spawn(receiver())])


def joining_in_a_chain(student, tasks):
    """Each task spawns the next one and waits for its end: all of them end one after another."""

    def link(number):
        if not number:
            return 0
        task = yield student.Spawn(link(number - 1))
        return 1 + (yield student.Join(task))

    return total(student, lambda scheduler: [scheduler.spawn(link(tasks))])


def joining_one(student, tasks):
    """All tasks wait for the end of the same one."""

    def joiner(task):
        return (yield student.Join(task))

    def spawn_all(scheduler):
        task = scheduler.spawn(give(1))
        return [scheduler.spawn(joiner(task)) for _ in range(tasks)]

    return total(student, spawn_all)


def total(student, spawn_all):
    """The sum of the tasks' results."""
    scheduler = student.Scheduler()
    tasks = spawn_all(scheduler)
    scheduler.run()
    result = 0
    for task in tasks:
        if task.error is not None:
            raise task.error
        result += task.result
    return result


def stack_growth(student, turns):
    """By how much the stack grows from a first turn to a later one: after each kind of request, and along a chain."""
    heights = {"yield": [], "Sleep": [], "Send": [], "Recv": [], "Spawn": [], "Join": []}
    channel = student.Channel()

    def measure(name):
        heights[name].append(stack_height())

    def worker():
        for _ in range(turns):
            yield
            measure("yield")
            yield student.Sleep(1)
            measure("Sleep")
            yield student.Send(channel, None)
            measure("Send")

    def receiver():
        for _ in range(turns):
            yield student.Recv(channel)
            measure("Recv")

    def link(number):
        if number:
            task = yield student.Spawn(link(number - 1))
            measure("Spawn")
            yield student.Join(task)
            measure("Join")

    scheduler = student.Scheduler()
    for generator in (worker(), receiver(), link(turns)):
        scheduler.spawn(generator)
    scheduler.run()
    return {name: [len(found), max(found) - min(found)] if found else [0, 0] for name, found in heights.items()}


def stack_height():
    frame: FrameType | None = _getframe()
    height = 0
    while frame is not None:
        frame, height = frame.f_back, height + 1
    return height


# ------------------------------------------------------------------ the work for a turn


def lines_for_turns(student, waiting, turns, seconds):
    """How many lines of code other than this one's are executed for so many turns while so many tasks wait, and what
    was received in these turns.

    The turns are of a worker that makes every kind of request; its sleeps last so many seconds.
    """
    lines = 0
    counted, received = [], []
    channel, closed = student.Channel(), student.Channel()

    def trace(frame, event, argument):
        nonlocal lines
        if frame.f_code.co_filename == "<scenarios>":
            return None
        lines += event == "line"
        return trace

    def echo():
        for _ in range(turns):
            received.append((yield student.Recv(channel)))

    def sleeper(number):
        yield student.Sleep(100_000 + number)

    def receiver():
        yield student.Recv(closed)

    def joiner(task):
        yield student.Join(task)

    def worker():
        yield student.Sleep(1)  # by then all the others wait
        lines_before = lines
        for turn in range(turns):
            yield
            yield student.Sleep(seconds)
            yield student.Send(channel, turn)
            yield student.Join((yield student.Spawn(give())))
        counted.append(lines - lines_before)
        for _ in range(waiting):
            yield student.Send(closed, None)

    scheduler = student.Scheduler()
    scheduler.spawn(echo())
    task = scheduler.spawn(worker())
    for number in range(waiting):
        for generator in (sleeper(number), receiver(), joiner(task)):
            scheduler.spawn(generator)
    settrace(trace)
    try:
        scheduler.run()
    finally:
        settrace(None)
    if task.error is not None:
        raise task.error
    return [counted, received]
