"""Hands in archives of other kinds: a tar under its own name, one that calls itself a zip, and one in a zip.

verdict: error skipped
"""

import io
import tarfile
import zipfile
from pathlib import Path


def build(folder: Path) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name in ("parallel_map.py", "../honest/parallel_map.py", "/tmp/attack-tar"):
            archive.addfile(tarfile.TarInfo(name), io.BytesIO())
    for name in ("work.tar.gz", "work.zip"):
        (folder / name).write_bytes(packed.getvalue())
    with zipfile.ZipFile(folder / "more.zip", "w") as outer:
        outer.writestr("work.tgz", packed.getvalue())
        outer.writestr("parallel_map.py.gz", b"\x1f\x8b")
