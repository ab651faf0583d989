"""A generator for each socket and direction does one operation after the other, and yields while it has to wait."""

import selectors
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future
from contextlib import suppress
from socket import socket
from typing import Any

Outstanding = tuple[Future[Any], Any]


class Line:
    """The operations in one direction of one socket. `worker` is waiting for readiness whenever there is one."""

    def __init__(self, work: Callable[[Future[Any], Any], Generator[None, None, None]]) -> None:
        self._work = work
        self.queue: deque[Outstanding] = deque()
        self._current: Generator[None, None, None] | None = None
        self._future: Future[Any] | None = None

    def is_busy(self) -> bool:
        self._drop_cancelled()
        return self._current is not None or bool(self.queue)

    def _drop_cancelled(self) -> None:
        if self._future is not None and self._future.done():
            self._current = self._future = None
        while self._current is None and self.queue and self.queue[0][0].cancelled():
            self.queue.popleft()

    def advance(self) -> None:
        if not self.is_busy():
            return
        if self._current is None:
            self._future, argument = self.queue.popleft()
            self._current = self._work(self._future, argument)
        current, future = self._current, self._future
        try:
            next(current)
        except StopIteration as end:
            self._current = self._future = None
            if future is not None:
                future.set_result(end.value)
        except Exception as error:
            self._current = self._future = None
            if future is not None:
                future.set_exception(error)


def receiving(sock: socket) -> Callable[[Future[Any], Any], Generator[None, None, Any]]:
    def work(future: Future[Any], n: int) -> Generator[None, None, Any]:
        while True:
            try:
                return sock.recv(n)
            except BlockingIOError:
                yield

    return work


def sending(sock: socket) -> Callable[[Future[Any], Any], Generator[None, None, Any]]:
    def work(future: Future[Any], data: bytes) -> Generator[None, None, Any]:
        sent = 0
        while True:
            with suppress(BlockingIOError):
                sent += sock.send(data[sent:])
            if sent == len(data):
                return sent
            if sent and not future.running():
                future.set_running_or_notify_cancel()
            yield

    return work


class Proactor:
    def __init__(self) -> None:
        self._lines: dict[socket, dict[int, Line]] = {}

    def recv(self, sock: socket, n: int) -> Future[bytes]:
        if n <= 0:
            raise ValueError("n must be positive")
        return self._append(sock, selectors.EVENT_READ, n)

    def send(self, sock: socket, data: bytes) -> Future[int]:
        return self._append(sock, selectors.EVENT_WRITE, data)

    def _append(self, sock: socket, event: int, argument: Any) -> Future[Any]:
        if sock not in self._lines:
            self._lines[sock] = {
                selectors.EVENT_READ: Line(receiving(sock)),
                selectors.EVENT_WRITE: Line(sending(sock)),
            }
        future: Future[Any] = Future()
        self._lines[sock][event].queue.append((future, argument))
        return future

    def run_until(self, future: Future[Any]) -> Any:
        while not future.done():
            with selectors.PollSelector() as selector:
                failing = self._watch(selector)
                for line in failing:
                    if not future.done():
                        line.advance()
                if failing:
                    continue
                if not selector.get_map():
                    if self._lines:
                        continue
                    raise RuntimeError("nobody will ever complete this future")
                for key, ready in selector.select():
                    for event, line in key.data.items():
                        if ready & event and not future.done():
                            line.advance()
        return future.result()

    def _watch(self, selector: selectors.PollSelector) -> list[Line]:
        """Registers what is waited for; returns what need not wait, as its socket is closed."""
        failing = []
        for sock, lines in list(self._lines.items()):
            events = sum(event for event, line in lines.items() if line.is_busy())
            if not events:
                del self._lines[sock]
            elif sock.fileno() < 0:
                failing += [line for line in lines.values() if line.is_busy()]
            else:
                sock.setblocking(False)
                selector.register(sock, events, lines)
        return failing
