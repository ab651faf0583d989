"""How processes have been started: the kernel's word, at the moment when they ask the judge for the first time."""

from __future__ import annotations

from grader.sandbox import processes
from grader.sandbox.calls import Call, CallPolicy

from .belongings import Looking

_AFRESH = ("forkserver", "spawn")


class Births(Looking):
    """The same, for scenarios that have used `ask_at_births` of `grader.player.births`.

    `methods` are the start methods of the processes that were born, "" where the system does not tell.
    """

    def __init__(self, policy: CallPolicy) -> None:
        super().__init__(policy)
        self.methods: list[str] = []

    def arrived(self, call: Call) -> None:
        if call.name == "born":
            self.methods.append(_method(processes.command_line(call.pid)))
        super().arrived(call)


def _method(command_line: str) -> str:
    """Who is forked has the command line of its parent; that of a forkserver says so."""
    return next(
        (method for method in _AFRESH if f"multiprocessing.{method}" in command_line), "fork" * bool(command_line)
    )
