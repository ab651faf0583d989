"""Stretches of work cost what the kernel says, whoever does it, and only what the scenario marks is counted."""

from __future__ import annotations

from typing import Any

import pytest

from grader.evidence.costs import Costs
from grader.evidence.observation import Observation
from grader.sandbox import processes
from grader.sandbox.player import Player
from tests.conftest import StartPlayer

pytestmark = pytest.mark.skipif(not processes.PROVES_STOPS, reason="only Linux tells it")

SCENARIO = """
from grader.player.callbacks import DirectCallback
mark = DirectCallback("mark")

def work(rounds):
    for _ in range(rounds * 100_000):
        pass

def compare(student):
    work(20)
    mark("")
    student.f(1)
    mark("small")
    work(20)
    mark("")
    student.f(20)
    mark("large")
"""
STRETCHES = ("", "small", "", "large")
LOOP = "def work(k):\n  for _ in range(k * 100_000): pass\n"
BY = {
    "itself": "def f(k): work(k)",
    "a thread": "import threading\ndef f(k):\n  t = threading.Thread(target=work, args=(k,)); t.start(); t.join()",
    "a process": "import os\ndef f(k):\n  if not os.fork(): work(k); os._exit(0)\n  os.wait()",
}


class Playing:
    """A player with the face of a `student`."""

    def __init__(self, player: Player) -> None:
        self._player = player

    def run(self, scenario: str, calls: Any = None, **inputs: Any) -> Observation:
        return Observation(self._player.run(scenario, inputs, calls), calls.unit, calls.now)


@pytest.mark.parametrize("who", BY)
def test_more_work_costs_more(start_player: StartPlayer, who: str) -> None:
    costs, playing = Costs(), Playing(start_player(LOOP + BY[who], SCENARIO))
    for _ in range(3):
        costs.of(playing, "compare", STRETCHES)
    assert 5 < costs.times("large", "small") < 50


def test_what_is_nobodys_is_not_counted(start_player: StartPlayer) -> None:
    costs = Costs()
    costs.of(Playing(start_player("def f(k): pass", SCENARIO)), "compare", STRETCHES)
    assert costs.least["large"] < costs.least[""] / 5


def test_a_mark_of_the_students_own_fails(start_player: StartPlayer) -> None:
    forged = "from grader.player.callbacks import DirectCallback\ndef f(k): DirectCallback('mark')('large')"
    with pytest.raises(AssertionError, match="come to its end"):
        Costs().of(Playing(start_player(forged, SCENARIO)), "compare", STRETCHES)
