"""Control groups of the version that is here hold processes to limits, count what they use, and go away.

tests/machines/cgroup_v2.sh runs this on a kernel with version 2 alone.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox import cgroup, cgroup_v1
from grader.sandbox.cgroup import Group, GroupMaker
from grader.sandbox.limits import Limits
from tests.conftest import CHECKOUT

LIMITS = Limits(memory_mb=50, processes=10)


@pytest.fixture
def maker() -> GroupMaker:
    found = cgroup.group_maker()
    if found is None:
        pytest.skip(cgroup.unavailable())
    return found


@pytest.fixture
def group(maker: GroupMaker) -> Iterator[Group]:
    with cgroup.removed_at_the_end(maker(LIMITS)) as group:
        yield group


@contextlib.contextmanager
def running_in(group: Group, source: str) -> Iterator[subprocess.Popen[str]]:
    """A Python that runs the source once it is in the group. At the end it is at the end of its input."""
    command = [sys.executable, "-c", f"import os, time\ninput()\n{source}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        group.add(process.pid)
        tell(process)
        yield process


def tell(process: subprocess.Popen[str]) -> None:
    """Lets it go on from where it waits for a line."""
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def said_by(process: subprocess.Popen[str]) -> list[str]:
    """The words on its next line."""
    assert process.stdout is not None
    return process.stdout.readline().split()


UNTIL_THE_END = "os.read(0, 1)"


def test_too_much_memory_ends_a_process_and_is_named(group: Group) -> None:
    with running_in(group, UNTIL_THE_END):
        assert not group.out_of_memory()
    with running_in(group, "bytearray(100 << 20)") as process:
        assert process.wait() == -signal.SIGKILL
    assert group.out_of_memory()


FORKS = """
reading, writing = os.pipe()
count = 1
try:
    while count < 200:
        if os.fork() == 0:
            os.close(writing)
            os.read(reading, 1)  # until the parent, which alone could write, has ended
            os._exit(0)
        count += 1
except BlockingIOError:
    pass
print(count, flush=True)
"""


def test_no_more_processes_than_allowed(group: Group) -> None:
    with running_in(group, FORKS) as process:
        assert said_by(process) == [str(LIMITS.tasks)]


DOUBLE_FORK = """
reading, writing = os.pipe()
print("ready", flush=True)
input()
if os.fork() == 0:
    if os.fork() == 0:
        os.setsid()
        while time.process_time() < 0.3:
            pass
    os._exit(0)
os.wait()
os.close(writing)
os.read(reading, 1)  # until the grandchild, which is not ours to wait for, has ended
print("done", flush=True)
"""


def test_cpu_time_of_orphans_is_counted(group: Group) -> None:
    with running_in(group, DOUBLE_FORK) as process:
        assert said_by(process) == ["ready"]
        before = group.cpu_s()
        tell(process)
        assert said_by(process) == ["done"]
    assert group.cpu_s() - before >= 0.3


DAEMON = f"""
child = os.fork()
if child == 0:
    os.setsid()
else:
    print(os.getpid(), child, flush=True)
{UNTIL_THE_END}
"""


def test_every_process_is_listed(group: Group) -> None:
    assert group.pids() == []
    with running_in(group, DAEMON) as process:
        everyone = said_by(process)
        assert sorted(map(str, group.pids())) == sorted(everyone)


def test_a_group_is_removed_once_its_processes_have_ended(maker: GroupMaker) -> None:
    with cgroup.removed_at_the_end(maker(Limits())) as group:
        folders = list(group.folders())
        with running_in(group, UNTIL_THE_END):
            assert all(folder.exists() for folder in folders)
    assert not any(folder.exists() for folder in folders)


KILLED_JUDGE = """
import os, subprocess
from grader.sandbox import cgroup
from grader.sandbox.limits import Limits

group = cgroup.group_maker()(Limits())
left = subprocess.Popen(["sleep", "infinity"], stdout=subprocess.DEVNULL)  # sleep: as a process that waits for good
group.add(left.pid)
print(*group.folders(), flush=True)
os.kill(os.getpid(), 9)
"""


def test_groups_of_killed_judges_are_removed_with_all_that_is_in_them_and_ours_are_not(group: Group) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED_JUDGE], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    stale = [Path(word) for word in killed.stdout.split()]
    assert stale and all(folder.exists() for folder in stale)
    cgroup.remove_stale_groups()
    assert not any(folder.exists() for folder in stale)
    assert all(folder.exists() for folder in group.folders())


def test_a_hierarchy_out_of_sight_has_no_stale_groups(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In a container, /proc/self/cgroup may name folders of the host's that are not mounted there."""
    monkeypatch.setattr(cgroup_v1, "own_folders", lambda: {"memory": tmp_path / "only" / "the host has it"})
    cgroup.remove_stale_groups()
