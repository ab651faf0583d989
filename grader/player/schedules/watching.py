"""Which bytecodes of the student's file are scheduling points, and how the interpreter is made to stop at them.

A bytecode is *visible* if it can read or write what another thread sees: attributes, globals, closure cells, elements,
calls. Everything else (locals, arithmetic, jumps) cannot be told apart from outside, so stopping there would only make
more schedules of the same thing. Module-level code is never interrupted: the import lock would be held.

Python 3.12 and newer: `sys.monitoring`, which costs nothing at bytecodes that are not visible. Python 3.11:
`sys.settrace` with opcode events.
"""

from __future__ import annotations

import contextlib
import dis
import inspect
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from types import CodeType, FrameType
from typing import Any

from .scheduler import current

monitoring: Any = getattr(sys, "monitoring", None)  # from Python 3.12 on
_TOOL, _TOOL_NAME = 4, "grader.player.schedules"
_ALWAYS = (
    *("STORE_ATTR", "STORE_GLOBAL", "STORE_DEREF", "DELETE_ATTR", "DELETE_GLOBAL", "DELETE_DEREF"),
    *("BINARY_SUBSCR", "STORE_SUBSCR", "DELETE_SUBSCR", "BINARY_SLICE", "STORE_SLICE"),
    *("CALL", "CONTAINS_OP", "FOR_ITER"),
)
_READS = ("LOAD_ATTR", "LOAD_GLOBAL", "LOAD_DEREF", "LOAD_METHOD")
_WRITES = ("STORE_", "DELETE_")
_REBINDS = ("STORE_GLOBAL", "DELETE_GLOBAL", "STORE_DEREF", "DELETE_DEREF")
_TESTS = ("TO_BOOL", "POP_JUMP", "UNARY", "JUMP_IF", "COMPARE", "BINARY", "CONTAINS", "GET_ITER")
_NOT_CODE = ("CACHE", "EXTENDED_ARG", "RESUME", "NOT_TAKEN", "NOP")
_GENERATORS = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


@dataclass(frozen=True, slots=True, eq=False)
class Bytecode:
    """A visible bytecode. `name` is what it touches (None: anything), `span` its place in the line, if it has one."""

    name: object
    writes: bool
    line: int
    span: tuple[int, int] | None


class Watch:
    """The visible bytecodes of some files, by the id of the code object: hashing one would cost more than all the rest.

    Keeps all code objects, so that no id is ever used again.
    """

    def __init__(self, files: Collection[str], rebound: Collection[str]) -> None:
        """`rebound`: names that some of the code stores outside of constructors, see `rebound_names`."""
        self.files = frozenset(files)
        self._rebound = frozenset(rebound)
        self._visible: dict[int, dict[int, Bytecode]] = {}
        self._codes: list[CodeType] = []
        self._tracers: dict[int, Any] = {}
        self.tracer: Any = self._trace if sys.version_info < (3, 12) else None

    def of(self, code: CodeType) -> dict[int, Bytecode]:
        found = self._visible.get(id(code))
        if found is None:
            self._codes.append(code)
            found = self._visible[id(code)] = _visible(code, self._rebound) if code.co_name != "<module>" else {}
        return found

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """While this lasts, controlled threads stop at the visible bytecodes."""
        if sys.version_info < (3, 12):
            yield
            return
        events = monitoring.events
        monitoring.use_tool_id(_TOOL, _TOOL_NAME)
        monitoring.register_callback(_TOOL, events.PY_START, self._begins)
        monitoring.register_callback(_TOOL, events.INSTRUCTION, self._reaches)
        monitoring.set_events(_TOOL, events.PY_START)
        try:
            yield
        finally:
            with contextlib.suppress(ValueError):  # the student's code may have freed it
                monitoring.set_events(_TOOL, 0)
                for code in self._codes:
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
        return all(monitoring.get_local_events(_TOOL, code) == wanted for code in self._codes)

    # ------------------------------------------------------------------ Python >= 3.12

    def _begins(self, code: CodeType, offset: int) -> Any:
        if code.co_filename in self.files and id(code) not in self._visible:
            self.of(code)
            monitoring.set_local_events(_TOOL, code, monitoring.events.INSTRUCTION)
        return monitoring.DISABLE

    def _reaches(self, code: CodeType, offset: int) -> Any:
        bytecode = self._visible[id(code)].get(offset)
        if bytecode is None:
            return monitoring.DISABLE
        me = current()
        if me is not None:
            me.scheduler.point(me, bytecode)
        return None

    # ------------------------------------------------------------------ Python 3.11

    def _trace(self, frame: FrameType, event: str, argument: Any) -> Any:
        code = frame.f_code
        if code.co_filename not in self.files:
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        if id(code) not in self._tracers:
            self._tracers[id(code)] = _opcode_tracer(self.of(code))
        return self._tracers[id(code)]


def _opcode_tracer(visible: dict[int, Bytecode]) -> Any:
    """The tracer of one function: called at each of its bytecodes, so it must find out quickly which ones matter."""
    find = visible.get

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        if event == "opcode":
            bytecode = find(frame.f_lasti)
            if bytecode is not None:
                me = current()
                if me is not None:
                    me.untraced = True  # so it is, if `point` raises
                    me.scheduler.point(me, bytecode)
                    me.untraced = False
        return trace

    return trace


def rebound_names(code: CodeType) -> set[str]:
    """Attributes, globals and closure cells that this code or code inside it stores, constructors aside.

    What is stored only in constructors is no news to other threads.
    """
    names: set[str] = set()
    for inner in all_code(code):
        for instruction in dis.get_instructions(inner):
            is_attribute = instruction.opname in ("STORE_ATTR", "DELETE_ATTR") and inner.co_name != "__init__"
            if is_attribute or instruction.opname.startswith(_REBINDS):
                names.add(str(instruction.argval))
    return names


def all_code(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from all_code(constant)


def _visible(code: CodeType, rebound: frozenset[str]) -> dict[int, Bytecode]:
    instructions = [i for i in dis.get_instructions(code) if i.opname not in _NOT_CODE]
    loops = {i.offset for i in instructions if i.opname == "FOR_ITER"}
    # Entering a `with` block is a call of its own from 3.14 on; what it does is watched where it synchronises.
    entries = {
        then.offset for i, then in pairwise(instructions) if i.opname == "LOAD_SPECIAL" and then.opname == "CALL"
    }
    is_generator = bool(code.co_flags & _GENERATORS)  # "already executing" is shared state, too
    found, line = {}, code.co_firstlineno
    for instruction, following in zip(instructions, [*instructions[1:], None], strict=True):
        positions = instruction.positions
        line = (positions.lineno if positions else None) or line
        seen = instruction.offset not in entries and _is_visible(instruction, following, rebound, loops)
        if is_generator or seen:
            found[instruction.offset] = Bytecode(*_touches(instruction), line, _span(positions))
    return found


def _is_visible(
    instruction: dis.Instruction, following: dis.Instruction | None, rebound: frozenset[str], loops: set[int]
) -> bool:
    name = instruction.opname
    if name.startswith("CALL_INTRINSIC"):
        return False
    if name.startswith(_ALWAYS) or (name == "BINARY_OP" and instruction.argrepr == "[]"):  # 3.14 subscripts so
        return True
    if name.startswith(_READS):
        return str(instruction.argval) in rebound or (following is not None and following.opname.startswith(_TESTS))
    return name.startswith("JUMP_BACKWARD") and instruction.argval not in loops  # a loop that may spin


def _touches(instruction: dis.Instruction) -> tuple[object, bool]:
    name = instruction.opname
    if name.startswith((*_READS, "STORE_ATTR", "STORE_GLOBAL", "STORE_DEREF", "DELETE_ATTR", "DELETE_GLOBAL")):
        return str(instruction.argval), name.startswith(_WRITES)
    return None, True


def _span(positions: dis.Positions | None) -> tuple[int, int] | None:
    if positions is None or positions.lineno != positions.end_lineno:
        return None
    if positions.col_offset is None or positions.end_col_offset is None:
        return None
    return positions.col_offset, positions.end_col_offset
