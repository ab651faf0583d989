"""Numbers of system calls are the kernel's; a machine whose numbers are not known says so, and proves no deadlock."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from grader.errors import InputError
from grader.player import seccomp, syscalls
from grader.sandbox.interpreter import find_interpreter
from tests.commands.test_grade import CLASS
from tests.conftest import TINY
from tests.sandbox.test_ladder import run, run_python

_HEADERS = {
    "x86_64": ("x86_64-linux-gnu/asm/unistd_64.h", "asm/unistd_64.h"),
    "aarch64": ("asm-generic/unistd.h",),
}
_DEFINED = re.compile(r"#define __NR(?:3264)?_(\w+)\s+(\d+)")
_AUDIT = re.compile(r"#define AUDIT_ARCH_(\w+)\s+\(EM_(\w+)\|__AUDIT_ARCH_64BIT\|__AUDIT_ARCH_LE\)")
_LITTLE_ENDIAN_64_BITS = 0xC0000000

NOT_KNOWN = "the kit knows the system calls of x86_64 and aarch64, and this is "
TWO_WAIT = """
import subprocess, sys
from grader.sandbox import processes
waiting = "import sys, threading; t = threading.Thread(target=sys.stdin.read); t.start(); print(flush=True); t.join()"
command = [sys.executable, "-c", waiting]
with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
    process.stdout.readline()
    while (tasks := processes.parked_tasks([process.pid])) is None:
        pass  # it has still to go to sleep
    print(processes.PROVES_STOPS, *(task.wait.name for task in tasks), processes.waits_outside(process.pid))
    process.kill()
"""


def headers(*names: str) -> str:
    found = [path for name in names if (path := Path("/usr/include") / name).exists()]
    if not found:
        pytest.skip(f"the kernel's headers are not installed: {names[0]}")
    return found[0].read_text()


@pytest.mark.parametrize("machine", syscalls.MACHINES)
def test_numbers_are_those_of_the_kernels_headers(machine: str) -> None:
    defined = {name: int(number) for name, number in _DEFINED.findall(headers(*_HEADERS[machine]))}
    known = syscalls.numbers(machine)
    assert len(known.keys() & defined.keys()) > 80  # the headers may be older than a call, or newer
    assert {name: number for name, number in known.items() if defined.get(name, number) != number} == {}
    lacking = {name for name in syscalls.numbers("x86_64") if name not in known}
    assert lacking.isdisjoint(defined)


def test_machines_are_named_to_the_filter_as_the_kernel_names_them() -> None:
    machines = dict(re.findall(r"#define EM_(\w+)\s+(\d+)", headers("linux/elf-em.h")))
    words = _AUDIT.findall(headers("linux/audit.h"))
    named = {name.lower(): _LITTLE_ENDIAN_64_BITS | int(machines[elf]) for name, elf in words}
    assert {machine: named[machine] for machine in syscalls.MACHINES} == syscalls.AUDIT_ARCH


@pytest.mark.parametrize("machine", syscalls.MACHINES)
def test_what_is_filtered_has_a_number_on_some_machine(machine: str) -> None:
    everywhere = {name for known in syscalls.MACHINES for name in syscalls.numbers(known)}
    filtered = {*seccomp._FORBIDDEN, *seccomp._METADATA, *seccomp._OF_A_PROCESS, *seccomp._OF_A_KIND_AND_NUMBER}
    assert filtered <= everywhere
    assert len(seccomp.program(machine, deny_memfd=True, only_local=True)) > len(
        seccomp.program(machine, deny_memfd=False, only_local=False)
    )


def test_doctor_says_that_a_machine_is_not_known() -> None:
    done = run("machine", "doctor")
    said = " ".join(done.stdout.split())
    assert done.returncode == 3
    assert said.count(f"no: {NOT_KNOWN}") == 4  # three rungs, and stops
    assert "limits end a hung run" in said


def test_grading_there_is_refused_in_one_sentence(tmp_path: Path) -> None:
    done = run("machine", "grade", CLASS, "--root", TINY, "--out", tmp_path / "out")
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert f"bwrap, own-namespaces, landlock: {NOT_KNOWN}" in done.stderr


def test_a_python_of_32_bits_is_refused(tmp_path: Path) -> None:
    python = tmp_path / "python"
    smaller = "import sys; sys.maxsize = (1 << 31) - 1; exec(sys.argv.pop())"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S -c "{smaller}" "$4"\n')
    python.chmod(0o755)
    with pytest.raises(InputError, match=r"--python \S+ is a Python of 32 bits; the kit needs one of 64 bits."):
        find_interpreter(str(python))


def test_nobody_waits_for_good_there(tmp_path: Path) -> None:
    (tmp_path / "two_wait.py").write_text(TWO_WAIT)
    done = run_python("machine", tmp_path / "two_wait.py")
    assert done.stdout.split() == ["False", "PARKED_WITH_TIMEOUT", "PARKED_WITH_TIMEOUT", "False"], done.stderr
