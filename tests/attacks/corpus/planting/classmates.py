"""Hands in for classmates who do not exist, called like files of the grader, and nearly like a classmate who does.

says: No parallel_map.py was handed in.
"""

import io
import zipfile
from pathlib import Path

NAMES = ("results.json", "gradebook.sqlite", "index.html", "report", "students", "HONEST", "Honest", "\uff48onest", "CON")


def build(folder: Path) -> None:
    for name in NAMES:
        (folder.parent / name).mkdir()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "I am honest.")
    (folder.parent / "honest.zip").write_bytes(buffer.getvalue())
