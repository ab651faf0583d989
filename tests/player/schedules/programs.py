"""The corpus: small programs, each with a `scenario()` and a docstring that says what must be found."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.player.schedules.explore import Program, explore
from grader.player.schedules.messages import Plan, ToldOutcome

CORPUS = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class Found:
    """What an exploration has found: "" for nothing, else race, fail, deadlock, livelock or what else ended it."""

    kind: str
    told: Any  # a ToldExploration
    outcomes: list[Any] = field(default_factory=list)

    @property
    def token(self) -> str:
        return str(self.told["stopped"]["token"]) if self.told["stopped"] else ""


@dataclass(frozen=True)
class CorpusCase:
    file: Path

    @property
    def name(self) -> str:
        return self.file.stem

    @property
    def wanted(self) -> str:
        """The first word of the docstring: race, deadlock, livelock, early sleep or right."""
        return self.file.read_text().removeprefix('"""').partition(":")[0].partition(",")[0]

    def explore(self, plan: Plan | None = None, go_on: Callable[[ToldOutcome], bool] | None = None) -> Found:
        """Runs the program afresh for each schedule; stops at the first in which the scenario does not return."""
        program = Program()
        code = program.add(str(self.file), self.file.read_text())

        def scenario() -> Any:
            module = types.ModuleType(self.name)
            exec(code, module.__dict__)
            return module.scenario()

        return find(program, scenario, plan, go_on)


def find(
    program: Program,
    scenario: Callable[[], Any],
    plan: Plan | None = None,
    go_on: Callable[[ToldOutcome], bool] | None = None,
) -> Found:
    outcomes: list[ToldOutcome] = []

    def listen(outcome: ToldOutcome) -> bool:
        outcomes.append(outcome)
        return go_on(outcome) if go_on else "value" in outcome

    told = explore(program, scenario, plan or Plan(), listen)
    return Found(_kind(told, outcomes[-1]), told, outcomes)


def _kind(told: Any, last: Any) -> str:
    if told["stopped"] is None:
        return ""
    return str(last["ended"]) if "ended" in last else "fail" if told["stopped"]["plain"] else "race"


def here(*functions: Callable[..., Any]) -> Program:
    """A program of the files that these functions are written in."""
    program = Program()
    for file in {inspect.getsourcefile(function) for function in functions}:
        assert file is not None
        program.add(file, Path(file).read_text())
    return program


CASES = [CorpusCase(file) for file in sorted(CORPUS.glob("*.py"))]
