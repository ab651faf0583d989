"""Student code that interferes with the scheduler is told so, and so is the judge.

Python's audit events see what patching cannot: they come whatever name a function was called by.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from sys import _getframe
from types import FrameType
from typing import Any

from .bytecodes import identity
from .libraries import is_library
from .messages import Ending
from .scheduler import INSIDE as _MEANS
from .scheduler import current, students_frame

Minder = Callable[[str, Any], None]  # is told an audit event and its arguments

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
# Also what gets at the harness's objects and frames: told only where the student's own code asks, or has asked for it.
_INSIDE = {
    "sys._getframe": "frames",
    "sys._current_frames": "frames",
    "sys._current_exceptions": "frames",
    "gc.get_objects": "gc.get_objects",
    "gc.get_referrers": "gc.get_referrers",
    "gc.get_referents": "gc.get_referents",
    "code.__new__": "code objects",
    "sys.addaudithook": "sys.addaudithook",
    "_thread.start_new_thread": "_thread's own start_new_thread",
    "_thread.start_joinable_thread": "_thread's own start_joinable_thread",
}
_OF_FUNCTIONS = frozenset(("__code__", "__defaults__", "__kwdefaults__"))
_RUNNING = ("gi_frame", "cr_frame", "ag_frame")
_ATTRIBUTES = frozenset(("tb_frame", *_RUNNING))
_MINDED = frozenset((*_FORBIDDEN, *_INSIDE, "object.__getattr__", "object.__setattr__"))  # there are many others
# Functions of libraries that return frames, or what is in them, to who calls them.
_HAND_OUT_FRAMES = frozenset(
    (
        *("currentframe", "stack", "getouterframes", "getinnerframes", "trace", "walk_stack", "walk_tb", "<lambda>"),
        *("getgeneratorlocals", "getcoroutinelocals", "getasyncgenlocals", "_task_get_stack", "get_stack"),
        *_RUNNING,
    )
)
_asking: set[int] = set()
_installed: list[bool] = []
_elsewhere: list[Minder] = []


class Interference(RuntimeError):  # noqa: N818 - told to students, who know it as what they did
    """What student code gets that reaches for the scheduler's own means, or leaves the process."""


def install(elsewhere: Minder | None = None) -> None:
    """Minds controlled threads from now on, and has `elsewhere` mind the others. One hook for both: it costs time."""
    if elsewhere is not None:
        _elsewhere.append(elsewhere)
    if not _installed:
        _installed.append(True)
        sys.addaudithook(_mind)


def _mind(event: str, arguments: Any) -> None:
    if event == "object.__getattr__" and arguments[1] == "f_code":
        return  # nearly all: in Python 3.11 ours, at each function that is traced
    if event not in _MINDED or (event == "object.__getattr__" and arguments[1] not in _ATTRIBUTES):
        return
    if current() is None:
        for minder in _elsewhere:
            minder(event, arguments)
    elif event == "object.__getattr__":
        if _asked_by_student():
            refuse("frames")
    elif event == "object.__setattr__":
        if arguments[1] in _OF_FUNCTIONS and _is_of_harness(arguments[0]):
            refuse(_MEANS)
    elif event in _INSIDE:
        if _asked_by_student():
            refuse(_INSIDE[event])
    elif not (event == "sys.settrace" and _has_lost_its_tracer()):
        refuse(_FORBIDDEN[event])


def _is_of_harness(function: Any) -> bool:
    me = current()
    return me is not None and identity(function.__code__) in me.scheduler.harness


def _asked_by_student() -> bool:
    """Whether student code would get what is asked for, and not a library that formats a traceback, say."""
    me = current()
    if me is None or me.scheduler.over or me.scheduler.is_students is None or me.ident in _asking:
        return False
    _asking.add(me.ident)  # asking for a frame is an event, too
    try:
        frame: FrameType | None = _getframe(2)
    finally:
        _asking.discard(me.ident)
    frame = who_gets_it(frame)
    return frame is not None and me.scheduler.is_students(frame.f_code)


def who_gets_it(frame: FrameType | None) -> FrameType | None:
    """Of who asks for a frame: this one, or who has called the library's function that hands frames out."""
    while frame is not None and frame.f_code.co_name in _HAND_OUT_FRAMES and is_library(frame.f_code):
        frame = frame.f_back
    return frame


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
