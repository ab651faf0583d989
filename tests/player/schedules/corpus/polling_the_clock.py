"""right, if not nice: polls until a moment of the clock."""

import time


def scenario():
    end = time.monotonic() + 1
    while time.monotonic() < end:
        pass
