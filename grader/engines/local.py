"""The local engine: a few worker processes on this machine."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from grader.catalogue import Exercise, load_catalogue
from grader.errors import InfrastructureError
from grader.results import ExerciseResult, Verdict

from .jobs import Job, unjudged
from .process import WorkerDiedError, WorkerProcess
from .turns import in_turns
from .worker import JOB_CEILING_S, Settings

Judged = tuple[Job, ExerciseResult]

CEILING_S = JOB_CEILING_S + 300  # a worker ends a job that hangs by itself, unless it hangs, too
_HEAR_SIGNALS_EVERY_S = 0.2
_STARTS = 3  # in a row: what fails as often will not work the fourth time


def usable_cores() -> int:
    """Processors this process may use by its affinity."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def usual_workers() -> int:
    """One more than there are cores: a job waits nearly as often as it computes, and verdicts mind no busy machine."""
    return usable_cores() + 1


def run_jobs(
    jobs: Sequence[Job], workers: int, settings: Settings, ceiling_s: float = CEILING_S
) -> Generator[Judged, None, None]:
    """Yields each job with its result as it is done. Closing the iterator ends all workers.

    What could not be judged, because the machine was overloaded say, is judged once more at the end, alone, in what is
    left of the file's own time; a note on the result tells. So it goes with a job whose worker dies, or does not answer
    within `ceiling_s`: another one takes its place, and judges the reference in between. Where the job's second worker
    comes to the same end, the verdict is `error` if the reference could be judged, and `infra` if not, with the reason.

    Raises InfrastructureError when a worker cannot be started three times in a row; results already yielded stand.
    """
    exercises = {exercise.name: exercise for exercise in load_catalogue(_root(settings)).exercises}
    left: dict[str, tuple[Job, ExerciseResult]] = {}
    for job, result in _run_side_by_side([_Trial(job) for job in jobs], workers, settings, ceiling_s):
        if _why_unjudged(result):
            left[job.key] = (job, result)
        else:
            yield job, result
    again = [_Trial(_rest_of(job, result), exercises[job.exercise], _failed(result)) for job, result in left.values()]
    for turn, result in _run_side_by_side(again, 1, settings, ceiling_s):
        job, first = left[turn.key]
        yield job, _with_first(first, result)


def _root(settings: Settings) -> Path | None:
    return Path(settings.root) if settings.root else None


def _why_unjudged(result: ExerciseResult) -> str:
    """Empty where all was judged, or known not to be measurable here."""
    if failed := _failed(result):
        return failed
    unjudged_ones = (check.message for check in result.checks if check.verdict is Verdict.INFRA)
    at_fault = (diagnosis.seen for diagnosis in result.diagnoses if diagnosis.decided is Verdict.ERROR)
    return next(chain(unjudged_ones, at_fault), "")


def _rest_of(job: Job, result: ExerciseResult) -> Job:
    """The same file, for what could not be judged, or was skipped for that: other verdicts stand."""
    at_fault = {diagnosis.check for diagnosis in result.diagnoses if diagnosis.decided is Verdict.ERROR}
    judged = [
        check
        for check in result.checks
        if check.verdict.counts and check.verdict is not Verdict.SKIPPED and check.name not in at_fault
    ]
    return replace(job, judged=judged, used_s=result.own_s)


def _with_first(first: ExerciseResult, second: ExerciseResult) -> ExerciseResult:
    """`second`, with what is to be told of the first time."""
    note = f"Judged a second time, alone, because the first time could not be judged: {_why_unjudged(first)}"
    told_again = {diagnosis.check for diagnosis in second.diagnoses}
    verdicts = {check.name: check.verdict for check in second.checks}
    earlier = [
        replace(diagnosis, decided=verdicts.get(diagnosis.check, second.verdict))
        for diagnosis in first.diagnoses
        if diagnosis.check not in told_again
    ]
    return replace(second, notes=[*second.notes, note], diagnoses=[*earlier, *second.diagnoses])


def _failed(result: ExerciseResult) -> str:
    """Why nothing of a job could be judged, if so."""
    return result.message if result.verdict is Verdict.INFRA and not result.checks else ""


@dataclass(frozen=True, slots=True)
class _Trial:
    """A job to be judged; after it has `failed`, in turns with the reference of its exercise."""

    job: Job
    exercise: Exercise | None = None
    failed: str = ""


def _run_side_by_side(
    jobs: Sequence[_Trial], workers: int, settings: Settings, ceiling_s: float
) -> Generator[Judged, None, None]:
    if not jobs:
        return
    pool = [_Seat(settings, ceiling_s) for _ in range(max(1, min(workers, len(jobs))))]
    waiting: queue.SimpleQueue[_Trial | None] = queue.SimpleQueue()
    done: queue.SimpleQueue[Judged | BaseException] = queue.SimpleQueue()
    for job in [*jobs, *[None] * len(pool)]:
        waiting.put(job)
    try:
        for seat in pool:
            threading.Thread(target=seat.serve, args=(waiting, done), daemon=True).start()
        for _ in jobs:
            outcome = _next_of(done)
            if isinstance(outcome, BaseException):
                raise outcome
            yield outcome
    finally:
        for seat in pool:
            seat.close()
        for seat in pool:
            seat.wait()


def _next_of(done: queue.SimpleQueue[Judged | BaseException]) -> Judged | BaseException:
    """Python's handler of a signal that comes just before a wait runs when that has ended: so no wait is a long one."""
    while True:
        with suppress(queue.Empty):
            return done.get(timeout=_HEAR_SIGNALS_EVERY_S)


class _Seat:
    """For one worker at a time, the next one when that has died; with the thread that feeds them."""

    def __init__(self, settings: Settings, ceiling_s: float) -> None:
        self._settings, self._ceiling_s = settings, ceiling_s
        self._lock = threading.Lock()
        self._worker: WorkerProcess | None = None
        self._ready: WorkerProcess | None = None  # the same, once it can judge and as long as it does
        self._closed = False

    def serve(self, waiting: queue.SimpleQueue[_Trial | None], done: queue.SimpleQueue[Judged | BaseException]) -> None:
        try:
            while (turn := waiting.get()) is not None:
                done.put((turn.job, self._result(turn)))
        except BaseException as e:
            done.put(e)

    def _result(self, turn: _Trial) -> ExerciseResult:
        if turn.exercise is not None:
            return in_turns(turn.job, turn.exercise, self._judge, turn.failed)
        try:
            return self._judge(turn.job)
        except WorkerDiedError as e:
            return unjudged(turn.job, f"{e}.")

    def _judge(self, job: Job) -> ExerciseResult:
        """By the worker that is there, or else by a new one. Raises WorkerDiedError, InfrastructureError."""
        worker = self._ready = self._ready or self._new_worker()
        try:
            return worker.judge(job)
        except WorkerDiedError:
            self._ready = None
            raise

    def _new_worker(self) -> WorkerProcess:
        """Raises InfrastructureError."""
        for start in range(1, _STARTS + 1):
            worker = self._start()
            try:
                worker.wait_until_ready()
            except WorkerDiedError as e:
                if start == _STARTS:
                    raise InfrastructureError(
                        f"Nothing can be judged here: {e} before it was ready, {_STARTS} times in a row."
                    ) from e
            else:
                break
        return worker

    def _start(self) -> WorkerProcess:
        with self._lock:
            if self._closed:
                raise InfrastructureError("The judging has been ended.")
            self._worker = WorkerProcess(self._settings, self._ceiling_s)
            return self._worker

    def close(self) -> None:
        """No worker is started any more, and the one that runs is told to end."""
        with self._lock:
            self._closed = True
        if self._worker is not None:
            self._worker.close_input()

    def wait(self) -> None:
        if self._worker is not None:
            self._worker.wait()
