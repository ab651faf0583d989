"""Which code is a library's: what a file of Python's library or of an installed package holds.

A file's name is only what code says of itself, so the file is read. Nothing is used here that student code can replace.
"""

from __future__ import annotations

import sys
import sysconfig
from _imp import get_frozen_object
from collections.abc import Iterator
from importlib.util import MAGIC_NUMBER
from inspect import CO_ITERABLE_COROUTINE
from io import open_code
from marshal import loads
from types import CodeType, ModuleType

from .bytecodes import all_code

_STANDARD = tuple({f"{sysconfig.get_path(name)}/" for name in ("stdlib", "platstdlib")})
_INSTALLED = tuple({f"{sysconfig.get_path(name)}/" for name in ("purelib", "platlib")})
_FOLDERS = (*_STANDARD, *_INSTALLED)
_FROZEN, _END = "<frozen ", ">"
_CACHED, _CODE_AT = f".{sys.implementation.cache_tag}.pyc", 16
_FROZEN_AS = {
    "importlib._bootstrap": "_frozen_importlib",
    "importlib._bootstrap_external": "_frozen_importlib_external",
}
_IMPORTING = frozenset(f"{_FROZEN}{name}{_END}" for name in (*_FROZEN_AS, "zipimport"))
_LOCKING = tuple(
    f"{folder}{name}"
    for folder in _FOLDERS
    for name in ("threading.py", "queue.py", "concurrent/futures/", "logging/", "multiprocessing/")
)
_EVERY_PLAYER_NEEDS = ("threading", "queue", "_weakrefset", "weakref", "concurrent.futures._base", "contextlib")

_held: dict[str, frozenset[CodeType]] = {}  # by file
_shown: list[str] = []  # folders with more of them


def show(folder: str) -> None:
    """What lies below it is a library's, too: no student can write there."""
    _shown.append(f"{folder}/")


def is_library(code: CodeType) -> bool:
    file = code.co_filename
    if not file.startswith((*_FOLDERS, *_shown, _FROZEN)) or "/.." in file:
        return False
    if code.co_flags & CO_ITERABLE_COROUTINE:  # which `types.coroutine` adds
        code = code.replace(co_flags=code.co_flags & ~CO_ITERABLE_COROUTINE)
    return code in _held_by(file)


def locks(code: CodeType) -> bool:
    """Whether a library's function is of those that lock what they share, unless their locks are taken from them."""
    return code.co_filename.startswith(_LOCKING)


def is_importing(code: CodeType) -> bool:
    """Whether a library's function is of those that Python imports by. Nobody waits for another there unseen."""
    return code.co_filename in _IMPORTING


def of_python() -> Iterator[ModuleType]:
    """The modules of Python's own library that are loaded, but those whose locks are known one by one."""
    for module in [*sys.modules.values()]:
        file = getattr(module, "__file__", None)
        if type(file) is str and file.startswith(_STANDARD) and not file.startswith((*_LOCKING, *_INSTALLED)):
            yield module


def get_ready() -> None:
    """Reads what every player needs, or could not see, once for all that are forked from this process."""
    unseen = (*_INSTALLED, *_shown)
    for name, module in [*sys.modules.items()]:
        file = getattr(module, "__file__", None) or ""
        if name in _EVERY_PLAYER_NEEDS or (file.startswith(unseen) and file.endswith(".py")):
            _held_by(file)


def _held_by(file: str) -> frozenset[CodeType]:
    """All code in a file; none if there is no such file."""
    if file not in _held:
        try:
            _held[file] = frozenset(all_code(_read(file)))
        except (ImportError, OSError, SyntaxError, ValueError):
            _held[file] = frozenset()
    return _held[file]


def _read(file: str) -> CodeType:
    """The code of a whole module, compiled already if it lies there."""
    if file.startswith(_FROZEN):
        name = file.removeprefix(_FROZEN).removesuffix(_END)
        frozen: CodeType = get_frozen_object(_FROZEN_AS.get(name, name))
        return frozen
    folder, _, name = file.rpartition("/")
    try:
        with open_code(f"{folder}/__pycache__/{name.removesuffix('.py')}{_CACHED}") as cached:
            found = cached.read()
        if found.startswith(MAGIC_NUMBER):
            compiled: CodeType = loads(found[_CODE_AT:])
            return compiled
    except OSError:
        pass
    with open_code(file) as source:
        return compile(source.read(), file, "exec", dont_inherit=True)
