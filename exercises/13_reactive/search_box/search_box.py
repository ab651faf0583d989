"""A search box that asks while you type. The rules are in README.md."""

from collections.abc import Callable
from typing import TypeVar

from reactivex import Observable, abc

R = TypeVar("R")

QUIET = 0.5  # seconds without a keystroke


def results(
    keystrokes: Observable[str], search: Callable[[str], Observable[R]], scheduler: abc.SchedulerBase | None = None
) -> Observable[R]:
    """What the latest search gives, of a word at which typing has paused for QUIET seconds.

    Each keystroke is the whole word as it is then. A word that equals the last one searched for is not searched for
    again. When a search begins, the one before is given up. A search that fails is called once more, and if that
    fails as well it gives nothing more, and the next word is searched for as ever.

    All waiting goes by `scheduler`; where that is None by the one that is given to `subscribe`, or else by
    reactivex's own.
    """
    raise NotImplementedError
