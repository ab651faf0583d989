"""What happened in one schedule, as rows to read: who did which line, what was read and written, who waits.

Recording costs time, so only replays are recorded. It never runs student code: values are looked up only where that is
a mere look into a dictionary, and shown only as far as their types are Python's own.
"""

from __future__ import annotations

import ast
import asyncio
import functools
import inspect
import re
import sys
from collections import Counter, deque
from collections.abc import Callable
from types import CodeType, FrameType, FunctionType, MemberDescriptorType
from typing import Any

from .bytecodes import Bytecode
from .locks import ControlledLock
from .loop import VirtualLoop, waiting_tasks
from .messages import MOST_CODE, MOST_NAME, MOST_NOTES, MOST_ROWS, MOST_WAIT, ToldInterleaving
from .scheduler import ControlledThread, current, waiting

_MOST_TEXT = 60
_PLAIN = (int, float, bool, str, bytes, type(None))
_CONTAINERS: dict[type, str] = {list: "[]", tuple: "()", set: "{}", frozenset: "{}", deque: "[]"}
_UNKNOWN = object()
_ASSIGNED = re.compile(r"^\s*([A-Za-z_][\w.]*)\s*(?::[^=]+)?=[^=]")


def _unseen(method: Callable[..., Any]) -> Callable[..., Any]:
    """What libraries do for a recorder is no part of the schedule."""

    @functools.wraps(method)
    def recorded(*args: Any) -> Any:
        me = current()
        if me is None or me.scheduler.busy:
            return method(*args)
        me.scheduler.busy = True
        try:
            return method(*args)
        finally:
            me.scheduler.busy = False

    return recorded


class Row:
    """One line of one actor: a thread, or a task on an event loop."""

    __slots__ = ("actor", "line", "notes", "text")

    def __init__(self, actor: int, line: int, text: str) -> None:
        self.actor, self.line, self.text = actor, line, text
        self.notes: list[str] = []


class InterleavingRecorder:
    """A recorder: `sources` are the lines of the student's files, `is_students` says of code whether it is theirs."""

    def __init__(self, sources: dict[str, list[str]], is_students: Callable[[CodeType], bool]) -> None:
        self._sources, self._is_students = sources, is_students
        self._actors: dict[tuple[int, int], int] = {}
        self._names: list[str] = []
        self._rows: deque[Row] = deque(maxlen=MOST_ROWS)
        self._count = 0
        self._stored: dict[int, tuple[Row, FrameType, str]] = {}
        self._labels: Counter[str] = Counter()
        self._waits: list[tuple[int, str]] = []

    # ------------------------------------------------------------------ as a Recorder

    @_unseen
    def does(self, thread: ControlledThread, access: Any) -> None:
        self._finish_store(thread)
        frame = self._frame(sys._getframe(2))
        if frame is None:
            return
        if isinstance(access, Bytecode) and access.library:
            self._note(self._row(thread, frame), f"writes in {access.library}")
        elif isinstance(access, Bytecode):
            self._note_value(self._row(thread, frame), thread, frame, access)
        elif not isinstance(access, ControlledLock):
            self._note(self._row(thread, frame), str(access))

    @_unseen
    def tell(self, thread: ControlledThread, what: str) -> None:
        self._finish_store(thread)
        frame = self._frame(sys._getframe(2))
        if frame is not None or what == "ends":
            self._note(self._row(thread, frame), what + _inside(sys._getframe(2), frame, what))

    def let_go(self) -> None:
        self._stored.clear()

    @_unseen
    def stuck(self, threads: list[ControlledThread]) -> None:
        frames = sys._current_frames()
        for thread in threads:
            self._waits += self._waits_of(thread, frames.get(thread.ident))

    @_unseen
    def label(self, lock: ControlledLock) -> str:
        """What the student calls a lock that is being made: the name it is assigned to."""
        frame = self._frame(sys._getframe(2))
        found = _ASSIGNED.match(self._text(frame)) if frame is not None else None
        name = found.group(1) if found else f"{lock.kind} {lock.number}"
        self._labels[name] += 1
        return name if self._labels[name] == 1 else f"{name} ({self._labels[name]})"

    # ------------------------------------------------------------------ what came of it

    def told(self) -> ToldInterleaving:
        rows = [
            [row.actor, row.line, row.text.strip()[:MOST_CODE], "; ".join(row.notes)[:MOST_NOTES]] for row in self._rows
        ]
        waits = [[actor, text[:MOST_WAIT]] for actor, text in self._waits]
        return {"actors": self._names, "rows": rows, "left_out": self._count - len(self._rows), "waits": waits}

    # ------------------------------------------------------------------ rows

    def _row(self, thread: ControlledThread, frame: FrameType | None) -> Row:
        """The last row, if it is about the same line of the same actor, else a new one."""
        actor, text = self._actor(thread), self._text(frame)
        line = _line(frame) if frame is not None and frame.f_code.co_filename in self._sources else 0
        if not self._rows or (self._rows[-1].actor, self._rows[-1].line, self._rows[-1].text) != (actor, line, text):
            self._rows.append(Row(actor, line, text))
            self._count += 1
        return self._rows[-1]

    def _actor(self, thread: ControlledThread) -> int:
        loop = asyncio._get_running_loop() if thread is current() else None
        task = asyncio.current_task(loop) if loop is not None else None
        if task is None or not isinstance(loop, VirtualLoop):
            return self._number((thread.number, 0), thread.name)
        return self._task_number(thread, task)

    def _task_number(self, thread: ControlledThread, task: asyncio.Task[Any]) -> int:
        serial = next((n for n, other in enumerate(thread.scheduler.tasks) if other is task), 0)
        given = task.get_name()
        what = getattr(task.get_coro(), "__name__", "")
        name = f"task {serial}" + (f" ({what})" if what else "") if given.startswith("Task-") else given
        return self._number((thread.number, 1 + serial), name)

    def _number(self, key: tuple[int, int], name: str) -> int:
        if key not in self._actors:
            self._actors[key] = len(self._names)
            self._names.append(name[:MOST_NAME])
        return self._actors[key]

    @staticmethod
    def _note(row: Row, note: str) -> None:
        if note not in row.notes[-1:]:
            row.notes.append(note)

    def _frame(self, frame: FrameType | None) -> FrameType | None:
        while frame is not None and not self._is_students(frame.f_code):
            frame = frame.f_back
        return frame

    def _text(self, frame: FrameType | None, line: int = 0) -> str:
        if frame is None:
            return ""
        if frame.f_code.co_filename not in self._sources:
            return f"{frame.f_code.co_qualname}, which is in no file"
        lines = self._sources[frame.f_code.co_filename]
        number = line or _line(frame)
        return lines[number - 1] if 0 < number <= len(lines) else ""

    # ------------------------------------------------------------------ values

    def _note_value(self, row: Row, thread: ControlledThread, frame: FrameType, access: Bytecode) -> None:
        if access.span is None or frame.f_code.co_filename not in self._sources:
            return
        text = self._text(frame, access.line).encode()[slice(*access.span)].decode("utf-8", "replace")
        receiver = _receiver(text)
        if receiver:
            self._stored[thread.number] = row, frame, receiver
        elif access.writes and access.name is not None:
            self._stored[thread.number] = row, frame, text
        elif (value := look_up(text, frame)) is not _UNKNOWN and _is_shown(value):
            self._note(row, f"{text} is {shown(value)}")

    def _finish_store(self, thread: ControlledThread) -> None:
        """What the thread has stored can be seen once it has gone on."""
        row, frame, text = self._stored.pop(thread.number, (None, None, ""))
        if row is not None and frame is not None:
            value = look_up(text, frame)
            if value is not _UNKNOWN and _is_shown(value):
                self._note(row, f"{text} becomes {shown(value)}")

    # ------------------------------------------------------------------ who waits

    def _waits_of(self, thread: ControlledThread, frame: FrameType | None) -> list[tuple[int, str]]:
        loop = getattr(thread.waits_for, "loop", None)
        if isinstance(loop, VirtualLoop):
            return [
                (self._task_number(thread, task), _place_of(task)) for task in waiting_tasks(loop, thread.scheduler)
            ]
        own = self._frame(frame)
        what = waiting(thread.waits_for, thread) if thread.waits_for is not None else "runs"
        where = f" at line {_line(own)}" if own is not None else ""
        actor = self._number((thread.number, 0), thread.name)
        return [(actor, what + _inside(frame, own, what) + where)]


def _line(frame: FrameType) -> int:
    """0 where the interpreter has none for the bytecode: the end of an `async with` that is cancelled, say."""
    return frame.f_lineno or 0


def _place_of(task: asyncio.Task[Any]) -> str:
    stack = task.get_stack()
    return f"waits at line {_line(stack[-1])}" if stack else "has not begun"


def _inside(frame: FrameType | None, own: FrameType | None, what: str) -> str:
    """The function of Python's library, called by the student's line, in which a thread waits."""
    called = None
    while frame is not None and frame is not own:
        called, frame = frame, frame.f_back
    if called is None or own is None or "waits" not in what or "/schedules/" in called.f_code.co_filename:
        return ""
    return f" in {called.f_code.co_qualname}"


@functools.lru_cache(maxsize=1000)
def _receiver(text: str) -> str:
    """`self.items` of `self.items.append(1)`: what a call may change."""
    try:
        call = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError):
        return ""
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
        return ast.get_source_segment(text, call.func.value) or ""
    return ""


def look_up(text: str, frame: FrameType) -> Any:
    """What an expression is in a frame, if it is names, attributes and elements only and no code need run for it."""
    try:
        return _value(_parsed(text.strip()), frame)
    except (SyntaxError, ValueError, KeyError, IndexError, TypeError, AttributeError):
        return _UNKNOWN


@functools.lru_cache(maxsize=1000)
def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _value(node: ast.expr, frame: FrameType) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        found = frame.f_locals.get(node.id, _UNKNOWN)
        return frame.f_globals.get(node.id, _UNKNOWN) if found is _UNKNOWN else found
    if isinstance(node, ast.Attribute):
        return _attribute(_value(node.value, frame), node.attr)
    if isinstance(node, ast.Subscript):
        container, key = _value(node.value, frame), _value(node.slice, frame)
        return container[key] if type(container) in (list, tuple, dict, deque) and type(key) in _PLAIN else _UNKNOWN
    return _UNKNOWN


def _attribute(owner: Any, name: str) -> Any:
    found = inspect.getattr_static(owner, name, _UNKNOWN)
    if isinstance(found, MemberDescriptorType):
        return found.__get__(owner)
    return found


def _is_shown(value: Any) -> bool:
    return (
        not isinstance(value, FunctionType | type | ControlledLock)
        and not inspect.isroutine(value)
        and (type(value) in _PLAIN or type(value) in _CONTAINERS or type(value) is dict)
    )


def shown(value: Any, room: int = _MOST_TEXT) -> str:
    """A short text for a value. Only Python's own types speak for themselves."""
    kind = type(value)
    if kind in (int, float, bool, type(None)):
        text = repr(value) if kind is not int or abs(value) < 10**40 else "a huge integer"
    elif kind in (str, bytes):
        text = repr(value[:room])
    elif kind in _CONTAINERS:
        brackets = _CONTAINERS[kind]
        text = brackets[0] + ", ".join(shown(item, room // 2) for item in list(value)[:8]) + brackets[1]
    elif kind is dict:
        pairs = [f"{shown(key, 20)}: {shown(item, 20)}" for key, item in list(value.items())[:8]]
        text = "{" + ", ".join(pairs) + "}"
    else:
        text = f"<{kind.__name__}>"
    return text if len(text) <= room else text[: room - 1] + "…"
