"""Hands in a zip with more entries than anybody wrote by hand, all of them empty.

verdict: error
says: has more than 100000 entries
"""

import zipfile
from pathlib import Path


def build(folder: Path) -> None:
    with zipfile.ZipFile(folder / "work.zip", "w") as archive:
        first = zipfile.ZipInfo("parallel_map.py")
        archive.writestr(first, "")
        archive.filelist *= 100_001
