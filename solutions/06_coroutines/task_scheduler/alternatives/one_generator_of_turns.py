"""The main loop is a generator of turns; whoever waits has a condition that others signal."""

import heapq
import itertools
import types
from collections import deque
from dataclasses import dataclass
from typing import Any, NamedTuple


class Deadlock(Exception):  # noqa: N818 - it is the situation that has this name
    """Nobody can go on."""


class Answer(NamedTuple):
    value: Any = None
    error: Exception | None = None

    def give_to(self, generator):
        return generator.send(self.value) if self.error is None else generator.throw(self.error)


class Task:
    def __init__(self, generator):
        self._generator = generator
        self._end = None
        self._joiners = []

    @property
    def done(self):
        return self._end is not None

    @property
    def result(self):
        return self._end.value if self._end else None

    @property
    def error(self):
        return self._end.error if self._end else None


class Channel:
    def __init__(self):
        self.offers = deque()
        self.wishes = deque()


@dataclass
class Sleep:
    seconds: float


@dataclass
class Join:
    task: Task


@dataclass
class Spawn:
    generator: types.GeneratorType


@dataclass
class Send:
    channel: Channel
    value: Any


@dataclass
class Recv:
    channel: Channel


class Scheduler:
    def __init__(self):
        self._clock = 0
        self._queue = deque()
        self._heap = []
        self._order = itertools.count()
        self._alive = set()

    @property
    def now(self):
        return self._clock

    def spawn(self, generator):
        if not isinstance(generator, types.GeneratorType):
            raise TypeError("not a generator")
        task = Task(generator)
        self._alive.add(task)
        self._queue.append((task, Answer()))
        return task

    def run(self):
        for task, answer in self._turns():
            try:
                request = answer.give_to(task._generator)
            except StopIteration as stop:
                self._finish(task, Answer(stop.value))
            except Exception as error:
                self._finish(task, Answer(error=error))
            else:
                handler = getattr(self, f"_on_{type(request).__name__}", self._on_anything_else)
                self._queue.extend(handler(task, request))
        if self._alive:
            raise Deadlock(len(self._alive))

    def _turns(self):
        while True:
            while self._queue:
                yield self._queue.popleft()
            if not self._heap:
                return
            self._clock, _, task = heapq.heappop(self._heap)
            self._queue.append((task, Answer()))
            while self._heap and self._heap[0][0] == self._clock:
                self._queue.append((heapq.heappop(self._heap)[-1], Answer()))

    def _finish(self, task, answer):
        self._alive.remove(task)
        task._end = answer
        self._queue.extend((joiner, answer) for joiner in task._joiners)
        del task._joiners[:]

    def _on_NoneType(self, task, _):  # noqa: N802
        yield task, Answer()

    def _on_Sleep(self, task, request):  # noqa: N802
        if request.seconds > 0:
            heapq.heappush(self._heap, (self._clock + request.seconds, next(self._order), task))
        else:
            yield task, Answer(error=ValueError(request.seconds))

    def _on_Spawn(self, task, request):  # noqa: N802
        try:
            answer = Answer(self.spawn(request.generator))
        except TypeError as error:
            answer = Answer(error=error)
        yield task, answer

    def _on_Join(self, task, request):  # noqa: N802
        if request.task.done:
            yield task, request.task._end
        else:
            request.task._joiners.append(task)

    def _on_Send(self, task, request):  # noqa: N802
        request.channel.offers.append((task, request.value))
        yield from self._match(request.channel, last=task)

    def _on_Recv(self, task, request):  # noqa: N802
        request.channel.wishes.append(task)
        yield from self._match(request.channel, last=task)

    def _match(self, channel, last):
        if channel.offers and channel.wishes:
            sender, value = channel.offers.popleft()
            pair = [(sender, Answer()), (channel.wishes.popleft(), Answer(value))]
            yield from sorted(pair, key=lambda entry: entry[0] is last)

    def _on_anything_else(self, task, request):
        yield task, Answer(error=TypeError(type(request).__name__))
