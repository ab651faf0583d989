"""One scenario under many schedules: what comes of each, told once for each different outcome; failures replayed."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import inspect
import os
import random
import re
import sys
import time
import types
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from grader.player import wire

from . import guard
from .bytecodes import rebound_names
from .chance import Dice
from .interleaving import InterleavingRecorder
from .loop import VirtualLoop, waiting_tasks
from .messages import (
    MOST_DIED,
    MOST_PLACE,
    MOST_PLACES,
    MOST_PREEMPTIONS,
    MOST_WHAT,
    Ending,
    Plan,
    ToldExploration,
    ToldOutcome,
    ToldScenario,
    ToldStop,
)
from .ownership import Ownership
from .scheduler import INSIDE, Choice, ControlledThread, Scheduler, Strategy, Unwind, current
from .standins import StandIns, alive_but
from .strangers import Strangers
from .strategies import BoundedSearch, Portfolio, Replay, decode, encode
from .watching import Watch

_SEARCHED = 3 / 8  # of the schedules are the bounded search's, if it needs so many; the portfolio has the rest
_LATENCIES = 3 / 16  # of the schedules are tried where only latencies differ, and not the order of threads
_MOST_STEPS, _MOST_STEPS_A_SCHEDULE = 20_000, 250  # in one schedule, and on average
_A_LIBRARYS_STEP = 3  # counts as so many: there are many of them, they take longer, and few of them matter
_COLLECT_EVERY = 50
_MOST_STUBBORN = 20
_LOOK_EVERY = 100  # schedules or so, at whether the harness is as it was
_STRANGER = "a thread that the judge does not know"

_OF_LATENCIES = 1
_ADDRESS = re.compile(r"\b0x[0-9a-f]{4,}")
_seed_for_students, _now_ns = random.seed, time.perf_counter_ns

Scenario = Callable[[], Any]


@dataclass
class Program:
    """The student's files, by name, as lines of source, their code, and the names that it rebinds.

    With `ownership` all code is watched that is not the harness's, else that of these files only.
    """

    sources: dict[str, list[str]] = field(default_factory=dict)
    modules: list[types.CodeType] = field(default_factory=list)
    rebound: set[str] = field(default_factory=set)
    ownership: Ownership | None = None

    def add(self, file: str, source: str) -> types.CodeType:
        """Compiles one of them."""
        code = compile(source, file, "exec")
        self.sources[file] = source.splitlines()
        self.modules.append(code)
        self.rebound |= rebound_names(code)
        return code


@dataclass(frozen=True)
class Turn:
    """Which schedule of an exploration it is. In those `by_chance` latencies differ, and timers of the same moment."""

    number: int
    by_chance: bool = False

    @property
    def is_plain(self) -> bool:
        """The first one: nobody is interrupted, everything lasts as long as it says."""
        return self.number == 0

    def token(self, choices: list[Choice]) -> str:
        """A text from which the schedule can be run again."""
        return f"{self.number}{'r' if self.by_chance else ''}-{encode(choices)}"

    @classmethod
    def parse(cls, token: str) -> tuple[Turn, list[int]]:
        """The turn and its choices. Raises ValueError."""
        number, _, choices = token.partition("-")
        return cls(int(number.removesuffix("r")), number.endswith("r")), decode(choices)


class Listener(Protocol):
    """Hears of each different outcome; says whether to go on."""

    def __call__(self, outcome: ToldOutcome) -> bool: ...


def explore(program: Program, scenario: Scenario, plan: Plan, listener: Listener) -> ToldExploration:
    """Runs `scenario` under schedule after schedule, until the listener stops it or enough have been tried.

    Where the same order has another outcome when it is run again, the code is unsteady: then the listener, which had
    enough, hears of more schedules at random, until it has enough of one of these too. That one is told of, without a
    token.
    """
    guard.install()
    exploration = _Explorer(program, scenario, plan, listener)
    if replaced := exploration.stand_ins.replaced:
        exploration.tell({"ended": Ending.MISUSE.value, "what": f"a {replaced} of its own"})
        return exploration.nothing()
    gc.collect()
    gc.freeze()  # so that looking for unawaited coroutines means looking at what a schedule has made only
    try:
        with exploration.stand_ins.installed(), exploration.watch.watching(), _on_one_processor():
            return exploration.run()
    finally:
        gc.unfreeze()


@contextlib.contextmanager
def _on_one_processor() -> Iterator[None]:
    """Only one thread runs at a time: handing over to another processor would double the time."""
    if sys.platform != "linux":
        yield
        return
    allowed: set[int] = set()
    with contextlib.suppress(OSError):
        allowed = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {Dice(os.getpid()).choice(sorted(allowed))})
    try:
        yield
    finally:
        with contextlib.suppress(OSError, ValueError):
            if allowed:
                os.sched_setaffinity(0, allowed)


class _Explorer:
    def __init__(self, program: Program, scenario: Scenario, plan: Plan, listener: Listener) -> None:
        self._program, self._scenario, self._plan, self._listener = program, scenario, plan, listener
        self.stand_ins = StandIns()
        self.watch = Watch(program.sources, program.modules, program.rebound, program.ownership)
        self._schedules = self._steps = self._costs = self._stubborn = self._told = 0
        self._search = BoundedSearch(MOST_PREEMPTIONS)
        self._chosen_from = False  # whether any schedule had to choose between threads
        self._has_latencies = False
        self._strangers = Strangers()
        self._next_look = 0
        self._unsteady = False  # whether the same order was seen to go two ways

    def tell(self, outcome: ToldOutcome) -> bool:
        """Whether to go on. They are counted, as the student's code could find the listener too."""
        self._told += 1
        return self._listener(outcome)

    def run(self) -> ToldExploration:
        heard: set[str] = set()
        stopped: ToldStop | None = None
        for turn, strategy in self._turns():
            recorder = (
                InterleavingRecorder(self._program.sources, self.watch.is_students) if stopped is not None else None
            )
            scheduler, outcome = self._one(turn, strategy, recorder)
            self._count(scheduler, strategy)
            if outcome.get("ended") == Ending.DIVERGED.value and not self._plan.replay:
                self._unsteady = True
                continue
            key = _key(outcome)
            if key in heard or self.tell(outcome):
                heard.add(key)
                continue
            if outcome.get("ended") in (Ending.MISUSE.value, Ending.INTERNAL.value):
                return self.nothing()
            if recorder is not None:
                return self._summary(_stopped("", turn, recorder, reproduced=False))
            stopped = self._again(turn, scheduler, key)
            if stopped["reproduced"]:
                break
            self._unsteady = True
        if stopped is None and (found := self._interference()):
            self.tell({"ended": Ending.MISUSE.value, "what": found})
            return self.nothing()
        return self._summary(stopped)

    def _turns(self) -> Iterator[tuple[Turn, Strategy]]:
        """The schedules to try, and by which strategy."""
        if self._plan.replay:
            turn, choices = Turn.parse(self._plan.replay)
            yield turn, Replay(choices)
            return
        searched = max(1, int(_SEARCHED * self._plan.schedules))
        if self._plan.sleeps_end_early:
            yield Turn(0), BoundedSearch(0)  # the plain schedule, in which they do not: its choices are no guide
        while self._schedules < searched:
            yield Turn(self._schedules), self._search
            if self._is_enough(_SEARCHED) or self._search.complete or self._unsteady:
                break
        portfolio = Portfolio(self._plan.seed)
        while (self._chosen_from or self._has_latencies) and self._schedules < self._latest() and not self._is_enough():
            yield Turn(self._schedules, by_chance=True), portfolio

    def _latest(self) -> int:
        """How many schedules in all. More where a failure has still to be seen a second time."""
        usual = self._plan.schedules if self._chosen_from else int(_LATENCIES * self._plan.schedules)
        return usual + self._plan.schedules // 2 if self._unsteady else usual

    def _is_enough(self, share: float = 1) -> bool:
        return self._costs > share * _MOST_STEPS_A_SCHEDULE * self._plan.schedules

    def _one(
        self, turn: Turn, strategy: Strategy, recorder: InterleavingRecorder | None = None
    ) -> tuple[Scheduler, ToldOutcome]:
        """One schedule and its outcome."""
        strategy.begin(turn.number)
        self.stand_ins.fresh()
        _seed_for_students(f"{self._plan.seed}:{turn.number}")
        scheduler = Scheduler(
            strategy,
            _MOST_STEPS,
            randomly=Dice(self._plan.seed, turn.number, _OF_LATENCIES) if turn.by_chance else None,
            sleeps_end_early=self._plan.sleeps_end_early and not turn.is_plain,
            tracer=self.watch.tracer,
            arm=self.watch.arm,
            files=self.watch.files,
            harness=self._program.ownership.harness if self._program.ownership else (),
            is_students=self.watch.is_students if self._program.ownership else None,
            recorder=recorder,
        )
        run = _Run(scheduler, self._scenario, self.stand_ins)
        self.watch.unknown_threads = 0
        scheduler.run(run.main)
        return scheduler, self._judge_harness(scheduler, strategy, run)

    def _count(self, scheduler: Scheduler, strategy: Strategy) -> None:
        self._schedules += 1
        self._steps += scheduler.steps
        self._costs += scheduler.steps + (_A_LIBRARYS_STEP - 1) * scheduler.steps_in_libraries
        self._chosen_from = self._chosen_from or bool(scheduler.taken)
        self._has_latencies = self._has_latencies or scheduler.has_chance
        if self._schedules % _COLLECT_EVERY == 0:
            gc.collect()
        strategy.ended(scheduler)

    def _judge_harness(self, scheduler: Scheduler, strategy: Strategy, run: _Run) -> ToldOutcome:
        """The outcome, unless something made it worthless."""
        self._stubborn += scheduler.stubborn
        if scheduler.ending is None and self._stubborn > _MOST_STUBBORN:
            scheduler.end(Ending.MISUSE, "an `except BaseException` in a loop: such threads cannot be ended")
        if scheduler.ending is None and (run.too_deep or any(_lost_sight_of(thread) for thread in scheduler.threads)):
            scheduler.end(Ending.MISUSE, "a recursion deeper than Python allows")
        if scheduler.ending is None and not self.watch.undisturbed():
            scheduler.end(Ending.MISUSE, "sys.monitoring")
        if scheduler.ending is None and strategy.asked != len(scheduler.taken):
            scheduler.end(Ending.MISUSE, INSIDE)
        if scheduler.ending is None and self._program.ownership and self.watch.unknown_threads:
            scheduler.end(Ending.MISUSE, _STRANGER)
        if scheduler.ending is None and self._schedules >= self._next_look and (found := self._interference()):
            scheduler.end(Ending.MISUSE, found)
        if scheduler.ending is None and (replaced := self.stand_ins.replaced):
            scheduler.end(Ending.MISUSE, f"a {replaced} of its own")
        return run.outcome()

    def _interference(self) -> str:
        """What takes too long to look for after each schedule: it is looked for now and then, nobody knows when, and at
        the end.
        """
        self._next_look = self._schedules + 1 + Dice(_now_ns()).below(2 * _LOOK_EVERY)
        ownership = self._program.ownership
        if ownership is None:
            return ""
        if replaced := ownership.replaced():
            return f"a {replaced} of its own"
        return _STRANGER if self._strangers.take_part_in(self._schedules) else ""

    def _again(self, turn: Turn, first: Scheduler, key: str) -> ToldStop:
        """The same schedule once more, recorded."""
        recorder = InterleavingRecorder(self._program.sources, self.watch.is_students)
        token = turn.token(first.choices)
        turn, choices = Turn.parse(token)
        _, outcome = self._one(turn, Replay(choices), recorder)
        return _stopped(token, turn, recorder, reproduced=_key(outcome) == key)

    def nothing(self) -> ToldExploration:
        """Stopped by what has nothing to do with the order of threads."""
        return self._summary(
            {
                "token": "",
                "plain": True,
                "reproduced": True,
                "interleaving": InterleavingRecorder({}, lambda code: False).told(),
            }
        )

    def _summary(self, stopped: ToldStop | None) -> ToldExploration:
        covered = self._search.covered if self._chosen_from and not self._unsteady else -1
        return {
            "schedules": self._schedules,
            "covered": covered,
            "steps": self._steps,
            "told": self._told,
            "stopped": stopped,
        }


def _stopped(token: str, turn: Turn, recorder: InterleavingRecorder, *, reproduced: bool) -> ToldStop:
    return {"token": token, "plain": turn.is_plain, "reproduced": reproduced, "interleaving": recorder.told()}


def _key(outcome: ToldOutcome) -> str:
    """The same for outcomes that are the same. Addresses in texts are not: they tell nothing, and never come again."""
    return _ADDRESS.sub("0x", repr(outcome))


class _Run:
    """The scenario in one schedule, and what is told of it."""

    def __init__(self, scheduler: Scheduler, scenario: Scenario, stand_ins: StandIns) -> None:
        self._scheduler, self._scenario, self._stand_ins = scheduler, scenario, stand_ins
        self._said: ToldScenario | None = None
        self.too_deep = False

    def main(self) -> None:
        """In the first controlled thread."""
        me = current()
        assert me is not None
        said: ToldScenario = {
            "tasks": 0,
            "never_awaited": 0,
            "threads": 0,
            "blocked": [],
            "makespan": 0.0,
            "died": [],
        }
        loop: VirtualLoop | None = None
        try:
            value = self._scenario()
            if inspect.iscoroutine(value):
                loop = VirtualLoop()
                value = _run_on(loop, value)
            said["value"] = wire.encode(value)
        except Unwind:
            raise
        except wire.TooBigError as e:
            said["too_big"] = str(e)
        except BaseException as e:
            self.too_deep = isinstance(e, RecursionError)
            said["exception"] = wire.describe_exception(e)
        if not self._scheduler.over:
            self._finish(me, said, loop)

    def _finish(self, me: ControlledThread, said: ToldScenario, loop: VirtualLoop | None) -> None:
        """What is left when the scenario has said all. A loop is tidied up, but what then happens counts no more."""
        self._said = said
        said["makespan"] = self._scheduler.now
        said["died"] = [wire.describe_exception(error) for error in self._scheduler.died[:MOST_DIED]]
        said["threads"] = alive_but(me)
        if loop is not None:
            said["tasks"] = len(waiting_tasks(loop, self._scheduler))
            said["blocked"] = [place[:MOST_PLACE] for place in self._scheduler.blocked[:MOST_PLACES]]
            _tidy(loop, self._scheduler)
            if self._scheduler.recorder is not None:
                self._scheduler.recorder.let_go()
            gc.collect()
            said["never_awaited"] = self._stand_ins.never_awaited
            said["threads"] = alive_but(me)
        self._scheduler.stop()

    def outcome(self) -> ToldOutcome:
        ending = self._scheduler.ending
        if self._said is not None and (ending is None or ending[0] in (Ending.DEADLOCK, Ending.LIVELOCK)):
            return self._said
        if ending is None:
            return {"ended": Ending.INTERNAL.value, "what": "the scenario ended without saying how"}
        return {"ended": ending[0].value, "what": ending[1][:MOST_WHAT]}


def _run_on(loop: VirtualLoop, coroutine: Coroutine[Any, Any, Any]) -> Any:
    loop.set_exception_handler(lambda loop, context: None)
    return loop.run_until_complete(loop.create_task(coroutine, name="main"))


def _tidy(loop: VirtualLoop, scheduler: Scheduler) -> None:
    """Lets the tasks that are left end, as `asyncio.run` does."""
    left = waiting_tasks(loop, scheduler)
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.wait(left))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    scheduler.tasks.clear()  # their exceptions hold frames, and these hold coroutines that nobody has awaited


def _lost_sight_of(thread: ControlledThread) -> bool:
    """Whether its bytecodes could not be seen to the end: the harness had no room left on its stack."""
    return thread.untraced and not thread.unwound


# ---------------------------------------------------------------------- for scenarios


def student_scenario(
    scenario: Callable[..., Any],
    name: str,
    file: str,
    inputs: Callable[[], dict[str, Any]],
    ownership: Ownership,
) -> tuple[Program, Scenario]:
    """`scenario(student, **inputs)` with the student's file loaded afresh, and fresh inputs, for every schedule."""
    program = Program(ownership=ownership)
    with open(file, encoding="utf-8") as source:
        code = program.add(file, source.read())

    def run() -> Any:
        student = types.ModuleType(name)
        student.__file__ = file
        sys.modules[name] = student
        exec(code, student.__dict__)
        return scenario(student, **inputs())

    return program, run
