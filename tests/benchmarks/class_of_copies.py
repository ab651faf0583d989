"""How long a class takes, how much processor time a job costs, and whether memory stays flat.

`python -m tests.benchmarks.class_of_copies COPIES [--empty] [--exercise EX…]` makes a class of COPIES students, each
handing in the reference solutions of all exercises, or of those named (with `--empty`: functions that do nothing, so
that nearly all that is left is the judge and the sandbox), grades it, and prints the figures. CPU time is that of the
whole tree as a cgroup counts it, so players are included; memory is the largest of any single process of the judge.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.catalogue import Exercise, load_catalogue
from grader.sandbox import processes

_CPUACCT = Path("/sys/fs/cgroup/cpuacct")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("copies", type=int)
    parser.add_argument("--empty", action="store_true")
    parser.add_argument("--exercise", nargs="+", default=[])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _write_class(Path(folder) / "class", args)
        _grade(Path(folder))


def _write_class(folder: Path, args: argparse.Namespace) -> None:
    catalogue = load_catalogue()
    assert catalogue.solutions is not None
    for number in range(args.copies):
        student = folder / f"student{number:03}"
        student.mkdir(parents=True)
        for exercise in catalogue.select(args.exercise):
            reference = catalogue.solutions / exercise.topic / exercise.name / f"{exercise.name}.py"
            (student / reference.name).write_text(_empty(exercise) if args.empty else reference.read_text())


def _empty(exercise: Exercise) -> str:
    return "".join(f"def {name}(*args, **kwargs): pass\n" for name in exercise.interface)


def _grade(folder: Path) -> None:
    began = time.monotonic()
    grade = [sys.executable, "-P", "-m", "grader", "grade", "class", "--out", "out", "--format", "plain"]
    with _accounted() as (enter, cpu_s):
        grading = subprocess.Popen([*enter, *grade], cwd=folder, stdout=subprocess.DEVNULL)
        memory = _watch_memory(grading)
        wall, cpu = time.monotonic() - began, cpu_s()
    results = json.loads((folder / "out" / "results.json").read_text())
    jobs = [exercise for submission in results["submissions"] for exercise in submission["exercises"]]
    print(f"{len(jobs)} jobs in {wall:.1f} s on {len(os.sched_getaffinity(0))} cores, rung {results['sandbox']}")
    print(f"CPU of everything: {cpu:.1f} s, {cpu / len(jobs):.3f} s a job")
    for name in results["titles"]:
        own = [job["judge_cpu_s"] for job in jobs if job["exercise"] == name]
        print(f"  {name}: judge's CPU {statistics.median(own):.3f} s a job (median)")
    print(
        f"judge's memory: {memory[0]:.0f} MiB in the first quarter, {memory[1]:.0f} MiB in the last (largest process)"
    )


@contextmanager
def _accounted() -> Iterator[tuple[list[str], Callable[[], float]]]:
    """A cgroup that counts processor time: the words that start a command in it, and how to read it."""
    group = _CPUACCT / f"benchmark-{os.getpid()}"
    group.mkdir()
    try:
        yield (
            ["sh", "-c", 'echo $$ >"$0/cgroup.procs" && exec "$@"', str(group)],
            lambda: int((group / "cpuacct.usage").read_text()) / 1e9,
        )
    finally:
        group.rmdir()


def _watch_memory(grading: subprocess.Popen[bytes]) -> tuple[float, float]:
    """The largest resident size among the judge's processes, early and late in the run."""
    sizes: list[float] = []
    ended = threading.Event()

    def watch() -> None:
        grading.wait()
        ended.set()

    threading.Thread(target=watch, daemon=True).start()
    while not ended.wait(0.25):
        trusted = [
            pid for pid in processes.descendants(grading.pid) if "player/zygote" not in processes.command_line(pid)
        ]
        sizes.append(max(map(_resident_mb, trusted), default=0.0))
    quarter = max(1, len(sizes) // 4)
    return max(sizes[:quarter]), max(sizes[-quarter:])


def _resident_mb(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)
    except (OSError, ValueError):
        return 0.0


if __name__ == "__main__":
    main()
