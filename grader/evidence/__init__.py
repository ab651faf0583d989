"""What hidden suites are written with: marks, policies that answer calls, comparison, feedback.

@concurrency(points=2)
def test_as_many_at_once_as_allowed(student):
    \"\"\"As many downloads run at once as allowed.\"\"\"
    seen = student.run("download", urls=URLS, max_workers=3, calls=VirtualTime({"fetch": page}, lasts={"fetch": 1}))
    assert seen.peak("fetch") == 3, feedback(
        "three downloads open at the same time", f"at most {seen.peak('fetch')} were", show=seen.timeline()
    )
"""

import pytest

from grader.player.schedules import now

from .answers import OneOf, answer, answers
from .compare import expect, same
from .feedback import Feedback, NotMeasurableError, feedback
from .observation import Observation, expect_none_left, expect_raised, expect_returned
from .policies import AtOnce, Rendezvous, VirtualTime
from .schedules import Outcome

correctness = pytest.mark.correctness
concurrency = pytest.mark.concurrency
speedup = pytest.mark.speedup

__all__ = [
    "AtOnce",
    "Feedback",
    "NotMeasurableError",
    "Observation",
    "OneOf",
    "Outcome",
    "Rendezvous",
    "VirtualTime",
    "answer",
    "answers",
    "concurrency",
    "correctness",
    "expect",
    "expect_none_left",
    "expect_raised",
    "expect_returned",
    "feedback",
    "now",
    "same",
    "speedup",
]
