"""Which code is the harness's own: what it had before the student's file was loaded, by identity.

Names and files say nothing, since the student's code can claim any. All else that runs for the student is watched.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from .bytecodes import all_code, identity

_HARNESS = ("grader.player", "scenarios")
# A thread that is interrupted while it holds the lock of all imports would stop all others.
_IMPORTING = ("_frozen_importlib", "_frozen_importlib_external", "zipimport")
# These lock what they share: while a thread holds a lock, it need not be interrupted in them.
_SYNCHRONISING = ("threading", "queue", "concurrent.futures", "logging", "multiprocessing")


class Ownership:
    """As things stand when it is made.

    `harness` and `synchronising` hold the identities of code objects, which are kept alive, so that no other has one.
    """

    def __init__(self) -> None:
        modules = {name: module for name, module in [*sys.modules.items()] if isinstance(module, ModuleType)}
        mine = [module for name, module in modules.items() if _is_below(name, (*_HARNESS, *_IMPORTING))]
        others = [module for name, module in modules.items() if _is_below(name, _SYNCHRONISING)]
        self._kept = [*_codes_of(mine)], [*_codes_of(others)]
        self.harness, self.synchronising = (frozenset(map(identity, codes)) for codes in self._kept)
        harness = [module for name, module in modules.items() if _is_below(name, _HARNESS)]
        self._places = [place for module in harness for place in _places_of(module)]
        self._found = [*self._look()]

    def replaced(self) -> str:
        """The first part of the harness that is another than it was, or ''."""
        for (_, name), was, now in zip(self._places, self._found, self._look(), strict=True):
            if was[0] is not now[0] or was[1] is not now[1]:
                return name
        return ""

    def _look(self) -> Iterator[tuple[Any, Any]]:
        for namespace, name in self._places:
            value = namespace.get(name)
            yield value, getattr(value, "__code__", None) if type(value) is FunctionType else None


def _is_below(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def _codes_of(modules: list[ModuleType]) -> Iterator[CodeType]:
    for module in modules:
        for namespace, name in _places_of(module):
            for function in _functions_in(namespace[name]):
                if sys.modules.get(function.__module__) is module:  # importlib gives its own modules other names
                    yield from all_code(function.__code__)


def _places_of(module: ModuleType) -> Iterator[tuple[Any, str]]:
    """The functions and classes of a module, and what is in these: namespaces and names."""
    for name, value in [*vars(module).items()]:
        if [*_functions_in(value)]:
            yield vars(module), name
        elif isinstance(value, type) and sys.modules.get(value.__module__) is module:
            yield vars(module), name
            yield from _places_in(value)


def _places_in(kind: type) -> Iterator[tuple[Any, str]]:
    for name, value in [*vars(kind).items()]:
        if isinstance(value, type) and value.__qualname__ == f"{kind.__qualname__}.{name}":
            yield from _places_in(value)
        elif [*_functions_in(value)]:
            yield vars(kind), name


def _functions_in(value: Any) -> Iterator[FunctionType]:
    """The function itself, or those that a property or the like is made of."""
    for part in (value, *(getattr(value, name, None) for name in ("__func__", "fget", "fset", "__wrapped__"))):
        if type(part) is FunctionType:
            yield part
