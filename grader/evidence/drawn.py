"""Cases are drawn, not listed: what must hold for every plan is tried on some, and a failure is told on a small one.

    def holds(plan):
        seen = student.run("windows", items=plan["items"], n=plan["n"])
        assert same(seen.value, windows(**plan)), feedback(...)

    plans = st.fixed_dictionaries({"items": st.lists(st.integers(0, 9), max_size=8), "n": st.integers(1, 4)})
    for_all(student, rng, plans, holds)

Hypothesis draws the plans, and makes them smaller. A plan is plain data, told from others by its `repr`, and all that
`holds` depends on. Texts are of letters that the suite names (`st.text("ab")`): which there are at all depends on the
Python, and takes long to find out.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, Protocol, TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException
from hypothesis.internal.conjecture import providers

from grader.sandbox.job_time import JobTime
from grader.sandbox.outcomes import PlayerEndedError, StudentRaisedError

P = TypeVar("P")
_FAILURES = (AssertionError, StudentRaisedError, PlayerEndedError)
# What a failure may cost once more to be told on a smaller plan.
_SMALLER_RUNS = 40
_SMALLER_S = 5.0  # of the job's own time, with the run that failed first

_REPEATABLE = settings(
    phases=[Phase.generate, Phase.shrink],
    report_multiple_bugs=False,
    derandomize=False,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    verbosity=Verbosity.quiet,
    print_blob=False,
)


class PlansError(Exception):
    """No plan could be drawn: a mistake of the suite."""


class Renewable(Protocol):
    """What is asked of the `student` of a check."""

    @property
    def job_time(self) -> JobTime: ...

    def start_afresh(self) -> None:
        """What is asked of it from now on, a fresh player is asked."""

    def leave_nothing_out(self) -> None:
        """Where one schedule is run again, all else is as well: which plans come depends on what came of others."""


def for_all(
    student: Renewable,
    rng: random.Random,
    plans: st.SearchStrategy[P],
    holds: Callable[[P], object],
    examples: int = 20,
    first: Iterable[P] = (),
) -> None:
    """Asserts `holds(plan)` for all of `first`, and then for so many drawn plans, the simplest among them.

    Raises what the smallest drawn plan that was seen to fail has raised: an AssertionError, StudentRaisedError or
    PlayerEndedError. Anything else ends the drawing, and goes on as it is.
    """
    for plan in first:
        holds(plan)
    student.leave_nothing_out()
    course = _Course(student, holds)

    @seed(rng.getrandbits(64))
    @settings(_REPEATABLE, max_examples=examples)
    @given(plans)
    def judge(plan: P) -> None:
        course.judge(plan)

    try:
        with _by_the_seed_alone():
            judge()
    except (_FailedError, _Over):
        pass  # the course knows better
    except HypothesisException as e:
        course.raised = course.raised or PlansError(f"{type(e).__name__}: {e}")
    if course.raised is not None:
        raise course.raised


class _FailedError(Exception):
    """Tells Hypothesis that a plan has failed; why is not its business."""


class _Over(BaseException):
    """Tells Hypothesis to draw no more."""


class _Course(Generic[P]):
    """Of plans, one after the other. What was seen of a plan stands: Hypothesis asks again, and expects the same.

    `raised`: what came of the plan that failed last, which is the smallest, as each that is tried after a failure is
    smaller than that; or the trouble that has ended the drawing.
    """

    def __init__(self, student: Renewable, holds: Callable[[P], object]) -> None:
        self._student, self._holds = student, holds
        self._seen: dict[str, BaseException | None] = {}
        self._smaller_runs, self._smaller_until_s = _SMALLER_RUNS, 0.0
        self.raised: BaseException | None = None

    def judge(self, plan: P) -> None:
        name = repr(plan)
        if name not in self._seen:
            try:
                self._seen[name] = self._drawn(plan) if self.raised is None else self._smaller(plan)
            except _Over:
                raise
            except BaseException as e:
                self.raised = e
                raise _Over from None
        if (failure := self._seen[name]) is not None:
            self.raised = failure
            raise _FailedError

    def _drawn(self, plan: P) -> BaseException | None:
        """How it fails, if it does. Raises trouble."""
        self._smaller_until_s = self._student.job_time.used_s + _SMALLER_S
        return self._failure(plan)

    def _smaller(self, plan: P) -> BaseException | None:
        """The same where a larger plan has failed. That stands, whatever trouble there is now, or if time runs out."""
        if self._smaller_runs == 0 or self._student.job_time.used_s >= self._smaller_until_s:
            raise _Over
        self._smaller_runs -= 1
        try:
            failure = self._failure(plan)
        except Exception:
            raise _Over from None
        if self._student.job_time.used_up:
            raise _Over
        return failure

    def _failure(self, plan: P) -> BaseException | None:
        """What the student's code fails by, if it does; after which it has a fresh player. Raises trouble."""
        try:
            self._holds(plan)
        except _FAILURES as e:
            if isinstance(e, PlayerEndedError) and not e.verdict.counts:
                raise
            self._student.start_afresh()
            return e
        return None


@contextmanager
def _by_the_seed_alone() -> Iterator[None]:
    """Hypothesis likes to draw constants from the sources of modules, and which are loaded is a matter of chance."""
    hypothesis: Any = providers
    found = getattr(hypothesis, "_get_local_constants", None)  # a version may have none
    hypothesis._get_local_constants = lambda: hypothesis._local_constants
    try:
        yield
    finally:
        hypothesis._get_local_constants = found


# What Hypothesis does once in each process is done before a process is forked for each job.
settings(_REPEATABLE, max_examples=1)(given(st.none())(lambda plan: None))()
