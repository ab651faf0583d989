"""Two graders on one folder: the second is told of the first, and a lock dies with its owner."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from grader.errors import InfrastructureError, InputError
from grader.grading.lock import held

SINCE = "2026-11-30T10:00:00+00:00"
# Holds the lock, has a child that outlives it, says so, and waits.
OWNER = """
import subprocess, sys
from pathlib import Path
from grader.grading.lock import held
with held(Path(sys.argv[1]), sys.argv[2]):
    subprocess.Popen(["cat"], stdin=int(sys.argv[3]), start_new_session=True)
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_second_is_told_who_the_first_is(tmp_path: Path) -> None:
    out, told = tmp_path / "out", rf"process {os.getpid()} on .*{re.escape(SINCE)}.*out"
    with held(out, SINCE), pytest.raises(InputError, match=told), held(out, SINCE):
        pass
    with held(tmp_path / "out", SINCE):
        pass


def test_other_folders_are_free(tmp_path: Path) -> None:
    with held(tmp_path / "one", SINCE), held(tmp_path / "two", SINCE):
        pass


def test_a_lock_dies_with_its_owner_and_not_with_its_children(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    command = [sys.executable, "-c", OWNER, str(tmp_path), SINCE, str(reading)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=[reading]) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"held\n"
        with pytest.raises(InputError, match=f"process {owner.pid} "), held(tmp_path, SINCE):
            pass
        owner.send_signal(signal.SIGKILL)
    with held(tmp_path, SINCE):
        pass
    os.close(reading)
    os.write(writing, b"still read by the child\n")
    os.close(writing)


def test_a_damaged_lock_is_a_lock(tmp_path: Path) -> None:
    with held(tmp_path, SINCE):
        (tmp_path / ".lock").write_text("{")
        with pytest.raises(InputError, match="Another grader is grading"), held(tmp_path, SINCE):
            pass


def test_a_folder_in_the_way_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / ".lock").mkdir()
    with pytest.raises(InfrastructureError, match=r"cannot be written"), held(tmp_path, SINCE):
        pass


@pytest.mark.parametrize("plant", ["link", "hard link", "fifo"])
def test_a_planted_lock_changes_no_other_file(tmp_path: Path, plant: str) -> None:
    victim, lock = tmp_path / "victim", tmp_path / "out" / ".lock"
    victim.write_text("precious")
    lock.parent.mkdir()
    {
        "link": lambda: lock.symlink_to(victim),
        "hard link": lambda: lock.hardlink_to(victim),
        "fifo": lambda: os.mkfifo(lock),
    }[plant]()
    with pytest.raises(InfrastructureError, match=r"cannot be written \((?!None)"), held(lock.parent, SINCE):
        pass
    assert victim.read_text() == "precious"
