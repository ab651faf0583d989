"""Locks under the scheduler. Everything else that waits (conditions, events, semaphores, barriers, queues, executors)
is Python's own code standing on these.

A thread that is not controlled (the garbage collector's, the harness's) must never wait for one. Student code has
locks in its hands: so nothing of theirs leads to the scheduler.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any

from .loop import note_blocking
from .scheduler import ControlledThread, current

_OUTSIDE = -1  # the owner that is no controlled thread


class ControlledLock:
    """As `threading.Lock()`. `owner` is the number of the thread that took it: anybody may release a lock."""

    kind = "lock"
    name: object = "lock"
    writes = True
    visible = True  # whether taking it is a scheduling point even when it is free

    def __init__(self, maker: ControlledThread | None = None) -> None:
        self.owner: int | None = None
        self.number, self.label = 0, ""
        if maker is not None:
            scheduler = maker.scheduler
            scheduler.locks += 1
            self.number = scheduler.locks
            if scheduler.recorder is not None:
                self.label = scheduler.recorder.label(self)
        self.name = ("lock", self.number)

    def __str__(self) -> str:
        return self.label or f"{self.kind} {self.number}"

    __repr__ = __str__

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if not blocking and timeout != -1:
            raise ValueError("can't specify a timeout for a non-blocking call")
        if timeout is not None and timeout < 0 and timeout != -1:
            raise ValueError("timeout value must be a non-negative number")
        me = current()
        if me is None:
            return self._acquire_from_outside(blocking)
        if self.visible:
            me.scheduler.point(me, self)
        if self.owner is not None and not self._wait(me, blocking, timeout):
            return False
        self.owner = me.number
        me.holding += self.visible
        if me.scheduler.recorder is not None and self.visible:
            me.scheduler.recorder.tell(me, f"takes {self}")
        return True

    def _wait(self, me: ControlledThread, blocking: bool, timeout: float) -> bool:
        if not blocking or timeout == 0:
            return False
        until = None if timeout is None or timeout < 0 else me.scheduler.now + timeout
        began = me.scheduler.now
        if me.runs_a_loop:
            note_blocking(me, f"waiting for a {self.kind}")
        while self.owner is not None:
            if not me.scheduler.block(me, self, until) and self.owner is not None:
                return False
        if me.runs_a_loop and me.scheduler.now > began:
            note_blocking(me, "waiting for an executor", lasted=True)
        return True

    def _acquire_from_outside(self, blocking: bool) -> bool:
        if self.owner is not None and blocking:
            raise RuntimeError("a lock of a schedule is waited for from outside")
        taken, self.owner = self.owner is None, _OUTSIDE if self.owner is None else self.owner
        return taken

    def release(self) -> None:
        """No scheduling point: the thread's next visible operation is one."""
        if self.owner is None:
            raise RuntimeError("release unlocked lock")
        me, owner, self.owner = current(), self.owner, None
        if me is None:
            return
        if owner != _OUTSIDE:
            me.scheduler.threads[owner].holding -= self.visible
        if not me.scheduler.over:
            me.scheduler.wake(self)
            if me.scheduler.recorder is not None and self.visible:
                me.scheduler.recorder.tell(me, f"releases {self}")

    def locked(self) -> bool:
        return self.owner is not None

    def _is_owned(self) -> bool:
        return self.owner is not None  # what Condition takes for it where a lock cannot say

    def _at_fork_reinit(self) -> None:
        self.owner = None

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


class WaiterLock(ControlledLock):
    """What `Condition.wait` makes for each waiter, or importing a module takes: only waiting for it is visible."""

    visible = False


class ControlledRLock(ControlledLock):
    """As `threading.RLock()`."""

    def __init__(self, maker: ControlledThread | None = None) -> None:
        super().__init__(maker)
        self._count = 0

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if self._is_mine():
            self._count += 1
            return True
        taken = super().acquire(blocking, timeout)
        if taken:
            self._count = 1
        return taken

    def release(self) -> None:
        if not self._is_mine():
            raise RuntimeError("cannot release un-acquired lock")
        self._count -= 1
        if not self._count:
            super().release()

    def locked(self) -> bool:
        return self.owner is not None

    def _is_owned(self) -> bool:
        return self._is_mine()

    def _is_mine(self) -> bool:
        me = current()
        return self.owner == (_OUTSIDE if me is None else me.number)

    def _recursion_count(self) -> int:
        return self._count if self._is_owned() else 0

    def _release_save(self) -> int:
        count, self._count = self._count, 0
        super().release()
        return count

    def _acquire_restore(self, count: int) -> None:
        ControlledLock.acquire(self)
        self._count = count

    def __enter__(self) -> bool:
        return self.acquire()


class ImportRLock(ControlledRLock):
    """What importing a module takes: only waiting for it is visible."""

    visible = False


class _LockKind(type):
    """Of what stands in for a class of locks (`threading.Lock` is one from Python 3.13 on)."""

    make: Any
    kinds: tuple[type, ...]

    def __call__(cls, *args: Any) -> Any:
        return cls.make(*args)

    def __instancecheck__(cls, thing: object) -> bool:
        return type(thing) in cls.kinds


def for_controlled(controlled_kind: type[ControlledLock], original: Any) -> Any:
    """A factory: threads under the scheduler get a lock of ours, all others what they always got."""

    def make(*args: Any) -> Any:
        me = current()
        return controlled_kind(me) if me is not None else original(*args)

    if isinstance(original, type):
        kinds = original, controlled_kind, WaiterLock
        return _LockKind(original.__name__, (), {"make": staticmethod(make), "kinds": kinds})
    return make
