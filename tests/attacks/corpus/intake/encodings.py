"""Hides code in a comment, which is code after all in the encoding that the first line asks for.

verdict: error crash fail
"""

from pathlib import Path

SOURCE = b"# coding: utf-7\n# +AAo-import os; os._exit(0)\ndef parallel_map(function, items, workers):\n    return []\n"


def build(folder: Path) -> None:
    (folder / "parallel_map.py").write_bytes(SOURCE)
