"""Hands in a zip with a thousand names for the same bytes, so that it is small until somebody reads all of it.

verdict: error
says: its entries overlap
"""

import copy
import zipfile
from pathlib import Path


def build(folder: Path) -> None:
    with zipfile.ZipFile(folder / "work.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("parallel_map.ipynb", b" " * (7 << 20))
        for number in range(1000):
            again = copy.copy(archive.filelist[0])
            again.filename = f"{number}.ipynb"
            archive.filelist.append(again)
