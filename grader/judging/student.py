"""The `student` of a hidden check: a fresh player with the student's module loaded, asked to run scenarios."""

from __future__ import annotations

import difflib
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from grader.evidence.feedback import NotMeasurableError
from grader.evidence.network import OverNetwork
from grader.evidence.observation import Observation
from grader.evidence.policies import AtOnce
from grader.evidence.schedules import (
    Exploration,
    Judged,
    ScheduleError,
    SeenOnceError,
    waited_outside,
)
from grader.evidence.told import Outcome, Summary
from grader.player.schedules.explore import Turn
from grader.player.schedules.messages import Plan
from grader.results import KernelUse, Picture, Verdict
from grader.sandbox.job_time import JobTime
from grader.sandbox.limits import Limits
from grader.sandbox.outcomes import MissingNamesError, PlayerEndedError, StudentRaisedError
from grader.sandbox.packages import PackageMissingError
from grader.sandbox.player import Player, Reply
from grader.sandbox.sandbox import Sandbox
from grader.text import clean

from .sources import require_scenario

_NO_NETWORK = "Code is isolated here in a way that leaves it no network: see `grader doctor` for better ones."
_LONGER = 4  # times as many schedules, to see a failure again that was seen once and could not be repeated


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged: `<module>.py` in `folder`, which must define `interface`, played by `scenarios` (source text).

    `packages`: what it may import besides the standard library.
    """

    folder: Path
    module: str
    interface: list[str]
    scenarios: str
    limits: Limits
    packages: frozenset[str]


@dataclass(frozen=True, slots=True)
class RunAs:
    """Which check it is, with which seed; when a schedule is run again, which one of which exploration.

    `schedules`: how many to explore, where that is not what the suite says.
    """

    check: str
    seed: int
    exploration: int = 0
    schedule: str = ""
    schedules: int = 0

    @classmethod
    def parse(cls, token: str) -> RunAs:
        """Raises ValueError."""
        check, seed, exploration, schedule = token.split(":")
        Turn.parse(schedule)
        return cls(check, int(seed), int(exploration), schedule)

    def token(self, exploration: int) -> str:
        """What comes before the schedule in the token of that exploration."""
        return f"{self.check}:{self.seed}:{exploration}"

    @property
    def schedule_seed(self) -> int:
        return zlib.crc32(f"{self.check}:{self.seed}".encode())

    def leaves_out(self, exploration: int) -> bool:
        """Whether a replay is about another exploration than this."""
        return self.exploration not in (0, exploration)


class Forger(Protocol):
    """Changes what scenarios tell on its way to one check: so it is proven that checks look at what they are told."""

    check: str

    def of_reply(self, reply: Reply) -> Reply: ...

    def of_value(self, told: Any) -> Any: ...


class Student:
    """Close it when done. What it does is charged to `job_time`.

    What it tells goes through the hands of `forger`, if there is one.
    """

    def __init__(self, sandbox: Sandbox, submission: Subject, job_time: JobTime) -> None:
        self._sandbox, self._submission, self.job_time = sandbox, submission, job_time
        self.forger: Forger | None = None
        self._player: Player | None = None
        self.output = ""
        self.run_as = RunAs("", 0)
        self._explorations = 0
        self._all_explored = False
        self.summaries: list[Summary] = []  # of explorations that have found nothing
        self.kernels: list[KernelUse] = []  # what the suite has shown of kernels
        self.pictures: list[Picture] = []

    def load(self) -> None:
        """Starts the player and imports the module.

        Raises StudentRaisedError, PlayerEndedError or MissingNamesError if that fails, and NotMeasurableError if what
        the exercise needs is not installed.
        """
        about = self._submission
        try:
            self._player = self._sandbox.player(about.folder, about.limits, about.packages, self.job_time)
        except PackageMissingError as e:
            raise NotMeasurableError(str(e)) from e
        if about.limits.connections and not self._player.network.possible:
            raise NotMeasurableError(_NO_NETWORK)
        reply = self._player.load(about.scenarios, about.module)
        if reply.raised is not None:
            raise StudentRaisedError(reply.raised)
        defined = [name for name in reply.value if type(name) is str] if type(reply.value) is list else []
        missing = [name for name in about.interface if name not in defined]
        if missing:
            raise MissingNamesError(_missing(about.module, missing, defined))

    def run(
        self, scenario: str, calls: Any = None, sample_cpu: bool = False, watch_callers: bool = False, **inputs: Any
    ) -> Observation:
        """Runs a scenario function with plain-data `inputs`; `calls` is the policy that answers its callbacks.

        `sample_cpu` is for `seen.cpu` by process, `watch_callers` for `seen.callers`.

        Raises PlayerEndedError when the run does not come to an end of its own.
        """
        require_scenario(scenario, self._submission.scenarios)
        policy = calls or AtOnce({})
        reply = self._reply(scenario, inputs, policy, sample_cpu, watch_callers)
        if self.forger is not None:
            reply = self.forger.of_reply(reply)
        return Observation(reply, policy.unit, policy.now)

    def _reply(self, scenario: str, inputs: dict[str, Any], policy: Any, *watched: bool) -> Reply:
        player = self._loaded()
        if not isinstance(policy, OverNetwork):
            return player.run(scenario, inputs, policy, *watched)
        with policy.begun(player.network):
            reply = player.run(scenario, inputs, policy, *watched)
            if reply.raised is None:
                policy.returned()
        if reply.leftover_threads or reply.leftover_processes:
            self.start_afresh()  # who is left could take the connections of the next run
        return reply

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Host and port of each server of the judge's, where exercise.toml asks for connections."""
        return self._loaded().network.addresses

    def explore(
        self, scenario: str, judged: Judged, schedules: int = 800, sleeps_end_early: bool = False, **inputs: Any
    ) -> None:
        """Asserts `judged(outcome)` for every outcome of the scenario under up to so many schedules.

        Raises what `judged` raised, as a race if the plain schedule had gone well; deadlocks by itself.
        """
        self._explorations += 1
        left_out = self.run_as.leaves_out(self._explorations)
        if left_out and not self._all_explored:
            return
        plan = Plan(
            self.run_as.schedule_seed,
            self.run_as.schedules or schedules,
            sleeps_end_early,
            replay="" if left_out else self.run_as.schedule,
        )
        token, judged = self.run_as.token(self._explorations), self._as_told(judged)
        try:
            summary = self._explored(scenario, inputs, plan, Exploration(judged, self._file, token))
        except SeenOnceError:
            self.start_afresh()
            longer = replace(plan, schedules=_LONGER * plan.schedules)
            again = Exploration(judged, self._file, token, failed_before=True)
            summary = self._explored(scenario, inputs, longer, again)
        self.summaries.append(summary)

    def play(self, scenario: str, **inputs: Any) -> Outcome:
        """The scenario's outcome in the plain schedule: nobody is interrupted, everything lasts as long as it says."""
        heard: list[Outcome] = []
        plan = Plan(self.run_as.schedule_seed, schedules=1)
        self._explored(
            scenario, inputs, plan, Exploration(self._as_told(heard.append), self._file, self.run_as.token(0))
        )
        return heard[0]

    def _explored(self, scenario: str, inputs: dict[str, Any], plan: Plan, exploration: Exploration) -> Summary:
        """The same, concluded. Raises what it has found."""
        require_scenario(scenario, self._submission.scenarios)
        try:
            summary = exploration.summary(self._loaded().explore(scenario, inputs, plan, exploration.calls))
        except PlayerEndedError as e:
            if e.verdict is not Verdict.DEADLOCK:
                raise
            if not e.outside:
                raise ScheduleError(
                    f"a thread waited for something that the scheduler cannot follow ({e.look_at})"
                ) from e
            raise AssertionError(waited_outside(e.look_at)) from e
        exploration.conclude(summary)
        return summary

    def _as_told(self, judged: Judged) -> Judged:
        forger = self.forger
        return judged if forger is None else lambda outcome: judged(outcome.forged(forger.of_value))

    @property
    def _file(self) -> str:
        return f"{self._submission.module}.py"

    def _loaded(self) -> Player:
        """The player, or a fresh one where half of the connections to it have been used up."""
        if self._player is not None and 2 * self._player.network.left < self._submission.limits.connections:
            self.close()
        if self._player is None:
            self.load()
        assert self._player is not None
        return self._player

    def start_afresh(self) -> None:
        """What is asked of it from now on, a fresh player is asked."""
        self.close()

    def leave_nothing_out(self) -> None:
        """Of the explorations to come, where a replay is about one of them: the others decide which that is."""
        self._all_explored = True

    def close(self) -> None:
        if self._player is not None:
            self.output = bytes(self._player.output).decode("utf-8", "replace")
            self._player.close()
            self._player = None


def _missing(module: str, missing: list[str], defined: list[str]) -> str:
    close = [match for name in missing for match in difflib.get_close_matches(name, defined, 1)]
    also = f"; it defines {clean(', '.join(close), 200)}" if close else ""
    return f"{module}.py does not define {', '.join(missing)}{also}. Names must be exactly as in the statement."
