"""The ladder of isolation: which rungs this machine has, and why not the others."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from grader.errors import InfrastructureError
from grader.player import landlock, seccomp

from . import cgroup
from .interpreter import Interpreter

NAMESPACES, RLIMITS = "own-namespaces", "rlimits-only"


@dataclass(frozen=True, slots=True)
class Rung:
    """One way to isolate a player. `unavailable` is empty, or the reason why it cannot be used here."""

    name: str
    description: str
    unavailable: str = ""

    @property
    def isolates(self) -> bool:
        """Whether student code is kept from files, processes and network (and may be run without being asked twice)."""
        return self.name != RLIMITS


def probe_ladder(interpreter: Interpreter) -> list[Rung]:
    """The rungs, strongest first. Issue 3's place: bwrap above, Landlock with seccomp between these two."""
    return [
        Rung(NAMESPACES, _describe_namespaces(), _why_no_namespaces(interpreter)),
        Rung(
            RLIMITS,
            "resource limits, a process group and a clean environment; no isolation",
            _why_no_rlimits(),
        ),
    ]


def choose_rung(ladder: list[Rung], accept_reduced: bool) -> Rung:
    """The strongest usable rung. Raises InfrastructureError if none isolates and that was not accepted."""
    usable = [rung for rung in ladder if not rung.unavailable]
    if not usable:
        raise InfrastructureError(f"Student code cannot be run here: {ladder[-1].unavailable}.")
    if not usable[0].isolates and not accept_reduced:
        reasons = "; ".join(f"{rung.name}: {rung.unavailable}" for rung in ladder if rung.unavailable)
        raise InfrastructureError(
            f"This machine cannot isolate student code ({reasons}); "
            "give --accept-reduced-isolation only for submissions you trust."
        )
    return usable[0]


def _describe_namespaces() -> str:
    extras = []
    if sys.platform == "linux":
        extras += [f"Landlock {landlock.abi()}"] if landlock.abi() else []
        extras += ["seccomp"] if seccomp.supported() else []
        extras += [] if cgroup.available() else ["cgroup"]
    return " + ".join(["user, mount, pid, network, IPC and UTS namespaces, read-only root", *extras])


def _why_no_rlimits() -> str:
    if sys.platform == "linux":
        return "" if _proc_lists_children() else "this kernel has no /proc/<pid>/task/<tid>/children"
    return f"grading needs Linux, and this is {sys.platform}"


def _proc_lists_children() -> bool:
    me = os.getpid()
    return Path(f"/proc/{me}/task/{me}/children").exists()


def _why_no_namespaces(interpreter: Interpreter) -> str:
    """Tried for real, by starting a player."""
    from .sandbox import Sandbox  # noqa: PLC0415 - the sandbox is built for a rung, and this asks whether one can be

    if missing := _why_no_rlimits():
        return missing
    try:
        with Sandbox(interpreter, Rung(NAMESPACES, "")) as sandbox, sandbox.player(Path("/usr")):
            return ""
    except InfrastructureError as e:
        return str(e).splitlines()[-1].rstrip(".")
