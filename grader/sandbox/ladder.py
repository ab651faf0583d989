"""The ladder of isolation: which rungs this machine has, and why not the others."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from grader.errors import InfrastructureError
from grader.player import landlock, syscalls
from grader.player.wire import RemoteException

from . import cgroup
from .identity import student_id
from .interpreter import Interpreter
from .outcomes import PlayerEndedError, describe
from .rungs import BWRAP, LANDLOCK, NAMESPACES, RLIMITS, RUNGS, Rung
from .sandbox import Sandbox
from .scratch import temporary_folder

# Wants a module that no zygote has loaded, and the interpreter itself: both may be out of another user's reach.
_TRIAL = "import colorsys, subprocess, sys; subprocess.run([sys.executable, '-I', '-S', '-c', ''], check=True)"


def probe_ladder(interpreter: Interpreter) -> list[Rung]:
    """All rungs, strongest first, each tried for real by starting a player."""
    return list(_probe(interpreter))


def choose_rung(interpreter: Interpreter, accept_reduced: bool) -> Rung:
    """The strongest usable rung. Raises InfrastructureError if none isolates and that was not accepted."""
    refused: dict[str, list[str]] = {}
    for rung in _probe(interpreter):
        if not rung.unavailable and (rung.isolates or accept_reduced):
            return rung
        if rung.unavailable:
            refused.setdefault(rung.unavailable, []).append(rung.name)
    reasons = "; ".join(f"{', '.join(names)}: {reason}" for reason, names in refused.items())
    if rung.unavailable:  # not even the last one can be used
        raise InfrastructureError(f"Student code cannot be run here ({reasons}).")
    raise InfrastructureError(
        f"This machine cannot isolate student code ({reasons}); "
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
    extras += ["seccomp"] if syscalls.MACHINE else []
    extras += [] if cgroup.unavailable() else ["cgroup"]
    extras += ["a user of its own"] if student_id(0) is not None else []
    return " + ".join([basis, *extras])


def _why_not(name: str, interpreter: Interpreter) -> str:
    """Empty where a player can be started on this rung."""
    missing = _what_is_missing(name) or {BWRAP: _no_bwrap, LANDLOCK: _landlock_too_old}.get(name, str)()
    if missing:
        return missing
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
    if syscalls.unknown() and name != RLIMITS:
        return syscalls.unknown()
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
    if version < 6 and student_id(0) is None:
        return f"Landlock {version} of this kernel does not stop signals, and only root could use another user"
    return ""
