"""What a supervisor is told: how its player is enclosed, limited, and where it finds what."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .ladder import BWRAP, LANDLOCK, NAMESPACES
from .limits import Limits
from .view import (
    AS_NOBODY,
    BOX_KIT,
    BOX_RUN,
    BOX_SUBMISSION,
    BOX_TOOLS,
    DEVICES,
    View,
    as_bwrap_arguments,
    as_landlock,
    as_root,
)


@dataclass(frozen=True, slots=True)
class Enclosing:
    """What a player is enclosed by, and what it is shown."""

    rung: str
    view: View
    submission: Path
    paths: tuple[str, ...] = ()  # below the kit's folder, where packages of ours are imported from
    tools: str = ""  # a folder of the machine that packages need

    @property
    def boxed(self) -> bool:
        """Whether the player has a root of its own."""
        return self.rung in (BWRAP, NAMESPACES)

    def binds(self, kit: Path) -> list[tuple[str, str]]:
        """Folders that are shown, each with the place where a player with a root of its own finds it."""
        binds = [(str(kit), BOX_KIT), (str(self.submission), BOX_SUBMISSION)]
        return [*binds, (self.tools, BOX_TOOLS)] if self.tools else binds

    @property
    def uses_scratch(self) -> bool:
        """Whether folders of the host are needed: for the callbacks' socket, and a home to write to."""
        return self.rung != NAMESPACES


def configure(
    enclosing: Enclosing, limits: Limits, kit: Path, scratch: Path | None, *, uid: int | None, in_group: bool
) -> dict[str, Any]:
    """The message for `player.supervisor`. `uid` is the player's own user, if it has one."""
    config: dict[str, Any] = {
        "rlimits": limits.rlimits(shares_user=uid is None and not enclosing.boxed),
        "seccomp": {"deny_memfd": not in_group, "only_local": enclosing.rung == LANDLOCK},
        "uid": uid,
        **dict.fromkeys(("root", "bwrap", "landlock")),
        "kit": str(kit),
        "paths": list(enclosing.paths),
        "submission": str(enclosing.submission),
    }
    if enclosing.boxed:
        config["landlock"] = {"read_only": ["/"], "writable": ["/tmp", "/dev/shm"], "devices": DEVICES}
        config |= {"kit": BOX_KIT, "submission": BOX_SUBMISSION, "home": "/tmp", "calls": "/box/calls"}
    if scratch is None:
        return config | {"root": as_root(enclosing.view, enclosing.binds(kit), limits)}
    return config | _on_the_host(enclosing, limits, kit, scratch, uid)


def _on_the_host(enclosing: Enclosing, limits: Limits, kit: Path, scratch: Path, uid: int | None) -> dict[str, Any]:
    run, home = scratch / "run", scratch / "home"
    for folder in (run, home):
        folder.mkdir()
        os.chown(folder, *((uid, uid) if uid is not None else (-1, -1)))
    listener = str(run / "calls")
    if enclosing.rung == BWRAP:
        words = [shutil.which("bwrap") or "bwrap", *(AS_NOBODY if uid is None else ())]
        words += as_bwrap_arguments(enclosing.view, [*enclosing.binds(kit), (str(run), BOX_RUN)], limits)
        return {"listener": listener, "calls": f"{BOX_RUN}/calls", "bwrap": words}
    config: dict[str, Any] = {"listener": listener, "calls": listener, "home": str(home)}
    if enclosing.rung == LANDLOCK:
        config["landlock"] = as_landlock(enclosing.view, [*(path for path, _ in enclosing.binds(kit)), str(run)], home)
    return config
