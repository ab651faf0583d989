"""What to say of a run that did not end with an answer."""

from __future__ import annotations

import re
import signal
from collections.abc import Sequence
from typing import Protocol

from grader.results import Verdict
from grader.text import clean

from . import processes
from .budget import Budget
from .limits import Limits
from .outcomes import PlayerEndedError
from .processes import Task

_MOST_PLACES = 6


class Accounts(Protocol):
    """What is asked of a player that may have ended."""

    limits: Limits

    def cpu_s(self) -> float:
        """CPU seconds of everything it ever started."""

    def out_of_memory(self) -> bool:
        """Whether the kernel has ended something of it for using too much memory."""


def foul(seen: str) -> PlayerEndedError:
    """Somebody other than the harness used the harness's own channel."""
    return PlayerEndedError(Verdict.ERROR, seen, "code that reaches for file descriptors it did not open")


def of_memory(player: Accounts, what: str) -> PlayerEndedError | None:
    """Something of the player's was ended by the kernel for using too much memory, if that is so."""
    if not player.out_of_memory():
        return None
    seen = f"More than {player.limits.memory_mb} MiB of memory was used during {what}."
    return PlayerEndedError(Verdict.MEMORY, seen, "what is kept, and for how long")


def of_exit(player: Accounts, status: int, what: str) -> PlayerEndedError:
    """The player's process has ended with this status (negative: by a signal)."""
    if ended := of_memory(player, what):
        return ended
    number = max(0, -status)
    if number == signal.SIGXCPU and player.cpu_s() >= player.limits.cpu_s:
        return Budget.out_of_cpu(player.limits, player.cpu_s(), what)
    if number:
        seen = f"The process was ended by signal {_signal_name(number)} during {what}."
        return PlayerEndedError(Verdict.CRASH, seen, "what was running at that moment")
    seen = f"Your code ended the whole process (exit status {status}) during {what}."
    return PlayerEndedError(Verdict.CRASH, seen, "calls of os._exit, or whatever else ends the interpreter")


def _signal_name(number: int) -> str:
    return signal.Signals(number).name if number in set(signal.Signals) else str(number)


def of_deadlock(tasks: Sequence[Task], main: int, others: int, what: str) -> PlayerEndedError:
    """Everything waits for something else."""
    threads = sum(1 for task in tasks if task.pid == main)
    who = f"{threads} thread{'s' if threads != 1 else ''}"
    who += f" and {others} more process{'es' if others != 1 else ''}" if others else ""
    seen = f"During {what} everything came to a stop for good: {who}, all waiting, and nobody left to wake them."
    outside = processes.waits_outside(main)
    return PlayerEndedError(Verdict.DEADLOCK, seen, "what each thread waits for", outside=outside)


def with_places(ended: PlayerEndedError, dump: str, folder: str) -> PlayerEndedError:
    """The same, looking at where each thread was in the student's `folder`, if faulthandler's dump says so."""
    line = re.escape(folder) + r'/([\w.]+)", line (\d{1,7}) in (.+)'
    _, *threads = dump.split("most recent call first")
    places = dict.fromkeys(_place(*found.groups()) for part in threads if (found := re.search(line, part)))
    outside = ended.outside or any(_is_in_a_call_of(folder, part) for part in threads)
    look_at = "; ".join(list(places)[:_MOST_PLACES]) or ended.look_at
    return PlayerEndedError(ended.verdict, ended.seen, look_at, outside=outside)


def _is_in_a_call_of(folder: str, thread: str) -> bool:
    """Whether what it is in was called by the student's code itself, rather than by Python's library or the harness."""
    innermost = re.search(r'^ +File "([^"]*)', thread, re.MULTILINE)
    return innermost is not None and innermost.group(1).startswith((folder, "<"))


def _place(file: str, line: str, function: str) -> str:
    name = re.sub(r"\\u([0-9a-f]{4})", lambda escape: chr(int(escape.group(1), 16)), function.strip())
    return f"line {line} of {clean(file, 60)}" + ("" if name == "<module>" else f", in {clean(name, 60)}")
