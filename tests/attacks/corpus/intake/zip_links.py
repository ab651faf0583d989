"""Hands in a zip in which the solution is a symbolic link to a secret, or a device, or under a folder that is one.

verdict: error
says: is a link or a special file
"""

import stat
import zipfile
from pathlib import Path


def build(folder: Path) -> None:
    scene = folder.parents[2]
    with zipfile.ZipFile(folder / "work.zip", "w") as archive:
        for name, kind in (
            ("parallel_map.py", stat.S_IFLNK),
            ("sub", stat.S_IFLNK),
            ("parallel_map.ipynb", stat.S_IFIFO),
        ):
            member = zipfile.ZipInfo(name)
            member.external_attr = (kind | 0o777) << 16
            archive.writestr(member, str(scene / "home" / "grades.csv"))
        archive.writestr("sub/parallel_map.py", "import os; os._exit(0)\n")
