"""A worker process as the engine sees it: it is started, asked, and ended, and may die or hang at any moment."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from grader.results import ExerciseResult
from grader.sandbox import processes
from grader.sandbox.cgroup import remove_stale_groups
from grader.sandbox.scratch import remove_stale_folders
from grader.serialization import from_json
from grader.text import clean

from .endings import how_it_ended
from .jobs import Job
from .turns import JobFailedError
from .worker import READY, Settings

_START_CEILING_S = 300
_GRACE_S = 30  # to end by itself; it has players to end and folders to remove
_EXIT_S = 5  # between the end of its output and its own
_LONGEST_LINE = 1 << 26
_LAST_WORDS_SHOWN = 300


class WorkerDiedError(JobFailedError):
    """It has ended, hangs, or does not speak as it should; the text says which. It is of no more use."""


class WorkerProcess:
    """One worker. Where it has no result for a job within `ceiling_s`, it and everything below it is killed."""

    def __init__(self, settings: Settings, ceiling_s: float) -> None:
        # -P: whatever lies in the folder we were started from must not stand in for a module of ours.
        command = [sys.executable, "-P", "-m", "grader.engines.worker", settings.to_json()]
        self._process = subprocess.Popen(
            command,
            bufsize=0,  # a buffer's lock would keep `close_input` from closing what `judge` is writing to
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._jobs, self._results = self._process.stdin, io.BufferedReader(self._process.stdout)  # type: ignore[type-var]
        self._ceiling_s = ceiling_s
        self._ready = self._hung = False
        self._said: deque[bytes] = deque(maxlen=20)
        self._listener = threading.Thread(target=self._keep_stderr, daemon=True)
        self._listener.start()

    def _keep_stderr(self) -> None:
        assert self._process.stderr is not None
        self._said.extend(io.BufferedReader(self._process.stderr))  # type: ignore[type-var]

    def wait_until_ready(self) -> None:
        """Raises WorkerDiedError."""
        with self._watched(_START_CEILING_S):
            said = self._results.readline(_LONGEST_LINE)
        if said != READY.encode():
            raise WorkerDiedError(self._why_useless(said, _START_CEILING_S))
        self._ready = True

    def judge(self, job: Job) -> ExerciseResult:
        """Raises WorkerDiedError."""
        line, said = job.to_line(), b""
        with self._watched(self._ceiling_s), contextlib.suppress(OSError):
            if self._jobs.write(line) == len(line):
                said = self._results.readline(_LONGEST_LINE)
        result = _result_in(said, job)
        if result is None:
            raise WorkerDiedError(self._why_useless(said, self._ceiling_s))
        return result

    @contextmanager
    def _watched(self, ceiling_s: float) -> Iterator[None]:
        watchdog = threading.Timer(ceiling_s, self._end_hanging)
        watchdog.daemon = True
        watchdog.start()
        try:
            yield
        finally:
            watchdog.cancel()

    def _end_hanging(self) -> None:
        self._hung = True
        self.kill()

    def _why_useless(self, said: bytes, ceiling_s: float) -> str:
        """Ends it, and says what was the matter, as the end of a sentence."""
        ended = self._has_ended_within(0 if said or self._hung else _EXIT_S)
        self.kill()
        if self._hung:
            return f"the worker did not answer within {ceiling_s:g} s"
        if said:
            return "the worker answered with something that is no result"
        how = how_it_ended(self._process.returncode) if ended else "closed its pipes"
        return f"the worker {how}{self._last_words()}"

    def _has_ended_within(self, seconds: float) -> bool:
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _last_words(self) -> str:
        self._listener.join(_EXIT_S)
        lines = [line.decode("utf-8", "replace").strip() for line in list(self._said)]
        last = next((line for line in reversed(lines) if line), "")
        return f" ({clean(last, _LAST_WORDS_SHOWN).rstrip('.')})" if last else ""

    def close_input(self) -> None:
        """The end of its input makes a worker end everything below it, and itself."""
        with contextlib.suppress(OSError):
            self._jobs.close()

    def wait(self) -> None:
        """Until it has ended, which it is helped to if it does not, or is not yet where it could hear of it."""
        if not self._ready or not self._has_ended_within(_GRACE_S):
            self.kill()

    def kill(self) -> None:
        """It and everything below it. On Linux the kernel sees to that; elsewhere not all dies with its parent."""
        if self._process.poll() is None:
            below = processes.descendants(self._process.pid)
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
            for pid in below:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
        self._process.wait()
        remove_stale_groups()  # what it had no time to remove
        remove_stale_folders()


def _result_in(said: bytes, job: Job) -> ExerciseResult | None:
    """What a worker's line says of this job, if it says that."""
    try:
        answer = json.loads(said)
        result = from_json(ExerciseResult, answer["result"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return result if (answer["key"], result.exercise) == (job.key, job.exercise) else None
