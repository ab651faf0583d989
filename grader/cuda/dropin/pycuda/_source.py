"""What a kernel's source and its compiled file tell: static shared memory, readable messages."""

from __future__ import annotations

import re

from . import _device

_OURS = re.compile(
    rf"{re.escape(str(_device.NATIVE))}|behind the kernel|In file included from|\S+/kernel\.cu:|<command-line>"
)


def static_shared_bytes(kernel: _device.Kernel) -> int:
    """Of the kernel and of all functions that it could call: of the whole source but its other kernels."""
    program = kernel.module
    others = tuple(f"_ZZ{len(name)}{name}" for name in program.kernels if name != kernel.name)
    return sum(
        symbol.size
        for symbol in program.image.symbols
        if symbol.is_variable
        and symbol.section == "ck_shared"
        and symbol.name not in program.dynamic
        and not (others and symbol.name.startswith(others))
    )


def clean_message(message: str, source: str) -> str:
    """The compiler's message without what is ours: our headers, the places in them, and what is behind the source."""
    kept, keeps = [], True
    for line in message.splitlines():
        if not line.startswith(" "):  # else it goes on about the line before
            keeps = not _OURS.match(line)
        if keeps:
            kept.append(line)
    if any(": error: " in line or "fatal error: " in line for line in kept):
        return "\n".join(kept)
    # Errors behind the source, or in a header of ours that it calls, are the source's: a brace is missing at its end.
    last = source.count("\n") + 1
    return "\n".join([*kept, *(f"kernel.cu:{last}: error: {told}" for told in re.findall(r" error: (.*)", message))])
