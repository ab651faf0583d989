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
from .engine import Engine, KernelFunction, KernelModule
from .reports import MOST_LAUNCHES, Index

_CHUNK = 100_000  # bytes, as much as one value may have on the wire
_MOST_BYTES = 64 << 20


class Records:
    """Launches as plain data. Content that several of them have in common is kept, and handed over, once."""

    def __init__(self) -> None:
        self.launches: list[dict[str, Any]] = []
        self._numbers: dict[bytes, int] = {}

    def add(
        self, function: KernelFunction, values: Sequence[bytes], grid: Index, block: Index, shared_bytes: int
    ) -> None:
        """A launch that is about to happen. More than MOST_LAUNCHES are only counted."""
        if len(self.launches) >= MOST_LAUNCHES:
            self.launches.append({})
            return
        module = function.module
        variables = {name: ctypes.string_at(*module.variable(name)) for name in module.variables}
        launch = {
            "source": module.source,
            "extern_c": module.extern_c,
            "defines": list(module.defines),
            "kernel": function.name,
            "grid": list(grid),
            "block": list(block),
            "shared_bytes": shared_bytes,
            "values": list(values),
            "variables": {name: self._kept(content) for name, content in variables.items()},
            "buffers": [self._recorded(module.engine, address) for address in module.engine.allocated()],
        }
        self.launches.append(launch)

    @property
    def plain(self) -> dict[str, Any]:
        """For the wire."""
        return {"launches": self.launches, "contents": [packed(content) for content in self._numbers]}

    def _recorded(self, engine: Engine, address: int) -> dict[str, int]:
        content = _content(engine, address)
        written = ctypes.string_at(engine.library.ck_written(address), len(content))
        return {"address": address, "content": self._kept(content), "written": self._kept(written)}

    def _kept(self, content: bytes) -> int:
        return self._numbers.setdefault(content, len(self._numbers))


def alone(told: Any, number: int) -> dict[str, Any]:
    """One of the launches of `Records.plain`, with the content that it needs, as `run_again` takes it.

    Raises LookupError, TypeError or AttributeError for what does not come from there.
    """
    launch = told["launches"][number]
    needed = {buffer[part] for buffer in launch["buffers"] for part in ("content", "written")}
    needed |= set(launch["variables"].values())
    contents = [chunks if n in needed else None for n, chunks in enumerate(told["contents"])]
    return {**launch, "contents": contents}


def held(launch: dict[str, Any]) -> list[Any]:
    """What the device's memory held before that launch, packed."""
    numbers = *(buffer["content"] for buffer in launch["buffers"]), *launch["variables"].values()
    return [launch["contents"][number] for number in numbers]


def run_again(engine: Engine, told: dict[str, Any], backward: bool = False) -> dict[str, Any]:
    """The report of that launch, and what its buffers and variables hold behind it; `backward`: the last block first.

    Raises LookupError, ValueError, TypeError, MemoryError or DoesNotCompileError for what is no record of a launch.
    """
    contents = told["contents"]
    addresses = [
        _restore(engine, buffer["address"], contents[buffer["content"]], contents[buffer["written"]])
        for buffer in told["buffers"]
    ]
    try:
        module = KernelModule(engine, told["source"], told["extern_c"], tuple(told["defines"]))
        for name, number in told["variables"].items():
            address, size = module.variable(name)
            content = unpacked(contents[number])[:size]
            engine.copy(address, _address_of(content), len(content))
        function, shape = module.function(told["kernel"]), (_index(told["grid"]), _index(told["block"]))
        if [len(value) for value in told["values"]] != [parameter.size for parameter in function.parameters]:
            raise ValueError("arguments that are not the kernel's")
        report = function.launch(told["values"], *shape, told["shared_bytes"], backward)
        left = [packed(_content(engine, address)) for address in addresses]
        variables = {name: packed(ctypes.string_at(*module.variable(name))) for name in told["variables"]}
        return {"report": plain(report), "left": left, "variables": variables}
    finally:
        for address in addresses:
            engine.free(address)


def _index(told: list[int]) -> Index:
    x, y, z = told
    return x, y, z


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


def packed(data: bytes) -> list[bytes]:
    small = zlib.compress(data, 1)
    return [small[n : n + _CHUNK] for n in range(0, len(small), _CHUNK)]


def unpacked(chunks: list[bytes]) -> bytes:
    """What was packed; never more than 64 MiB, whatever the chunks hold. Raises ValueError."""
    try:
        return zlib.decompressobj().decompress(b"".join(chunks), _MOST_BYTES)
    except zlib.error as e:
        raise ValueError(str(e)) from e
