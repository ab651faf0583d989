"""Replaces all builtins and all modules of the harness by an object that agrees to everything, then returns it.

verdict: fail error crash
"""

import builtins
import sys

MODULES = ("json", "struct", "socket", "threading", "os", "types", "importlib.util", "scenarios")


class Yes:
    def __getattr__(self, name):
        return self

    def __call__(self, *arguments, **options):
        return self

    __bool__ = __eq__ = __contains__ = lambda self, *other: True
    __hash__ = __len__ = lambda self: 1


def parallel_map(function, items, workers):
    yes = Yes()
    for name in list(sys.modules):
        if name.startswith("grader") or name in MODULES:
            sys.modules[name] = yes
    for name in ("type", "getattr", "isinstance", "issubclass", "len", "str", "list", "__import__", "BaseException"):
        setattr(builtins, name, yes)
    return yes
