"""Callables handed to student code whose every call is answered by the judge.

A call opens a connection, says who calls and with what, and blocks until the judge answers: with a value, with an
exception, or never. What the judge sees (how many calls are open at once, from which processes) is therefore true
whatever the student's code does to this module.
"""

from __future__ import annotations

import _socket
import asyncio
import builtins
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

from . import wire

_path = ""
_Socket = _socket.socket


def connect_to(path: str) -> None:
    """Says where the judge listens; child processes started afresh get it with the pickled callable."""
    global _path  # noqa: PLW0603 - one judge a process
    _path = path


class Callback:
    """`callback(*args)` asks the judge and returns its answer. Works in threads and, being picklable, in processes."""

    def __init__(self, name: str, path: str = "") -> None:
        self._name = name
        self.path = path or _path

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return type(self), (self._name, self.path)

    def __repr__(self) -> str:
        return f"<{self._name}>"

    def __call__(self, *args: Any) -> Any:
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(self.path)
            sock.sendall(self.request(args))
            try:
                reply = wire.receive(sock)
            except EOFError:
                raise ConnectionError(f"the judge hung up on {self._name}") from None
        return outcome_of(reply)

    def request(self, args: tuple[Any, ...], task: str = "") -> bytes:
        encoded = wire.encode(list(args))
        return wire.frame({"name": self._name, "args": encoded, "thread": threading.get_native_id(), "task": task})


class DirectCallback(Callback):
    """The same for what the harness itself has to tell: nothing that it goes by can be replaced by student code."""

    def __call__(self, *args: Any) -> Any:
        sock = _Socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        try:
            sock.connect(self.path)
            sock.sendall(self.request(args))
            return outcome_of(wire.receive(sock))
        finally:
            sock.close()


class AsyncCallback(Callback):
    """`await callback(*args)`: the same for coroutines. Cancelling the await hangs up, which the judge sees."""

    async def __call__(self, *args: Any) -> Any:
        loop = asyncio.get_running_loop()
        task = asyncio.current_task()
        with socket.socket(socket.AF_UNIX) as sock:
            sock.setblocking(False)
            await loop.sock_connect(sock, self.path)
            await loop.sock_sendall(sock, self.request(args, task.get_name() if task else ""))
            reader = wire.FrameReader()
            while True:
                data = await loop.sock_recv(sock, reader.wanted())
                if not data:
                    raise ConnectionError(f"the judge hung up on {self._name}")
                reply = reader.feed(data)
                if reply is not None:
                    return outcome_of(reply)


class RemoteIterator(Iterator[Any]):
    """An iterator whose every `next` calls the judge, or who stands in for it: `[item]`, or `[]` at the end."""

    def __init__(self, ask: Callable[..., Any], *args: Any) -> None:
        self._ask = ask
        self._args = args

    def __next__(self) -> Any:
        answer = self._ask(*self._args)
        if not answer:
            raise StopIteration
        return answer[0]


def outcome_of(reply: dict[str, Any]) -> Any:
    """The value that the judge has answered with. Raises what it has answered with instead."""
    if "raise" in reply:
        kind = getattr(builtins, reply["raise"]["type"])
        raise kind(reply["raise"]["message"])
    return wire.decode(reply["value"])
