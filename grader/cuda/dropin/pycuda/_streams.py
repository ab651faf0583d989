"""Streams and events. Work is done when it is asked for, so a stream is always done."""

from __future__ import annotations

from itertools import count
from time import perf_counter

from ._context import current_engine
from ._enums import event_flags
from ._errors import LogicError

_numbers = count(1)


class Stream:
    """An order of work, which here is the order of the calls."""

    def __init__(self, flags: int = 0, priority: int = 0) -> None:
        current_engine("cuStreamCreate")
        self.handle, self.priority = next(_numbers), priority

    def synchronize(self) -> None:
        current_engine("cuStreamSynchronize")

    def is_done(self) -> bool:
        current_engine("cuStreamQuery")
        return True

    def wait_for_event(self, event: Event) -> None:
        current_engine("cuStreamWaitEvent")


class Event:
    """A moment, once it is recorded."""

    def __init__(self, flags: int = event_flags.DEFAULT) -> None:
        current_engine("cuEventCreate")
        self._flags = flags
        self._moment: float | None = None

    def record(self, stream: Stream | None = None) -> Event:
        current_engine("cuEventRecord")
        self._moment = perf_counter()
        return self

    def synchronize(self) -> Event:
        current_engine("cuEventSynchronize")
        return self

    def query(self) -> bool:
        current_engine("cuEventQuery")
        return True

    def time_since(self, event: Event) -> float:
        """Milliseconds from the other to this one."""
        if self._flags & event_flags.DISABLE_TIMING or event._flags & event_flags.DISABLE_TIMING:
            raise LogicError("cuEventElapsedTime failed: invalid handle: the event was made with DISABLE_TIMING")
        if self._moment is None or event._moment is None:
            raise LogicError("cuEventElapsedTime failed: invalid handle: the event was not recorded")
        return (self._moment - event._moment) * 1e3

    def time_till(self, event: Event) -> float:
        """Milliseconds from this one to the other."""
        return event.time_since(self)
