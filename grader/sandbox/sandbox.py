"""A place to run students' modules in: one interpreter, one rung, a warm zygote; any number of players."""

from __future__ import annotations

from pathlib import Path

from .configure import Enclosing
from .interpreter import Interpreter
from .ladder import Rung
from .limits import Limits
from .player import Player
from .view import view_for
from .zygote import Zygote


class Sandbox:
    """Use as a context manager. Raises InfrastructureError where the interpreter or the rung cannot be had."""

    def __init__(self, interpreter: Interpreter, rung: Rung) -> None:
        self.interpreter = interpreter
        self.rung = rung
        self._view = view_for(interpreter)
        self._zygote = Zygote(interpreter)

    def player(self, submission: Path, limits: Limits | None = None) -> Player:
        """A fresh player that sees the files of `submission` (read-only) and has loaded nothing yet."""
        return Player(self._zygote, Enclosing(self.rung.name, self._view, submission), limits or Limits())

    def close(self) -> None:
        self._zygote.close()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
