"""Players end in every way a student's code can end them, and each time the judge says which."""

from __future__ import annotations

import mmap
import os
import select
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from grader.evidence import AtOnce
from grader.results import Verdict
from grader.sandbox import processes
from grader.sandbox.limits import Limits
from grader.sandbox.outcomes import PlayerEndedError
from grader.sandbox.player import Player
from grader.sandbox.rungs import BWRAP, LANDLOCK, NAMESPACES
from grader.sandbox.sandbox import Sandbox
from tests.conftest import CHECKOUT, StartPlayer

SMALL = Limits(cpu_s=1.0, idle_s=5.0, memory_mb=100, output_mb=1)
CALL = "def call(student): return student.f()"


def ending(player: Player, scenario: str = "call") -> PlayerEndedError:
    with pytest.raises(PlayerEndedError) as caught:
        player.run(scenario, {}, AtOnce({}))
    return caught.value


ENDINGS = {
    "exit": ("import os\ndef f(): os._exit(0)", Verdict.CRASH, "exit status 0"),
    "segfault": ("import ctypes\ndef f(): ctypes.string_at(1)", Verdict.CRASH, "SIGSEGV"),
    "killed by itself": ("import os\ndef f(): os.kill(os.getpid(), 15)", Verdict.CRASH, "SIGTERM"),
    "endless loop": ("def f():\n  while True: pass", Verdict.TIMEOUT, "still computing"),
    "deadlock": ("import threading\ndef f(): threading.Event().wait()", Verdict.DEADLOCK, "stop for good"),
    "output": ("def f():\n  while True: print('x' * 10000)", Verdict.ERROR, "1 MiB was printed"),
    "memory": ("def f(): return len(bytearray(150 << 20))", Verdict.MEMORY, "100 MiB of memory"),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_each_ending_has_its_verdict_and_says_what_was_seen(name: str, start_player: StartPlayer) -> None:
    source, verdict, said = ENDINGS[name]
    ended = ending(start_player(source, CALL, limits=SMALL))
    assert (ended.verdict, said in str(ended)) == (verdict, True), str(ended)


TOUCHES = """
import mmap

def f():
    \"\"\"All that is mapped from files, byte by byte of each page.\"\"\"
    import ctypes
    touched = 0
    for line in open("/proc/self/maps"):
        addresses, rights, _, _, _, *path = line.split(maxsplit=5)
        if rights.startswith("r") and path and path[0].startswith("/"):
            first, end = (int(address, 16) for address in addresses.split("-"))
            for address in range(first, end, mmap.PAGESIZE):
                touched += ctypes.string_at(address, 1) is not None
    return touched
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the most memory in use is not told")
def test_libraries_are_no_memory_that_student_code_uses(start_player: StartPlayer) -> None:
    reply = start_player(TOUCHES, CALL).run("call", {}, AtOnce({}))
    if reply.raised is not None:
        pytest.skip(f"student code cannot know where its libraries are: {reply.raised}")
    assert reply.value * mmap.PAGESIZE >> 20 >= 5  # MiB of libraries
    assert reply.memory_growth_mb is not None and reply.memory_growth_mb < 2, reply.memory_growth_mb


def test_a_deadlock_names_the_students_lines(start_player: StartPlayer) -> None:
    source = "import threading\nlock = threading.Lock()\n\ndef f():\n    lock.acquire()\n    lock.acquire()\n"
    assert ending(start_player(source, CALL)).look_at == "line 6 of student.py, in f"


def test_a_deadlock_of_processes_is_recognized(start_player: StartPlayer) -> None:
    source = """
        import multiprocessing as m

        def f():
            queue = m.get_context("fork").Queue()
            child = m.get_context("fork").Process(target=queue.get)
            child.start()
            child.join()
    """
    assert ending(start_player("\n".join(line[8:] for line in source.splitlines()), CALL)).verdict is Verdict.DEADLOCK


def test_after_an_ending_later_requests_say_the_same(start_player: StartPlayer) -> None:
    player = start_player("import os\ndef f(): os._exit(3)", CALL)
    assert str(ending(player)) == str(ending(player))


def test_a_write_to_the_harness_channel_is_noticed(start_player: StartPlayer) -> None:
    source = """
import os, stat

def f():
    for number in range(3, 50):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                os.write(number, b"\\0\\0\\0\\2{}")
        except OSError:
            pass
"""
    ended = ending(start_player(source, CALL))
    assert ended.verdict is Verdict.ERROR


def test_what_a_forked_child_writes_is_not_an_answer(start_player: StartPlayer) -> None:
    source = "import os\ndef f():\n    if os.fork() == 0: os._exit(0)\n    os.wait()\n    return 1"
    assert start_player(source, CALL).run("call", {}, AtOnce({})).value == 1


LOOK = """
import os, socket

def f():
    def try_(what):
        try:
            return what()
        except OSError as e:
            return type(e).__name__
    return {
        "uid": os.getuid(),
        "environment": sorted(os.environ),
        "write": try_(lambda: open(os.path.dirname(__file__) + "/x", "w")),
        "vsock": try_(lambda: socket.socket(40)),
        "host": try_(lambda: socket.create_connection(("127.0.0.1", PORT), 5)),
        "kit": try_(lambda: sorted(os.listdir(KIT + "/grader"))),
        "checkout": try_(lambda: open(CHECKOUT + "/README.md").read(1)),
        "processes": try_(lambda: sum(name.isdigit() for name in os.listdir("/proc"))),
    }
"""


def test_a_player_sees_its_interpreter_its_file_and_nothing_else(start_player: StartPlayer, sandbox: Sandbox) -> None:
    boxed = sandbox.rung.name != LANDLOCK
    with socket.create_server(("127.0.0.1", 0)) as server:
        source = LOOK.replace("PORT", str(server.getsockname()[1])).replace("CHECKOUT", repr(str(CHECKOUT)))
        source = source.replace("KIT", "'/box/kit'" if boxed else "'/box'")
        reply = start_player(source, CALL).run("call", {}, AtOnce({}))
    seen = reply.value
    assert seen is not None, reply.raised
    assert seen["uid"] != 0
    assert seen["environment"] == ["HOME", "LANG", "OPENBLAS_NUM_THREADS", "PATH", "TMPDIR"]
    assert (seen["write"], seen["vsock"]) == ("OSError" if boxed else "PermissionError", "OSError")
    assert seen["host"] == ("ConnectionRefusedError" if boxed else "OSError")
    assert seen["checkout"] == ("FileNotFoundError" if boxed else "PermissionError")
    assert seen["kit"] == (["player"] if boxed else "FileNotFoundError")
    # Boxed in, it sees itself and the processes that hold its namespaces; otherwise /proc is closed to it.
    assert seen["processes"] == {BWRAP: 3, NAMESPACES: 2, LANDLOCK: "PermissionError"}[sandbox.rung.name]


def test_nobody_can_take_the_last_place_in_line(start_player: StartPlayer) -> None:
    """Who hardly gets a processor by its own doing would pass for one whom the machine starves."""
    source = """
import os

def f():
    os.setpriority(os.PRIO_PROCESS, 0, 19)
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    return [os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0)]
"""
    player = start_player(source, CALL)
    ours = [os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0)]
    assert player.run("call", {}, AtOnce({})).value == ours


def test_modules_in_the_submission_shadow_nothing(start_player: StartPlayer, submission: Path) -> None:
    for name in ("threading.py", "json.py", "conftest.py", "sitecustomize.py"):
        (submission / name).write_text("raise SystemExit('shadowed')")
    source = "import json, threading\ndef f(): return json.__file__.startswith('/box')"
    assert start_player(source, CALL).run("call", {}, AtOnce({})).value is False


def test_leftovers_are_counted_by_the_kernel(start_player: StartPlayer) -> None:
    source = """
import multiprocessing, threading, time

def f():
    for _ in range(2):
        threading.Thread(target=threading.Event().wait, daemon=True).start()
    multiprocessing.get_context("fork").Process(target=time.sleep, args=(1000,), daemon=True).start()
"""
    reply = start_player(source, CALL).run("call", {}, AtOnce({}))
    assert (reply.leftover_threads, reply.leftover_processes) == (2, 1)


def test_threads_that_have_been_joined_are_no_leftovers(start_player: StartPlayer) -> None:
    source = """
import threading

def f():
    threads = [threading.Thread(target=lambda: None) for _ in range(20)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
"""
    player = start_player(source, CALL)
    assert {player.run("call", {}, AtOnce({})).leftover_threads for _ in range(10)} == {0}


def test_closing_a_player_ends_its_whole_tree(start_player: StartPlayer) -> None:
    source = """
import os, signal, threading

def f():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for _ in range(3):
        if os.fork() == 0:
            os.setsid()
            if os.fork(): os._exit(0)
            signal.pause()
"""
    player = start_player(source, CALL)
    player.run("call", {}, AtOnce({}))
    tree = processes.descendants(player.supervisor)
    assert len(tree) >= 5  # supervisor, player, three daemons; here and there an init or zombie parents
    player.close()
    assert not [pid for pid in tree if Path(f"/proc/{pid}").exists()]


JUDGE = """
import os, pathlib, signal, sys
from grader.evidence import AtOnce
from grader.sandbox import processes
from grader.sandbox.interpreter import find_interpreter
from grader.sandbox.rungs import Rung
from grader.sandbox.sandbox import Sandbox

with Sandbox(find_interpreter(sys.argv[2]), Rung(sys.argv[3])) as sandbox:
    player = sandbox.player(pathlib.Path(sys.argv[1]))
    player.load("def call(student): student.f()", "student")
    print(*processes.descendants(player.supervisor), flush=True)
    player.run("call", {}, AtOnce({}))
"""


def test_a_killed_judge_leaves_no_process_behind(start_player: StartPlayer, sandbox: Sandbox, submission: Path) -> None:
    start_player("def f():\n    while True: pass")
    arguments = [str(submission), sandbox.interpreter.executable, sandbox.rung.name]
    judge = subprocess.Popen([sys.executable, "-c", JUDGE, *arguments], stdout=subprocess.PIPE, text=True, cwd=CHECKOUT)
    assert judge.stdout is not None
    tree = [int(pid) for pid in judge.stdout.readline().split()]
    descriptors = [os.pidfd_open(pid) for pid in tree]
    judge.kill()
    judge.wait()
    judge.stdout.close()
    for descriptor in descriptors:  # readable once the process has ended; a survivor would block here for good
        watcher = threading.Thread(target=_wait_for_end, args=(descriptor,), daemon=True)
        watcher.start()
        watcher.join(30)
        assert not watcher.is_alive()
        os.close(descriptor)


def _wait_for_end(descriptor: int) -> None:
    select.select([descriptor], [], [])
