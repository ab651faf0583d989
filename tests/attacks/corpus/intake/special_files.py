"""Hands in what never ends or never answers when it is read: pipes, sockets and, if it may, devices.

verdict: error
"""

import contextlib
import os
import socket
import stat
from pathlib import Path


def build(folder: Path) -> None:
    os.mkfifo(folder / "parallel_map.py")
    os.mkfifo(folder / "notes.ipynb")
    os.mkfifo(folder / "work.zip")
    for number, name in enumerate(("a", "b", "c")):
        (folder / name).mkdir()
        with contextlib.suppress(OSError):
            if number == 0:
                here = os.open(folder / name, os.O_RDONLY)
                with socket.socket(socket.AF_UNIX) as door:  # by a short way, as such names may not be long
                    door.bind(f"/proc/self/fd/{here}/parallel_map.py")
                os.close(here)
            else:
                os.mknod(folder / name / "parallel_map.py", stat.S_IFCHR | 0o666, os.makedev(1, 4 + number))
