"""A generator for each client: it reads as if it waited, and yields the event that it would wait for."""

from collections.abc import Callable, Generator
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector
from socket import socket

LONGEST_LINE = 1 << 16
Waiting = Generator[int, None, None]


def serve(listener: socket, stop: socket, handle: Callable[[bytes], bytes] = bytes) -> None:
    """Resume each client's generator when what it waits for is there."""
    listener.setblocking(False)
    selector = DefaultSelector()
    selector.register(listener, EVENT_READ)
    selector.register(stop, EVENT_READ)
    conversations: dict[socket, Waiting] = {}

    def resume(sock: socket) -> None:
        try:
            selector.modify(sock, next(conversations[sock]))
        except (StopIteration, Exception):
            selector.unregister(sock)
            del conversations[sock]
            sock.close()

    def accept() -> None:
        try:
            sock, _ = listener.accept()
        except BlockingIOError:
            return
        sock.setblocking(False)
        conversations[sock] = converse(sock, handle)
        selector.register(sock, EVENT_READ)
        resume(sock)

    try:
        while True:
            ready = [key.fileobj for key, _ in selector.select()]
            if stop in ready:
                return
            for sock in ready:
                if sock is listener:
                    accept()
                else:
                    resume(sock)  # type: ignore[arg-type]
    finally:
        selector.close()
        for sock in conversations:
            sock.close()


def converse(sock: socket, handle: Callable[[bytes], bytes]) -> Waiting:
    received = bytearray()
    while (line := (yield from next_line(sock, received))) is not None:
        yield from send_all(sock, handle(line) + b"\n")


def next_line(sock: socket, received: bytearray) -> Generator[int, None, bytes | None]:
    """None at the end."""
    while (end := received.find(b"\n", 0, LONGEST_LINE + 1)) < 0:
        if len(received) > LONGEST_LINE:
            raise ValueError("too long")
        yield EVENT_READ
        try:
            some = sock.recv(8192)
        except BlockingIOError:
            continue
        if not some:
            return None
        received += some
    line = bytes(received[:end])
    del received[: end + 1]
    return line


def send_all(sock: socket, data: bytes) -> Waiting:
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[sock.send(rest) :]
        except BlockingIOError:
            yield EVENT_WRITE
