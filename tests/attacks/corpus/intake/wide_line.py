"""Hands in just less than a megabyte of separate constants and names, all of which the compiler has to keep.

verdict: error memory timeout
"""

from pathlib import Path


def build(folder: Path) -> None:
    (folder / "parallel_map.py").write_text("".join(f"a{number:x}={number}.5;" for number in range(58_000)) + "\n")
