"""What is outstanding stands in one list; `select.select` is asked about all of it, over and over again."""

import select
from concurrent.futures import Future
from socket import MSG_DONTWAIT, socket
from typing import Any


class Proactor:
    def __init__(self) -> None:
        self._outstanding: list[Recv | Send] = []  # in the order in which they were asked for

    def recv(self, sock: socket, n: int) -> Future[bytes]:
        if n < 1:
            raise ValueError(n)
        return self._add(Recv(sock, n))

    def send(self, sock: socket, data: bytes) -> Future[int]:
        return self._add(Send(sock, data))

    def _add(self, operation: "Recv | Send") -> Future[Any]:
        self._outstanding.append(operation)
        return operation.future

    def run_until(self, future: Future[Any]) -> Any:
        while not future.done():
            first = self._first_of_each()
            if not first:
                raise RuntimeError("nothing left to do")
            for operation in self._ready(first):
                if not operation.future.done():  # a callback has cancelled it
                    operation.step()
        return future.result()

    def _first_of_each(self) -> list["Recv | Send"]:
        """For each socket and direction, what is to be done next."""
        self._outstanding = [operation for operation in self._outstanding if not operation.future.done()]
        first: dict[tuple[type, socket], Recv | Send] = {}
        for operation in self._outstanding:
            first.setdefault((type(operation), operation.sock), operation)
        return list(first.values())

    def _ready(self, operations: list["Recv | Send"]) -> list["Recv | Send"]:
        closed = [operation for operation in operations if operation.sock.fileno() < 0]
        if closed:
            return closed
        recvs = {one.sock: one for one in operations if isinstance(one, Recv)}
        sends = {one.sock: one for one in operations if isinstance(one, Send)}
        readable, writable, _ = select.select(recvs, sends, [])
        return [*(recvs[sock] for sock in readable), *(sends[sock] for sock in writable)]


class Recv:
    def __init__(self, sock: socket, n: int) -> None:
        self.sock, self.n = sock, n
        self.future: Future[bytes] = Future()

    def step(self) -> None:
        try:
            data = self.sock.recv(self.n, MSG_DONTWAIT)
        except BlockingIOError:
            return
        except Exception as error:
            self.future.set_exception(error)
        else:
            self.future.set_result(data)


class Send:
    def __init__(self, sock: socket, data: bytes) -> None:
        self.sock, self.data, self.at = sock, data, 0
        self.future: Future[int] = Future()

    def step(self) -> None:
        try:
            self.at += self.sock.send(memoryview(self.data)[self.at :], MSG_DONTWAIT)
        except BlockingIOError:
            return
        except Exception as error:
            self.future.set_exception(error)
            return
        if self.at == len(self.data):
            self.future.set_result(self.at)
        elif not self.future.running():
            self.future.set_running_or_notify_cancel()
