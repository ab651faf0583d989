"""A request it does not know counts as a bare yield.

caught_by: test_mistakes
verdict: fail
"""

from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from types import GeneratorType
from typing import Any

AnyGenerator = Generator[Any, Any, Any]


class Deadlock(Exception):
    """Tasks wait, and nothing can happen any more that they could wait for."""


class Task:
    """A generator in the hands of a scheduler, and those who wait for its end."""

    def __init__(self, generator: AnyGenerator) -> None:
        self.generator = generator
        self.done = False
        self.result: Any = None
        self.error: Exception | None = None
        self.joiners: list[Task] = []


class Channel:
    """Where tasks meet to hand over values; those who wait for a partner. Never do both kinds wait at once."""

    def __init__(self) -> None:
        self.senders: deque[tuple[Task, Any]] = deque()
        self.receivers: deque[Task] = deque()


@dataclass(frozen=True)
class Sleep:
    """Go on when so many seconds of virtual time have passed."""

    seconds: float


@dataclass(frozen=True)
class Join:
    """Go on when the task has ended, with its result or its error."""

    task: Task


@dataclass(frozen=True)
class Spawn:
    """Make a task of the generator, and go on with this `Task`."""

    generator: AnyGenerator


@dataclass(frozen=True)
class Send:
    """Go on when another task has received the value."""

    channel: Channel
    value: Any


@dataclass(frozen=True)
class Recv:
    """Go on when another task sends a value, with this value."""

    channel: Channel


class Scheduler:
    """Runs tasks by turns, in virtual time."""

    def __init__(self) -> None:
        self._now = 0.0
        self._ready: deque[tuple[Task, Callable[[Any], Any], Any]] = deque()
        self._sleepers: list[tuple[float, int, Task]] = []
        self._numbers = count()
        self._not_done = 0

    @property
    def now(self) -> float:
        """The virtual time in seconds."""
        return self._now

    def spawn(self, generator: AnyGenerator) -> Task:
        """Make a task of the generator and put it at the end of the queue."""
        if not isinstance(generator, GeneratorType):
            raise TypeError(f"only a generator can be spawned, not {generator!r}")
        task = Task(generator)
        self._not_done += 1
        self._answer(task, None)
        return task

    def run(self) -> None:
        """Run all tasks to their ends, or raise Deadlock."""
        while self._ready or self._sleepers:
            if not self._ready:
                self._wake()
            self._turn(*self._ready.popleft())
        if self._not_done:
            raise Deadlock(f"{self._not_done} tasks wait for each other, or for nobody")

    def _wake(self) -> None:
        """Move the clock to the next moment at which somebody is due."""
        self._now = self._sleepers[0][0]
        while self._sleepers and self._sleepers[0][0] == self._now:
            self._answer(heappop(self._sleepers)[2], None)

    def _turn(self, task: Task, resume: Callable[[Any], Any], value: Any) -> None:
        try:
            request = resume(value)
        except StopIteration as end:
            task.result = end.value
            self._end(task)
        except Exception as error:
            task.error = error
            self._end(task)
        else:
            self._serve(task, request)

    def _end(self, task: Task) -> None:
        task.done = True
        self._not_done -= 1
        for joiner in task.joiners:
            self._tell(joiner, task)

    def _serve(self, task: Task, request: object) -> None:
        match request:
            case None:
                self._answer(task, None)
            case Sleep(seconds) if seconds > 0:
                heappush(self._sleepers, (self._now + seconds, next(self._numbers), task))
            case Sleep(seconds):
                self._fail(task, ValueError(f"a task cannot sleep for {seconds} seconds"))
            case Spawn(GeneratorType() as generator):
                self._answer(task, self.spawn(generator))
            case Join(other) if other.done:
                self._tell(task, other)
            case Join(other):
                other.joiners.append(task)
            case Send(channel, value):
                self._send(task, channel, value)
            case Recv(channel):
                self._receive(task, channel)
            case _:
                self._answer(task, None)

    def _send(self, sender: Task, channel: Channel, value: Any) -> None:
        if channel.receivers:
            self._answer(channel.receivers.popleft(), value)
            self._answer(sender, None)
        else:
            channel.senders.append((sender, value))

    def _receive(self, receiver: Task, channel: Channel) -> None:
        if channel.senders:
            sender, value = channel.senders.popleft()
            self._answer(sender, None)
            self._answer(receiver, value)
        else:
            channel.receivers.append(receiver)

    def _tell(self, joiner: Task, ended: Task) -> None:
        if ended.error is None:
            self._answer(joiner, ended.result)
        else:
            self._fail(joiner, ended.error)

    def _answer(self, task: Task, value: Any) -> None:
        self._ready.append((task, task.generator.send, value))

    def _fail(self, task: Task, error: Exception) -> None:
        self._ready.append((task, task.generator.throw, error))
