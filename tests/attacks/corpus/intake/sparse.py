"""Hands in files of a terabyte that take no room on disk, one of them a zip.

verdict: error
says: is larger than
"""

import contextlib
import os
from pathlib import Path


def build(folder: Path) -> None:
    for name in ("parallel_map.py", "notes.ipynb", "work.zip"):
        (folder / name).touch()
        with contextlib.suppress(OSError):
            os.truncate(folder / name, 1 << 40)
