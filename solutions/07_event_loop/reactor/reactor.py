"""A line server in one thread: a reactor."""

from collections.abc import Callable
from contextlib import suppress
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector
from socket import socket

MOST_WAITING = 65536  # bytes of answers; with more of them no line is handled
LONGEST_LINE = 65536
Handle = Callable[[bytes], bytes]


def echo(line: bytes) -> bytes:
    return line


def serve(listener: socket, stop: socket, handle: Handle = echo) -> None:
    """Answer each line of every client of `listener` by `handle(line)` and a newline, until `stop` is readable.

    Each client is watched for the one thing that it waits for: to send when there is something to send, else to read.
    """
    clients: set[Client] = set()
    listener.setblocking(False)
    with DefaultSelector() as selector:
        selector.register(stop, EVENT_READ)
        selector.register(listener, EVENT_READ)
        try:
            while True:
                for key, ready in selector.select():
                    if key.fileobj is stop:
                        return
                    if key.fileobj is listener:
                        _accept(listener, selector, clients, handle)
                    else:
                        _serve(key.data, ready, selector, clients)
        finally:
            for client in clients:
                client.socket.close()


def _accept(listener: socket, selector: DefaultSelector, clients: "set[Client]", handle: Handle) -> None:
    with suppress(BlockingIOError, ConnectionAbortedError):  # it is gone again
        client = Client(listener.accept()[0], handle)
        clients.add(client)
        selector.register(client.socket, EVENT_READ, client)


def _serve(client: "Client", ready: int, selector: DefaultSelector, clients: "set[Client]") -> None:
    try:
        client.go_on(ready)
        wanted = client.wanted()
    except Exception:  # of `handle`, of a connection that was reset, of a line that is too long
        wanted = 0
    if wanted:
        selector.modify(client.socket, wanted, client)
    else:
        selector.unregister(client.socket)
        client.socket.close()
        clients.remove(client)


class Client:
    def __init__(self, connection: socket, handle: Handle) -> None:
        connection.setblocking(False)
        self.socket = connection
        self._handle = handle
        self._received = bytearray()  # and not handled yet
        self._answers = bytearray()  # not sent yet
        self._ended = False  # nothing more will be received

    def wanted(self) -> int:
        """The event that this client waits for; 0 if it is served to the end."""
        if self._answers or self._line_length() >= 0:
            return EVENT_WRITE
        return 0 if self._ended else EVENT_READ

    def go_on(self, ready: int) -> None:
        """Do as much for this client as can be done without waiting, but not so much that others wait for long."""
        if ready & EVENT_READ:
            self._receive()
        while len(self._answers) <= MOST_WAITING and (length := self._line_length()) >= 0:
            line = bytes(self._received[:length])
            del self._received[: length + 1]
            self._answers += self._handle(line) + b"\n"
        if self._answers:
            with suppress(BlockingIOError):
                del self._answers[: self.socket.send(self._answers)]

    def _receive(self) -> None:
        with suppress(BlockingIOError):
            some = self.socket.recv(65536)
            self._received += some
            self._ended = not some

    def _line_length(self) -> int:
        """Of the first line without its newline; -1 if that has not come yet."""
        length = self._received.find(b"\n")
        if length > LONGEST_LINE or (length < 0 and len(self._received) > LONGEST_LINE):
            raise ValueError("the line is too long")
        return length
