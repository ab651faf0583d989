"""Who goes next: strategies, separate from what they steer. Each is an object for one exploration.

Bounded depth-first search finds whatever needs few preemptions, and can prove that there is nothing of the kind. Random
strategies find the rest, each being good at other bugs; a portfolio takes turns.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush

from .chance import Dice
from .scheduler import Choice, ControlledThread, DivergedError, Scheduler

_SPIN = 1000  # after so many choices in a row for the thread that runs anyway, another one gets a turn
_MOST_PLACES = 1000  # in a schedule, at which other ways to go on are looked for
_MOST_STEPS = 0.5  # of a schedule's steps: beyond, strategies that may starve a thread choose at random


class BoundedSearch:
    """All schedules with at most `bound` preemptions, those with fewer first (Musuvathi and Qadeer, PLDI 2007).

    `complete` says that there is no other one.
    """

    __slots__ = (
        "_cost",
        "_left_out",
        "_prefix",
        "_serial",
        "_streak",
        "_waiting",
        "asked",
        "bound",
        "complete",
    )

    def __init__(self, bound: int) -> None:
        self.bound = bound
        self.complete = False
        self._prefix: Sequence[int] = ()
        self._waiting: list[tuple[int, int, list[int], int, int]] = []
        self._serial = self._cost = 0
        self._left_out = bound + 1  # the fewest preemptions of a way that was not noted

    @property
    def covered(self) -> int:
        """With how many preemptions all schedules have been tried; -1 if not even all without."""
        return min(self.bound if self.complete else self._cost - 1, self._left_out - 1)

    def begin(self, number: int) -> None:
        self.asked = self._streak = 0

    def choose(
        self, runnable: list[ControlledThread], current: ControlledThread | None, scheduler: Scheduler
    ) -> ControlledThread:
        place, self.asked = self.asked, self.asked + 1
        if place < len(self._prefix):
            return _thread(self._prefix[place], runnable, place)
        if current is None:
            self._streak = 0
            return runnable[0]
        self._streak += 1
        if self._streak > _SPIN:
            self._streak = 0
            return next((thread for thread in runnable if thread.number > current.number), runnable[0])
        return current

    def ended(self, scheduler: Scheduler) -> None:
        """Notes all siblings of the choices just made, and goes on with the cheapest."""
        choices = scheduler.choices
        chosen = [choice.chosen for choice in choices]
        cost = sum(choice.preempts(choice.chosen) for choice in choices[: len(self._prefix)])
        for place in range(len(self._prefix), len(choices)):
            for other in choices[place].others:
                self._note(cost + choices[place].preempts(other), chosen, place, other)
            cost += choices[place].preempts(chosen[place])
        if not self._waiting:
            self.complete = True
            return
        self._cost, _, original, place, other = heappop(self._waiting)
        self._prefix = [*original[:place], other]

    def _note(self, cost: int, chosen: list[int], place: int, other: int) -> None:
        """Another way to go on here, for later. Threads that spin have no end of places: the first ones count."""
        if cost > self.bound:
            return
        if place >= _MOST_PLACES:
            self._left_out = min(self._left_out, cost)
            return
        self._serial += 1
        heappush(self._waiting, (cost, self._serial, chosen, place, other))


class Replay:
    """The choices of an earlier schedule."""

    __slots__ = ("_chosen", "asked")

    def __init__(self, chosen: Sequence[int]) -> None:
        self._chosen = chosen

    def begin(self, number: int) -> None:
        self.asked = 0

    def choose(
        self, runnable: list[ControlledThread], current: ControlledThread | None, scheduler: Scheduler
    ) -> ControlledThread:
        place, self.asked = self.asked, self.asked + 1
        if place >= len(self._chosen):
            raise DivergedError(f"there is a choice number {place + 1}, where the original had {place}")
        return _thread(self._chosen[place], runnable, place)

    def ended(self, scheduler: Scheduler) -> None:
        pass


def _thread(number: int, runnable: list[ControlledThread], place: int) -> ControlledThread:
    for thread in runnable:
        if thread.number == number:
            return thread
    raise DivergedError(f"thread {number} could not go on at choice {place + 1}, where it did in the original")


class _Random:
    """What random strategies share: a generator for each schedule."""

    __slots__ = (
        "_random",
        "_seed",
    )

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._random = Dice(seed)

    def begin(self, number: int) -> None:
        self._random = Dice(self._seed, number)

    def choose(
        self, runnable: list[ControlledThread], current: ControlledThread | None, scheduler: Scheduler
    ) -> ControlledThread:
        raise NotImplementedError

    def ended(self, scheduler: Scheduler) -> None:
        pass


class RandomWalk(_Random):
    """At each point another thread with a chance of 1, 1/2, 1/8 or 1/32, drawn anew for each schedule."""

    __slots__ = (
        "_chance",
        "_chances",
    )

    def __init__(self, seed: int, chances: Sequence[float] = (1, 1 / 2, 1 / 8, 1 / 32)) -> None:
        super().__init__(seed)
        self._chances = chances

    def begin(self, number: int) -> None:
        super().begin(number)
        self._chance = self._random.choice(self._chances)

    def choose(
        self, runnable: list[ControlledThread], current: ControlledThread | None, scheduler: Scheduler
    ) -> ControlledThread:
        if current is not None and self._random.random() >= self._chance:
            return current
        return self._random.choice(runnable)


class WeightedWalk(_Random):
    """A random walk in which each thread's chance is what it has left to do, by the schedule before.

    So all interleavings are about equally likely (after Zhao, Wolff, Mathur, Roychoudhury, ASPLOS 2025).
    """

    __slots__ = (
        "_expected",
        "_left",
    )

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._expected: dict[int, int] = {}

    def begin(self, number: int) -> None:
        super().begin(number)
        self._left = dict(self._expected)

    def choose(
        self, runnable: list[ControlledThread], current: ControlledThread | None, scheduler: Scheduler
    ) -> ControlledThread:
        chosen = self._random.weighted(runnable, [max(1, self._left.get(thread.number, 0)) for thread in runnable])
        self._left[chosen.number] = self._left.get(chosen.number, 0) - 1
        return chosen

    def ended(self, scheduler: Scheduler) -> None:
        chosen = [thread.number for thread, _, _ in scheduler.taken]
        self._expected = {number: chosen.count(number) for number in chosen}


class PriorityChanges(_Random):
    """PCT: strict priorities that change at `depth - 1` random points (Burckhardt and others, ASPLOS 2010).

    A bug that needs `depth` ordering constraints is found with a chance of at least 1/(n·k^(depth-1)) a schedule.
    """

    __slots__ = (
        "_changes",
        "_depth",
        "_longest",
        "_lowest",
        "_priorities",
        "_streak",
    )

    def __init__(self, seed: int, depth: int = 3) -> None:
        super().__init__(seed)
        self._depth, self._longest = depth, 2

    def begin(self, number: int) -> None:
        super().begin(number)
        self._priorities: dict[int, float] = {}
        self._changes = {self._random.below(self._longest): -float(n) for n in range(1, self._depth)}
        self._streak, self._lowest = 0, -10.0

    def choose(
        self, runnable: list[ControlledThread], current: ControlledThread | None, scheduler: Scheduler
    ) -> ControlledThread:
        change = self._changes.pop(len(scheduler.taken), None)
        for thread in runnable:
            self._priorities.setdefault(thread.number, 1 + self._random.random())
        if current is not None and change is not None:
            self._priorities[current.number] = change
        if scheduler.steps > scheduler.max_steps * _MOST_STEPS:
            return self._random.choice(runnable)
        self._streak = self._streak + 1 if current is not None else 0
        if current is not None and self._streak > _SPIN:
            self._streak, self._lowest = 0, self._lowest - 1
            self._priorities[current.number] = self._lowest
        return _first(runnable, self._priorities)

    def ended(self, scheduler: Scheduler) -> None:
        self._longest = max(self._longest, len(scheduler.taken))


class PartialOrderSampling(_Random):
    """POS: random priorities for what threads do next, drawn anew for what races with what was done.

    (Yuan, Yang, Gu, CAV 2018.) Two accesses race if they touch the same name and one of them writes.
    """

    __slots__ = ("_priorities",)

    def begin(self, number: int) -> None:
        super().begin(number)
        self._priorities: dict[int, float] = {}

    def choose(
        self, runnable: list[ControlledThread], current: ControlledThread | None, scheduler: Scheduler
    ) -> ControlledThread:
        for thread in runnable:
            if thread.number not in self._priorities:
                self._priorities[thread.number] = self._random.random()
        if scheduler.steps > scheduler.max_steps * _MOST_STEPS:
            return self._random.choice(runnable)
        chosen = _first(runnable, self._priorities)
        for thread in runnable:
            if thread is chosen or _race(thread, chosen):
                self._priorities.pop(thread.number, None)
        return chosen


def _first(runnable: list[ControlledThread], priorities: dict[int, float]) -> ControlledThread:
    """The one whose priority is highest."""
    first = runnable[0]
    for thread in runnable:
        if priorities[thread.number] > priorities[first.number]:
            first = thread
    return first


def _race(one: ControlledThread, other: ControlledThread) -> bool:
    mine, its = one.access, other.access
    if mine is None or its is None:
        return False
    return mine.name == its.name and (mine.writes or its.writes)


class Portfolio:
    """Several strategies in turns, a schedule each."""

    __slots__ = ("_chosen", "_strategies", "asked")

    def __init__(self, seed: int) -> None:
        self.asked = 0
        self._strategies: list[_Random] = [
            RandomWalk(seed, chances=(1,)),
            RandomWalk(seed),
            PriorityChanges(seed),
            PartialOrderSampling(seed),
            WeightedWalk(seed),
        ]

    def begin(self, number: int) -> None:
        self.asked = 0
        self._chosen = self._strategies[number % len(self._strategies)]
        self._chosen.begin(number)

    def choose(
        self, runnable: list[ControlledThread], current: ControlledThread | None, scheduler: Scheduler
    ) -> ControlledThread:
        self.asked += 1
        return self._chosen.choose(runnable, current, scheduler)

    def ended(self, scheduler: Scheduler) -> None:
        for strategy in self._strategies:
            strategy.ended(scheduler)


def encode(choices: Sequence[Choice]) -> str:
    """The choices as a token: `0x3.1.0x2` is thread 0 three times, thread 1 once, thread 0 twice."""
    runs: list[tuple[int, int]] = []
    for choice in choices:
        if runs and runs[-1][0] == choice.chosen:
            runs[-1] = choice.chosen, runs[-1][1] + 1
        else:
            runs.append((choice.chosen, 1))
    return ".".join(f"{number}x{times}" if times > 1 else f"{number}" for number, times in runs)


def decode(token: str) -> list[int]:
    """The choices of a token. Raises ValueError."""
    chosen: list[int] = []
    for run in token.split(".") if token else ():
        number, _, times = run.partition("x")
        if not number.isdecimal() or not (times or "1").isdecimal() or len(chosen) + int(times or 1) > 10**6:
            raise ValueError(f"{run} is no part of a schedule")
        chosen += [int(number)] * int(times or 1)
    return chosen
