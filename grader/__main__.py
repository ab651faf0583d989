"""The command `grader`, also as `python -m grader`. From here on Ctrl-C ends it with one sentence.

So do the end of its terminal and a polite `kill`: whatever is under way is brought to an end first.
"""

from __future__ import annotations

import signal
import sys

_INTERRUPTS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def main() -> int:
    """Runs the command of the command line and returns its exit code."""
    try:
        for number in _INTERRUPTS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # as whoever started us in the background wants it
                signal.signal(number, _interrupt_once)
        from grader.commands import main as run  # noqa: PLC0415 - importing takes a moment, and may be interrupted

        return run()
    except KeyboardInterrupt:
        print("grader: interrupted.", file=sys.stderr)
        return 130


def _interrupt_once(*_: object) -> None:
    """The first one begins the end, in which results are written and processes ended; others do not end that."""
    for number in _INTERRUPTS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    raise SystemExit(main())
