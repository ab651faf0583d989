"""Hands in five megabytes of Python on one line, deeply nested.

verdict: error
says: is larger than 1 MiB
"""

from pathlib import Path


def build(folder: Path) -> None:
    (folder / "parallel_map.py").write_text("x = " + "-" * (5 << 20) + "1\n")
