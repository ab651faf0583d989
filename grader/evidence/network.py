"""Servers and clients of the student's, judged through real TCP connections.

A suite writes a script: a generator function that says what the judge's peers do. At each `yield` it goes on when
nobody in the sandbox can move any more, everything sent has arrived, and all that the peers want to read has been read.
So what has not come back by then never will, however slow or busy the machine is.

def script(net):
    slow, quick = net.connect(2)
    slow.send(b"half a li")
    quick.send(b"whole\\n")
    yield
    expect(bytes(quick.received), b"whole\\n", "a line echoed while another client's is half there")
    net.stop()
    yield
    assert slow.ended, feedback("every connection closed", "one still open")

seen = student.run("serve", calls=OverNetwork(script))
"""

from __future__ import annotations

import contextlib
import errno
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from grader.sandbox.calls import Call
from grader.sandbox.channels import SHORTEST_PAUSE_S
from grader.sandbox.network import Network, Visitor

from .policies import AtOnce, Replies, reply

_PIECE = 64 << 10
_MOST_RECEIVED = 16 << 20  # bytes; what comes behind them is left where it is
_RESET_AT_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER: on, 0 seconds
_PATIENCE_S = 0.02

NO_REPLIES: Replies = {}
Script = Callable[["Net"], Iterator[None]]


class Peer:
    """The judge's end of one connection.

    `received`: all bytes so far. `unsent`: those of ours that do not fit into the buffers in between yet. While `reads`
    is False nothing is read but what is taken. `ended`: the other side has closed, and everything before that was read;
    `was_reset`: it has broken off. `address`: the number of the server that was connected to, where the student's code
    did that. `sock` is not for scripts.
    """

    def __init__(self, sock: socket.socket, address: int = 0) -> None:
        self.sock, self.address = sock, address
        self.received, self.unsent = bytearray(), bytearray()
        self.reads = True
        self.ended = self.was_reset = self._closes = False

    @property
    def open(self) -> bool:
        """Whether this side has not hung up and the other one has not either."""
        return self.sock.fileno() >= 0 and not self.ended and not self.was_reset

    def send(self, data: bytes) -> None:
        """What does not fit now is sent as soon as the other side reads."""
        self.unsent += data
        self.write()

    def half_close(self) -> None:
        """Says that nothing more will be sent, once everything is."""
        self._closes = True
        self.write()

    def close(self) -> None:
        """Hangs up in the ordinary way; what has arrived and was not read makes it a reset, as TCP has it."""
        self.sock.close()

    def reset(self) -> None:
        """Breaks off."""
        if self.sock.fileno() >= 0:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
        self.sock.close()

    def write(self) -> bool:
        """Sends what can be; whether anything could."""
        if self.sock.fileno() < 0:
            return False
        sent = 0
        with contextlib.suppress(BlockingIOError):
            try:
                while self.unsent:
                    sent += (gone := self.sock.send(self.unsent[:_PIECE]))
                    del self.unsent[:gone]
                if self._closes:
                    self._closes = False
                    self.sock.shutdown(socket.SHUT_WR)
            except BlockingIOError:
                raise
            except OSError as e:
                self._broken(e)
        return sent > 0

    def read(self) -> bool:
        """Reads what has come, if it `reads`; whether anything had."""
        return self.reads and self.take(_MOST_RECEIVED - len(self.received)) > 0

    def take(self, most: int) -> int:
        """Reads at most so many bytes of what has come; how many there were. The end counts as one."""
        got = 0
        while self.open and got < most:
            try:
                data = self.sock.recv(min(_PIECE, most - got))
            except BlockingIOError:
                break
            except OSError as e:
                self._broken(e)
                break
            self.ended = not data
            self.received += data
            got += len(data) + self.ended
        return got

    def _broken(self, error: OSError) -> None:
        self.unsent.clear()
        self._closes = False
        if error.errno in (errno.ECONNRESET, errno.EPIPE, errno.ECONNREFUSED):
            self.was_reset = True


class Net:
    """What a script is given. `returned`: whether the scenario has come to its end."""

    def __init__(self, network: Network, held: dict[str, list[Call]], policy: OverNetwork) -> None:
        self._network, self._held, self._policy = network, held, policy
        self._peers: list[Peer] = []
        self._stop = Peer(network.connect())
        self.returned = False

    def connect(self, number: int) -> list[Peer]:
        """So many new clients of the student's server."""
        return self._known([Peer(self._network.connect()) for _ in range(number)])

    def arrived(self) -> list[Peer]:
        """Those who have connected to the judge's servers since the last time, by the number of the server."""
        peers = self._known([Peer(sock, number) for number, sock in self._network.accept()])
        for peer in peers:
            peer.read()
        return peers

    def visitors(self) -> list[Visitor]:
        """Those who have begun to connect to late servers and wait there, each with the number of the server first."""
        return self._network.visitors()

    def let_in(self, visitor: Visitor) -> Peer:
        """The connection that it waits for is there: as if it had been accepted."""
        return self._known([Peer(self._network.meet(visitor), visitor[0])])[0]

    def _known(self, peers: list[Peer]) -> list[Peer]:
        self._peers += peers
        return peers

    def unread(self, peer: Peer) -> int | None:
        """How many bytes of the peer's have arrived and not been read by the other side; None if the kernel is mute."""
        ends = self._network.ends_with(peer.sock)
        return ends[1].unread if ends else None

    def sent_to(self, peer: Peer) -> int | None:
        """How many bytes the other side has given to the system for this peer, read by it or not; or None again."""
        there = self._network.ends_with(peer.sock)
        here = self._network.ends_with(peer.sock)  # asked later: what has just arrived is not missed
        return len(peer.received) + here[0].unread + there[1].unacknowledged if there else None

    def stop(self, data: bytes = b"") -> None:
        """Makes the scenario's `accept_stop()` readable, by these bytes, or by the end of its stream."""
        if data:
            self._stop.send(data)
        else:
            self._stop.close()

    def held(self, name: str) -> list[Call]:
        """The open calls of a callback that has no reply, in the order they came."""
        return [call for call in self._held.get(name, []) if call.open]

    def answer(self, call: Call, value: object) -> None:
        """Lets it go, with this value, or this exception of a built-in type."""
        reply(call, {call.name: lambda *args: value}, self._policy.now)

    def move(self) -> bool:
        """Lets every peer read and send; whether the other side can notice that, and has something to do now."""
        needs_no_room = self._network.all_arrived()
        read = sum(peer.read() for peer in self._peers)
        sent = sum(peer.write() for peer in self._peers)
        return sent > 0 or (read > 0 and not needs_no_room)


class OverNetwork(AtOnce):
    """Goes through a script. Calls of callbacks in `replies` are answered as they arrive, others wait for the script.

    `holds`: whether the script has not come to its end. `patience_s` is how long waits with a time-out are watched
    before the script goes on: more than usual where a check is about polling.
    """

    def __init__(self, script: Script, replies: Replies = NO_REPLIES, patience_s: float = _PATIENCE_S) -> None:
        super().__init__(replies)
        self.patience_s = patience_s
        self._script = script
        self._held: dict[str, list[Call]] = {}
        self._net: Net | None = None
        self._steps: Iterator[None] = iter(())
        self.holds = True

    @contextmanager
    def begun(self, network: Network) -> Iterator[None]:
        """For the time in which a scenario runs, and as long as its script has something to do afterwards."""
        self._network = network
        network.hang_up()
        self._net = Net(network, self._held, self)
        self._steps = self._script(self._net)
        try:
            yield
        finally:
            network.hang_up()

    def arrived(self, call: Call) -> None:
        if call.name in self._replies:
            self._reply(call)
        else:
            self.now += 1
            self._held.setdefault(call.name, []).append(call)

    def when_quiet(self) -> bool:
        assert self._net is not None, "only where exercise.toml says how many connections there may be"
        if self._net.move():
            return True
        held = self.holds
        self._go_on()
        return held  # also where that was the end of the script: it may have set something going

    def _go_on(self) -> None:
        self.now += 1
        self.holds = next(self._steps, _END) is not _END

    def returned(self) -> None:
        """The scenario has returned: so the script goes to its end."""
        assert self._net is not None
        self._net.returned = True
        while self.holds:
            while self._network.under_way() or self._net.move():
                time.sleep(SHORTEST_PAUSE_S)  # sleep: only to look not too often
            self._go_on()


_END: Any = object()
