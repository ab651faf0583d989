"""gevent in players: nothing has begun before a player is there, patching stays in it, and time is the judge's."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader.evidence.policies import VirtualTime
from grader.sandbox import packages
from grader.sandbox.interpreter import find_interpreter
from grader.sandbox.packages import PACKAGES, PackageMissingError, all_needed
from grader.sandbox.player import Player
from grader.sandbox.provision import folders_of
from grader.sandbox.sandbox import Sandbox
from tests.conftest import CHECKOUT

pytest.importorskip("gevent")

GEVENT = frozenset({"gevent"})
STEPS: dict[str, Callable[..., object]] = {
    "timer": lambda seconds: None,
    "step": lambda number: 10 * number,
    "clock": lambda: 7.0,
}
LASTS: dict[str, Callable[..., float]] = {"timer": lambda seconds: seconds, "step": lambda number: 4 - number}
PATCHED = "from gevent import monkey; monkey.patch_all()\nimport gevent, socket, threading, time\n"
SCENARIOS = """
from grader.player.callbacks import Callback
from grader.player.greenlets import GreenCallback, GreenLog, greenlets, keep_judged_time, on_judged_hub
from grader.player.schedules import together
from grader.player.schedules.hub import on_virtual_hub

keep_judged_time()

def plain(student):
    return student.call(Callback("step"))

def judged(student):
    before = greenlets()
    return [on_judged_hub(lambda: student.call(GreenCallback("step"))), greenlets() - before]

def logged(student):
    return on_judged_hub(lambda: student.tell(GreenLog("events")))

def virtual(student):
    return on_virtual_hub(student.wait)

def threads(student):
    counter = student.Counter()
    together(counter.add, counter.add)
    return counter.value
"""


@pytest.fixture
def start(sandbox: Sandbox, submission: Path) -> Iterator[list[Player]]:
    """Players that were started here are closed at the end."""
    players: list[Player] = []
    yield players
    for player in players:
        player.close()


def started(sandbox: Sandbox, submission: Path, players: list[Player], source: str) -> Player:
    (submission / "student.py").write_text(source)
    players.append(sandbox.player(submission, packages=GEVENT))
    raised = players[-1].load(SCENARIOS, "student").raised
    assert raised is None, raised
    return players[-1]


CALLS = """
def call(step):
    def one(number):
        with gevent.Timeout(2.5, TimeoutError("late")):
            return step(number)
    greenlets = [gevent.spawn(one, number) for number in range(4)]
    gevent.joinall(greenlets)
    return [type(g.exception).__name__ if g.exception else g.value for g in greenlets]
"""


@pytest.mark.parametrize("head", ["import gevent\n", PATCHED])
def test_timers_and_callbacks_are_the_judges(
    head: str, sandbox: Sandbox, submission: Path, start: list[Player]
) -> None:
    player = started(sandbox, submission, start, head + CALLS)
    reply = player.run("judged", {}, VirtualTime(STEPS, LASTS), watch_callers=True)
    assert reply.value == [["TimeoutError", "TimeoutError", 20, 30], 0]
    assert (reply.callers.living, reply.leftover_threads) == (0, 0)


def test_events_are_told_together_at_their_moment(sandbox: Sandbox, submission: Path, start: list[Player]) -> None:
    source = """
import gevent
def tell(log):
    def one(number):
        log("begins", number)
        log.wait(number)
        log("ends", number)
        gevent.sleep(0)
        log("is over", number)
    gevent.joinall([gevent.spawn(one, number) for number in (2, 1)])
    log("all", 0)
    log.tell()
"""
    player = started(sandbox, submission, start, source)
    policy = VirtualTime({"events": lambda told, seconds: None}, {"events": lambda told, seconds: seconds})
    reply = player.run("logged", {}, policy)
    assert [(call.began, *call.args) for call in reply.calls] == [
        (0, [["begins", 2]], 2),
        (0, [["begins", 1]], 1),
        (1, [["ends", 1], ["is over", 1]], 0),
        (2, [["ends", 2], ["is over", 2], ["all", 0]], 0),
    ]


KEEPS = """
import gevent
def call(step):
    kept[:] = [gevent.Greenlet(step, 1), gevent.spawn(step, 2), gevent.spawn(step, 3), gevent.spawn_later(1, step, 4)]
    kept[1].kill(block=False)
    gevent.sleep(0)
kept = []
"""


def test_whoever_was_started_counts_until_it_has_ended(sandbox: Sandbox, submission: Path, start: list[Player]) -> None:
    player = started(sandbox, submission, start, KEEPS)
    assert player.run("judged", {}, VirtualTime(STEPS, LASTS)).value == [None, 2]


def test_a_patched_player_serves_its_judge(sandbox: Sandbox, submission: Path, start: list[Player]) -> None:
    source = "def call(step):\n    return [g.get() for g in [gevent.spawn(step, n) for n in range(3)]]\n"
    player = started(sandbox, submission, start, PATCHED + source)
    policy = VirtualTime(STEPS, {"step": 1})
    for _ in range(2):
        reply = player.run("plain", {}, policy)
        assert (reply.value, reply.leftover_threads) == ([0, 10, 20], 0)
    assert policy.in_flight[0] == 3, "greenlets wait for the judge together where sockets are patched"


def test_nobody_left_to_wait_for_is_a_deadlock(sandbox: Sandbox, submission: Path, start: list[Player]) -> None:
    source = "import gevent.event\ndef call(step):\n    gevent.event.Event().wait()\n"
    player = started(sandbox, submission, start, source)
    with pytest.raises(Exception, match="everything came to a stop for good"):
        player.run("judged", {}, VirtualTime(STEPS, LASTS))


def test_clocks_are_the_judges_where_time_is(sandbox: Sandbox, submission: Path, start: list[Player]) -> None:
    source = "from time import monotonic\nearly = monotonic()\ndef call(step):\n    return [early > 0, monotonic()]\n"
    player = started(sandbox, submission, start, source)
    assert player.run("judged", {}, VirtualTime(STEPS, LASTS)).value == [[True, 7.0], 0]


_ASK = """
import json, os, select, signal, socket, sys, threading, time
before = {name: vars(module).copy() for name, module in sys.modules.items() if name in
          ("os", "select", "signal", "socket", "threading", "time", "_thread")}
descriptors = sorted(os.listdir("/proc/self/fd"))
from grader.player import zygote
zygote._preload([], json.loads(sys.argv[1]))
import gevent._hub_local
print(json.dumps({
    "hub": gevent._hub_local.get_hub_if_exists() is not None,
    "threads": len(os.listdir("/proc/self/task")),
    "descriptors": sorted(os.listdir("/proc/self/fd")) != descriptors,
    "patched": [f"{name}.{key}" for name, old in before.items() for key, value in old.items()
                if not key.startswith("__") and getattr(sys.modules[name], key, None) is not value],
}))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_nothing_begins_where_players_are_forked_from() -> None:
    modules = [m for p in all_needed(GEVENT) for m in (*p.imported, *p.ours)]
    command = [sys.executable, "-c", _ASK, json.dumps(modules)]
    asked = subprocess.run(command, capture_output=True, text=True, check=True, cwd=CHECKOUT)
    assert json.loads(asked.stdout) == {"hub": False, "threads": 1, "descriptors": False, "patched": []}


def test_a_missing_one_is_told_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    there_is_none = replace(PACKAGES["gevent"], imported=("no_such_gevent",))
    monkeypatch.setitem(packages.PACKAGES, "gevent", there_is_none)
    with pytest.raises(PackageMissingError, match=r"^This needs .* -m pip install 'concurrency-kit\[gevent\]'$"):
        folders_of(all_needed(GEVENT), find_interpreter())
