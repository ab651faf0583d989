"""Operations on sockets that tell when they are done: a proactor, built on readiness."""

from collections import defaultdict, deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector
from socket import socket
from typing import Any


class Operation:
    """An outstanding operation. `attempt` does what can be done now, and completes `future` if that was all."""

    def __init__(self, sock: socket, event: int) -> None:
        self.sock = sock
        self.event = event
        self.future: Future[Any] = Future()

    attempt: Callable[[], None]


class Recv(Operation):
    def __init__(self, sock: socket, n: int) -> None:
        super().__init__(sock, EVENT_READ)
        self._n = n

    def attempt(self) -> None:
        self.future.set_result(self.sock.recv(self._n))


class Send(Operation):
    def __init__(self, sock: socket, data: bytes) -> None:
        super().__init__(sock, EVENT_WRITE)
        self._rest = memoryview(data)
        self._length = len(data)

    def attempt(self) -> None:
        self._rest = self._rest[self.sock.send(self._rest) :]
        if not self._rest:
            self.future.set_result(self._length)
        elif not self.future.running():
            self.future.set_running_or_notify_cancel()  # too late to be cancelled


class Proactor:
    """Carries out operations on sockets, many at once, in the one thread that calls `run_until`.

    For each socket and event there is a queue of operations; sockets are watched for events whose queue is not empty.
    """

    def __init__(self) -> None:
        self._selector = DefaultSelector()
        self._queues: defaultdict[tuple[socket, int], deque[Operation]] = defaultdict(deque)
        self._changed: deque[socket] = deque()  # whose queues have begun or ceased to be empty

    def recv(self, sock: socket, n: int) -> Future[bytes]:
        """Ask for the next bytes that come, at most `n`; for b"" if the stream has ended. Returns at once."""
        if n < 1:
            raise ValueError("n must be at least 1")
        return self._ask_for(Recv(sock, n))

    def send(self, sock: socket, data: bytes) -> Future[int]:
        """Ask for all of `data` to be sent; the result is its length. Returns at once."""
        return self._ask_for(Send(sock, data))

    def _ask_for(self, operation: Operation) -> Future[Any]:
        self._queues[operation.sock, operation.event].append(operation)
        self._changed.append(operation.sock)
        operation.future.add_done_callback(lambda _: self._forget(operation))
        return operation.future

    def _forget(self, operation: Operation) -> None:
        """It is done or cancelled. This is the future's first callback: whoever is told later finds it forgotten."""
        key = operation.sock, operation.event
        self._queues[key].remove(operation)
        if not self._queues[key]:
            del self._queues[key]
            self._changed.append(operation.sock)

    def run_until(self, future: Future[Any]) -> Any:
        """Carry out what has been asked for until `future` is done; return its result, or raise its exception."""
        while not future.done():
            if self._changed:
                self._watch(self._changed.popleft())
            elif self._queues:
                self._react(future)
            else:
                raise RuntimeError("nothing is left to carry out, and the future is not done")
        return future.result()

    def _react(self, until: Future[Any]) -> None:
        for key, ready in self._selector.select():
            for event in (EVENT_READ, EVENT_WRITE):
                if until.done():
                    return  # what callbacks have asked for since has time
                if ready & event and (key.fileobj, event) in self._queues:  # a callback may have cancelled it
                    self._attempt(self._queues[key.fileobj, event][0])  # type: ignore[index]

    def _attempt(self, operation: Operation) -> None:
        try:
            with suppress(BlockingIOError):
                operation.attempt()
        except Exception as error:
            operation.future.set_exception(error)

    def _watch(self, sock: socket) -> None:
        """For the events whose queue is not empty."""
        outstanding = [event for event in (EVENT_READ, EVENT_WRITE) if (sock, event) in self._queues]
        with suppress(KeyError, ValueError):  # it was not watched
            self._selector.unregister(sock)
        if outstanding:
            try:
                sock.setblocking(False)
                self._selector.register(sock, sum(outstanding))
            except Exception as error:  # it is closed
                self._changed.append(sock)
                self._queues[sock, outstanding[0]][0].future.set_exception(error)
