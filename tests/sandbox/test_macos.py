"""Where there is no Linux: played by `like_macos.py`, as no Mac is at hand. What libc and the kernel do there is not.

Students check their work as anywhere; grading wants to be asked twice, says what it cannot tell, and gives the same
verdicts but for what only Linux tells.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.sandbox.processes import TaskState, portable
from tests.commands.test_grade import CLASS, GOLDEN, normalized
from tests.conftest import CHECKOUT, TINY

LIKE_MACOS = CHECKOUT / "tests" / "machines" / "like_macos.py"
GRADE = ("grade", "--root", TINY, "--seed", 7, "--format", "json", "--out", "out")

LEFT_BEHIND = """
import os, pathlib, sys
from grader.evidence import AtOnce
from grader.sandbox import processes
from grader.sandbox.interpreter import find_interpreter
from grader.sandbox.rungs import Rung
from grader.sandbox.sandbox import Sandbox

pathlib.Path("student.py").write_text('''
import os, time
def f():
    for _ in range(2):
        if os.fork() == 0:
            time.sleep(3600)  # sleep: whoever is left behind would be seen
''')
with Sandbox(find_interpreter(), Rung("rlimits-only")) as sandbox:
    with sandbox.player(pathlib.Path.cwd()) as player:
        player.load("def call(student): student.f()", "student")
        reply = player.run("call", {}, AtOnce({}))
        tree = processes.descendants(player.supervisor)
    while any(processes.tasks(tree)):
        pass  # they are told to end, and have still to
    print(len(tree), reply.leftover_processes)
"""


def run(folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """A module or file of Python's on the other system."""
    command = [sys.executable, str(LIKE_MACOS), *map(str, words)]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


def grader(folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    return run(folder, "-m", "grader", *words)


def test_doctor_names_the_one_rung_and_what_is_not_told(tmp_path: Path) -> None:
    done = grader(tmp_path, "doctor")
    assert done.returncode == 3
    assert done.stdout.count("this is macOS") == 3
    assert "yes: resource limits and a process group" in done.stdout
    assert "only Linux tells what threads wait for" in " ".join(done.stdout.split())


def test_grading_wants_to_be_asked_twice(tmp_path: Path) -> None:
    done = grader(tmp_path, *GRADE, CLASS)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "bwrap, own-namespaces, landlock: this is macOS, and it takes Linux" in done.stderr
    assert "--accept-reduced-isolation" in done.stderr


def test_verdicts_are_those_of_linux_and_reduced_isolation_is_named_loudly(tmp_path: Path) -> None:
    shutil.copytree(CLASS, tmp_path / "class")
    shutil.rmtree(tmp_path / "class" / "cem")  # whose deadlock would be ended by the time limit
    done = grader(tmp_path, *GRADE, "class", "--accept-reduced-isolation")
    assert "not isolated" in done.stderr
    assert "give marks that count on Linux" in done.stderr
    results = json.loads(done.stdout)
    assert results["sandbox"] == "rlimits-only"
    on_linux = json.loads(GOLDEN.read_text())["submissions"]
    assert normalized(results["submissions"]) == [each for each in on_linux if each["student"] != "cem"]


@pytest.mark.slow
def test_what_only_linux_tells_costs_nobody_anything(tmp_path: Path) -> None:
    (tmp_path / "class" / "ada").mkdir(parents=True)
    for name in ("01_threads/safe_counter", "05_generators/sliding_window", "06_coroutines/trampoline"):
        file = Path(name).name + ".py"
        shutil.copyfile(CHECKOUT / "solutions" / name / file, tmp_path / "class" / "ada" / file)
    done = grader(tmp_path, "grade", "class", "--format", "json", "--out", "out", "--accept-reduced-isolation")
    for result in json.loads(done.stdout)["submissions"][0]["exercises"]:
        verdicts = {check["verdict"] for check in result["checks"]}
        assert verdicts <= {"pass", "not_measurable", "skipped"}, result
        assert result["score"] == result["max_score"]


def test_students_check_their_work_as_anywhere(tmp_path: Path) -> None:
    shutil.copy(CHECKOUT / "solutions" / "01_threads" / "bank_transfer" / "bank_transfer.py", tmp_path)
    done = grader(tmp_path, "check", "bank_transfer", "bank_transfer.py")
    assert "public tests passed" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0


def test_kernels_are_not_run_and_the_reason_is_told(tmp_path: Path) -> None:
    shutil.copy(CHECKOUT / "solutions" / "12_cuda_kernels" / "vector_add" / "vector_add.py", tmp_path)
    done = grader(tmp_path, "check", "vector_add", "vector_add.py")
    assert "on Linux only, and this is darwin" in done.stdout


def test_no_child_process_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "left_behind.py").write_text(LEFT_BEHIND)
    done = run(tmp_path, "left_behind.py")
    assert done.stdout.split() == ["4", "2"], done.stderr  # supervisor, player and two children, who are gone now


def test_threads_that_run_and_threads_that_wait_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portable, "_running_threads", lambda pid: 1)
    here = list(portable.tasks([os.getpid()]))
    assert [task.wait for task in here].count(TaskState.RUNNABLE) == 1
    assert portable.parked_tasks([os.getpid()]) is None
    monkeypatch.setattr(portable, "_running_threads", lambda pid: 0)
    assert portable.parked_tasks([os.getpid()]) == list(portable.tasks([os.getpid()]))


def test_cpu_time_and_family_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portable, "_running_threads", lambda pid: 1)
    used = portable.cpu_times(os.getpid())
    assert used is not None
    assert used.used > 0
    assert used.parent == os.getppid() == portable.ancestors(os.getpid())[0]
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as child:
        assert portable.descendants(os.getpid())[0] == os.getpid()
        assert child.pid in portable.descendants(os.getpid())
        assert portable.command_line(child.pid) == "cat"
