"""The local engine: a few worker processes on this machine."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Generator, Sequence
from dataclasses import replace

from grader.errors import InfrastructureError
from grader.results import ExerciseResult, Verdict
from grader.serialization import from_json

from .jobs import Job
from .worker import Settings

Judged = tuple[Job, ExerciseResult]


def run_jobs(jobs: Sequence[Job], workers: int, settings: Settings) -> Generator[Judged, None, None]:
    """Yields each job with its result as it is done. Closing the iterator ends all workers.

    What could not be judged, because the machine was overloaded say, is judged once more at the end, alone; a note on
    the result tells. Raises InfrastructureError when a worker cannot go on; results already yielded stand.
    """
    unjudged: dict[str, tuple[Job, str]] = {}
    for job, result in _run_side_by_side(jobs, workers, settings):
        if reason := _why_unjudged(result):
            unjudged[job.key] = (job, reason)
        else:
            yield job, result
    for job, result in _run_side_by_side([job for job, _ in unjudged.values()], 1, settings):
        note = f"Judged a second time, alone, because the first time could not be judged: {unjudged[job.key][1]}"
        yield job, replace(result, notes=[*result.notes, note])


def _why_unjudged(result: ExerciseResult) -> str:
    """Empty where nothing went wrong on our side."""
    if result.verdict is Verdict.INFRA and not result.checks:
        return result.message
    return next((check.message for check in result.checks if check.verdict is Verdict.INFRA), "")


def _run_side_by_side(jobs: Sequence[Job], workers: int, settings: Settings) -> Generator[Judged, None, None]:
    if not jobs:
        return
    pool = [_Worker(settings) for _ in range(max(1, min(workers, len(jobs))))]
    waiting: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
    done: queue.SimpleQueue[Judged | Exception] = queue.SimpleQueue()
    for job in [*jobs, *[None] * len(pool)]:
        waiting.put(job)
    threads = [threading.Thread(target=worker.serve, args=(waiting, done), daemon=True) for worker in pool]
    for thread in threads:
        thread.start()
    try:
        for _ in jobs:
            outcome = done.get()
            if isinstance(outcome, Exception):
                raise outcome
            yield outcome
    finally:
        for worker in pool:
            worker.stop()


class _Worker:
    """One worker process and the thread that feeds it."""

    def __init__(self, settings: Settings) -> None:
        # -P: whatever lies in the folder we were started from must not stand in for a module of ours.
        command = [sys.executable, "-P", "-m", "grader.engines.worker", settings.to_json()]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._said: list[bytes] = []
        threading.Thread(target=self._keep_stderr, daemon=True).start()

    def _keep_stderr(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._said = [*self._said[-20:], line]

    def serve(
        self,
        waiting: queue.SimpleQueue[Job | None],
        done: queue.SimpleQueue[Judged | Exception],
    ) -> None:
        while (job := waiting.get()) is not None:
            try:
                done.put((job, self._judge(job)))
            except (OSError, ValueError) as e:
                done.put(InfrastructureError(f"A worker ended while it judged {job.key}: {self._last_words() or e}"))
                return

    def _judge(self, job: Job) -> ExerciseResult:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(job.to_line())
        self._process.stdin.flush()
        return from_json(ExerciseResult, json.loads(self._process.stdout.readline())["result"])

    def _last_words(self) -> str:
        lines = [line.decode("utf-8", "replace").strip() for line in self._said]
        return next((line for line in reversed(lines) if line), "")

    def stop(self) -> None:
        """The end of its input makes a worker end everything below it."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        self._process.wait()
