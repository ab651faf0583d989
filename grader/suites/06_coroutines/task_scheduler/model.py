"""The judge's own scheduler: what it makes of a plan is what a student's must make of it."""

from collections import deque
from dataclasses import dataclass
from heapq import heappop, heappush
from types import GeneratorType
from typing import Any


class Deadlock(Exception):  # noqa: N818 - the name is the exercise's
    pass


class Task:
    def __init__(self, generator):
        self.generator, self.joiners = generator, []
        self.done, self.result, self.error = False, None, None
        self.answer = generator.send, None


class Channel:
    def __init__(self):
        self.waiting = deque()


@dataclass(frozen=True)
class Sleep:
    seconds: float


@dataclass(frozen=True)
class Join:
    task: Task


@dataclass(frozen=True)
class Spawn:
    generator: Any


@dataclass(frozen=True)
class Send:
    channel: Channel
    value: Any


@dataclass(frozen=True)
class Recv:
    channel: Channel


class Scheduler:
    def __init__(self):
        self.now, self._asked = 0.0, 0
        self._ready, self._sleepers, self._tasks = deque(), [], []

    def spawn(self, generator):
        if type(generator) is not GeneratorType:
            raise TypeError
        task = Task(generator)
        self._tasks.append(task)
        self._ready.append(task)
        return task

    def run(self):
        while self._ready or self._sleepers:
            if not self._ready:
                self._wake()
            self._turn(self._ready.popleft())
        if not all(task.done for task in self._tasks):
            raise Deadlock

    def _wake(self):
        self.now = self._sleepers[0][0]
        while self._sleepers and self._sleepers[0][0] == self.now:
            self._goes_on(heappop(self._sleepers)[2])

    def _turn(self, task):
        resume, value = task.answer
        try:
            request = resume(value)
        except StopIteration as end:
            task.done, task.result = True, end.value
        except Exception as error:
            task.done, task.error = True, error
        else:
            try:
                self._serve(task, request)
            except (TypeError, ValueError) as error:
                self._goes_on(task, error=error)
        if task.done:
            for joiner in task.joiners:
                self._goes_on(joiner, task.result, task.error)

    def _serve(self, task, request):
        match request:
            case None:
                self._goes_on(task)
            case Sleep(seconds) if seconds > 0:
                self._asked += 1
                heappush(self._sleepers, (self.now + seconds, self._asked, task))
            case Sleep():
                raise ValueError
            case Spawn(generator):
                self._goes_on(task, self.spawn(generator))
            case Join(other) if other.done:
                self._goes_on(task, other.result, other.error)
            case Join(other):
                other.joiners.append(task)
            case Send(channel) | Recv(channel):
                self._meet(task, request, channel.waiting)
            case _:
                raise TypeError

    def _meet(self, task, request, waiting):
        if not waiting or type(waiting[0][1]) is type(request):
            waiting.append((task, request))
            return
        partner, its_request = waiting.popleft()
        self._goes_on(partner, getattr(request, "value", None))
        self._goes_on(task, getattr(its_request, "value", None))

    def _goes_on(self, task, value=None, error=None):
        task.answer = (task.generator.send, value) if error is None else (task.generator.throw, error)
        self._ready.append(task)
