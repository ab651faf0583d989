"""Student code that interferes with the scheduler is told so, and so is the judge.

Python's audit events see what patching cannot: they come whatever name a function was called by.
"""

from __future__ import annotations

import sys
from typing import Any

from .messages import Ending
from .scheduler import current, students_frame

_FORBIDDEN = {
    "sys.settrace": "sys.settrace",
    "sys.setprofile": "sys.setprofile",
    "sys.monitoring.register_callback": "sys.monitoring",
    "os.fork": "os.fork",
    "os.forkpty": "os.fork",
    "os.posix_spawn": "os.posix_spawn",
    "os.exec": "os.exec",
    "os.system": "os.system",
    "subprocess.Popen": "subprocess",
}
_installed: list[bool] = []


class Interference(RuntimeError):  # noqa: N818 - told to students, who know it as what they did
    """What student code gets that reaches for the scheduler's own means, or leaves the process."""


def install() -> None:
    """Once for each process; only controlled threads are minded."""
    if not _installed:
        _installed.append(True)
        sys.addaudithook(_mind)


def _mind(event: str, arguments: Any) -> None:
    if event in _FORBIDDEN and not (event == "sys.settrace" and _has_lost_its_tracer()):
        refuse(_FORBIDDEN[event])


def _has_lost_its_tracer() -> bool:
    """Python 3.11 unsets a tracer that raises, and says so as if somebody had asked for it."""
    me = current()
    return me is not None and me.untraced


def refuse(what: str) -> None:
    """Ends the schedule if a controlled thread asks for it. Raises Interference."""
    me = current()
    if me is not None and not me.scheduler.over:
        frame = students_frame(sys._getframe(1), me.scheduler.files)
        me.scheduler.end(Ending.MISUSE, what if frame is None else f"{what} (line {frame.f_lineno})")
        raise Interference(f"{what} cannot be used while the order of threads is controlled")
