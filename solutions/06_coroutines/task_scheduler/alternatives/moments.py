"""Sleepers stand in a list for each moment; a set knows who waits; a table says how requests are served."""

import bisect
from collections import namedtuple
from types import GeneratorType

Sleep = namedtuple("Sleep", "seconds")
Join = namedtuple("Join", "task")
Spawn = namedtuple("Spawn", "generator")
Send = namedtuple("Send", "channel value")
Recv = namedtuple("Recv", "channel")


class Deadlock(RuntimeError):  # noqa: N818 - it is the situation that has this name
    pass


class Task:
    def __init__(self, generator):
        self.generator = generator
        self.waiters = []
        self.outcome = None
        self.input = ("send", None)

    @property
    def done(self):
        return self.outcome is not None

    @property
    def result(self):
        return self.outcome[1] if self.done and self.outcome[0] == "send" else None

    @property
    def error(self):
        return self.outcome[1] if self.done and self.outcome[0] == "throw" else None


class Channel:
    """At any time, all who wait here want the same: to send, or to receive."""

    def __init__(self):
        self.waiting = []


class Scheduler:
    def __init__(self):
        self.now = 0
        self._queue = []
        self._sleepers = {}  # the moment at which they are due -> tasks
        self._moments = []  # sorted
        self._blocked = set()
        self._serve = {Sleep: self._sleep, Join: self._join, Spawn: self._spawn, Send: self._meet, Recv: self._meet}

    def spawn(self, generator):
        if not isinstance(generator, GeneratorType):
            raise TypeError(f"{generator} is not a generator")
        task = Task(generator)
        self._queue.append(task)
        return task

    def run(self):
        while self._queue or self._moments:
            if self._queue:
                self._step(self._queue.pop(0))
            else:
                self.now = self._moments.pop(0)
                for task in self._sleepers.pop(self.now):
                    self._release(task)
        if self._blocked:
            raise Deadlock(f"{len(self._blocked)} tasks")

    def _step(self, task):
        how, what = task.input
        try:
            request = getattr(task.generator, how)(what)
        except StopIteration as stop:
            self._finish(task, ("send", stop.value))
        except Exception as error:
            self._finish(task, ("throw", error))
        else:
            self._blocked.add(task)
            try:
                self._serve.get(type(request), self._other)(task, request)
            except (TypeError, ValueError) as mistake:
                self._release(task, "throw", mistake)

    def _finish(self, task, outcome):
        task.outcome = outcome
        for waiter in task.waiters:
            self._release(waiter, *outcome)

    def _release(self, task, how="send", what=None):
        self._blocked.discard(task)
        task.input = (how, what)
        self._queue.append(task)

    def _other(self, task, request):
        if request is not None:
            raise TypeError("unknown request")
        self._release(task)

    def _sleep(self, task, request):
        if request.seconds <= 0:
            raise ValueError("cannot sleep backwards")
        due = self.now + request.seconds
        if due not in self._sleepers:
            self._sleepers[due] = []
            bisect.insort(self._moments, due)
        self._sleepers[due].append(task)

    def _join(self, task, request):
        if request.task.done:
            self._release(task, *request.task.outcome)
        else:
            request.task.waiters.append(task)

    def _spawn(self, task, request):
        self._release(task, "send", self.spawn(request.generator))

    def _meet(self, task, request):
        waiting = request.channel.waiting
        if not waiting or type(waiting[0][1]) is type(request):
            waiting.append((task, request))
            return
        partner, its_request = waiting.pop(0)
        for receiver, send in ((partner, request), (task, its_request)):
            self._release(receiver, "send", send.value if isinstance(send, Send) else None)
