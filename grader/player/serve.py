"""The player: loads the scenario and the student's module, and runs the scenario functions that the judge names."""

from __future__ import annotations

import contextlib
import faulthandler
import importlib.util
import os
import signal
import socket
import sys
import types
from multiprocessing import forkserver, resource_tracker
from typing import Any

from . import callbacks, wire
from .configuration import Configuration
from .schedules.explore import explore, student_scenario
from .schedules.messages import Plan
from .schedules.ownership import Ownership

_ownership: list[Ownership] = []  # once the scenario is loaded, and the student's file is not
_NOT_FOR_STUDENTS = tuple(f"grader.player.{name}" for name in ("schedules", "generators", "ready_made", "serve"))


def serve(control: socket.socket, listener: socket.socket, config: Configuration) -> None:
    """Answers requests until the judge hangs up."""
    submission = config["submission"]
    _prepare_interpreter(submission, config["kit"], config["paths"])
    callbacks.connect_to(config["calls"])
    socket.send_fds(control, [wire.frame({"id": "ready"})], [listener.fileno()])
    os.register_at_fork(after_in_child=control.close)
    modules: dict[str, types.ModuleType] = {}
    with contextlib.suppress(EOFError, OSError):
        while True:
            request = wire.receive(control)
            listener.close()  # now the judge has it; student code could accept on it
            control.sendall(_answer(request, submission, modules))


def _prepare_interpreter(submission: str, kit: str, paths: list[str]) -> None:
    sys.argv = ["student"]
    sys.dont_write_bytecode = True
    # A fresh __main__: multiprocessing's spawn would otherwise look for ours in every child.
    sys.modules["__main__"] = types.ModuleType("__main__")
    zygotes_own = sys.path[0]
    # The submission comes last: a threading.py or json.py in it changes nothing.
    kits = [kit, *(os.path.join(kit, path) for path in paths)]
    sys.path[:] = [p for p in sys.path if p != zygotes_own] + [*kits, submission]
    # What scenarios import that is not loaded yet lies where the player is shown the kit.
    sys.modules["grader.player"].__path__ = [os.path.join(kit, "grader", "player")]
    faulthandler.register(signal.SIGUSR1, all_threads=True, chain=False)


def _answer(request: dict[str, Any], submission: str, modules: dict[str, types.ModuleType]) -> bytes:
    identity = request["id"]
    try:
        value: Any = _OPERATIONS[request["op"]](request, submission, modules)
        return wire.frame({"id": identity, "value": wire.encode(value)})
    except wire.TooBigError as e:
        return wire.frame({"id": identity, "too_big": str(e)})
    except BaseException as e:
        return wire.frame({"id": identity, "exception": wire.describe_exception(e)})


def _load(request: dict[str, Any], submission: str, modules: dict[str, types.ModuleType]) -> list[str]:
    """First the scenario, from text, so that it holds the originals of what it uses; then the student's file.

    Returns the names that the file defines.
    """
    scenarios = types.ModuleType("scenarios")
    sys.modules["scenarios"] = scenarios
    exec(compile(request["scenarios"], "<scenarios>", "exec"), scenarios.__dict__)
    originals = types.ModuleType("scenarios")
    originals.__dict__.update(scenarios.__dict__)  # the student's file could change the one that can be imported
    modules["scenarios"] = originals
    _ownership.append(Ownership())
    if hasattr(sys, "monitoring"):
        del sys.monitoring  # what watches student code is out of its reach
    for module in [module for module in sys.modules if module.startswith(_NOT_FOR_STUDENTS)]:
        del sys.modules[module]  # what the student's file imports under these names is none of ours
    name = request["module"]
    spec = importlib.util.spec_from_file_location(name, os.path.join(submission, name + ".py"))
    assert spec is not None and spec.loader is not None
    student = importlib.util.module_from_spec(spec)
    sys.modules[name] = student
    spec.loader.exec_module(student)
    modules["student"] = student
    return [defined for defined in list(vars(student)) if not defined.startswith("_")]


def _run(request: dict[str, Any], submission: str, modules: dict[str, types.ModuleType]) -> Any:
    scenario = getattr(modules["scenarios"], request["scenario"])
    inputs = {name: wire.decode(value) for name, value in request["inputs"].items()}
    try:
        return scenario(modules["student"], **inputs)
    finally:
        _dismiss_helpers()


def _explore(request: dict[str, Any], submission: str, modules: dict[str, types.ModuleType]) -> Any:
    """The judge hears of each different outcome, and says whether to go on."""
    name = modules["student"].__name__
    program, scenario = student_scenario(
        getattr(modules["scenarios"], request["scenario"]),
        name,
        os.path.join(submission, name + ".py"),
        lambda: {name: wire.decode(value) for name, value in request["inputs"].items()},
        _ownership[0],
    )
    tell = callbacks.DirectCallback("outcome")
    return explore(program, scenario, Plan(**request["plan"]), lambda outcome: tell(outcome) is True)


_OPERATIONS = {"load": _load, "run": _run, "explore": _explore}


def _dismiss_helpers() -> None:
    """Lets go of multiprocessing's own helper processes, which end then: what is left afterwards is the student's."""
    tracker: Any = resource_tracker._resource_tracker
    if tracker._fd is not None:
        os.close(tracker._fd)
        tracker._fd = tracker._pid = None
    server: Any = forkserver._forkserver
    if server._forkserver_alive_fd is not None:
        os.close(server._forkserver_alive_fd)
        server._forkserver_alive_fd = server._forkserver_address = server._forkserver_pid = None
