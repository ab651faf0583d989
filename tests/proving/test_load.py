"""The load that `verify` makes ends with it, whatever happens to it; and what is right stands it."""

from __future__ import annotations

import os
import select
import subprocess
import sys

import pytest

from grader.evidence import AtOnce
from grader.proving.load import burners
from grader.sandbox import processes
from grader.sandbox.limits import Limits
from tests.conftest import StartPlayer

HANG_GUARD_S = 120
VERIFY = """
from grader.proving.load import burners
with burners(2):
    print("burning", flush=True)
    input()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a process is watched by a descriptor of it")
def test_it_ends_when_who_made_it_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", VERIFY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as verify:
        assert verify.stdout is not None
        assert verify.stdout.readline() == "burning\n"
        watched = [os.pidfd_open(pid) for pid in processes.descendants(verify.pid)[1:]]
        verify.kill()
        ended = {number for number in watched if select.select([number], [], [], HANG_GUARD_S)[0]}
        assert len(watched) == 2
        assert ended == set(watched)
        for number in watched:
            os.close(number)


PROCESSES = """
import subprocess, sys, threading

def f():
    for _ in range(10):
        subprocess.run([sys.executable, "-I", "-S", "-c", "pass"], check=True)
        threads = [threading.Thread(target=sum, args=(range(1000),)) for _ in range(10)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    return "done"
"""


@pytest.mark.slow
def test_short_lived_threads_and_processes_are_no_idling(start_player: StartPlayer) -> None:
    """Far less idling is allowed than they take to get a processor so often."""
    player = start_player(PROCESSES, "def call(student): return student.f()", limits=Limits(idle_s=1.0))
    with burners(40):
        assert player.run("call", {}, AtOnce({})).value == "done"
