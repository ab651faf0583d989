"""A pytest plugin for anybody's suite: the fixture `schedules` runs a test's threads or coroutines in every order.

    from grader.player.schedules import together

    def test_no_update_is_lost(schedules):
        def scenario():
            counter = Counter()
            together(counter.increment, counter.increment)
            assert counter.value == 2

        schedules.explore(scenario)

It is there wherever the kit is installed. docs/schedules.md tells what it can find and what it cannot.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from grader.cuda import choice

if TYPE_CHECKING:
    from grader.player.schedules.messages import ToldOutcome, ToldStop

_WIDTH = 110
_HARNESS_TROUBLE = ("diverged", "internal")


def pytest_configure() -> None:
    """Tests of CUDA exercises import PyCUDA, also where there is no GPU."""
    choice.make_importable()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--replay-schedule", metavar="TOKEN", help="run one schedule again, as a failed test has told it")


@pytest.fixture
def schedules(request: pytest.FixtureRequest) -> Schedules:
    """Explores schedules of scenarios, watching the modules below pytest's root folder."""
    return Schedules(request.node.name, request.path, request.config)


@dataclass(frozen=True, slots=True)
class Explored:
    """An exploration that found nothing: how many schedules were run, and up to how many preemptions all were tried.

    `covered` is -1 if not even all schedules without a preemption were tried, or there was nothing to choose.
    """

    schedules: int
    covered: int


class Schedules:
    """What the fixture `schedules` gives."""

    def __init__(self, test: str, test_file: Path, config: pytest.Config) -> None:
        self._test, self._test_file, self._root = test, test_file, config.rootpath
        self._token = config.getoption("--replay-schedule") or ""
        self._explorations = 0

    def explore(
        self,
        scenario: Callable[[], Any],
        watch: Iterable[ModuleType | Path] | None = None,
        schedules: int = 800,
        sleeps_end_early: bool = False,
    ) -> Explored:
        """Runs `scenario`, a function or a coroutine function, in up to so many schedules; fails the test at the first
        in which it raises, or in which all threads or tasks come to a stop.

        Threads are interrupted in the code of `watch` (default: all modules below pytest's root folder that are loaded,
        but for the test's own) and wherever they synchronise. With `sleeps_end_early`, `time.sleep` may end at once.
        """
        __tracebackhide__ = True
        from grader.player.schedules.explore import explore  # noqa: PLC0415 - only where the fixture is used
        from grader.player.schedules.messages import Plan  # noqa: PLC0415

        self._explorations += 1
        name = f"{self._test}:0:{self._explorations}"
        if self._token and not self._token.startswith(f"{self._test}:"):
            pytest.skip("a schedule of another test is to be run again")
        if self._token and not self._token.startswith(f"{name}:"):
            return Explored(0, -1)  # of another exploration of this test
        replayed = self._token.removeprefix(f"{name}:")
        failed: list[ToldOutcome] = []
        program = _program(self._files(watch))
        plan = Plan(zlib.crc32(name.encode()), schedules, sleeps_end_early, replayed)

        def listen(outcome: ToldOutcome) -> bool:
            if "value" not in outcome:
                failed.append(outcome)
            return "value" in outcome

        told = explore(program, scenario, plan, listen)
        if told["stopped"] is not None:
            pytest.fail(_report(failed[-1], told["stopped"], told["schedules"], name), pytrace=False)
        return Explored(told["schedules"], told["covered"])

    def _files(self, watch: Iterable[ModuleType | Path] | None) -> list[Path]:
        if watch is not None:
            return [Path(str(item.__file__)) if isinstance(item, ModuleType) else item for item in watch]
        loaded = [getattr(module, "__file__", None) for module in [*sys.modules.values()]]
        files = {Path(file) for file in loaded if isinstance(file, str) and file.endswith(".py")}
        return sorted(file for file in files if self._is_watched(file))

    def _is_watched(self, file: Path) -> bool:
        below = file.is_relative_to(self._root) and "site-packages" not in file.parts
        return below and file != self._test_file and file.name != "conftest.py" and not file.is_relative_to(_KIT)


_KIT = Path(__file__).parent


def _program(files: Iterable[Path]) -> Any:
    from grader.player.schedules.explore import Program  # noqa: PLC0415

    program = Program()
    for file in files:
        program.add(str(file), file.read_text("utf-8"))
    return program


def _report(outcome: ToldOutcome, stopped: ToldStop, schedules: int, name: str) -> str:
    """What went wrong, in which order, and how to see it again."""
    from grader.report.interleaving import render  # noqa: PLC0415
    from grader.results import Interleaving, Step, Wait  # noqa: PLC0415

    shown = stopped["interleaving"]
    if "ended" in outcome and outcome["ended"] in _HARNESS_TROUBLE:
        return f"The schedule could not be repeated ({outcome['what']}): is anything random in it?"
    token = f"{name}:{stopped['token']}" if stopped["reproduced"] else ""
    steps, waits = [Step(*row) for row in shown["rows"]], [Wait(*row) for row in shown["waits"]]
    interleaving = Interleaving("", shown["actors"], steps, waits, shown["left_out"], token)
    first = f"schedule {schedules:,}: {_what(outcome)}"
    again = (
        f"again: pytest --replay-schedule {token}"
        if token
        else "In the same order it went otherwise: is anything random?"
    )
    return "\n".join([first, "", *render(interleaving, _WIDTH), "", again])


def _what(outcome: ToldOutcome) -> str:
    if "ended" in outcome:
        return f"{outcome['ended']} {outcome['what']}".strip()
    error = outcome.get("exception", {"type": "OverflowError", "message": outcome.get("too_big", "")})
    return f"{error['type']}: {error['message']}"
