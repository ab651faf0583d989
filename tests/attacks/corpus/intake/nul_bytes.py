"""Hands in a source with a byte order mark of another encoding, NUL bytes and no valid text.

verdict: error
says: The file could not be used
"""

from pathlib import Path


def build(folder: Path) -> None:
    (folder / "parallel_map.py").write_bytes(b"\xff\xfe" + "parallel_map = print\n".encode("utf-16") + b"\0\x80" * 1000)
