"""A warm interpreter that forks players. Started by exec before any test is read, so its memory holds no secret.

Run as `python zygote.py FD`. Each request is one message carrying four descriptors: the control socket, the supervisor
socket, standard output and standard error of the new player. The answer is the pid of the player's supervisor.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import pkgutil
import random
import signal
import socket
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

# What exercises import anyway: paid once here instead of 20 ms in every player.
import asyncio
import concurrent.futures.process
import concurrent.futures.thread
import faulthandler
import importlib.util
import inspect
import json
import multiprocessing.context
import multiprocessing.pool
import multiprocessing.popen_fork
import multiprocessing.synchronize
import queue
import threading
import traceback
import typing

from grader.player import callbacks, enclosures, limits, mappings, serve, supervisor
from grader.player.schedules import libraries

_PRELOADED = (
    *(asyncio, concurrent.futures.process, concurrent.futures.thread, faulthandler, importlib.util, inspect),
    *(multiprocessing.context, multiprocessing.pool, multiprocessing.popen_fork, multiprocessing.synchronize),
    *(queue, threading, traceback, typing, callbacks, enclosures, serve),
)


def main() -> None:
    limits.die_with_parent()
    link = socket.socket(fileno=int(sys.argv[1]))
    os.set_inheritable(link.fileno(), False)
    _preload(**json.loads(sys.argv[2]))
    libraries.get_ready()
    gc.collect()
    gc.freeze()
    of_files = mappings.of_files()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # supervisors are reaped by the kernel
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C belongs to the judge
    link.sendall(b"R")
    while True:
        message, descriptors, _, _ = socket.recv_fds(link, 1, 4)
        if not message:
            return
        pid = os.fork()
        if pid == 0:
            link.close()
            _become_supervisor(descriptors, of_files)
        for descriptor in descriptors:
            os.close(descriptor)
        link.sendall(pid.to_bytes(4, "big"))


def _preload(folders: list[str], modules: list[str]) -> None:
    """Imports what players may use and cannot see."""
    sys.path += folders
    for folder in folders:
        libraries.show(folder)
    for module in modules:
        if module.endswith(".*"):
            _import_what_can_be(module.removesuffix(".*"))
        else:
            importlib.import_module(module)
    sys.path[:] = [path for path in sys.path if path not in folders]


def _import_what_can_be(package: str) -> None:
    """The modules in it, but for the one that would run; there may be some for another Python."""
    for found in pkgutil.iter_modules(importlib.import_module(package).__path__):
        with contextlib.suppress(ImportError):
            if found.name != "__main__":
                importlib.import_module(f"{package}.{found.name}")


def _become_supervisor(descriptors: list[int], of_files: list[tuple[int, int]]) -> None:
    control, link, out, err = descriptors
    for number in (signal.SIGCHLD, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    os.setsid()
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.close(out)
    os.close(err)
    random.seed()
    supervisor.supervise(socket.socket(fileno=link), socket.socket(fileno=control), of_files)


if __name__ == "__main__":
    main()
