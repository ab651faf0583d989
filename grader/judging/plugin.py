"""The pytest plugin that a hidden suite is collected with.

Marks: `correctness`, `concurrency` and `speedup`, each optionally with `depends_on=` (the name of an earlier check; if
that one did not pass, this one is skipped). A check's docstring is its title. Fixtures: `student` (see
`judging.student`), `stub` (the same with the exercise's stub, for baselines that no student has a hand in) and `rng`, a
random generator seeded from the run's seed and the check's name.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Literal

import pytest

from grader.results import Kind

from .recorder import Recorder
from .student import Student


class Plugin:
    """Keeps what pytest has collected, instead of running it; `recorder` is who has it run at the moment.

    `trouble`: why a part of the suite could not be collected.
    """

    def __init__(self) -> None:
        self.items: list[pytest.Item] = []
        self.trouble = ""
        self.recorder: Recorder | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        for kind in Kind:
            config.addinivalue_line("markers", f"{kind}(depends_on): a check of the kind {kind}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.trouble += report.longreprtext

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = session.items
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """Without any text of pytest's, which would be made of the values that the suite has seen."""
        assert call.when != "collect"
        self._recorder.phases.append(call)
        outcome: Literal["passed", "failed"] = "passed" if call.excinfo is None else "failed"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when)

    @property
    def _recorder(self) -> Recorder:
        assert self.recorder is not None, "a check is run while nothing is judged"
        return self.recorder

    @pytest.fixture
    def student(self, request: pytest.FixtureRequest) -> Iterator[Student]:
        student = self._recorder.student(request.node.name)
        try:
            yield student
        finally:
            self._recorder.finish(student)

    @pytest.fixture
    def stub(self) -> Iterator[Student]:
        student = self._recorder.stub()
        try:
            yield student
        finally:
            student.close()

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> random.Random:
        return self._recorder.rng(request.node.name)
