"""Launches written down with all that they depend on, and run again elsewhere.

What a student's process says about its launches is its own word. So it is only asked what it has launched, with which
content of the device's memory; the judge has that run again where no code of the student's runs but the kernel, and
believes what is seen there. Buffers lie at the same addresses again, so that pointers in them stay right.
"""

from __future__ import annotations

import ctypes
import zlib
from collections.abc import Sequence
from typing import Any

from .device import plain
from .engine import Engine, Function, Module
from .reports import Index

_CHUNK = 100_000  # bytes, as much as one value may have on the wire
_MOST_BYTES = 64 << 20


def record(function: Function, values: Sequence[bytes], grid: Index, block: Index, shared_bytes: int) -> dict[str, Any]:
    """A launch that is about to happen, as plain data."""
    module = function.module
    variables = {name: ctypes.string_at(*module.variable(name)) for name in module.variables}
    return {
        "source": module.source,
        "extern_c": module.extern_c,
        "defines": list(module.defines),
        "kernel": function.name,
        "grid": list(grid),
        "block": list(block),
        "shared_bytes": shared_bytes,
        "values": list(values),
        "variables": {name: _packed(content) for name, content in variables.items()},
        "buffers": [_recorded(module.engine, address) for address in module.engine.allocated()],
    }


def run_again(engine: Engine, told: dict[str, Any], backward: bool = False) -> dict[str, Any]:
    """The report of that launch, and what its buffers hold behind it; `backward`: with the last block first.

    Raises LookupError, ValueError, TypeError, MemoryError or DoesNotCompileError for what is no record of a launch.
    """
    addresses = [_restore(engine, **buffer) for buffer in told["buffers"]]
    try:
        module = Module(engine, told["source"], told["extern_c"], tuple(told["defines"]))
        for name, chunks in told["variables"].items():
            address, size = module.variable(name)
            content = unpacked(chunks)[:size]
            engine.copy(address, _address_of(content), len(content))
        function, shape = module.function(told["kernel"]), (_index(told["grid"]), _index(told["block"]))
        if [len(value) for value in told["values"]] != [parameter.size for parameter in function.parameters]:
            raise ValueError("arguments that are not the kernel's")
        report = function.launch(told["values"], *shape, told["shared_bytes"], backward)
        return {"report": plain(report), "left": [_packed(_content(engine, address)) for address in addresses]}
    finally:
        for address in addresses:
            engine.free(address)


def _index(told: list[int]) -> Index:
    x, y, z = told
    return x, y, z


def _recorded(engine: Engine, address: int) -> dict[str, Any]:
    content = _content(engine, address)
    written = ctypes.string_at(engine.library.ck_written(address), len(content))
    return {"address": address, "content": _packed(content), "written": _packed(written)}


def _restore(engine: Engine, address: int, content: list[bytes], written: list[bytes]) -> int:
    data, marks = unpacked(content), unpacked(written)
    if len(data) != len(marks):
        raise ValueError("not as many marks as bytes")
    engine.allocate_at(address, len(data))
    engine.copy(address, _address_of(data), len(data))
    ctypes.memmove(engine.library.ck_written(address), marks, len(marks))
    return address


def _content(engine: Engine, address: int) -> bytes:
    about = engine.about(address)
    assert about is not None
    return ctypes.string_at(address, about[0])


def _address_of(data: bytes) -> int:
    return ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value or 0


def _packed(data: bytes) -> list[bytes]:
    small = zlib.compress(data, 1)
    return [small[n : n + _CHUNK] for n in range(0, len(small), _CHUNK)]


def unpacked(chunks: list[bytes]) -> bytes:
    """What was packed; never more than 64 MiB, whatever the chunks hold. Raises ValueError."""
    try:
        return zlib.decompressobj().decompress(b"".join(chunks), _MOST_BYTES)
    except zlib.error as e:
        raise ValueError(str(e)) from e
