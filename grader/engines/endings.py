"""How a process of ours has ended, in words."""

from __future__ import annotations

import signal


def how_it_ended(status: int) -> str:
    """`status` is an exit status, or a signal's number below 0; the words go on after the process's name."""
    if status >= 0:
        return f"ended with status {status}"
    known = -status in set(signal.Signals)
    return f"was ended by {signal.Signals(-status).name if known else f'signal {-status}'}"
