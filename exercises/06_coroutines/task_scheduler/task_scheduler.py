"""A scheduler for tasks that are generators. The rules are in README.md."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any


class Deadlock(Exception):  # noqa: N818 - it is the situation that has this name
    """Tasks wait, and nothing can happen any more that they could wait for."""


class Task:
    """A generator in the hands of a scheduler."""

    done: bool
    """Whether it has ended."""
    result: Any
    """What the generator has returned; None before, and if it has raised."""
    error: Exception | None
    """What the generator has raised; None before, and if it has returned."""


class Channel:
    """Where tasks meet to hand over values: each sender waits for a receiver, and the other way round."""


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

    generator: Generator[Any, Any, Any]


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

    @property
    def now(self) -> float:
        """The virtual time in seconds. It starts at 0 and moves only when no task is ready."""
        raise NotImplementedError

    def spawn(self, generator: Generator[Any, Any, Any]) -> Task:
        """Make a task of the generator and put it at the end of the queue; nothing of it is run yet.

        Raises:
            TypeError: if it is not a generator.
        """
        raise NotImplementedError

    def run(self) -> None:
        """Run all tasks to their ends.

        Raises:
            Deadlock: if some have not ended, but none is ready and none sleeps.
        """
        raise NotImplementedError
