"""The pytest plugin that a hidden suite is collected with.

Marks: `correctness`, `concurrency` and `speedup`, each with `points=` and optionally `depends_on=` (the name of an
earlier check; if that one did not pass, this one is skipped). A check's docstring is its title. Fixtures: `student`
(see `judging.student`), `stub` (the same with the exercise's stub, for baselines that no student has a hand in) and
`rng`, a random generator seeded from the run's seed and the check's name.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from grader.results import Kind

from .recorder import Recorder
from .student import Student


class Plugin:
    """Keeps what pytest has collected, instead of running it; `recorder` is who runs it at the moment."""

    def __init__(self) -> None:
        self.items: list[pytest.Item] = []
        self.recorder: Recorder | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        for kind in Kind:
            config.addinivalue_line("markers", f"{kind}(points, depends_on): a check of the kind {kind}")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = session.items
        return True

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
