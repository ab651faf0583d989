"""`grader doctor`: what can be enforced and measured on this machine, and what would be missing."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader import __version__
from grader.catalogue import load_catalogue
from grader.cuda import choice
from grader.cuda.compiler import CompilerMissingError, find_compiler_of_players
from grader.engines.local import usable_cores
from grader.sandbox import cgroup, processes
from grader.sandbox.interpreter import Interpreter, find_interpreter
from grader.sandbox.ladder import probe_ladder
from grader.sandbox.packages import PACKAGES, PackageMissingError
from grader.sandbox.provision import folders_of
from grader.sandbox.rungs import Rung
from grader.sandbox.view import PATH

_OK, _MISSING = "yes", "no"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--python", metavar="EXE", help="the Python that would run the submissions (default: this one)")


def run(args: argparse.Namespace) -> int:
    """Exit code 3 where nothing isolates student code."""
    interpreter = find_interpreter(args.python)
    ladder = probe_ladder(interpreter)
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_row("kit", f"{__version__} on Python {sys.version.split()[0]}")
    table.add_row("submissions run on", f"Python {interpreter.version} ({interpreter.executable})")
    table.add_row("usable cores", f"{usable_cores()} of {os.cpu_count()}{_quota()}")
    for name, value in (*_rungs(ladder), *_measuring(), _proving(), *_packages(interpreter), *_kernels(), _tools()):
        table.add_row(name, Text(value))
    console = Console(soft_wrap=True)
    console.print(table)
    chosen = next((rung for rung in ladder if not rung.unavailable), None)
    if chosen is None or not chosen.isolates:
        console.print(
            "Student code cannot be isolated here; grading needs --accept-reduced-isolation.", highlight=False
        )
        return 3
    console.print(Text(f"Submissions will be judged on the rung {chosen.name}."))
    return 0


def _rungs(ladder: list[Rung]) -> Iterator[tuple[str, str]]:
    for rung in ladder:
        yield (
            f"sandbox: {rung.name}",
            f"{_MISSING}: {rung.unavailable}" if rung.unavailable else f"{_OK}: {rung.description}",
        )


def _measuring() -> Iterator[tuple[str, str]]:
    reason = cgroup.unavailable()
    yield "memory and process limits by cgroup", f"{_MISSING}: {reason}; rlimits are used" if reason else _OK
    told = not processes.PROVES_STOPS or Path(f"/proc/{os.getpid()}/syscall").exists()
    unproven = processes.NO_PROOF or ("" if told else "this kernel has no /proc/<pid>/syscall")
    yield "deadlock by quiescence", f"{_MISSING}: {unproven}; limits end a hung run" if unproven else _OK
    accounting = sys.platform != "linux" or Path("/proc/self/schedstat").exists()
    yield (
        "speedup by kernel-accounted CPU time",
        _OK if accounting else f"{_MISSING}: no schedstat; speedup is not measurable",
    )


def _proving() -> tuple[str, str]:
    """Whether it can be told from the judge's own trouble what only a file brings about."""
    remedy = "no reference solutions are installed; grade from a checkout of the kit"
    installed = load_catalogue().solutions is not None
    return "trouble of ours proven by references", _OK if installed else f"{_MISSING}: {remedy}"


def _packages(interpreter: Interpreter) -> Iterator[tuple[str, str]]:
    """What some exercises need besides, and an extra of the kit brings."""
    for name, package in PACKAGES.items():
        if package.extra:
            try:
                folders_of([package], interpreter)
                yield f"exercises with {name}", _OK
            except PackageMissingError as e:
                yield f"exercises with {name}", f"{_MISSING}: {e}"


def _kernels() -> Iterator[tuple[str, str]]:
    """Where CUDA kernels run: those of submissions always on the CPU, where every access can be seen."""
    try:
        compiler = find_compiler_of_players(PATH)
        yield (
            "CUDA kernels, when graded",
            f"{_OK}: on the CPU, compiled by {' '.join(compiler.command)} ({compiler.version})",
        )
    except CompilerMissingError as e:
        yield "CUDA kernels, when graded", f"{_MISSING}: {e}"
    yield "CUDA kernels, in public tests", f"on {choice.device()}"


def _quota() -> str:
    """What a cgroup of version 2 allows of the machine's processors, if it is limited."""
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        return "" if quota == "max" else f", limited to {int(quota) / int(period):g} by a cgroup"
    except (OSError, ValueError):
        return ""


def _tools() -> tuple[str, str]:
    """What `./kit test` would test with."""
    names = [f"python3.{minor}" for minor in range(11, 16)]
    found = [name for name in names if shutil.which(name)]
    return (
        "Pythons for tox",
        f"{_OK}: {', '.join(found)}" if found else f"{_MISSING}: none of {', '.join(names)} on PATH",
    )
