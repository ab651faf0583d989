"""The judge's end of the zygote: a warm interpreter outside the judge's memory that forks players."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from grader.errors import InfrastructureError

from .interpreter import Interpreter
from .packages import PackageMissingError, all_needed
from .provision import add_to_kit, folders_of, installed_parts
from .scratch import temporary_folder
from .view import PATH

_GUESTS = (
    "freezegun",
    "dateutil",
    "six",
)  # freezegun and what it needs, all of it plain Python; six: before dateutil 4
_START_S = 600.0  # an interpreter with NumPy, say, on a busy machine
_PLAYER = Path(__file__).parent.parent / "player"
_CLEAN_ENVIRONMENT = {
    "PATH": PATH,
    "HOME": "/tmp",
    "TMPDIR": "/tmp",
    "LANG": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
}


class Zygote:
    """Use as a context manager, from one thread that lives as long as its players do (they die with that thread)."""

    def __init__(self, interpreter: Interpreter, packages: frozenset[str]) -> None:
        """Raises PackageMissingError."""
        self._resources = contextlib.ExitStack()
        needed = all_needed(packages)
        preload = {
            "folders": folders_of(needed, interpreter),
            "modules": [m for p in needed for m in (*p.imported, *p.standard, *p.ours)],
        }
        self.paths = tuple(package.path for package in needed if package.path)
        self.parts = tuple(installed_parts(needed, interpreter))
        self.kit = self._resources.enter_context(temporary_folder())
        self._copy_player()
        self._copy_guests()
        self.tools = self._add_packages(packages, interpreter)
        ours, theirs = socket.socketpair()
        flags = ["-I", "-S", "-E", "-B", "-u", "-X", "utf8"]
        command = [
            interpreter.executable,
            *flags,
            str(self.kit / "grader/player/zygote.py"),
            str(theirs.fileno()),
            json.dumps(preload),
        ]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=[theirs.fileno()],
            env=dict(_CLEAN_ENVIRONMENT, **{k: v for p in needed for k, v in p.environment}),
            cwd="/",
            start_new_session=True,
        )
        theirs.close()
        self._link = ours
        self._await_start()

    def _copy_player(self) -> None:
        """A copy, so that the folder student code can see holds the player and nothing of the judge."""
        target = self.kit / "grader" / "player"
        target.mkdir(parents=True)
        for file in _PLAYER.rglob("*.py"):
            copy = target / file.relative_to(_PLAYER)
            copy.parent.mkdir(exist_ok=True)
            shutil.copyfile(file, copy)

    def _copy_guests(self) -> None:
        """Packages that scenarios may import: our own copies, whatever is installed for the submissions' Python."""
        for name in _GUESTS:
            spec = importlib.util.find_spec(name)
            if spec is None or spec.origin is None:
                continue  # a scenario that wants it says so
            source = Path(spec.origin)
            if source.name == "__init__.py":
                shutil.copytree(
                    source.parent, self.kit / name, ignore=shutil.ignore_patterns("__pycache__", "*.tar.gz")
                )
            else:
                shutil.copyfile(source, self.kit / source.name)

    def _add_packages(self, packages: frozenset[str], interpreter: Interpreter) -> str:
        try:
            return add_to_kit(packages, self.kit, interpreter)
        except PackageMissingError:
            self._resources.close()
            raise

    def _await_start(self) -> None:
        self._link.settimeout(_START_S)
        with contextlib.suppress(OSError):
            if self._link.recv(1) == b"R":
                return
        self._process.kill()
        assert self._process.stderr is not None
        said = self._process.stderr.read().decode("utf-8", "replace").strip()
        self.close()
        raise InfrastructureError(f"the sandbox's interpreter did not start: {said.splitlines()[-1:] or 'no message'}")

    def fork(self, control: socket.socket, link: socket.socket, out: int, err: int) -> int:
        """Starts a supervisor holding these descriptors; returns its pid. Raises InfrastructureError."""
        try:
            socket.send_fds(self._link, [b"F"], [control.fileno(), link.fileno(), out, err])
            answer = self._link.recv(4, socket.MSG_WAITALL)
        except OSError as e:
            raise InfrastructureError(f"the sandbox's interpreter does not answer ({e})") from e
        if len(answer) < 4:
            raise InfrastructureError("the sandbox's interpreter ended by itself")
        return int.from_bytes(answer, "big")

    def close(self) -> None:
        self._link.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()
        self._resources.close()

    def __enter__(self) -> Zygote:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
