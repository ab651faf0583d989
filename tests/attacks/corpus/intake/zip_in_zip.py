"""Hands in zips within zips within zips, ten in each: a solution at the bottom, and no end of names on the way.

verdict: error skipped
"""

import io
import zipfile
from pathlib import Path

LEVELS, WIDTH = 12, 10


def build(folder: Path) -> None:
    inner = b"def parallel_map(function, items, workers):\n    return []\n"
    name = "parallel_map.py"
    for _ in range(LEVELS):
        outer = io.BytesIO()
        with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(WIDTH):
                archive.writestr(f"{number}/{name}", inner)
        inner, name = outer.getvalue(), "parallel_map.zip"
    (folder / name).write_bytes(inner)
