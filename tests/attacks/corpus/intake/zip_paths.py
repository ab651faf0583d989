"""Hands in a zip whose names lead out of it: up, to the root, to another drive, onto a classmate's file.

The one whose name goes on after a NUL is taken for the file that is asked for, and judged as that.

verdict: crash
"""

import zipfile
from pathlib import Path

NAMES = ["../honest/parallel_map.py", "/tmp/attack-absolute/parallel_map.py", "..\\honest\\parallel_map.py"]
NAMES += ["C:/parallel_map.py", "a/../../honest/parallel_map.py", "//server/share/parallel_map.py", "./../x.py"]
NAMES += ["parallel_map.py\0.txt", "a/" * 4000 + "parallel_map.py", "~/parallel_map.py/..", "\u202eyp.pam_lellarap"]


def build(folder: Path) -> None:
    with zipfile.ZipFile(folder / "work.zip", "w") as archive:
        for name in NAMES:
            member = zipfile.ZipInfo("x")
            member.filename = name
            archive.writestr(member, "import os; os._exit(0)\n")
