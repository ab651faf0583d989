"""Hands in just less than a megabyte of operators on one line: the parser goes down one level for each.

verdict: error memory crash
"""

from pathlib import Path


def build(folder: Path) -> None:
    (folder / "parallel_map.py").write_text("x = " + "-" * 1_000_000 + "1\n")
