"""What a run has left, and what it has sent, is the kernel's word: each kind of thing by itself."""

from __future__ import annotations

import pytest

from grader.evidence import AtOnce, Looking, expect_nothing_left
from grader.evidence.belongings import Growth
from grader.evidence.feedback import Feedback, NotMeasurableError
from grader.evidence.observation import Observation
from grader.results import Verdict
from grader.sandbox import processes
from tests.conftest import StartPlayer

pytestmark = pytest.mark.skipif(not processes.PROVES_STOPS, reason="only Linux tells it")

SCENARIO = """
from multiprocessing import resource_tracker
from grader.player.callbacks import DirectCallback

def call(student):
    resource_tracker.ensure_running()
    look = DirectCallback("look")
    look()
    student.f()
    look()
"""
LEFT = {
    "nothing": "def f(): pass",
    "a process": "import os, signal\ndef f():\n  if not os.fork(): signal.pause()",
    "a zombie": "import os\ndef f():\n  if not os.fork(): os._exit(0)",
    "a thread": "import threading\ndef f(): threading.Thread(target=threading.Event().wait, daemon=True).start()",
    "a pipe": "import os\ndef f(): os.pipe()",
    "a segment": "from multiprocessing.shared_memory import SharedMemory as S\ndef f(): S(create=True, size=9).close()",
}
TIDY = """
import os
from multiprocessing import get_context
from multiprocessing.shared_memory import SharedMemory

def f():
    segment = SharedMemory(create=True, size=9)
    process = get_context("spawn").Process(target=os.getpid)
    process.start()
    process.join()
    segment.close()
    segment.unlink()
"""


def looked_at(start_player: StartPlayer, source: str) -> tuple[Looking, Observation]:
    looking = Looking(AtOnce({}))
    reply = start_player(source, SCENARIO).run("call", {}, looking)
    return looking, Observation(reply, looking.unit, looking.now)


def growth(start_player: StartPlayer, source: str) -> Growth:
    return looked_at(start_player, source)[0].growth()


@pytest.mark.parametrize("name", [name for name in LEFT if name != "nothing"])
def test_what_is_left_is_a_leak(name: str, start_player: StartPlayer) -> None:
    looking, seen = looked_at(start_player, LEFT[name])
    with pytest.raises(AssertionError) as caught:
        expect_nothing_left(looking, seen, segments=True)
    assert isinstance(caught.value.args[0], Feedback)
    assert caught.value.args[0].verdict is Verdict.LEAK


@pytest.mark.parametrize("source", [LEFT["nothing"], TIDY], ids=["nothing", "all of it ended"])
def test_what_has_ended_is_none(source: str, start_player: StartPlayer) -> None:
    expect_nothing_left(*looked_at(start_player, source), segments=True)


def test_bytes_are_counted_that_are_written_there_and_by_children(start_player: StartPlayer) -> None:
    source = """
import os
def f():
    reading, writing = os.pipe()
    os.write(writing, bytes(10_000))
    if not os.fork():
        os.write(writing, bytes(20_000))
        os._exit(0)
    os.wait()
"""
    assert 30_000 <= growth(start_player, source).written_bytes < 31_000


def test_memory_that_is_still_shared_is_seen(start_player: StartPlayer) -> None:
    source = "import mmap\nkept = []\ndef f(): kept.append(mmap.mmap(-1, 1 << 20))"
    assert growth(start_player, source).shared_bytes == 1 << 20


def test_a_look_is_needed_before_and_after() -> None:
    with pytest.raises(AssertionError):
        Looking(AtOnce({})).growth()


def test_where_it_is_not_told_nothing_is_measured(start_player: StartPlayer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "belongings", lambda pid: None)
    with pytest.raises(NotMeasurableError):
        growth(start_player, LEFT["nothing"])
