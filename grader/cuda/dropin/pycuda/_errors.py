"""The driver's exceptions. Texts begin with the driver's call that failed, as PyCUDA's do."""

from __future__ import annotations

from collections.abc import Sequence


class Error(Exception):
    """What the driver can raise."""

    __module__ = "pycuda.driver"


class LogicError(Error):
    """The call was wrong: an argument, an order of calls, or something that the CPU does not have."""

    __module__ = "pycuda.driver"


class LaunchError(Error):
    """A kernel came to no good end, or did so before: the context is of no more use."""

    __module__ = "pycuda.driver"


class MemoryError(Error):
    """The device has no more memory."""

    __module__ = "pycuda.driver"


class RuntimeError(Error):
    """Anything else."""

    __module__ = "pycuda.driver"


class CompileError(Error):
    """The source is no CUDA C. `stderr` is the compiler's message, with the line numbers of the source."""

    __module__ = "pycuda.driver"

    def __init__(
        self, msg: str, command_line: Sequence[str], stdout: str | None = None, stderr: str | None = None
    ) -> None:
        super().__init__(msg, list(command_line), stdout, stderr)
        self.msg, self.command_line, self.stdout, self.stderr = msg, command_line, stdout, stderr

    def __str__(self) -> str:
        parts = [self.msg]
        parts += [f"[command: {' '.join(self.command_line)}]"] if self.command_line else []
        parts += [f"[{name}:\n{text}]" for name, text in (("stdout", self.stdout), ("stderr", self.stderr)) if text]
        return "\n".join(parts)
