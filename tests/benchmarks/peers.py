"""Our scheduler beside its peers and plain stress, on the same programs: `python -m tests.benchmarks.peers`.

The programs are those of tests/player/schedules/corpus and, with `--programs FOLDER`, the prototypes' `programs` and
`corpus` there. What is compared, and how each is used, is in contestants.py beside this file; a peer that is not
installed for this Python is left out. Each contestant has a process of its own for each program, and a limit.
`--contestants` chooses others than the four: `ours`, `frontrun`, `interleave-test`, `stress`.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from .contestants import CONTESTANTS, LATE, Sample, own_samples, prototype_samples

_FOUR = ("ours", "frontrun", "interleave-test", "stress")
_ENOUGH_FOR_A_RATE = 10  # runs of a program
_GRACE_S = 10


@dataclass(frozen=True)
class Result:
    """What a contestant said of a program."""

    sample: Sample
    unable: str
    found: str
    schedules: int
    runs: int
    seconds: float
    cpu_s: float
    note: str

    @property
    def counts(self) -> bool:
        """Only where the contestant controls what the program does: else it may be right for the wrong reason."""
        return not self.unable

    @property
    def cell(self) -> str:
        if not self.counts:
            return f"— ({self.unable})"
        if self.found:
            told = "" if self.found == "race" else f" {self.found}"
            return f"found{told}: {self.schedules}" if self.sample.flawed else f"**alarm**{told}: {self.schedules}"
        if self.note:
            return f"{_short(self.note)}: {self.schedules}"
        return f"**missed**: {self.schedules}" if self.sample.flawed else f"quiet: {self.schedules}"


def _short(note: str) -> str:
    return "out of time" if note == LATE else note.partition(":")[0]


def compete(name: str, sample: Sample, limit_s: float, folder: str) -> Result:
    words = [sys.executable, "-m", "tests.benchmarks.contestants", name, sample.name, str(limit_s), folder]
    environment = {**os.environ, "FRONTRUN_ACTIVE": "1"}  # what its command line sets, which pytest would need
    told: dict[str, Any] = {"found": "", "schedules": 0, "runs": 0, "seconds": limit_s, "cpu_s": 0.0}
    try:
        said = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=limit_s + _GRACE_S)
        told |= json.loads(said.stdout.splitlines()[-1]) if said.stdout else {"note": f"died: {said.stderr[-300:]}"}
    except subprocess.TimeoutExpired:
        told["note"] = "killed: it did not listen"
    result = Result(sample, CONTESTANTS[name].unable(sample), **told)
    print(f"{name:22} {sample.name:34} {result.cell}   {result.note}", file=sys.stderr, flush=True)
    return result


# ---------------------------------------------------------------------- tables


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *map(list, rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def by_program(results: dict[str, list[Result]]) -> str:
    names = list(results)
    rows = [
        [f"{'flawed' if row[0].sample.flawed else 'right'}: `{row[0].sample.name}`", *(result.cell for result in row)]
        for row in zip(*results.values(), strict=True)
    ]
    return table(["program", *names], rows)


def totals(results: dict[str, list[Result]]) -> str:
    head = ["", "found / flawed", "alarms / right", "no verdict", "cannot control", "schedules/s", "per CPU second"]
    return table(head, [[name, *_total(told)] for name, told in results.items()])


def _total(results: list[Result]) -> list[str]:
    able = [result for result in results if result.counts]
    flawed = [result for result in able if result.sample.flawed]
    right = [result for result in able if not result.sample.flawed]
    timed = [result for result in results if result.runs >= _ENOUGH_FOR_A_RATE and result.counts]
    unsaid = Counter(_short(result.note) for result in able if result.note and not result.found)
    return [
        f"{sum(bool(result.found) for result in flawed)} / {len(flawed)}",
        f"{sum(bool(result.found) for result in right)} / {len(right)}",
        ", ".join(f"{word} {many}" for word, many in sorted(unsaid.items())) or "0",
        str(len(results) - len(able)),
        _median(result.runs / result.seconds for result in timed),
        _median(result.runs / result.cpu_s for result in timed if result.cpu_s),
    ]


def _median(rates: Iterable[float]) -> str:
    known = list(rates)
    return f"{statistics.median(known):,.0f}" if known else "?"


def versions(names: Iterable[str]) -> str:
    packages = {CONTESTANTS[name].package for name in names} - {""}
    told = [f"{package.replace('_', '-')} {metadata.version(package)}" for package in sorted(packages)]
    return ", ".join([f"CPython {sys.version.split()[0]}", *told])


def _present(names: list[str]) -> list[str]:
    for name in names:
        if not CONTESTANTS[name].is_there:
            print(f"{name} is not installed for {sys.executable}: left out")
    return [name for name in names if CONTESTANTS[name].is_there]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", default="", help="the folder of the prototypes' programs, corpus and scenarios")
    parser.add_argument("--contestants", nargs="+", default=list(_FOUR), choices=list(CONTESTANTS))
    parser.add_argument("--limit", type=float, default=30, help="seconds for a contestant and a program")
    parser.add_argument("--jobs", type=int, default=1)
    args = parser.parse_args()
    names = _present(args.contestants)
    print(f"{versions(names)}; {args.limit:.0f} s for a contestant and a program\n")
    sets = {"tests/player/schedules/corpus": own_samples()}
    if args.programs and Path(args.programs).is_dir():
        sets["the prototypes' programs"] = prototype_samples(Path(args.programs))
    for title, samples in sets.items():
        results: dict[str, list[Result]] = {name: [] for name in names}
        with ThreadPoolExecutor(args.jobs) as executor:
            asked = [(name, sample) for sample in samples for name in names]
            told = [executor.submit(compete, name, sample, args.limit, args.programs) for name, sample in asked]
            for (name, _), future in zip(asked, told, strict=True):
                results[name].append(future.result())
        print(f"## {title}\n\n{totals(results)}\n\n{by_program(results)}\n", flush=True)


if __name__ == "__main__":
    main()
