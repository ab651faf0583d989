"""Hands in a zip whose solution unpacks to 128 megabytes, though all its headers say that it has ten bytes.

verdict: error
"""

import struct
import zipfile
from pathlib import Path

SIZE = 1 << 27


def build(folder: Path) -> None:
    file = folder / "work.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("parallel_map.py", "w") as member:
        for _ in range(SIZE >> 20):
            member.write(b"#" * (1 << 20))
    data = file.read_bytes()
    file.write_bytes(data.replace(struct.pack("<L", SIZE), struct.pack("<L", 10)))
