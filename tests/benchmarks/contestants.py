"""What tests/benchmarks/peers.py compares, one contestant on one program in a process of its own.

Each contestant gets the program afresh for every schedule, says what it has found, and is left to do it as its own
documentation recommends. Frontrun wants the threads of a scenario as `workers` between a `setup` and an `invariant`;
so a scenario is cut in two where it starts its threads: the call of `together` (or `spawn`) is turned into a `yield`.
"""

from __future__ import annotations

import ast
import asyncio
import importlib
import importlib.util
import inspect
import json
import os
import re
import signal
import sys
import time
import types
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.player.schedules.explore import Program
from tests.player.schedules.programs import CASES, find

BUDGET = 800  # schedules, for everyone but stress: what `explore` does by default
STRESS_RUNS = 1_000
LONGEST_SCHEDULE_S = 5  # frontrun's default; interleave-test's is 30
STARTERS = ("together", "spawn")
HANGS_AFTER_S = 10  # under stress, where sleeps last as long as they say
LATE = "time"

Scenario = Callable[[], Any]
_CLOCK, _CPU = time.perf_counter, time.process_time  # before anyone replaces them


@dataclass(frozen=True)
class Sample:
    """A program whose flaw is known. The scenario is in the program, or a function of `harness` that is given it."""

    name: str
    file: Path
    flawed: bool
    harness: Path | None = None
    function: str = "scenario"

    @property
    def source(self) -> str:
        return self.file.read_text()

    @property
    def is_cut(self) -> bool:
        """Whether the harness starts the threads, and not the program."""
        holder = self.harness or self.file
        return self.function in _functions_with(ast.parse(holder.read_text()), STARTERS)


def own_samples() -> list[Sample]:
    return [Sample(case.name, case.file, case.wanted != "right") for case in CASES]


def prototype_samples(folder: Path) -> list[Sample]:
    """Of `programs` and `corpus`, all for which there is a scenario."""
    samples = []
    for place, harness in (("programs", folder / "scenarios.py"), ("corpus", folder / "scen2.py")):
        functions = [n.name for n in ast.parse(harness.read_text()).body if isinstance(n, ast.FunctionDef)]
        for file in sorted((folder / place).glob("*.py")):
            short = file.stem.partition("_")[0]
            asked = [name for name in functions if name.partition("_")[0] == short]
            if asked:
                is_right = short.startswith("c") or "fixed" in file.stem or "_ok" in file.stem
                samples.append(Sample(file.stem, file, not is_right, harness, asked[0]))
    return samples


class Runs:
    """The program, afresh for each schedule, and how often that was."""

    def __init__(self, sample: Sample) -> None:
        self._sample = sample
        self.kit = Program()
        self._code = self.kit.add(str(sample.file), sample.source)
        self.count = 0
        self.began = 0.0
        self._harness = _load(sample.harness) if sample.harness else None
        self._halves: tuple[types.CodeType, types.ModuleType | None] | None = None

    def fresh(self) -> Scenario:
        self.count += 1
        self.began = _CLOCK()
        return self._bound(self._code, self._harness)

    def fresh_in_two(self) -> Callable[[], Generator[list[Scenario], list[Any], None]]:
        """As a generator that yields the functions that are to be threads, and is sent what they return."""
        self.count += 1
        self.began = _CLOCK()
        if self._halves is None:
            self._halves = self._cut()
        return self._bound(*self._halves)

    def _cut(self) -> tuple[types.CodeType, types.ModuleType | None]:
        if self._sample.harness is None:
            return _cut(self._sample.file), None
        harness = types.ModuleType(self._sample.harness.stem)
        exec(_cut(self._sample.harness), harness.__dict__)
        return self._code, harness

    def __call__(self) -> Any:
        return self.fresh()()

    def _bound(self, code: types.CodeType, harness: types.ModuleType | None) -> Callable[[], Any]:
        module = types.ModuleType(self._sample.name)
        exec(code, module.__dict__)
        if harness is None:
            return module.scenario  # type: ignore[no-any-return]
        function = getattr(harness, self._sample.function)
        return lambda: function(module)


def _load(file: Path) -> types.ModuleType:
    sys.path.insert(0, str(file.parent))
    return importlib.import_module(file.stem)


# ---------------------------------------------------------------------- a scenario in two


def _functions_with(tree: ast.AST, called: tuple[str, ...]) -> set[str]:
    """The functions that call one of these themselves, or call one that does."""
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name not in STARTERS]
    found: set[str] = set()
    while True:
        more = {f.name for f in functions if _calls(f, (*called, *found))}
        if more == found:
            return found
        found = more


def _calls(function: ast.FunctionDef, names: tuple[str, ...]) -> bool:
    return any(isinstance(n, ast.Call) and getattr(n.func, "id", "") in names for n in ast.walk(function))


class _Cut(ast.NodeTransformer):
    def __init__(self, between: set[str]) -> None:
        self._between = between

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = getattr(node.func, "id", "")
        if name in STARTERS:
            return ast.Yield(ast.List([self.visit(argument) for argument in node.args], ast.Load()))
        self.generic_visit(node)
        return ast.YieldFrom(node) if name in self._between else node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return node


def _cut(file: Path) -> types.CodeType:
    tree = ast.parse(file.read_text())
    between = _functions_with(tree, STARTERS)
    tree.body = [_Cut(between).visit(n) if getattr(n, "name", "") in between else n for n in tree.body]
    return compile(ast.fix_missing_locations(tree), str(file), "exec")


# ---------------------------------------------------------------------- contestants


@dataclass(frozen=True)
class Said:
    """What was found, "" for nothing, after how many schedules; `note`: why there is no verdict."""

    found: str
    schedules: int
    note: str = ""


def ours(runs: Runs) -> Said:
    finding = find(runs.kit, runs)
    return Said(finding.kind, finding.told["schedules"])


class _Halves:
    """The state of a schedule of frontrun's."""

    def __init__(self, generator: Generator[list[Scenario], list[Any], None]) -> None:
        self._rest = generator
        self.functions = next(generator)
        self.returned: list[Any] = [None] * len(self.functions)
        self.raised: list[Exception] = []

    def run(self, place: int) -> None:
        try:
            self.returned[place] = self.functions[place]()
        except Exception as e:
            if type(e).__module__.startswith("frontrun"):
                raise
            self.raised.append(e)

    def holds(self) -> bool:
        try:
            if self.raised:
                self._rest.throw(self.raised[0])
            self._rest.send(self.returned)
        except StopIteration:
            return True
        except Exception:
            return False
        raise AssertionError("a scenario in three")


def _frontrun(runs: Runs, sample: Sample, **options: Any) -> Said:
    frontrun = importlib.import_module("frontrun")

    if inspect.iscoroutinefunction(runs.fresh()):
        told = asyncio.run(_frontrun_async(frontrun.explore, runs, **options))
    elif sample.is_cut:
        many = len(next(runs.fresh_in_two()()))
        workers = [lambda state, place=place: state.run(place) for place in range(many)]
        told = frontrun.explore(lambda: _Halves(runs.fresh_in_two()()), workers, lambda state: state.holds(), **options)
    else:
        told = frontrun.explore(runs.fresh, [lambda scenario: scenario()], lambda _: True, **options)
    if told.property_holds is None:
        return Said("", told.num_explored, f"inconclusive: {told.inconclusive_reason}")
    return Said("" if told.property_holds else _first_words(told.explanation), told.num_explored)


async def _frontrun_async(explore: Any, runs: Runs, **options: Any) -> Any:
    async def worker(scenario: Any) -> None:
        await scenario()

    options.pop("max_executions", None)
    return await explore(runs.fresh, [worker], lambda _: True, **options)


def _first_words(explanation: str | None) -> str:
    return "deadlock" if "eadlock" in (explanation or "") else "race"


def frontrun_dpor(runs: Runs, sample: Sample) -> Said:
    """With the clock that it recommends where there are time-outs; waiting for conditions needs it too."""
    return _frontrun(runs, sample, max_executions=BUDGET, clock="virtual")


def frontrun_real(runs: Runs, sample: Sample) -> Said:
    return _frontrun(runs, sample, max_executions=BUDGET)


def frontrun_random(runs: Runs, sample: Sample) -> Said:
    return _frontrun(runs, sample, strategy="random", max_attempts=BUDGET, seed=1)


def _interleave(runs: Runs, sample: Sample, strategy: str) -> Said:
    interleave_test = importlib.import_module("interleave_test")

    def model() -> None:
        scenario = runs.fresh()
        if inspect.iscoroutinefunction(scenario):
            asyncio.run(scenario())
        else:
            scenario()

    include = [str(sample.file), *([str(sample.harness)] if sample.harness else [])]
    told = interleave_test.explore(
        model,
        iterations=BUDGET,
        seed=1,
        strategy=strategy,
        include=include,
        timeout=LONGEST_SCHEDULE_S,
        raise_on_failure=False,
    )
    kind = told.failure.kind if told.failure else ""
    return Said({"exception": "race"}.get(kind, kind), told.schedules_run)


def interleave_random(runs: Runs, sample: Sample) -> Said:
    return _interleave(runs, sample, "random")


def interleave_pct(runs: Runs, sample: Sample) -> Said:
    return _interleave(runs, sample, "pct")


def interleave_dfs(runs: Runs, sample: Sample) -> Said:
    return _interleave(runs, sample, "dfs")


def stress(runs: Runs) -> Said:
    sys.setswitchinterval(1e-6)
    for number in range(1, STRESS_RUNS + 1):
        try:
            scenario = runs.fresh()
            if inspect.iscoroutinefunction(scenario):
                asyncio.run(scenario())
            else:
                scenario()
        except Exception:
            return Said("race", number)
    return Said("", STRESS_RUNS)


@dataclass(frozen=True)
class Contestant:
    run: Callable[..., Said]
    package: str = ""
    cannot: tuple[tuple[str, str], ...] = ()  # what it says, or shows, that it cannot control: pattern, word
    only_cut: bool = False

    @property
    def is_there(self) -> bool:
        return not self.package or importlib.util.find_spec(self.package) is not None

    def unable(self, sample: Sample) -> str:
        """What in the program it has no means to control; "" if nothing."""
        code = sample.source
        for pattern, word in self.cannot:
            if re.search(pattern, code):
                return word
        return "own threads" if self.only_cut and not sample.is_cut and re.search(r"\bThread\(", code) else ""


_NOT_THREADS = ((r"\basync def\b", "asyncio"), (r"\bTimer\(", "timer"), (r"\b_thread\b", "`_thread`"))
_NO_EXECUTORS = (*_NOT_THREADS, (r"Executor\b", "executor"))
_NO_CLOCKS = (*_NOT_THREADS, (r"\btime\.(monotonic|time)\(", "clock"))  # its time stands still while anybody can run
CONTESTANTS = {
    "ours": Contestant(lambda runs, _: ours(runs)),
    "frontrun": Contestant(frontrun_dpor, "frontrun", _NO_EXECUTORS, only_cut=True),
    "frontrun, real clock": Contestant(frontrun_real, "frontrun", _NO_EXECUTORS, only_cut=True),
    "frontrun, random": Contestant(frontrun_random, "frontrun", _NO_EXECUTORS, only_cut=True),
    "interleave-test": Contestant(interleave_random, "interleave_test", _NO_CLOCKS),
    "interleave-test, pct": Contestant(interleave_pct, "interleave_test", _NO_CLOCKS),
    "interleave-test, dfs": Contestant(interleave_dfs, "interleave_test", _NO_CLOCKS),
    "stress": Contestant(lambda runs, _: stress(runs)),
}


# ---------------------------------------------------------------------- in the child


def _compete(contestant: str, sample: Sample, limit_s: float) -> None:
    runs = Runs(sample)
    if package := CONTESTANTS[contestant].package:
        importlib.import_module(package)
    began, cpu = _CLOCK(), _CPU()

    def tell(said: Said) -> None:
        told = {"found": said.found, "schedules": said.schedules, "note": said.note, "runs": runs.count}
        told |= {"seconds": _CLOCK() - began, "cpu_s": _CPU() - cpu}
        os.write(1, (json.dumps(told) + "\n").encode())
        os._exit(0)

    def late(*_: Any) -> None:
        if contestant == "stress" and _CLOCK() - runs.began > HANGS_AFTER_S:
            tell(Said("hang", runs.count))
        tell(Said("", runs.count, LATE))

    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        tell(CONTESTANTS[contestant].run(runs, sample))
    except BaseException as e:
        tell(Said("", runs.count, f"{type(e).__name__}: {e}"[:200]))


def main() -> None:
    contestant, name, limit_s, folder = sys.argv[1:]
    samples = [*own_samples(), *(prototype_samples(Path(folder)) if folder else [])]
    sys.stdout = sys.stderr
    _compete(contestant, next(sample for sample in samples if sample.name == name), float(limit_s))


if __name__ == "__main__":
    main()
