"""What hidden suites are written with: marks, policies that answer calls, comparison, feedback.

Suites import nothing else of the kit, but for `evidence.drawn`, which needs Hypothesis, and `evidence.kernels` and
`evidence.pictures`, which need NumPy.

@concurrency(depends_on="test_every_page")
def test_as_many_at_once_as_allowed(student):
    \"\"\"As many downloads run at once as allowed.\"\"\"
    seen = student.run("download", urls=URLS, max_workers=3, calls=VirtualTime({"fetch": page}, lasts={"fetch": 1}))
    assert seen.peak("fetch") == 3, feedback(
        "three downloads open at the same time", f"at most {seen.peak('fetch')} were", show=seen.timeline()
    )
"""

import pytest

from grader.player.deeds import FAILURES
from grader.player.wire import RemoteException
from grader.results import Verdict
from grader.sandbox.cpu import CpuUse
from grader.text import clean

from .answers import OneOf, answer, answers
from .belongings import Looking, expect_nothing_left
from .births import Births
from .compare import expect, same, shown
from .costs import Costs
from .dialogue import Dialogue, events_of, split_at
from .feedback import Feedback, NotMeasurableError, feedback
from .marbles import side_by_side
from .network import Net, OverNetwork, Peer
from .observation import (
    Observation,
    expect_asleep,
    expect_none_left,
    expect_one_thread,
    expect_raised,
    expect_returned,
)
from .policies import AtOnce, InStep, InTurns, Rendezvous, VirtualTime
from .task_queue import TaskQueue
from .told import Outcome

correctness = pytest.mark.correctness
concurrency = pytest.mark.concurrency
speedup = pytest.mark.speedup

__all__ = [
    "FAILURES",
    "AtOnce",
    "Births",
    "Costs",
    "CpuUse",
    "Dialogue",
    "Feedback",
    "InStep",
    "InTurns",
    "Looking",
    "Net",
    "NotMeasurableError",
    "Observation",
    "OneOf",
    "Outcome",
    "OverNetwork",
    "Peer",
    "RemoteException",
    "Rendezvous",
    "TaskQueue",
    "Verdict",
    "VirtualTime",
    "answer",
    "answers",
    "clean",
    "concurrency",
    "correctness",
    "events_of",
    "expect",
    "expect_asleep",
    "expect_none_left",
    "expect_nothing_left",
    "expect_one_thread",
    "expect_raised",
    "expect_returned",
    "feedback",
    "same",
    "shown",
    "side_by_side",
    "speedup",
    "split_at",
]
