"""Hands in names of many blanks, which a pattern that looks for copies (“x (1).py”) tries in every way there is.

verdict: skipped
"""

from pathlib import Path


def build(folder: Path) -> None:
    for number in range(1500):
        (folder / (" " * 240 + f"{number:05}.py")).touch()
