"""The ladder of isolation: which rungs this machine has, and why not the others."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.errors import InfrastructureError
from grader.player import landlock, seccomp
from grader.player.wire import RemoteException

from . import cgroup
from .identity import student_id
from .interpreter import Interpreter
from .outcomes import PlayerEndedError, describe
from .scratch import temporary_folder

BWRAP, NAMESPACES, LANDLOCK, RLIMITS = "bwrap", "own-namespaces", "landlock", "rlimits-only"
RUNGS = (BWRAP, NAMESPACES, LANDLOCK, RLIMITS)
# Wants a module that no zygote has loaded, and the interpreter itself: both may be out of another user's reach.
_TRIAL = "import colorsys, subprocess, sys; subprocess.run([sys.executable, '-I', '-S', '-c', ''], check=True)"


@dataclass(frozen=True, slots=True)
class Rung:
    """One way to isolate a player. `unavailable` is empty, or the reason why it cannot be used here."""

    name: str
    description: str = ""
    unavailable: str = ""

    @property
    def isolates(self) -> bool:
        """Whether student code is kept from files, processes and network (and may be run without being asked twice)."""
        return self.name != RLIMITS


def probe_ladder(interpreter: Interpreter) -> list[Rung]:
    """All rungs, strongest first, each tried for real by starting a player."""
    return list(_probe(interpreter))


def choose_rung(interpreter: Interpreter, accept_reduced: bool) -> Rung:
    """The strongest usable rung. Raises InfrastructureError if none isolates and that was not accepted."""
    refused = []
    for rung in _probe(interpreter):
        if not rung.unavailable and (rung.isolates or accept_reduced):
            return rung
        if rung.unavailable:
            refused.append(f"{rung.name}: {rung.unavailable}")
    if refused and refused[-1].startswith(RLIMITS):
        raise InfrastructureError(f"Student code cannot be run here: {refused[-1].partition(': ')[2]}.")
    raise InfrastructureError(
        f"This machine cannot isolate student code ({'; '.join(refused)}); "
        "give --accept-reduced-isolation only for submissions you trust."
    )


def _probe(interpreter: Interpreter) -> Iterator[Rung]:
    for name in RUNGS:
        yield Rung(name, _describe(name), _why_not(name, interpreter))


def _describe(name: str) -> str:
    if name == RLIMITS:
        own = "tree" if sys.platform == "linux" else "group"
        return f"resource limits and a process {own} of its own; no isolation"
    own = "mount, pid, network, IPC and UTS namespaces, read-only root"
    bubblewraps = f"bubblewrap's {own}" if student_id(0) is not None else f"bubblewrap's user, {own}"
    closed_off = "files by Landlock, no network, no signals"
    basis = {BWRAP: bubblewraps, NAMESPACES: f"user, {own}", LANDLOCK: closed_off}[name]
    extras = [f"Landlock {landlock.abi()}"] if landlock.abi() else []
    extras += ["seccomp"] if seccomp.supported() else []
    extras += [] if cgroup.unavailable() else ["cgroup"]
    extras += ["a user of its own"] if student_id(0) is not None else []
    return " + ".join([basis, *extras])


def _why_not(name: str, interpreter: Interpreter) -> str:
    """Empty where a player can be started on this rung."""
    missing = _what_is_missing(name) or {BWRAP: _no_bwrap, LANDLOCK: _landlock_too_old}.get(name, str)()
    if missing:
        return missing
    from .sandbox import Sandbox  # noqa: PLC0415 - the sandbox is built for a rung, and this asks whether one can be

    try:
        with temporary_folder() as folder, Sandbox(interpreter, Rung(name)) as sandbox:
            (folder / "student.py").write_text(_TRIAL)
            with sandbox.player(folder) as player:
                raised = player.load("", "student").raised
    except (InfrastructureError, PlayerEndedError) as e:
        return str(e).splitlines()[-1].rstrip(".")
    return _unusable(interpreter, raised) if raised is not None else ""


def _unusable(interpreter: Interpreter, raised: RemoteException) -> str:
    who = "the players' own user" if student_id(0) is not None else "a player"
    return f"{who} cannot use {interpreter.executable} ({describe(raised)}); --python may name one that all can read"


def _what_is_missing(name: str) -> str:
    """What a rung needs of the system: the judge reads the kernel's accounts of processes."""
    if sys.platform == "darwin":
        return "" if name == RLIMITS else "this is macOS, and it takes Linux"
    if sys.platform != "linux":
        return f"grading needs Linux or macOS, and this is {sys.platform}"
    me = os.getpid()
    lists_children = Path(f"/proc/{me}/task/{me}/children").exists()
    return "" if lists_children else "this kernel has no /proc/<pid>/task/<tid>/children"


def _no_bwrap() -> str:
    return "" if shutil.which("bwrap") else "bwrap is not installed"


def _landlock_too_old() -> str:
    """Before ABI 6 nothing keeps a player's signals from processes of its own user."""
    version = landlock.abi()
    if not version:
        return "this kernel has no Landlock"
    if not seccomp.supported():
        return "no seccomp filter for this processor"
    if version < 6 and student_id(0) is None:
        return f"Landlock {version} of this kernel does not stop signals, and only root could use another user"
    return ""
