"""Which bytecodes are scheduling points.

A bytecode is *visible* if it can read or write what another thread sees: attributes, globals, closure cells, elements,
calls. Everything else (locals, arithmetic, jumps) cannot be told apart from outside, so stopping there would only make
more schedules of the same thing.

In the code of libraries only writes are: what has been read and is then written back, or was looked at before it is
changed, can be interrupted in between, and so no lost update stays unseen; but there are far fewer schedules.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec, module_from_spec
from itertools import pairwise
from types import CodeType
from typing import TYPE_CHECKING, Any


def _copy_of(name: str) -> Any:
    """A module of Python's library that nobody else can import, and so replace parts of."""
    spec = find_spec(name)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if TYPE_CHECKING:
    import dis
else:
    dis = _copy_of("dis")

_ALWAYS = (
    *("STORE_ATTR", "STORE_GLOBAL", "STORE_DEREF", "DELETE_ATTR", "DELETE_GLOBAL", "DELETE_DEREF"),
    *("BINARY_SUBSCR", "STORE_SUBSCR", "DELETE_SUBSCR", "BINARY_SLICE", "STORE_SLICE"),
    *("CALL", "CONTAINS_OP", "FOR_ITER"),
)
_READS = ("LOAD_ATTR", "LOAD_GLOBAL", "LOAD_DEREF", "LOAD_METHOD")
_WRITES = ("STORE_", "DELETE_")
_STORES = ("STORE_ATTR", "STORE_SUBSCR", "STORE_SLICE", "STORE_GLOBAL", "STORE_DEREF", "DELETE_")
_REBINDS = ("STORE_GLOBAL", "DELETE_GLOBAL", "STORE_DEREF", "DELETE_DEREF")
_TESTS = ("TO_BOOL", "POP_JUMP", "UNARY", "JUMP_IF", "COMPARE", "BINARY", "CONTAINS", "GET_ITER")
_NOT_CODE = ("CACHE", "EXTENDED_ARG", "RESUME", "NOT_TAKEN", "NOP")
identity = object.__hash__  # what `id` tells, too, but that is an audit event, and there are hundreds in a schedule
_GENERATORS = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


@dataclass(frozen=True, slots=True, eq=False)
class Bytecode:
    """A visible bytecode. `name` is what it touches (None: anything), `span` its place in the line, if it has one.

    `library`: the function it is in, if that is a library's; `locks`: whether that locks what it shares. `reaches`:
    what it takes to get from student code into the harness. `entered`: the first one behind the beginning of a `with`
    in a library that locks. `special`: whether any of these has to be thought of.
    """

    name: object
    writes: bool
    line: int
    span: tuple[int, int] | None
    library: str = ""
    locks: bool = False
    reaches: str = ""
    entered: bool = False
    special: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "special", bool(self.library or self.reaches))


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


def visible(code: CodeType, rebound: frozenset[str]) -> dict[int, Bytecode]:
    instructions = [i for i in dis.get_instructions(code) if i.opname not in _NOT_CODE]
    loops = {i.offset for i in instructions if i.opname == "FOR_ITER"}
    # Entering a `with` block is a call of its own from 3.14 on; what it does is watched where it synchronises.
    entries = {
        then.offset for i, then in pairwise(instructions) if i.opname == "LOAD_SPECIAL" and then.opname == "CALL"
    }
    named = _loaded_and_stored(instructions)
    is_generator = bool(code.co_flags & _GENERATORS)  # "already executing" is shared state, too
    in_place = _changes_in_place(instructions)
    stores = {store.offset for store in in_place.values()}
    found, line = {}, code.co_firstlineno
    for instruction, following in zip(instructions, [*instructions[1:], None], strict=True):
        positions, offset = instruction.positions, instruction.offset
        line = (positions.lineno if positions else None) or line
        seen = offset not in entries | stores and _is_visible(instruction, following, rebound, loops)
        reaches = str(instruction.argval) if _gets_inside(instruction) else ""
        if is_generator or seen or reaches or offset in in_place or offset in named:
            told = in_place.get(offset, instruction)
            found[offset] = Bytecode(*_touches(told), line, _span(told.positions), reaches=reaches)
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


def _changes_in_place(instructions: list[dis.Instruction]) -> dict[int, dis.Instruction]:
    """The stores of `self.all |= more` and the like, by the offsets of what computes the value.

    That may change an object in place, so it is visible instead of the store, which follows at once. Adding a constant
    to a local variable is not, as nothing in a loop's counter could be shared.
    """
    found = {}
    for n, instruction in enumerate(instructions):
        if instruction.opname == "BINARY_OP" and instruction.argrepr.endswith("="):
            store = next(i for i in instructions[n + 1 :] if not i.opname.startswith(("SWAP", "COPY")))
            is_local = not store.opname.startswith(_STORES)
            if not (is_local and instructions[n - 1].opname == "LOAD_CONST"):
                found[instruction.offset] = store
    return found


def _loaded_and_stored(instructions: list[dis.Instruction]) -> set[int]:
    """Where names are stored, by offset, that are loaded, too: class bodies and `exec` may do so in any mapping."""
    loaded = {i.argval for i in instructions if i.opname == "LOAD_NAME"}
    return {i.offset for i in instructions if i.opname == "STORE_NAME" and i.argval in loaded}


def _gets_inside(instruction: dis.Instruction) -> bool:
    """What nothing is of use for but to get from a function into the module around it. (Frames are audited.)"""
    return instruction.opname.startswith((*_READS, "LOAD_CONST")) and instruction.argval in (
        "__globals__",
        "__closure__",
    )


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


# ---------------------------------------------------------------------- libraries

_NOT_STORES = ("DELETE_NAME", "DELETE_FAST")
_NAMES = ("LOAD_ATTR", "LOAD_METHOD", "LOAD_GLOBAL", "LOAD_DEREF", "LOAD_SUPER_ATTR")
_CHANGING = frozenset(
    (
        *("append", "appendleft", "add", "clear", "discard", "extend", "extendleft", "insert", "pop", "popitem"),
        *("popleft", "remove", "reverse", "rotate", "setdefault", "sort", "update", "write", "heappush", "heappop"),
        *("heapreplace", "insort", "setattr", "delattr", "__setitem__", "__delitem__", "__setattr__", "__delattr__"),
    )
)
_CONSTRUCTORS = ("__init__", "__new__", "__post_init__", "__setstate__")
_ENTERS, _ASKS_WHETHER_HELD = ("BEFORE_WITH", "LOAD_SPECIAL"), "_is_owned"
_STORING = frozenset(number for name, number in dis.opmap.items() if name.startswith(_STORES))


def writes(code: CodeType, locks: bool) -> dict[int, Bytecode]:
    """The bytecodes of a library's function that write what others may see, by their offset.

    Where a method that changes its object is named in a line, all calls in that line count. `locks`: see `Bytecode`; in
    such a function nothing is left to be seen once it has entered a `with`, or where it asks whether the lock is held.
    """
    changes = not _CHANGING.isdisjoint(code.co_names)
    if code.co_name in _CONSTRUCTORS or (locks and _ASKS_WHETHER_HELD in code.co_names):
        return {}
    if not changes and _STORING.isdisjoint(code.co_code[::2]):
        return {}
    instructions = [i for i in dis.get_instructions(code) if i.opname not in _NOT_CODE]
    inside = next((n for n, i in enumerate(instructions, 1) if i.opname.startswith(_ENTERS)), None) if locks else None
    found = _writing(instructions[:inside], code, locks)
    if inside is not None:
        first = instructions[inside]
        found[first.offset] = Bytecode(None, False, _line_of(first) or 0, None, code.co_qualname, locks, entered=True)
    return found


def _writing(instructions: list[dis.Instruction], code: CodeType, locks: bool) -> dict[int, Bytecode]:
    changing = {_line_of(i) for i in instructions if i.opname in _NAMES and i.argval in _CHANGING}
    return {
        i.offset: Bytecode(*_touches(i), _line_of(i) or code.co_firstlineno, None, code.co_qualname, locks)
        for i in instructions
        if (
            i.opname.startswith(_STORES)
            and not i.opname.startswith("DELETE_" if locks else _NOT_STORES)
            and not (i.opname == "STORE_DEREF" and i.argval in code.co_cellvars)  # no other call can have it yet
        )
        or (i.opname.startswith("CALL") and not i.opname.startswith("CALL_INTRINSIC") and _line_of(i) in changing)
    }


def _line_of(instruction: dis.Instruction) -> int | None:
    return instruction.positions.lineno if instruction.positions else None
