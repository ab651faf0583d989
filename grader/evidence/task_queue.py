"""Tasks of Celery's in virtual time: see `grader.player.task_queue` for what happens inside."""

from __future__ import annotations

from grader.sandbox.calls import Call

from .policies import Durations, Replies, VirtualTime


class TaskQueue(VirtualTime):
    """Tasks wait for their ETA in the same virtual time in which calls last.

    When nobody moves, nothing lasts, and nothing waits for its time, all is calm: the scenario is told so.
    """

    def __init__(self, replies: Replies, lasts: Durations) -> None:
        super().__init__({"later": lambda seconds: None, **replies}, {"later": lambda seconds: seconds, **lasts})
        self._asking: list[Call] = []

    def arrived(self, call: Call) -> None:
        if call.name == "calm":
            self._asking.append(call)
        else:
            super().arrived(call)

    def when_quiet(self) -> bool:
        if super().when_quiet():
            return True
        for call in self._asking:
            call.answer(None, self.now)
        asked, self._asking = bool(self._asking), []
        return asked
