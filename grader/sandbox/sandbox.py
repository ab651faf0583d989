"""A place to run students' modules in: one interpreter, one rung, a warm zygote; any number of players."""

from __future__ import annotations

import math
from pathlib import Path

from .configure import Enclosing
from .interpreter import Interpreter
from .job_time import JobTime
from .limits import Limits
from .packages import PackageMissingError
from .player import Player
from .rungs import Rung
from .view import view_for
from .zygote import Zygote

Packages = frozenset[str]


class Sandbox:
    """Use as a context manager. Raises InfrastructureError where the interpreter or the rung cannot be had."""

    def __init__(self, interpreter: Interpreter, rung: Rung) -> None:
        self.interpreter = interpreter
        self.rung = rung
        self._view = view_for(interpreter)
        self._zygotes: dict[Packages, Zygote | PackageMissingError] = {}
        self.prepare()

    def prepare(self, packages: Packages = frozenset()) -> None:
        """Makes players that have these packages quick to start, if that has not been done yet."""
        if packages not in self._zygotes:
            try:
                self._zygotes[packages] = Zygote(self.interpreter, packages)
            except PackageMissingError as e:
                self._zygotes[packages] = e

    def player(
        self,
        submission: Path,
        limits: Limits | None = None,
        packages: Packages = frozenset(),
        job_time: JobTime | None = None,
    ) -> Player:
        """A fresh player that sees the files of `submission` (read-only) and has loaded nothing yet.

        What it is asked is charged to `job_time`, where there is one.

        Raises PackageMissingError.
        """
        self.prepare(packages)
        zygote = self._zygotes[packages]
        if isinstance(zygote, PackageMissingError):
            raise zygote
        enclosing = Enclosing(self.rung.name, self._view, submission, zygote.paths, zygote.parts, zygote.tools)
        return Player(zygote, enclosing, limits or Limits(), job_time or JobTime(math.inf))

    def close(self) -> None:
        for zygote in self._zygotes.values():
            if isinstance(zygote, Zygote):
                zygote.close()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
