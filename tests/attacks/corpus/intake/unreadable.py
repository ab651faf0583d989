"""Hands in a file and a folder that their owner has forbidden everybody to read.

verdict: error skipped crash
"""

from pathlib import Path


def build(folder: Path) -> None:
    (folder / "parallel_map.py").write_text("import os; os._exit(0)\n")
    (folder / "parallel_map.py").chmod(0)
    (folder / "more").mkdir()
    (folder / "more" / "parallel_map.py").write_text("")
    (folder / "more").chmod(0o111)
