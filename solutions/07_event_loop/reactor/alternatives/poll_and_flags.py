"""`poll`, numbers and flags, as one would write it in C. It reads on while few answers wait."""

import select
from collections.abc import Callable
from socket import socket

CHUNK = 4096
LIMIT = 65536
TROUBLE = select.POLLERR | select.POLLHUP | select.POLLNVAL


def echo(line: bytes) -> bytes:
    return line


class Connection:
    __slots__ = ("at_end", "incoming", "outgoing", "sock")

    def __init__(self, sock: socket) -> None:
        self.sock = sock
        self.incoming = b""
        self.outgoing = b""
        self.at_end = False

    def events(self) -> int:
        events = 0
        if self.outgoing:
            events |= select.POLLOUT
        if not self.at_end and len(self.outgoing) <= LIMIT and b"\n" not in self.incoming:
            events |= select.POLLIN
        return events

    def is_done(self) -> bool:
        return self.at_end and not self.outgoing and b"\n" not in self.incoming


def serve(listener: socket, stop: socket, handle: Callable[[bytes], bytes] = echo) -> None:
    listener.setblocking(False)
    connections: dict[int, Connection] = {}
    poll = select.poll()
    poll.register(stop, select.POLLIN)
    poll.register(listener, select.POLLIN)
    try:
        while True:
            for number, events in poll.poll():
                if number == stop.fileno():
                    return
                if number == listener.fileno():
                    accept(listener, poll, connections)
                else:
                    advance(connections, number, events, handle, poll)
    finally:
        for connection in connections.values():
            connection.sock.close()


def accept(listener: socket, poll: select.poll, connections: dict[int, Connection]) -> None:
    while True:
        try:
            sock, _ = listener.accept()
        except BlockingIOError:
            return
        sock.setblocking(False)
        connections[sock.fileno()] = Connection(sock)
        poll.register(sock, select.POLLIN)


def advance(
    connections: dict[int, Connection], number: int, events: int, handle: Callable[[bytes], bytes], poll: select.poll
) -> None:
    connection = connections[number]
    try:
        if events & (select.POLLIN | TROUBLE):
            read(connection)
        write(connection)
        while len(connection.outgoing) <= LIMIT and answer_one(connection, handle):
            write(connection)
        done = connection.is_done()
    except Exception:
        done = True
    if done:
        poll.unregister(number)
        connections.pop(number).sock.close()
    else:
        poll.modify(number, connection.events())


def read(connection: Connection) -> None:
    if connection.at_end or not connection.events() & select.POLLIN:
        return
    try:
        some = connection.sock.recv(CHUNK)
    except BlockingIOError:
        return
    connection.incoming += some
    connection.at_end = some == b""


def answer_one(connection: Connection, handle: Callable[[bytes], bytes]) -> bool:
    line, newline, rest = connection.incoming.partition(b"\n")
    if len(line) > LIMIT:
        raise ValueError
    if newline:
        connection.incoming = rest
        connection.outgoing += handle(line) + newline
    return bool(newline)


def write(connection: Connection) -> None:
    try:
        while connection.outgoing:
            sent = connection.sock.send(connection.outgoing[:CHUNK])
            connection.outgoing = connection.outgoing[sent:]
    except BlockingIOError:
        pass
