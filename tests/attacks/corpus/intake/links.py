"""Hands in links to what it may not read: a secret, a classmate's work, the folder itself, a device.

verdict: error skipped
"""

from pathlib import Path


def build(folder: Path) -> None:
    scene = folder.parents[2]
    (folder / "parallel_map.py").symlink_to(scene / "home" / "grades.csv")
    (folder / "one").mkdir()
    (folder / "one" / "parallel_map.py").symlink_to("/dev/zero")
    (folder / "two").symlink_to(scene / "submissions")
    (folder / "three").symlink_to(folder)
    (folder / "parallel_map.ipynb").symlink_to("/proc/self/environ")
