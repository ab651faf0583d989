"""Who a player is: where the judge is root, a user that owns nothing and that no other player is."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

# systemd's table of user ids (UIDS-GIDS.md) leaves 1879048192 to 2147483647 unused; a pid is below 1 << 22.
FIRST_STUDENT_ID = 0x70000000
_COUNT = 1 << 22
_FEW = 1000  # fewer ids than this in a container belong to somebody


def student_id(pid: int) -> int | None:
    """The user and group id for the player of this supervisor; None where the judge can only be who it is."""
    if sys.platform != "linux" or os.getuid() != 0:
        return None
    usable = _usable_ids()
    return usable[pid % len(usable)] if usable else None


@cache
def _usable_ids() -> range:
    """Ids mapped in our own user namespace: ours, or the upper half of what a container was given."""
    extents = _extents("uid_map") & _extents("gid_map")
    if any(start <= FIRST_STUDENT_ID and start + count >= FIRST_STUDENT_ID + _COUNT for start, count in extents):
        return range(FIRST_STUDENT_ID, FIRST_STUDENT_ID + _COUNT)
    start, count = max(extents, key=lambda extent: extent[1], default=(0, 0))
    return range(start + count // 2, start + count - 1) if count > _FEW else range(0)


def _extents(name: str) -> set[tuple[int, int]]:
    lines = Path(f"/proc/self/{name}").read_text().splitlines()
    return {(int(first), int(count)) for first, _, count in (line.split() for line in lines)}
