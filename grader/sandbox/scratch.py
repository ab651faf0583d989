"""Temporary folders whose names say who made them, so that those of killed processes can be told and removed."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import processes

_PREFIX = "concurrency-kit-"


def owner_prefix() -> str:
    """What names of this process's temporary things begin with."""
    return f"{_PREFIX}{os.getpid()}-"


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A new folder that every user can read, gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix=owner_prefix()))
    folder.chmod(0o755)  # student code runs as another user where the judge is root
    try:
        yield folder
    finally:
        remove_tree(folder)


def remove_tree(folder: Path) -> None:
    """Whatever a student has made of it: rmtree gives up where folders lie in each other a thousand deep."""
    try:
        shutil.rmtree(folder, ignore_errors=True)
    except RecursionError:
        subprocess.run(["rm", "-rf", "--", folder], stderr=subprocess.DEVNULL)


def is_stale(name: str) -> bool:
    """Whether a thing of this name was made by a process that is gone."""
    owner = name.removeprefix(_PREFIX).partition("-")[0]
    return name.startswith(_PREFIX) and owner.isdecimal() and not processes.exists(int(owner))


def remove_stale_folders() -> None:
    for folder in Path(tempfile.gettempdir()).glob(_PREFIX + "*"):
        with contextlib.suppress(OSError):
            if is_stale(folder.name) and folder.lstat().st_uid == os.getuid():
                remove_tree(folder)


def space_used_mb(folder: Path) -> float:
    """What lies below a folder, in MiB, every entry counted as a page at least; infinity if too deep to be counted."""
    page, used, waiting = 4096, 0, [folder]
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError as e:
            if e.errno == errno.ENAMETOOLONG:
                return float("inf")
            continue
        for entry in entries:
            with contextlib.suppress(OSError):
                about = entry.stat(follow_symlinks=False)
                used += max(page, about.st_blocks * 512)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
    return used / (1 << 20)
