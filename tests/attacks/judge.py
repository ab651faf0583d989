"""The judge that is attacked: a worker as `grader grade` starts it, with a canary in its memory.

Run as `python -P judge.py SETTINGS CANARY [SABOTAGE]`. A sabotage breaks the launcher on purpose (see `sabotage`), to
show that the runner would notice.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from grader.engines import worker
from grader.player import limits
from tests.attacks.sabotage import SABOTAGES

SECRET = bytearray(sys.argv[2].encode())

if __name__ == "__main__":
    limits.adopt_orphans()  # whatever escapes its supervisor ends up below us, where the runner looks for it
    if sys.argv[3:]:
        SABOTAGES[sys.argv[3]]()
    worker.main()
