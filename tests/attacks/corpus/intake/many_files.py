"""Hands in thousands of files, the solution among them.

verdict: error
says: There are more than 2000 files
"""

from pathlib import Path


def build(folder: Path) -> None:
    (folder / "parallel_map.py").write_text("def parallel_map(function, items, workers):\n    return []\n")
    for number in range(4000):
        (folder / f"{number}.txt").touch()
