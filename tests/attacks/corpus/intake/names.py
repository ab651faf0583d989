"""Hands in names full of escapes, markup, formulas, directions, other alphabets, and of no encoding at all.

verdict: error skipped
"""

import contextlib
import os
from pathlib import Path

NAMES = [
    "\x1b[2J\x1b]0;attack\x07.py",
    "\u202eyp.pam_lellarap.py",
    "\u2066x\u2069.py",
    "=cmd|' C:calc'!A0.py",
    "\r\n.py",
]
NAMES += [
    "<img src=x onerror=attack()>.py",
    "PARALLEL_MAP.PY",
    "Parallel_Map.py",
    "parallel_map .py",
    "parallel_map\u200b.py",
]
NAMES += [
    "con.py",
    "aux.zip",
    "nul",
    "x" * 255,
    "ｐarallel_map.py",
    "-rf.py",
    "$(touch attack-shell).py",
    "'; DROP TABLE--.py",
]


def build(folder: Path) -> None:
    for name in NAMES:
        (folder / name).write_text("import os; os._exit(0)\n")
    for raw in (b"parallel_map\xff.py", b"\xc3\x28.ipynb", b"\xed\xa0\x80.zip"):
        with contextlib.suppress(OSError):
            descriptor = os.open(os.fsencode(folder) + b"/" + raw, os.O_CREAT | os.O_WRONLY)
            os.close(descriptor)
