"""Judging a class of submissions."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from grader import __version__
from grader.engines.local import run_jobs, usual_workers
from grader.engines.settings import find_settings
from grader.engines.worker import Settings
from grader.errors import GradingInterruptedError, InfrastructureError, InputError
from grader.results import ClassResults
from grader.sandbox.rungs import Rung
from grader.text import clean

from .collecting import collect, publish
from .digest import Digests
from .files import RESULTS_FILE, holds_results
from .keeping import Kept
from .lock import held, is_somebody_elses
from .planning import GradingPlan, make_plan, read_assignment


class GradingWatcher:
    """Is told how far a grading has come. Override what you want to know."""

    def on_rung(self, rung: Rung) -> None:
        """The rung of the sandbox on which all will be judged."""

    def on_plan(self, jobs: int) -> None:
        """How many files are to be judged."""

    def on_result(self) -> None:
        """One of them has been."""


def grade(
    paths: str | Path | Iterable[str | Path],
    *,
    out: str | Path = "grades",
    exercises: str | Iterable[str] = (),
    jobs: int | None = None,
    python: str | None = None,
    seed: int | None = None,
    resume: bool = False,
    force: bool = False,
    accept_reduced_isolation: bool = False,
    root: Path | None = None,
    watcher: GradingWatcher | None = None,
) -> ClassResults:
    """Judges what a class handed in, as `grader grade` does, and writes the same files below `out`.

    `paths`: one or more folders, zips, notebooks or files of submissions. `exercises`: names, topics or globs (default:
    whatever was handed in). `jobs`: how many files are judged at a time (default: one more than there are cores).
    `python`: the Python that runs them (default: this one). `seed`: of all random inputs, to repeat a run. `resume`
    keeps what `out` holds and is still right, `force` starts over; without either, a folder that holds results is
    refused. `root`: a checkout with other exercises than the kit's.

    Each result is saved as soon as it is there; `results.json` and the report are written however the judging ends.

    Raises InputError where something handed over cannot be used, or another grader is at work in `out`;
    InfrastructureError where the machine cannot go on; and GradingInterruptedError, a KeyboardInterrupt, with the
    results so far.
    """
    if resume and force:
        raise InputError("Give resume or force, not both.")
    watcher, out = watcher or GradingWatcher(), _resolved(Path(out))
    about = ClassResults(__version__, _now(), "", "", "", 0, complete=False)
    paths = [paths] if isinstance(paths, str | Path) else paths
    exercises = [exercises] if isinstance(exercises, str) else list(exercises)
    handed_in = [Path(path) for path in paths]
    _refuse_among_handins(out, handed_in)
    assignment = read_assignment(handed_in, out, exercises, root)
    with held(out, about.started):
        if not (resume or force) and holds_results(out):
            raise InputError(f"{out} holds results already: --resume keeps what is still right, --force starts over.")
        kept = Kept(assignment, out)
        try:
            settings, interpreter, rung = find_settings(python, accept_reduced_isolation, root)
            watcher.on_rung(rung)
            plan = make_plan(assignment, out, Digests(interpreter, rung.name), seed, resume)
            about = replace(about, sandbox=rung.name, python=interpreter.version, seed=plan.seed)
            kept.begin(plan)
            _judge(plan, kept, jobs or usual_workers(), settings, watcher)
            return _publish(about, kept)
        except KeyboardInterrupt:
            if kept.plan is None and (out / RESULTS_FILE).exists():
                raise  # what is there from before says more
            raise GradingInterruptedError(_publish(about, kept)) from None
        except BaseException:
            with suppress(InfrastructureError):  # what ended the judging is told, not what came of it
                if kept.plan is not None:
                    _publish(about, kept)
            raise


def _judge(plan: GradingPlan, kept: Kept, workers: int, settings: Settings, watcher: GradingWatcher) -> None:
    watcher.on_plan(len(plan.jobs))
    with closing(run_jobs(plan.jobs, workers, settings)) as judged:
        for job, result in judged:
            kept.keep(job.key, result)
            watcher.on_result()


def _publish(about: ClassResults, kept: Kept) -> ClassResults:
    """What there is, in the end, whatever that end is."""
    results = replace(collect(kept.assignment, kept.results, about), finished=_now())
    publish(results, kept.out)
    return results


def _resolved(out: Path) -> Path:
    """The folder that is meant, once and for all: no link is followed below."""
    try:
        found = out.resolve()
        if found.is_symlink():  # to itself: not every Python says so
            raise InputError(f"{found} is a link that leads nowhere; choose another --out.")
        if found.exists() and not found.is_dir():
            raise InputError(f"{found} is a file; --out needs a folder.")
    except (OSError, RuntimeError, ValueError) as e:
        raise InputError(f"{clean(str(out), 200)} is no folder to write to ({e}); choose another --out.") from e
    return found


def _refuse_among_handins(out: Path, handed_in: Iterable[Path]) -> None:
    """Next time nobody could tell results from hand-ins."""
    folders = {_real(path) for path in handed_in}
    if out in folders or (out.parent in folders and is_somebody_elses(out)):
        raise InputError(
            f"{out} holds what was handed in, and results need a folder of their own; choose another --out."
        )


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return path  # who reads it says what is the matter


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
