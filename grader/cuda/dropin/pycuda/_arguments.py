"""What a kernel can be called with: how Python's values become bytes, and which of them fit a parameter."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._copies import memcpy_dtoh, memcpy_htod
from ._errors import LogicError
from ._host import ManagedAllocation
from ._memory import DeviceAllocation, PointerHolderBase, mem_alloc_like

_KINDS = {"p": "a pointer", "i": "an integer", "f": "a floating point number", "s": "a struct"}
_HINTS = {
    bool: "numpy.int32(...) or whatever the kernel's type is",
    int: "numpy.int32(...) or whatever the kernel's type is",
    float: "numpy.float32(...) or whatever the kernel's type is",
    complex: "numpy.complex64(...) or whatever the kernel's type is",
    list: "a numpy array, through pycuda.driver.In",
    str: "a numpy array of its bytes, through pycuda.driver.In",
}


class ArgumentHandler:
    """A host array that is copied for the time of one launch."""

    def __init__(self, array: Any) -> None:
        self.array = array
        self.dev_alloc: DeviceAllocation | None = None

    def get_device_alloc(self) -> DeviceAllocation:
        """Raises TypeError for what is no array."""
        if self.dev_alloc is None:
            if not hasattr(self.array, "nbytes"):
                raise TypeError(f"an array is needed, not {type(self.array).__name__}")
            self.dev_alloc = mem_alloc_like(self.array)
        return self.dev_alloc

    def pre_call(self, stream: Any) -> None:
        """Before the launch."""

    def post_call(self, stream: Any) -> None:
        """After it."""


class In(ArgumentHandler):
    """The kernel reads the array."""

    def pre_call(self, stream: Any) -> None:
        memcpy_htod(self.get_device_alloc(), self.array)


class Out(ArgumentHandler):
    """The kernel writes all of the array; what was in it is not there for the kernel to read."""

    def post_call(self, stream: Any) -> None:
        memcpy_dtoh(self.array, self.get_device_alloc())


class InOut(In, Out):
    """The kernel reads and writes the array."""


@dataclass(frozen=True, slots=True)
class Value:
    """An argument's bytes, its kind as of a parameter (p, i, f, s), and what to call it in a message."""

    data: bytes
    kind: str
    what: str


def value_of(argument: Any, number: int, name: str) -> Value:
    """Raises TypeError for what has no size in C."""
    what = type(argument).__name__
    if isinstance(argument, np.number):
        return Value(argument.tobytes(), {"i": "i", "u": "i", "f": "f"}.get(argument.dtype.kind, "s"), f"numpy.{what}")
    if isinstance(argument, np.ndarray) and not isinstance(argument.base, ManagedAllocation):
        return Value(argument.tobytes(), "s", f"a numpy array of {argument.nbytes} bytes")
    if isinstance(argument, np.void):
        return Value(argument.tobytes(), "s", f"a struct of {argument.nbytes} bytes")
    address = _address(argument)
    if address is None:
        hint = f": pass {_HINTS[type(argument)]}" if type(argument) in _HINTS else ""
        raise TypeError(f"argument #{number} (0-based{_named(name)}) cannot be of type {what}{hint}")
    return Value(struct.pack("P", address), "p", f"a device address ({what})")


def _address(argument: Any) -> int | None:
    if isinstance(argument, ArgumentHandler):
        return int(argument.get_device_alloc())
    if isinstance(argument, PointerHolderBase):
        return int(argument)
    if isinstance(argument, np.ndarray):
        return int(argument.ctypes.data)
    interface = getattr(argument, "__cuda_array_interface__", None)
    if interface:
        return int(interface["data"][0])
    gpudata = getattr(argument, "gpudata", None)
    return None if gpudata is None else int(gpudata)


def _named(name: str) -> str:
    return f", `{name}`" if name else ""


def check_fit(value: Value, size: int, kind: str, number: int, name: str) -> None:
    """Raises LogicError if the value is not what a parameter of this size in bytes and this kind takes."""
    fits = kind == "s" or value.kind in ("s", kind) or {value.kind, kind} == {"p", "i"}
    if len(value.data) == size and fits:
        return
    hint = ""
    if kind == "p" and "numpy array" in value.what:
        hint = "; a host array gets to the device through pycuda.driver.In, Out or InOut, mem_alloc or gpuarray"
    raise LogicError(
        f"cuLaunchKernel failed: invalid argument: argument #{number} (0-based{_named(name)}) is "
        f"{_KINDS[kind]} of {size} bytes, and {value.what} ({len(value.data)} bytes) was passed{hint}"
    )
