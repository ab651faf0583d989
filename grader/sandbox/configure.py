"""What a supervisor is told: how its player is enclosed, limited, and where it finds what."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from grader.player.configuration import Configuration

from .limits import MB, Limits
from .processes import threads_of
from .rungs import BWRAP, LANDLOCK, NAMESPACES
from .view import (
    AS_NOBODY,
    BOX_KIT,
    BOX_PACKAGES,
    BOX_RUN,
    BOX_SUBMISSION,
    BOX_TOOLS,
    IN_A_BOX,
    Binds,
    View,
    as_bwrap_arguments,
    as_landlock,
    as_root,
)

_OTHERS_GROWTH = 256


@dataclass(frozen=True, slots=True)
class Enclosing:
    """What a player is enclosed by, and what it is shown."""

    rung: str
    view: View
    submission: Path
    paths: tuple[str, ...] = ()  # below the kit's folder, where packages of ours are imported from
    parts: tuple[str, ...] = ()  # folders of installed packages
    tools: str = ""  # a folder of the machine that packages need

    @property
    def boxed(self) -> bool:
        """Whether the player has a root of its own."""
        return self.rung in (BWRAP, NAMESPACES)

    def binds(self, kit: Path) -> list[tuple[str, str]]:
        """Folders that are shown, each with the place where a player with a root of its own finds it."""
        binds = [(str(kit), BOX_KIT), (str(self.submission), BOX_SUBMISSION)]
        binds += [(part, f"{BOX_PACKAGES}/{os.path.basename(part)}") for part in self.parts]
        return [*binds, (self.tools, BOX_TOOLS)] if self.tools else binds

    @property
    def has_network(self) -> bool:
        """Whether there may be connections at all: where the host's network is there, one socket would lead into it."""
        return self.rung != LANDLOCK

    @property
    def imports_from(self) -> list[str]:
        """Where interpreters that are started in there find packages: below the kit's folder, or anywhere."""
        shown = [BOX_PACKAGES] if self.boxed else [os.path.dirname(part) for part in self.parts]
        return [*self.paths, *(dict.fromkeys(shown) if self.parts else ())]

    @property
    def uses_scratch(self) -> bool:
        """Whether folders of the host are needed: for the callbacks' socket, and a home to write to."""
        return self.rung != NAMESPACES


def configure(
    enclosing: Enclosing, limits: Limits, kit: Path, scratch: Path | None, *, uid: int | None, in_group: bool
) -> Configuration:
    """For `player.supervisor`. `uid` is the player's own user, if it has one; `scratch` a folder of the host."""
    config: Configuration = {
        "rlimits": _rlimits(limits, shares_user=uid is None and not enclosing.boxed),
        "uid": uid,
        "seccomp": {"deny_memfd": not in_group, "only_local": not enclosing.has_network},
        "landlock": None,
        "root": None,
        "bwrap": None,
        "listener": "",
        "calls": "/box/calls",
        "home": "/tmp",
        "kit": str(kit),
        "paths": enclosing.imports_from,
        "submission": str(enclosing.submission),
        "connections": limits.connections if enclosing.has_network else 0,
    }
    if enclosing.boxed:
        config |= {"kit": BOX_KIT, "submission": BOX_SUBMISSION, "landlock": IN_A_BOX}
    if scratch is None:
        return config | {"root": as_root(enclosing.view, enclosing.binds(kit), limits)}
    run, home = _folders_of_the_player(scratch, uid)
    config["listener"] = str(run / "calls")
    if enclosing.rung == BWRAP:
        binds = [*enclosing.binds(kit), (str(run), BOX_RUN)]
        return config | {"calls": f"{BOX_RUN}/calls", "bwrap": _bubblewrap(enclosing.view, binds, limits, uid)}
    config |= {"calls": str(run / "calls"), "home": str(home)}
    if enclosing.rung == LANDLOCK:
        own = [*(path for path, _ in enclosing.binds(kit)), str(run)]
        listed = [os.path.dirname(part) for part in enclosing.parts]
        config["landlock"] = as_landlock(enclosing.view, own, home, listed)
    return config


def _folders_of_the_player(scratch: Path, uid: int | None) -> tuple[Path, Path]:
    """For the callbacks' socket, and to write to."""
    run, home = scratch / "run", scratch / "home"
    for folder in (run, home):
        folder.mkdir()
        os.chown(folder, *((uid, uid) if uid is not None else (-1, -1)))
    return run, home


def _bubblewrap(view: View, binds: Binds, limits: Limits, uid: int | None) -> list[str]:
    """The command. Where the judge is not root, bwrap maps the player to nobody."""
    program, user = shutil.which("bwrap") or "bwrap", AS_NOBODY if uid is None else ()
    return [program, *user, *as_bwrap_arguments(view, binds, limits)]


def _rlimits(limits: Limits, shares_user: bool) -> dict[str, int]:
    """As RLIMIT names. They back up the limits watched from outside, for each single process.

    NPROC counts all of a user's threads: where the player `shares_user` with others, theirs come on top.
    """
    return {
        "CPU": int(limits.players_cpu_s) + 2,
        "DATA": 2 * limits.memory_mb * MB,
        "FSIZE": limits.disk_mb * MB,
        "NPROC": limits.tasks + (threads_of(os.getuid()) + _OTHERS_GROWTH if shares_user else 0),
        "NOFILE": 512,
        "CORE": 0,
        "MEMLOCK": MB,
        "MSGQUEUE": 0,
        "STACK": 8 * MB,
    }
