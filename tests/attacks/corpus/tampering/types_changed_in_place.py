"""Changes the built-in types themselves, behind the back of their read-only dictionaries: lists that go on for ever.

verdict: fail error crash timeout
"""

import ctypes
import gc
import itertools


def change(kind, name, function):
    gc.get_referents(kind.__dict__)[0][name] = function
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


def parallel_map(function, items, workers):
    change(list, "__iter__", lambda self: itertools.repeat("passed", 50_000))
    change(dict, "items", lambda self: iter([("verdict", "pass")]))
    change(str, "__str__", lambda self: "pass")
    change(int, "bit_length", lambda self: 0)
    change(str, "encode", lambda self, *anything: b"{}")
    return [10**5000]
