"""Which code is the harness's own: what it had before the student's file was loaded, by identity.

Names and files say nothing, since the student's code can claim any. All else that runs for the student is watched.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterable, Iterator
from operator import is_
from types import FunctionType, ModuleType
from typing import Any

from .bytecodes import all_code, identity

_HARNESS = ("grader.player", "scenarios")


class Ownership:
    """As things stand when it is made.

    `harness` holds the identities of code objects, which are kept alive, so that no other has one.
    """

    def __init__(self) -> None:
        modules = [module for name, module in [*sys.modules.items()] if _is_below(name, _HARNESS)]
        for module in modules:
            vars(module).setdefault("__warningregistry__", {})  # what `warnings` would add, if a caller is warned
        namespaces = [namespace for module in modules for namespace in _namespaces_of(module)]
        functions = [*_functions_among(value for namespace in namespaces for value in namespace.values())]
        self._functions = [(function, function.__code__, function.__defaults__) for function in functions]
        own = [function for function in functions if _is_below(function.__module__ or "", _HARNESS)]
        self._codes = [code for function in own for code in all_code(function.__code__)]
        self.harness = frozenset(map(identity, self._codes))
        self._as_it_was = [(namespace, {**namespace}) for namespace in namespaces]
        used = {name for code in self._codes for name in code.co_names}
        self._built_in = {name: value for name, value in vars(builtins).items() if name in used}

    def replaced(self) -> str:
        """The first part of the harness, or of what it uses that is built in, that is another than it was, or ''."""
        for now, was in self._as_it_was:
            if len(now) != len(was) or not all(map(is_, now.values(), was.values())):
                return next((name for name in now if was.get(name, was) is not now[name]), "name")
        for name, value in self._built_in.items():
            if vars(builtins).get(name) is not value:
                return name
        for function, code, defaults in self._functions:
            if function.__code__ is not code or function.__defaults__ is not defaults:
                return function.__name__
        return ""


def _is_below(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def _namespaces_of(module: ModuleType) -> Iterator[Any]:
    """Its own, and those of the classes that are made in it."""
    yield vars(module)
    for value in [*vars(module).values()]:
        if isinstance(value, type) and sys.modules.get(value.__module__) is module:
            yield from _namespaces_in(value)


def _namespaces_in(kind: type) -> Iterator[Any]:
    yield vars(kind)
    for name, value in [*vars(kind).items()]:
        if isinstance(value, type) and value.__qualname__ == f"{kind.__qualname__}.{name}":
            yield from _namespaces_in(value)


def _functions_among(values: Iterable[Any]) -> Iterator[FunctionType]:
    """Functions themselves, those that they wrap, and those that properties and the like are made of."""
    for value in values:
        if type(value) is FunctionType:
            yield value
        if isinstance(value, property | staticmethod | classmethod) or "__wrapped__" in getattr(value, "__dict__", ()):
            parts = [getattr(value, name, None) for name in ("__func__", "fget", "fset", "__wrapped__")]
            yield from (part for part in parts if type(part) is FunctionType)
