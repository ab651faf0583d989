"""The command `grader`, also as `python -m grader`. From here on Ctrl-C ends it with one sentence."""

from __future__ import annotations

import signal
import sys


def main() -> int:
    """Runs the command of the command line and returns its exit code."""
    try:
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else whoever started us wants it ignored
            signal.signal(signal.SIGINT, _interrupt_once)
        from grader.commands import main as run  # noqa: PLC0415 - importing takes a moment, and may be interrupted

        return run()
    except KeyboardInterrupt:
        print("grader: interrupted.", file=sys.stderr)
        return 130


def _interrupt_once(*_: object) -> None:
    """The first Ctrl-C begins the end, in which results are written and processes ended; more of them must not."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    raise SystemExit(main())
