"""How the interpreter is made to stop at visible bytecodes (see `bytecodes`) of all that runs for the student.

Python 3.12 and newer: `sys.monitoring`, which costs nothing at bytecodes that are not visible. Python 3.11:
`sys.settrace` with opcode events; in libraries only for lines that have something to stop at.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Collection, Iterator
from types import CodeType, FrameType
from typing import Any

from . import libraries
from .bytecodes import Bytecode, identity, rebound_names, visible, writes
from .guard import refuse
from .ownership import Ownership
from .scheduler import ControlledThread, Scheduler, current

monitoring: Any = getattr(sys, "monitoring", None)  # from Python 3.12 on
_TOOL, _TOOL_NAME = 4, "grader.player.schedules"

Visible = dict[int, Bytecode]


class Watch:
    """The visible bytecodes of all code that runs, by the identity of the code object: hashing one would cost more than
    all the rest. Keeps all code objects, so that no identity is ever used again.
    """

    def __init__(
        self,
        files: Collection[str],
        modules: Collection[CodeType],
        rebound: Collection[str],
        ownership: Ownership | None,
    ) -> None:
        """`modules`: the files' own code, which runs once, before there are threads, so that nothing in it is visible.
        `rebound`: names that some of the code stores outside of constructors, see `rebound_names`.

        Without `ownership` only code in `files` is watched.
        """
        self.files = frozenset(files)
        self._modules = frozenset(map(identity, modules))
        self._rebound, self._ownership = frozenset(rebound), ownership
        self._known: dict[int, Visible] = {}
        self._of_students: dict[int, bool] = {}
        self._distrusts = False  # libraries that lock, as one was seen behind a `with` that locked nothing
        self._codes: list[CodeType] = []
        self._followed: dict[int, CodeType] = {}  # those with something to stop at, from Python 3.12 on
        self.unknown_threads = 0  # that ran what is watched, though the scheduler does not know them
        self._stop = _stopper(self)
        self._tracers: dict[int, Any] = {}
        self.tracer: Any = _tracer(self._tracers, self._tracer_of) if sys.version_info < (3, 12) else None

    def of(self, code: CodeType) -> Visible:
        found = self._known.get(identity(code))
        if found is None:
            self._codes.append(code)
            found = self._known[identity(code)] = self._look_at(code)
        return found

    def is_students(self, code: CodeType) -> bool:
        """Whether it is neither the harness's nor a library's."""
        self.of(code)
        return self._of_students[identity(code)]

    def _look_at(self, code: CodeType) -> Visible:
        is_harness = self._ownership is None or identity(code) in self._ownership.harness
        is_students = code.co_filename in self.files if is_harness else not libraries.is_library(code)
        self._of_students[identity(code)] = is_students
        if identity(code) in self._modules:
            return {}
        if is_students:
            return _visible_to(code, self._rebound)
        if is_harness or libraries.is_importing(code):
            return {}
        return _writes_of(code, libraries.locks(code) and not self._distrusts)

    def distrust(self) -> None:
        """From now on libraries that lock are watched like all others."""
        if self._distrusts:
            return
        self._distrusts = True
        self._tracers.clear()
        for code in self._codes:
            self._known[identity(code)] = self._look_at(code)
            self._follow(code)
        if monitoring is not None:
            monitoring.restart_events()

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """While this lasts, controlled threads stop at the visible bytecodes."""
        if sys.version_info < (3, 12):
            yield
            return
        events = monitoring.events
        monitoring.use_tool_id(_TOOL, _TOOL_NAME)
        monitoring.register_callback(_TOOL, events.PY_START, self._begins)
        monitoring.register_callback(_TOOL, events.INSTRUCTION, _reaches(self._known, self._stop))
        monitoring.set_events(_TOOL, events.PY_START)
        try:
            yield
        finally:
            with contextlib.suppress(ValueError):  # the student's code may have freed it
                monitoring.set_events(_TOOL, 0)
                for code in self._followed.values():
                    monitoring.set_local_events(_TOOL, code, 0)
                for event in (events.PY_START, events.INSTRUCTION):
                    monitoring.register_callback(_TOOL, event, None)
                monitoring.free_tool_id(_TOOL)
                monitoring.restart_events()

    def undisturbed(self) -> bool:
        """Whether the interpreter still tells us: student code can reach what we use, too."""
        if sys.version_info < (3, 12):
            return True
        if monitoring.get_tool(_TOOL) != _TOOL_NAME or monitoring.get_events(_TOOL) != monitoring.events.PY_START:
            return False
        wanted = monitoring.events.INSTRUCTION
        return all(monitoring.get_local_events(_TOOL, code) == wanted for code in self._followed.values())

    # ------------------------------------------------------------------ Python >= 3.12

    def _begins(self, code: CodeType, offset: int) -> Any:
        self.of(code)
        self._follow(code)
        return monitoring.DISABLE

    def _follow(self, code: CodeType) -> None:
        if monitoring is not None and self._known[identity(code)] and identity(code) not in self._followed:
            self._followed[identity(code)] = code
            monitoring.set_local_events(_TOOL, code, monitoring.events.INSTRUCTION)

    # ------------------------------------------------------------------ Python 3.11

    def _tracer_of(self, code: CodeType) -> Any:
        """None where there is nothing to stop at."""
        found = self.of(code)
        if not found:
            return None
        make = _opcode_tracer if self.is_students(code) else _line_tracer
        return make(found, self._stop)

    def arm(self, frame: FrameType | None) -> None:
        """From now on there is more than one thread: functions that are under way in this one are traced, too."""
        while frame is not None:
            if frame.f_trace is None:
                frame.f_trace = self.tracer(frame, "call", None)
            frame = frame.f_back


_UNKNOWN = object()


def _tracer(known: dict[int, Any], tracer_of: Callable[[CodeType], Any]) -> Any:
    """The tracer of a thread in Python 3.11: called whenever a function is."""
    find, which = known.get, identity

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        code = frame.f_code
        tracer = find(which(code), _UNKNOWN)
        if tracer is _UNKNOWN:
            tracer = known[which(code)] = tracer_of(code)
        return tracer(frame, event, argument) if tracer is not None else None

    return trace


def _stopper(watch: Watch) -> Callable[[Bytecode], None]:
    """What is called at a visible bytecode. It uses nothing that could be replaced while student code runs."""
    who, spare, point, distrust = current, _spares, Scheduler.point, watch.distrust

    def stop(bytecode: Bytecode) -> None:
        me = who()
        if me is None:
            watch.unknown_threads += not bytecode.library
        elif bytecode.entered:
            if not me.holding:
                distrust()
        elif not (bytecode.special and spare(me, bytecode)):
            me.untraced = True  # so it is in Python 3.11, if `point` raises
            point(me.scheduler, me, bytecode)
            me.untraced = False

    return stop


def _spares(me: ControlledThread, bytecode: Bytecode, refused: Callable[[str], None] = refuse) -> bool:
    """Whether this one need not stop here. Raises Interference at what reaches for the harness."""
    if bytecode.library:
        if (bytecode.locks and me.holding) or me.scheduler.busy or len(me.scheduler.threads) < 2:
            return True
        me.scheduler.steps_in_libraries += 1
    if bytecode.reaches:
        refused(bytecode.reaches)
    return False


def _reaches(known: dict[int, Visible], stop: Callable[[Bytecode], None]) -> Any:
    """The callback of Python 3.12 and newer."""
    disable, which = monitoring.DISABLE, identity

    def reach(code: CodeType, offset: int) -> Any:
        bytecode = known[which(code)].get(offset)
        if bytecode is None:
            return disable
        stop(bytecode)
        return None

    return reach


def _opcode_tracer(visible: Visible, stop: Callable[[Bytecode], None]) -> Any:
    """The tracer of a student's function in Python 3.11: called at each of its bytecodes, so it must find out quickly
    which ones matter.
    """
    find = visible.get

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        if event == "opcode":
            bytecode = find(frame.f_lasti)
            if bytecode is not None:
                stop(bytecode)
        elif event == "call":
            frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return trace

    return trace


def _line_tracer(visible: Visible, stop: Callable[[Bytecode], None]) -> Any:
    """The tracer of a library's function in Python 3.11: its bytecodes are looked at in the lines that matter only."""
    find = visible.get
    lines = frozenset(bytecode.line for bytecode in visible.values())
    locks = any(bytecode.locks for bytecode in visible.values())

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        if event == "opcode":
            bytecode = find(frame.f_lasti)
            if bytecode is not None:
                stop(bytecode)
        elif event == "line":
            frame.f_trace_opcodes = frame.f_lineno in lines
        elif event == "call":
            me = current()
            if me is None or me.scheduler.busy or len(me.scheduler.threads) < 2 or (locks and me.holding):
                return None  # until there are more threads, see `arm`
            frame.f_trace_opcodes = True
        return trace

    return trace


_analysed: dict[tuple[CodeType, Any], Visible] = {}  # by what they are, as an `exec` makes them again and again


def _visible_to(code: CodeType, rebound: frozenset[str]) -> Visible:
    key = code, rebound
    if key not in _analysed:
        _analysed[key] = visible(code, rebound | rebound_names(code))
    return _analysed[key]


def _writes_of(code: CodeType, synchronising: bool) -> Visible:
    key = code, synchronising
    if key not in _analysed:
        _analysed[key] = writes(code, synchronising)
    return _analysed[key]
