"""Each request knows what to do for the task that yields it; whoever waits is resumed by a callback."""

from __future__ import annotations

import heapq
import inspect
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from functools import partial
from typing import Any


class Deadlock(Exception):  # noqa: N818 - it is the situation that has this name
    """Tasks wait, and nothing can happen any more that they could wait for."""


class Task:
    """A generator, and the callbacks that its end sets off."""

    def __init__(self, scheduler: Scheduler, generator: Generator[Any, Any, Any]) -> None:
        self._scheduler, self._generator = scheduler, generator
        self._when_done: list[Callable[[], None]] = []
        self.done, self.result, self.error = False, None, None

    def go_on(self, value: Any = None) -> None:
        self._scheduler.ready.append(partial(self._turn, self._generator.send, value))

    def fail(self, error: Exception) -> None:
        self._scheduler.ready.append(partial(self._turn, self._generator.throw, error))

    def when_done(self, callback: Callable[[], None]) -> None:
        if self.done:
            callback()
        else:
            self._when_done.append(callback)

    def _turn(self, resume: Callable[[Any], Any], value: Any) -> None:
        try:
            request = resume(value)
        except StopIteration as stop:
            self._end(result=stop.value)
        except Exception as error:
            self._end(error=error)
        else:
            self._serve(request)

    def _serve(self, request: Any) -> None:
        if request is None:
            self.go_on()
        elif isinstance(request, Request):
            request.serve(self, self._scheduler)
        else:
            self.fail(TypeError("a task can only yield requests"))

    def _end(self, result: Any = None, error: Exception | None = None) -> None:
        self.done, self.result, self.error = True, result, error
        self._scheduler.alive -= 1
        for callback in self._when_done:
            callback()
        self._when_done.clear()


@dataclass(eq=False)
class Channel:
    """Those who wait: senders with what they bring, or receivers."""

    senders: deque[tuple[Task, Any]] = field(default_factory=deque)
    receivers: deque[Task] = field(default_factory=deque)


class Request:
    def serve(self, task: Task, scheduler: Scheduler) -> None:
        raise NotImplementedError


@dataclass
class Sleep(Request):
    seconds: float

    def serve(self, task: Task, scheduler: Scheduler) -> None:
        if self.seconds <= 0:
            task.fail(ValueError("seconds must be positive"))
        else:
            scheduler.call_at(scheduler.now + self.seconds, task.go_on)


@dataclass
class Join(Request):
    task: Task

    def serve(self, task: Task, scheduler: Scheduler) -> None:
        other = self.task
        other.when_done(lambda: task.fail(other.error) if other.error else task.go_on(other.result))


@dataclass
class Spawn(Request):
    generator: Generator[Any, Any, Any]

    def serve(self, task: Task, scheduler: Scheduler) -> None:
        try:
            task.go_on(scheduler.spawn(self.generator))
        except TypeError as error:
            task.fail(error)


@dataclass
class Send(Request):
    channel: Channel
    value: Any

    def serve(self, task: Task, scheduler: Scheduler) -> None:
        if not self.channel.receivers:
            self.channel.senders.append((task, self.value))
            return
        self.channel.receivers.popleft().go_on(self.value)
        task.go_on()


@dataclass
class Recv(Request):
    channel: Channel

    def serve(self, task: Task, scheduler: Scheduler) -> None:
        if not self.channel.senders:
            self.channel.receivers.append(task)
            return
        sender, value = self.channel.senders.popleft()
        sender.go_on()
        task.go_on(value)


@dataclass(order=True)
class Timer:
    due: float
    number: int
    callback: Callable[[], None] = field(compare=False)


class Scheduler:
    """A queue of callbacks, and a heap of timers."""

    def __init__(self) -> None:
        self.now = 0
        self.alive = 0
        self.ready: deque[Callable[[], None]] = deque()
        self._timers: list[Timer] = []
        self._number = 0

    def spawn(self, generator: Generator[Any, Any, Any]) -> Task:
        if not inspect.isgenerator(generator):
            raise TypeError("only generators can be spawned")
        task = Task(self, generator)
        self.alive += 1
        task.go_on()
        return task

    def call_at(self, due: float, callback: Callable[[], None]) -> None:
        self._number += 1
        heapq.heappush(self._timers, Timer(due, self._number, callback))

    def run(self) -> None:
        while True:
            while self.ready:
                self.ready.popleft()()
            if not self._timers:
                break
            self.now = self._timers[0].due
            while self._timers and self._timers[0].due <= self.now:
                heapq.heappop(self._timers).callback()
        if self.alive:
            raise Deadlock
