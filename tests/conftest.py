"""What several tests need: settings of Hypothesis, a sandbox, players in it, and the real command."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from grader.sandbox.limits import Limits
from grader.sandbox.player import Player
from grader.sandbox.rungs import BWRAP, LANDLOCK, NAMESPACES
from grader.sandbox.sandbox import Sandbox
from grader.sandbox.scratch import temporary_folder

from . import sampling
from .rungs import usable_rungs

CHECKOUT = Path(__file__).parent.parent
TINY = CHECKOUT / "tests" / "fixtures" / "tiny"

# No test depends on Hypothesis' clocks. `long` is for `--hypothesis-profile`; `fuzz/effort.py` says what it changes.
settings.register_profile("kit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", settings.get_profile("kit"), print_blob=True)
settings.load_profile("kit")


def pytest_report_header() -> str:
    tried = f"a part, drawn by {sampling.seed()}" if sampling.SAMPLES else "all"
    return f"of what there are many of: {tried}"


StartPlayer = Callable[..., Player]
RunGrader = Callable[..., "subprocess.CompletedProcess[str]"]


# The rung that needs no package is tried on every Python, the others with the slow tests.
ISOLATING = [BWRAP, NAMESPACES, LANDLOCK]
EACH = [pytest.param(name, marks=[] if name == NAMESPACES else pytest.mark.slow) for name in ISOLATING]


@pytest.fixture(scope="session", params=EACH)
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """On each rung that isolates and that this machine has."""
    usable = usable_rungs()[request.param]
    if usable.rung.unavailable:
        pytest.skip(f"{request.param}: {usable.rung.unavailable}")
    with Sandbox(usable.interpreter, usable.rung) as sandbox:
        yield sandbox


@pytest.fixture
def submission() -> Iterator[Path]:
    """A folder that the student's user can see too: pytest closes its own to everybody else, again and again."""
    with temporary_folder() as folder:
        yield folder


@pytest.fixture
def start_player(sandbox: Sandbox, submission: Path) -> Iterator[StartPlayer]:
    """`start_player(student_source, scenarios="")`: a player with both loaded."""
    players = []

    def start(source: str, scenarios: str = "", limits: Limits | None = None, *packages: str) -> Player:
        (submission / "student.py").write_text(source)
        player = sandbox.player(submission, limits, frozenset(packages))
        players.append(player)
        raised = player.load(scenarios, "student").raised
        assert raised is None, raised
        return player

    yield start
    for player in players:
        player.close()


@pytest.fixture
def run_grader(tmp_path: Path) -> RunGrader:
    """The real command in a process of its own, in an empty folder."""

    def run(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", "-m", "grader", *map(str, arguments)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, **{"timeout": 300, **options})  # type: ignore[call-overload,no-any-return]

    return run
