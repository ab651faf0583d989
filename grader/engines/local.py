"""The local engine: a few worker processes on this machine."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import replace

from grader.errors import InfrastructureError
from grader.results import ExerciseResult, Verdict

from .jobs import Job, unjudged
from .process import WorkerDiedError, WorkerProcess
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

    What could not be judged, because the machine was overloaded say, is judged once more at the end, alone; a note on
    the result tells. So it goes with a job whose worker dies, or does not answer within `ceiling_s`: another one takes
    its place, and where the job's second worker comes to the same end, the verdict is `infra` with the reason.

    Raises InfrastructureError when a worker cannot be started three times in a row; results already yielded stand.
    """
    left: dict[str, tuple[Job, str]] = {}
    for job, result in _run_side_by_side(jobs, workers, settings, ceiling_s):
        if reason := _why_unjudged(result):
            left[job.key] = (job, reason)
        else:
            yield job, result
    for job, result in _run_side_by_side([job for job, _ in left.values()], 1, settings, ceiling_s):
        note = f"Judged a second time, alone, because the first time could not be judged: {left[job.key][1]}"
        yield job, replace(result, notes=[*result.notes, note])


def _why_unjudged(result: ExerciseResult) -> str:
    """Empty where nothing went wrong on our side."""
    if result.verdict is Verdict.INFRA and not result.checks:
        return result.message
    return next((check.message for check in result.checks if check.verdict is Verdict.INFRA), "")


def _run_side_by_side(
    jobs: Sequence[Job], workers: int, settings: Settings, ceiling_s: float
) -> Generator[Judged, None, None]:
    if not jobs:
        return
    pool = [_Seat(settings, ceiling_s) for _ in range(max(1, min(workers, len(jobs))))]
    waiting: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
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
        self._closed = False

    def serve(self, waiting: queue.SimpleQueue[Job | None], done: queue.SimpleQueue[Judged | BaseException]) -> None:
        try:
            worker: WorkerProcess | None = None
            while (job := waiting.get()) is not None:
                worker = worker or self._new_worker()
                try:
                    done.put((job, worker.judge(job)))
                except WorkerDiedError as e:
                    done.put((job, unjudged(job, f"{e}.")))
                    worker = None
        except BaseException as e:
            done.put(e)

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
