"""Hands in a folder named like the file that is asked for, and a package that would be imported under its name.

says: No parallel_map.py was handed in.
"""

from pathlib import Path


def build(folder: Path) -> None:
    for name in ("parallel_map.py", "parallel_map", "parallel_map.ipynb", "parallel_map.zip"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text("import os; os._exit(0)\n")
