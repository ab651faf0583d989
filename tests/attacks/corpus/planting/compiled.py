"""Hands in compiled code without a source: a .pyc in every place, a shared library, a zipped application.

says: No parallel_map.py was handed in.
"""

import marshal
from importlib.util import MAGIC_NUMBER
from pathlib import Path

CODE = compile("import os; print('PLANTED'); os._exit(0)", "parallel_map.py", "exec")
NAMES = ("parallel_map.pyc", "__pycache__/parallel_map.cpython-311.pyc", "parallel_map.so", "parallel_map.pyz")


def build(folder: Path) -> None:
    (folder / "__pycache__").mkdir()
    for name in NAMES:
        (folder / name).write_bytes(MAGIC_NUMBER + bytes(12) + marshal.dumps(CODE))
