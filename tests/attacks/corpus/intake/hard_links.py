"""Hands in a second name of a secret file, which is no link that could be told from a file by looking at it.

verdict: error
says: has several hard links
"""

import os
from pathlib import Path


def build(folder: Path) -> None:
    os.link(folder.parents[2] / "home" / "grades.csv", folder / "parallel_map.py")
