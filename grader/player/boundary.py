"""How far student code reaches into the harness that shares its process: not to its frames, nor to all objects.

A scenario holds what it will tell the judge in variables. Whoever gets at a frame of it, or at its functions' globals,
can write there what has not happened. Python's audit events come whatever name a function was called by; what would
hand out frames, or everything that there is, raises in student code. A generator's own frame can be looked at while it
waits, as that tells whether it has ended; and libraries look at frames on behalf of students, to log, to warn, to
format a traceback. Threads whose order is controlled have rules of their own (`schedules.guard`).
"""

from __future__ import annotations

from collections.abc import Collection
from sys import _getframe
from threading import get_ident
from types import FrameType
from typing import Any

from .schedules import guard
from .schedules.bytecodes import identity
from .schedules.libraries import is_importing, is_library

_OF_EVERYBODY = frozenset(
    ("sys._current_frames", "sys._current_exceptions", "gc.get_objects", "gc.get_referrers", "gc.get_referents")
)
_TRACERS = frozenset(("sys.settrace", "sys.setprofile"))
_RUNNING = {"gi_frame": "gi_running", "cr_frame": "cr_running", "ag_frame": "ag_running"}


class OutOfReachError(RuntimeError):
    """What student code gets that asks for frames of the harness, or for all objects that there are."""


class Boundary:
    """Minds from now on what student code asks for. `harness`: the identities of the harness's code objects."""

    def __init__(self, harness: Collection[int]) -> None:
        self._harness = harness
        self._asking: set[int] = set()
        guard.install(self._mind)

    def _mind(self, event: str, arguments: Any) -> None:
        if event == "sys._getframe":
            self._refuse("frames", "_getframe")
        elif event == "object.__getattr__":
            owner, name = arguments
            if name == "tb_frame" or (name in _RUNNING and getattr(owner, _RUNNING[name])):
                self._refuse("frames", name)
        elif event in _OF_EVERYBODY or event in _TRACERS:
            self._refuse(event)

    def _refuse(self, what: str, name: str = "") -> None:
        """Raises OutOfReachError unless the harness asks, or a library whose own code uses this `name`."""
        ident = get_ident()
        if ident in self._asking:
            return
        self._asking.add(ident)  # asking for a frame is an event, too
        try:
            if not self._may_ask(_getframe(3), name):
                raise OutOfReachError(f"{what}: what belongs to the judge's side is out of reach while it judges")
        finally:
            self._asking.discard(ident)

    def _may_ask(self, frame: FrameType | None, name: str) -> bool:
        if frame is None or identity(frame.f_code) in self._harness:
            return True
        if name not in frame.f_code.co_names and not is_importing(frame.f_code):
            return False
        if not is_library(frame.f_code):
            return False
        frame = guard.who_gets_it(frame)
        return frame is None or identity(frame.f_code) in self._harness or is_library(frame.f_code)
