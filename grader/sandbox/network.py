"""The judge's ends of TCP connections to a player, made of sockets that the player handed over (`player.network`)."""

from __future__ import annotations

import contextlib
import socket
import sys

from grader.errors import InfrastructureError
from grader.player.network import SERVERS, meet

from . import tcp
from .tcp import Address, Connection

Visitor = tuple[int, Address]  # the number of the late server that it is at, and where it comes from


class Network:
    """Of the sockets that `make_sockets` has made, with so many clients. Close it when done."""

    def __init__(self, sockets: list[socket.socket], clients: int) -> None:
        self._sockets = sockets
        self._diag = sockets[0] if sockets and sys.platform == "linux" else None
        own = sockets[0 if self._diag is None else 1 :]
        self._clients, own = own[:clients], own[clients:]
        self._servers, own = own[:SERVERS], own[SERVERS:]
        self._students = own[0] if own else None
        self._late = {server.getsockname(): SERVERS + number for number, server in enumerate(own[1:])}
        for sock in (*self._clients, *self._servers):
            sock.setblocking(False)
        self._used: list[socket.socket] = []
        self._connections: list[Connection] = []

    @property
    def possible(self) -> bool:
        """Whether there can be connections at all."""
        return self._students is not None

    @property
    def addresses(self) -> list[Address]:
        """Host and port of each of the judge's servers, the late ones last."""
        return [*(server.getsockname() for server in self._servers), *self._late]

    @property
    def left(self) -> int:
        """How many connections can still be made by the judge."""
        return len(self._clients)

    def connect(self) -> socket.socket:
        """A new one; it may be accepted later."""
        assert self._students is not None
        client = self._new()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        address = self._students.getsockname()
        client.connect_ex(address)
        return self._use(client, address)

    def accept(self) -> list[tuple[int, socket.socket]]:
        """Connections that the student's code has made, each with the number of the server that it is to."""
        return [
            (number, self._use(sock, address))
            for number, server in enumerate(self._servers)
            for sock, address in _accepted(server)
        ]

    def visitors(self) -> list[Visitor]:
        """Those who connect to late servers, and have not been met, nor given up."""
        if self._diag is None or not self._late:
            return []
        waiting = tcp.connecting(self._diag)
        return [(self._late[there], here) for here, there in waiting if there in self._late]

    def meet(self, visitor: Visitor) -> socket.socket:
        """The connection with one of them."""
        number, there = visitor
        host = self._new()
        here = next(address for address, late in self._late.items() if late == number)
        if not meet(host, here, there):
            raise InfrastructureError("The kernel did not connect two ends, as it had done before.")
        return self._use(host, there)

    def _new(self) -> socket.socket:
        if not self._clients:
            raise InfrastructureError("A check needs more connections than exercise.toml says.")
        return self._clients.pop()

    def _use(self, sock: socket.socket, there: Address) -> socket.socket:
        sock.setblocking(False)
        self._used.append(sock)
        self._connections.append(Connection(sock.getsockname(), there))
        return sock

    def under_way(self) -> bool:
        """Whether anything that was sent has not arrived yet. Where the kernel does not tell: no."""
        if self._diag is None or not self._connections:
            return False
        for sock in self._used:
            _acknowledge(sock)
        return tcp.under_way(self._diag, self._connections)

    def all_arrived(self) -> bool:
        """Whether the student's side has nothing left to send: it cannot notice that we read. If the kernel tells."""
        if self._diag is None:
            return False
        for sock in self._used:
            _acknowledge(sock)
        return not any(there.unacknowledged for there in self.ends()[1::2])

    def ends(self) -> tcp.Ends:
        """Of all connections, as the kernel has them at this moment, if it tells: they change as bytes are moved."""
        return () if self._diag is None else tcp.ends_of(self._diag, self._connections)

    def ends_with(self, sock: socket.socket) -> tcp.Ends:
        """Of one connection, the judge's end first, if the kernel tells."""
        return () if self._diag is None else tcp.ends_of(self._diag, [self._connections[self._used.index(sock)]])

    def hang_up(self) -> None:
        """Ends all connections there are, those that nobody has accepted included."""
        self.accept()
        for sock in self._used:
            sock.close()
        self._used, self._connections = [], []
        if self._students is not None:
            self._students.setblocking(False)
            for sock, _ in _accepted(self._students):
                sock.close()
            self._students.setblocking(True)  # a setting that the student's side shares

    def close(self) -> None:
        for sock in (*self._sockets, *self._used):
            sock.close()


def _accepted(server: socket.socket) -> list[tuple[socket.socket, Address]]:
    found = []
    with contextlib.suppress(BlockingIOError):
        while True:
            found.append(server.accept())
    return found


def _acknowledge(sock: socket.socket) -> None:
    """Now, not with what is sent next, as the kernel likes to."""
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
