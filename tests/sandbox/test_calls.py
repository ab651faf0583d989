"""What the judge keeps of calls is bounded by what it takes in memory, not by how long its text is."""

from __future__ import annotations

import pytest

from grader.evidence import AtOnce
from grader.player import wire
from grader.results import Verdict
from grader.sandbox import conversation
from grader.sandbox.calls import memory_of
from grader.sandbox.outcomes import PlayerEndedError
from tests.conftest import StartPlayer

TELLS = """
from grader.player.callbacks import Callback

def call(student, times):
    for _ in range(times):
        Callback("tell")(student.told())
"""


def test_empty_containers_count_as_what_they_take() -> None:
    many: list[object] = [[] for _ in range(1000)]
    assert memory_of(many) > 50 * 1000 > 10 * len(str(many))
    assert memory_of({"a": (many, {1: many})}) > 2 * memory_of(many)


def test_exceptions_count_with_all_they_hold() -> None:
    error = wire.RemoteException("E", "", ["B"] * 1000, [("file", 1, "place")] * 1000)
    assert memory_of([error]) > 1000 * 50


@pytest.mark.parametrize("told", ["[[] for _ in range(15_000)]", "[(1, {}) for _ in range(700)]"])
def test_calls_that_take_too_much_memory_end_the_run(
    start_player: StartPlayer, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Reading them takes half of the time that the judge has for it, on a busy machine all of it: that is another end.
    monkeypatch.setattr(conversation, "_JUDGE_CPU_S", 60.0)
    player = start_player(f"def told(): return {told}", TELLS)
    with pytest.raises(PlayerEndedError) as ended:
        player.run("call", {"times": 2000}, AtOnce({"tell": lambda _: None}))
    assert (ended.value.verdict, "MiB of memory" in str(ended.value)) == (Verdict.ERROR, True)


def test_many_small_calls_do_not(start_player: StartPlayer) -> None:
    player = start_player("def told(): return ['some words', 1, 2.5, None]", TELLS)
    reply = player.run("call", {"times": 2000}, AtOnce({"tell": lambda _: None}))
    assert len(reply.calls) == 2000
