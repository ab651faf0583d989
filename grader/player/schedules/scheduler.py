"""One thread at a time: who goes on is decided at every scheduling point, and time passes only when nobody can run.

Each controlled thread is a thread of the system that waits for its *baton*, a raw lock; the running thread hands the
baton on. What Python offers for waiting (locks, and everything that stands on them) is replaced by what `locks` and
`standins` define, which call `point`, `block` and `wake` here.

The idea is that of CHESS (Musuvathi and others, OSDI 2008): real threads, a controlled order, replay by choices.
"""

from __future__ import annotations

import _thread
import contextlib
import sys
import threading
import time
from collections.abc import Callable, Collection
from enum import Enum
from functools import partial
from operator import attrgetter
from types import CodeType, FrameType
from typing import Any, NoReturn, Protocol

from .bytecodes import identity
from .chance import Dice
from .messages import Ending

_allocate, _get_ident, _start_thread = _thread.allocate_lock, _thread.get_ident, _thread.start_new_thread
_sleep = time.sleep
_settrace, _active = sys.settrace, threading._active  # type: ignore[attr-defined]

_UNWINDING_TRIES = 100  # so often a thread may swallow the exception that ends it
MOST_THREADS = 40
_STARTING_TRIES, _STARTING_PAUSE_S = 500, 0.01
_FREE_READS, _TICK_S = 200, 0.01  # after so many looks at the clock each look takes time, so that polling loops end


INSIDE = "the judge's own means of ordering threads"


def _start(life: Callable[..., object], arguments: tuple[Any, ...]) -> None:
    """A thread. Those of earlier schedules have ended, but the system counts them until they had a processor once more:
    on a busy machine they may be as many as are allowed. Raises RuntimeError if that does not change.
    """
    for _ in range(_STARTING_TRIES):
        with contextlib.suppress(RuntimeError):
            _start_thread(life, arguments)
            return
        _sleep(_STARTING_PAUSE_S)
    _start_thread(life, arguments)


class State(Enum):
    RUNNABLE = "runnable"
    BLOCKED = "blocked"
    ENDED = "ended"


RUNNABLE, BLOCKED, ENDED = State  # asked for at every step


class Unwind(BaseException):
    """Ends a controlled thread once its schedule is over."""


class Access(Protocol):
    """What a thread is about to do at a scheduling point: strategies compare these, recorders tell them."""

    @property
    def name(self) -> object:
        """What it touches; None: anything."""

    @property
    def writes(self) -> bool:
        """Whether others can see that it was touched."""
        ...


class StepRecorder(Protocol):
    """Is told what happens, in the order in which it does. Only replays have one: it costs time."""

    def does(self, thread: ControlledThread, access: Any) -> None:
        """The thread goes on with what it was about to do."""

    def tell(self, thread: ControlledThread, what: str) -> None:
        """Something happened to the thread that is worth a line."""

    def label(self, lock: Any) -> str:
        """A name for a lock that is being made."""

    def let_go(self) -> None:
        """Holds no frame any more, nor what is alive only because of one."""

    def stuck(self, threads: list[ControlledThread]) -> None:
        """All that are alive wait, and nobody is left to wake them."""


class Strategy(Protocol):
    """Decides who goes next. One object lives for one exploration and is told when each schedule begins and ends.

    `choose` counts in `asked` how often it was in this schedule.
    """

    asked: int

    def begin(self, number: int) -> None:
        """A schedule begins, the `number`-th."""

    def choose(
        self, runnable: list[ControlledThread], current: ControlledThread | None, scheduler: Scheduler
    ) -> ControlledThread:
        """One of `runnable` (two or more); `current` has reached a scheduling point and could go on, None if not."""

    def ended(self, scheduler: Scheduler) -> None:
        """A schedule has ended."""


class Choice:
    """A point at which there was something to choose: who was taken, out of whom, and who could have gone on."""

    __slots__ = ("_able", "_current", "_thread")

    def __init__(
        self, thread: ControlledThread, able: list[ControlledThread], current: ControlledThread | None
    ) -> None:
        self._thread, self._able, self._current = thread, able, current

    @property
    def chosen(self) -> int:
        return self._thread.number

    @property
    def others(self) -> list[int]:
        return [thread.number for thread in self._able if thread is not self._thread]

    def preempts(self, choice: int) -> bool:
        """Whether this choice would take its turn from a thread that could have gone on."""
        return self._current is not None and self._current.number != choice


class ControlledThread:
    """A thread under the scheduler. `waits_for` and `deadline` are set while it is blocked."""

    __slots__ = (
        *("access", "baton", "deadline", "holding", "ident", "name", "number", "python", "runs_a_loop"),
        *("scheduler", "state", "timed_out", "untraced", "unwound", "waits_for"),
    )

    def __init__(self, scheduler: Scheduler, number: int, name: str, python: threading.Thread) -> None:
        self.scheduler, self.number, self.name, self.python = scheduler, number, name, python
        self.baton = _allocate()
        self.baton.acquire()
        self.state = RUNNABLE
        self.waits_for: Any = None
        self.deadline: float | None = None
        self.timed_out = False
        self.access: Access | None = None
        self.unwound = 0
        self.holding = 0  # locks
        self.untraced = False  # whether its bytecodes can no longer be seen
        self.ident = 0
        self.runs_a_loop = False

    @property
    def alive(self) -> bool:
        return self.state is not ENDED


class _Here(_thread._local):
    """Of each thread its own."""

    thread: ControlledThread | None = None


_here = _Here()
# The controlled thread that asks, None for any other thread. No function of Python's: it is asked for all the time.
current: Callable[[], ControlledThread | None] = partial(attrgetter("thread"), _here)


class Scheduler:
    """One schedule from its beginning to its end.

    `randomly` decides what is open besides the order of threads (None in the plain schedule: then nothing is random).
    `tracer` is what Python 3.11 needs in each thread to see the student's bytecodes, `arm` what it needs in the first
    one when others are added; `files` are the student's, `harness` the code objects that may end a schedule, by id;
    `is_students` says of code whether it is (None: nobody minds).
    """

    __slots__ = (
        *("_able", "_clock_reads", "_ended", "_kind", "arm", "blocked", "busy", "died", "ending", "files", "harness"),
        *("has_chance", "is_students", "locks", "max_steps", "now", "over", "randomly", "recorder"),
        *("sleeps_end_early", "steps", "steps_in_libraries", "strategy", "stubborn", "taken", "tasks", "threads"),
        "tracer",
    )

    def __init__(
        self,
        strategy: Strategy,
        max_steps: int,
        randomly: Dice | None = None,
        sleeps_end_early: bool = False,
        tracer: Any = None,
        arm: Callable[[FrameType], None] | None = None,
        files: Collection[str] = (),
        harness: Collection[int] = (),
        is_students: Callable[[CodeType], bool] | None = None,
        recorder: StepRecorder | None = None,
    ) -> None:
        self.strategy, self._kind = strategy, type(strategy)
        self.max_steps, self.sleeps_end_early = max_steps, sleeps_end_early
        self.randomly, self.tracer, self.arm, self.recorder = randomly, tracer, arm, recorder
        self.files, self.harness, self.is_students = files, harness, is_students
        self.threads: list[ControlledThread] = []
        self.taken: list[tuple[ControlledThread, list[ControlledThread], ControlledThread | None]] = []
        self.steps = self.steps_in_libraries = 0
        self.now = 0.0
        self.ending: tuple[Ending, str] | None = None
        self.died: list[BaseException] = []  # of what threads ended that nobody caught
        self.tasks: list[Any] = []  # that event loops ever had, whatever happens to asyncio's own list
        self.blocked: list[str] = []  # where the student's code made an event loop stand still
        self.has_chance = False  # whether anything besides the order of threads was open to `randomly`
        self.locks = 0
        self.busy = False  # with deciding, or with telling: libraries then run for the harness
        self.stubborn = 0  # threads that could not be ended
        self._clock_reads = 0
        self.over = False  # what is said or done from now on counts no more: all threads are ended
        self._able: list[ControlledThread] | None = None
        self._ended = _allocate()
        self._ended.acquire()

    # ------------------------------------------------------------------ from outside

    def run(self, main: Callable[[], None]) -> None:
        """Runs `main` as the first controlled thread, to the end of the whole schedule."""
        self.spawn(main, "main").baton.release()
        self._ended.acquire()

    def spawn(self, function: Callable[[], Any], name: str, python: threading.Thread | None = None) -> ControlledThread:
        """A new controlled thread, runnable from now on."""
        if python is None:
            python = threading.Thread(name=name)
            python._started._flag = True  # type: ignore[attr-defined]
        thread = ControlledThread(self, len(self.threads), name, python)
        if len(self.threads) >= MOST_THREADS and sum(other.alive for other in self.threads) >= MOST_THREADS:
            self.end(Ending.MISUSE, f"more than {MOST_THREADS} threads at once")
            raise RuntimeError("can't start new thread")
        _start(self._life, (thread, function))
        self.threads.append(thread)
        if self.tracer is not None and self.arm is not None and len(self.threads) == 2:
            self.arm(sys._getframe(1))
        self._able = None
        return thread

    def end(self, ending: Ending, what: str = "") -> None:
        """The schedule is over; the first reason counts."""
        if self.harness and identity(sys._getframe(1).f_code) not in self.harness:
            ending, what = Ending.MISUSE, INSIDE
        self.ending = self.ending or (ending, what)
        self.over = True

    @property
    def choices(self) -> list[Choice]:
        """What was `taken`, for those who look at it afterwards."""
        return [Choice(*taken) for taken in self.taken]

    def stop(self) -> None:
        """The main function has said all: what still runs is ended."""
        self.over = True

    def read_clock(self) -> float:
        """The virtual time, for student code."""
        self._clock_reads += 1
        if self._clock_reads > _FREE_READS:
            self.now += _TICK_S
        return self.now

    # ------------------------------------------------------------------ from controlled threads

    def point(self, me: ControlledThread, access: Access) -> None:
        """A scheduling point: `me` is about to do `access`, and does once this returns."""
        if self.over:
            self._unwind(me)
        self.steps += 1
        if self.steps > self.max_steps:
            self.livelock(me, f"no end after {self.max_steps:,} steps")
        me.access = access
        able = self._able
        if able is None or len(able) > 1:
            chosen = self._choose(me) if able is None else self._ask_strategy(able, me)
            if chosen is not me:
                self._switch(me, chosen)
        elif not self.steps & 3 and [thread.state for thread in self.threads].count(RUNNABLE) > 1:
            self.end(Ending.MISUSE, INSIDE)  # who could go on was kept from it
        if self.recorder is not None:
            self.recorder.does(me, access)

    def block(self, me: ControlledThread, waits_for: Any, until: float | None = None) -> bool:
        """Waits to be woken, or until that moment; False if the moment came first."""
        if self.over:
            self._unwind(me)
        if self.recorder is not None:
            self.recorder.tell(me, waiting(waits_for, me))
        me.state, me.waits_for, me.deadline, me.timed_out = BLOCKED, waits_for, until, False
        self._able = None
        self._switch(me, self._choose(me))
        me.waits_for = me.deadline = None
        return not me.timed_out

    def sleep(self, me: ControlledThread, seconds: float) -> None:
        """Lets so much virtual time pass for this thread."""
        self.point(me, SLEEP)
        if seconds > 0:
            self.block(me, SLEEP, self.now + seconds)

    def livelock(self, me: ControlledThread, what: str) -> NoReturn:
        """Threads run and run, and nothing comes of it."""
        if self.recorder is not None:
            self.recorder.stuck([thread for thread in self.threads if thread.alive])
        self.end(Ending.LIVELOCK, what)
        self._unwind(me)

    def wake(self, waited_for: Any) -> None:
        """All that wait for it become runnable and compete: any of them may come first, as with real locks."""
        for thread in self.threads:
            if thread.state is BLOCKED and thread.waits_for is waited_for:
                thread.state, self._able = RUNNABLE, None

    # ------------------------------------------------------------------ choosing

    def _choose(self, me: ControlledThread) -> ControlledThread:
        able = self._able or self._look_who_is_able()
        if len(able) > 1:
            return self._ask_strategy(able, me if me.state is RUNNABLE else None)
        return able[0] if able else me  # a deadlock: `me` unwinds, and all others after it

    def _look_who_is_able(self) -> list[ControlledThread]:
        """Who can go on, remembered until that changes."""
        able = [thread for thread in self.threads if thread.state is RUNNABLE] or self._pass_time()
        if self.sleeps_end_early:
            able += [thread for thread in self.threads if thread.state is BLOCKED and thread.waits_for is SLEEP]
        self._able = able
        return able

    def _ask_strategy(self, able: list[ControlledThread], current: ControlledThread | None) -> ControlledThread:
        self.busy = True
        try:
            if type(self.strategy) is not self._kind:
                self.end(Ending.MISUSE, INSIDE)
            chosen = self.strategy.choose(able, current, self)
        except DivergedError as e:
            self.end(Ending.DIVERGED, str(e))
            return current or able[0]
        finally:
            self.busy = False
        self.taken.append((chosen, able, current))
        if chosen.state is BLOCKED:
            self._reach(chosen.deadline or self.now)
        return chosen

    def _pass_time(self) -> list[ControlledThread]:
        """Nobody can run: on to the next deadline. Without one nobody ever will."""
        deadlines = [
            thread.deadline for thread in self.threads if thread.state is BLOCKED and thread.deadline is not None
        ]
        if not deadlines:
            if self.recorder is not None:
                self.recorder.stuck([thread for thread in self.threads if thread.alive])
            self.end(Ending.DEADLOCK)
            return []
        self._reach(min(deadlines))
        return [thread for thread in self.threads if thread.state is RUNNABLE]

    def _reach(self, moment: float) -> None:
        self.now = max(self.now, moment)
        for thread in self.threads:
            if thread.state is BLOCKED and thread.deadline is not None and thread.deadline <= self.now:
                thread.state, thread.timed_out, self._able = RUNNABLE, True, None

    # ------------------------------------------------------------------ switching

    def _switch(self, me: ControlledThread, chosen: ControlledThread) -> None:
        if chosen is not me:
            chosen.baton.release()
            me.baton.acquire()
        if self.over:
            self._unwind(me)

    def _unwind(self, me: ControlledThread) -> NoReturn:
        """Ends the thread that asks; one that swallows this again and again is parked for good."""
        me.unwound += 1
        if me.unwound > _UNWINDING_TRIES:
            me.state, self._able = ENDED, None
            self.stubborn += 1
            _here.thread = None
            if self.tracer is not None:
                _settrace(None)
            self._hand_on(me)
            while True:
                me.baton.acquire()
        raise Unwind

    def _life(self, me: ControlledThread, function: Callable[[], Any]) -> None:
        me.baton.acquire()
        me.ident = _get_ident()
        me.python._ident = me.ident  # type: ignore[attr-defined]
        _active[me.ident] = me.python
        if self.tracer is not None:
            _settrace(self.tracer)  # before the thread counts as one that must not
        _here.thread = me
        try:
            if not self.over:
                function()
        except SystemExit:
            pass
        except Unwind:
            if not self.over:
                self.end(Ending.MISUSE, INSIDE)
        except BaseException as e:
            if not self.over:
                self.died.append(e)
                if self.recorder is not None:
                    self.recorder.tell(me, f"raises {type(e).__name__}, which nobody catches")
        finally:
            _here.thread = None
            if self.tracer is not None:
                _settrace(None)
            _active.pop(me.ident, None)
            self._end_of(me)

    def _end_of(self, me: ControlledThread) -> None:
        if me.state is not ENDED:
            if self.recorder is not None and not self.over:
                self.recorder.tell(me, "ends")
            me.state, self._able = ENDED, None
            self.wake(me)
            self._hand_on(me)

    def _hand_on(self, me: ControlledThread) -> None:
        """The baton of a thread that has ended goes to another one; after the last the schedule is over."""
        alive = [thread for thread in self.threads if thread.state is not ENDED]
        if not alive:
            self._ended.release()
            return
        chosen = me if self.over else self._choose(me)
        if self.over:  # now, if not before: nobody was left who could go on
            chosen = alive[0]
        chosen.baton.release()


class DivergedError(Exception):
    """A replay found another thread runnable than its original."""


class _Sleep:
    """What a sleeping thread waits for: only time."""

    name, writes = "sleep", False

    def __str__(self) -> str:
        return "the end of its sleep"


SLEEP = _Sleep()


def students_frame(frame: FrameType | None, files: Collection[str]) -> FrameType | None:
    """The innermost frame, from this one outwards, of code in one of these files."""
    while frame is not None and frame.f_code.co_filename not in files:
        frame = frame.f_back
    return frame


def waiting(waits_for: Any, me: ControlledThread) -> str:
    """`waits for …` in words."""
    if isinstance(waits_for, ControlledThread):
        return f"waits for the end of {waits_for.name}"
    if not getattr(waits_for, "visible", True):
        return "waits to be notified"
    owner = getattr(waits_for, "owner", None)
    if owner is None or not 0 <= owner < len(me.scheduler.threads):
        return f"waits for {waits_for}"
    holder = me.scheduler.threads[owner]
    return f"waits for {waits_for}, " + ("which it holds itself" if holder is me else f"held by {holder.name}")
