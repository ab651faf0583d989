"""A place to run students' modules in: one interpreter, one rung, a warm zygote; any number of players."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path
from typing import Any

from .interpreter import Interpreter, installed_packages
from .ladder import NAMESPACES, Rung
from .limits import Limits
from .player import Player
from .zygote import Zygote

_SYSTEM = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib64",
    "/lib32",
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/etc/localtime",
)


class Sandbox:
    """Use as a context manager. Raises InfrastructureError where the interpreter or the rung cannot be had."""

    def __init__(self, interpreter: Interpreter, rung: Rung) -> None:
        self.interpreter = interpreter
        self.rung = rung
        self._zygote = Zygote(interpreter)

    def player(self, submission: Path, limits: Limits | None = None) -> Player:
        """A fresh player that sees the files of `submission` (read-only) and has loaded nothing yet."""
        return Player(self._zygote, self._config(submission), limits or Limits())

    def _config(self, submission: Path) -> dict[str, Any]:
        isolate = self.rung.name == NAMESPACES
        config: dict[str, Any] = {
            "isolate": isolate,
            "kit": str(self._zygote.kit),
            "submission": str(submission),
        }
        if isolate:
            config["root"] = _root(self.interpreter, submission, self._zygote.kit)
        return config

    def close(self) -> None:
        self._zygote.close()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _root(interpreter: Interpreter, submission: Path, kit: Path) -> dict[str, Any]:
    """What a player sees: the system's programs and libraries, its interpreter, the player's code, one submission."""
    shown = [path for path in _SYSTEM if os.path.exists(path) and not os.path.islink(path)]
    shown += [prefix for prefix in interpreter.prefixes if not _is_below(prefix, shown)]
    links = [(os.readlink(path), path) for path in _SYSTEM if os.path.islink(path)]
    return {
        "binds": [
            *((path, path) for path in shown),
            (str(kit), "/box/kit"),
            (str(submission), "/box/submission"),
        ],
        "symlinks": links,
        "masks": _masks(interpreter, shown),
    }


def _masks(interpreter: Interpreter, shown: list[str]) -> list[str]:
    """Folders below what is shown that student code has no business in: installed packages, and the kit's own tree."""
    prefixes = dict.fromkeys((*interpreter.prefixes, "/usr", "/usr/local"))
    packages = [folder for prefix in prefixes for folder in installed_packages(prefix)]
    packages += [str(path) for path in Path("/usr/lib").glob("python3*/dist-packages")]
    own = [str(Path(__file__).resolve().parents[2]), sysconfig.get_path("purelib")]
    masks = sorted({path for path in (*packages, *own) if _is_below(path, shown) and os.path.isdir(path)})
    return [path for path in masks if not _is_below(path, [other for other in masks if other != path])]


def _is_below(path: str, folders: list[str]) -> bool:
    return any(Path(path).is_relative_to(folder) for folder in folders)
