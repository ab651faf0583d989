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

from . import callbacks, network, wire
from .boundary import Boundary, OutOfReachError
from .configuration import Configuration
from .schedules import libraries
from .schedules.explore import explore, student_scenario
from .schedules.messages import Plan
from .schedules.ownership import Ownership

_PICKLED = (
    "grader.player.adversaries",
    "grader.player.callbacks",
    "grader.player.deeds",
    "grader.player.wire",
)  # by their names, for processes of the student's


def serve(control: socket.socket, listener: socket.socket, sockets: list[socket.socket], config: Configuration) -> None:
    """Answers requests until the judge hangs up. First it gets the `listener` of callbacks, and its `sockets`."""
    submission = config["submission"]
    _prepare_interpreter(submission, config["kit"], config["paths"])
    callbacks.connect_to(config["calls"])
    socket.send_fds(control, [wire.frame({"id": "ready"})], [sock.fileno() for sock in (listener, *sockets)])
    network.keep_own(sockets)
    os.register_at_fork(after_in_child=control.close)
    loaded = _Loaded(submission)
    with contextlib.suppress(EOFError, OSError):
        while True:
            request = wire.receive(control)
            listener.close()  # now the judge has it; student code could accept on it
            control.sendall(_answer(request, loaded))


def _prepare_interpreter(submission: str, kit: str, paths: list[str]) -> None:
    sys.argv = ["student"]
    sys.dont_write_bytecode = True
    # A fresh __main__: multiprocessing's spawn would otherwise look for ours in every child.
    sys.modules["__main__"] = types.ModuleType("__main__")
    libraries.show(kit)
    zygotes_own = sys.path[0]
    # The submission comes last: a threading.py or json.py in it changes nothing.
    kits = [kit, *(os.path.join(kit, path) for path in paths)]
    sys.path[:] = [p for p in sys.path if p != zygotes_own] + [*kits, submission]
    # What scenarios import that is not loaded yet lies where the player is shown the kit.
    sys.modules["grader.player"].__path__ = [os.path.join(kit, "grader", "player")]
    faulthandler.register(signal.SIGUSR1, all_threads=True, chain=False)


def _answer(request: dict[str, Any], loaded: _Loaded) -> bytes:
    identity = request["id"]
    try:
        value: Any = _OPERATIONS[request["op"]](loaded, request)
        return wire.frame({"id": identity, "value": wire.encode(value)})
    except wire.TooBigError as e:
        return wire.frame({"id": identity, "too_big": str(e)})
    except BaseException as e:
        return wire.frame({"id": identity, "exception": wire.describe_exception(e)})


class _Loaded:
    """The scenario and the student's file, as modules."""

    def __init__(self, submission: str) -> None:
        self._submission = submission
        self._scenarios = types.ModuleType("scenarios")
        self._student: types.ModuleType
        self._ownership: Ownership  # of all that was there before the student's file

    def load(self, request: dict[str, Any]) -> list[str]:
        """First the scenario, from text, so that it holds the originals of what it uses; then the student's file.

        Returns the names that the file defines.
        """
        sys.modules["scenarios"] = self._scenarios
        exec(compile(request["scenarios"], "<scenarios>", "exec"), vars(self._scenarios))
        hidden = _hidden()
        for module in hidden:
            vars(sys.modules["grader.player"]).pop(module.removeprefix("grader.player."), None)
        self._ownership = Ownership()
        for module in hidden:
            del sys.modules[module]
        if hasattr(sys, "monitoring"):
            del sys.monitoring  # what watches student code is out of its reach
        Boundary(self._ownership.harness)
        name = request["module"]
        spec = importlib.util.spec_from_file_location(name, os.path.join(self._submission, name + ".py"))
        assert spec is not None and spec.loader is not None
        self._student = importlib.util.module_from_spec(spec)
        sys.modules[name] = self._student
        spec.loader.exec_module(self._student)
        return [defined for defined in list(vars(self._student)) if not defined.startswith("_")]

    def run(self, request: dict[str, Any]) -> Any:
        scenario = getattr(self._scenarios, request["scenario"])
        inputs = {name: wire.decode(value) for name, value in request["inputs"].items()}
        try:
            value = scenario(self._student, **inputs)
        finally:
            _dismiss_helpers()
        if replaced := self._ownership.replaced():
            raise OutOfReachError(f"{replaced}: what belongs to the judge's side is another than it was")
        return value

    def explore(self, request: dict[str, Any]) -> Any:
        """The judge hears of each different outcome, and says whether to go on."""
        name = self._student.__name__
        program, scenario = student_scenario(
            getattr(self._scenarios, request["scenario"]),
            name,
            os.path.join(self._submission, name + ".py"),
            lambda: {name: wire.decode(value) for name, value in request["inputs"].items()},
            self._ownership,
        )
        tell = callbacks.DirectCallback("outcome")
        return explore(program, scenario, Plan(**request["plan"]), lambda outcome: tell(outcome) is True)


def _hidden() -> list[str]:
    """Modules of which student code can import a copy at most, that nobody uses: what watches and judges it."""
    ours = [name for name in sys.modules if name.startswith("grader.player.") and name not in _PICKLED]
    return ["scenarios", *ours]


_OPERATIONS = {"load": _Loaded.load, "run": _Loaded.run, "explore": _Loaded.explore}


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
