"""Temporary folders whose names say who made them, so that those of killed processes can be told and removed."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
        shutil.rmtree(folder, ignore_errors=True)


def is_stale(name: str) -> bool:
    """Whether a thing of this name was made by a process that is gone."""
    owner = name.removeprefix(_PREFIX).partition("-")[0]
    return name.startswith(_PREFIX) and owner.isdecimal() and not Path(f"/proc/{owner}").exists()


def remove_stale_folders() -> None:
    for folder in Path(tempfile.gettempdir()).glob(_PREFIX + "*"):
        with contextlib.suppress(OSError):
            if is_stale(folder.name) and folder.lstat().st_uid == os.getuid():
                shutil.rmtree(folder, ignore_errors=True)


def space_used_mb(folder: Path) -> float:
    """What lies below a folder, in MiB, every entry counted as a page at least."""
    page, used, waiting = 4096, 0, [folder]
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:
            continue
        for entry in entries:
            with contextlib.suppress(OSError):
                about = entry.stat(follow_symlinks=False)
                used += max(page, about.st_blocks * 512)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
    return used / (1 << 20)
