"""Public tests: run `pytest` in this folder."""

import socket
import struct
import threading
import time
from contextlib import contextmanager

import pytest
from reactor import serve

PATIENCE = 10  # seconds; ends a hang, decides nothing else


class Server:
    """`serve` in a thread of its own, so that the test can be its clients."""

    def __init__(self, *handle):
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._stop, self._stopper = socket.socketpair()
        self._clients = []
        self.error = None
        self.thread = threading.Thread(target=self._run, args=handle, daemon=True)
        self.thread.start()

    def _run(self, *handle):
        try:
            serve(self._listener, self._stop, *handle)
        except BaseException as error:
            self.error = error
            self._listener.close()  # nobody waits for an answer then

    def connect(self):
        client = socket.create_connection(self._listener.getsockname(), timeout=PATIENCE)
        self._clients.append(client)
        return client

    def end(self):
        self._stopper.send(b"x")
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive(), "serve did not return although stop was readable"

    def close(self):
        for one in (self._listener, self._stop, self._stopper, *self._clients):
            one.close()


@contextmanager
def serving(*handle):
    server = Server(*handle)
    try:
        yield server
        server.end()
    finally:
        server.close()
        if server.error is not None:
            raise server.error


def receive(client, size):
    """So many bytes, or fewer if the server closes the connection before."""
    received = bytearray()
    while len(received) < size and (some := client.recv(65536)):
        received += some
    return bytes(received)


def ended(client):
    """Whether the server closes the connection without sending anything more."""
    try:
        return client.recv(1) == b""
    except ConnectionError:
        return True


def reset(client):
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def test_each_line_is_answered():
    with serving(bytes.upper) as server:
        client = server.connect()

        client.sendall(b"hello\n\nworld\r\n")

        assert receive(client, 14) == b"HELLO\n\nWORLD\r\n"


def test_a_line_may_come_byte_by_byte():
    with serving() as server:
        client = server.connect()

        for byte in "grüße\n".encode():
            client.send(bytes([byte]))

        assert receive(client, 8) == "grüße\n".encode()


def test_a_megabyte_at_once():
    sent = b"".join(b"line %d\n" % n for n in range(90_000))
    with serving() as server:
        client = server.connect()
        sender = threading.Thread(target=client.sendall, args=(sent,))
        sender.start()

        received = receive(client, len(sent))

        sender.join(PATIENCE)
        assert received == sent


def test_200_clients_with_half_a_line():
    with serving() as server:
        clients = [server.connect() for _ in range(200)]
        for n, client in enumerate(clients):
            client.sendall(b"I am %03d" % n)
        for client in reversed(clients):
            client.sendall(b"!\n")

        answers = [receive(client, 10) for client in clients]

        assert answers == [b"I am %03d!\n" % n for n in range(200)]


def test_a_half_closed_client_gets_all_its_answers():
    with serving() as server:
        client = server.connect()

        client.sendall(b"one\ntwo\nthr")
        client.shutdown(socket.SHUT_WR)

        assert receive(client, 100) == b"one\ntwo\n"


@pytest.mark.parametrize("leave", [reset, socket.socket.close], ids=["reset", "close"])
def test_who_vanishes_concerns_nobody_else(leave):
    with serving() as server:
        stays, goes = server.connect(), server.connect()
        goes.sendall(b"one\n" * 1000 + b"half a l")
        leave(goes)

        stays.sendall(b"still there?\n")

        assert receive(stays, 13) == b"still there?\n"


def test_a_handler_that_raises_ends_its_client_only():
    def handle(line):
        return str(1 / int(line)).encode()

    with serving(handle) as server:
        good, bad = server.connect(), server.connect()

        bad.sendall(b"0\n")

        assert ended(bad)
        good.sendall(b"2\n")
        assert receive(good, 4) == b"0.5\n"


def test_a_line_that_is_too_long_ends_its_client():
    with serving() as server:
        fits, too_long = server.connect(), server.connect()

        fits.sendall(b"x" * 65536 + b"\n")
        too_long.sendall(b"x" * 65537)

        assert receive(fits, 65537) == b"x" * 65536 + b"\n"
        assert ended(too_long)


def test_a_slow_reader_is_not_read_from_and_holds_up_nobody():
    handled = []

    def handle(line):
        handled.append(line)
        return line * 65536

    with serving(handle) as server:
        slow, other = server.connect(), server.connect()

        slow.sendall(b"s\n" * 500)  # the answers are 32 MB
        other.sendall(b"o\n")

        assert receive(other, 65537) == b"o" * 65536 + b"\n"
        assert handled.count(b"s") < 400, "too many answers wait in the server for a client that does not read"
        assert receive(slow, 500 * 65537) == (b"s" * 65536 + b"\n") * 500


def test_a_slow_handler_holds_up_everybody():
    """The experiment of README.md: not a mistake, but what one thread means."""
    begun, go_on = threading.Event(), threading.Event()
    handled = []

    def handle(line):
        handled.append(line)
        if line == b"slow":
            begun.set()
            go_on.wait(PATIENCE)
        return line

    with serving(handle) as server:
        first, second = server.connect(), server.connect()

        first.sendall(b"slow\n")
        assert begun.wait(PATIENCE)
        second.sendall(b"hello\n")

        second.settimeout(0.2)
        with pytest.raises(TimeoutError):  # no answer: the one thread is in `handle`
            second.recv(1)
        assert handled == [b"slow"]
        go_on.set()
        second.settimeout(PATIENCE)
        assert receive(second, 6) == b"hello\n"


def test_waiting_takes_no_processor_time():
    with serving(lambda line: line * 1_000_000) as server:
        half, slow, half_closed = (server.connect() for _ in range(3))
        half.sendall(b"half a l")
        slow.sendall(b"s\n" * 20)  # and reads nothing
        half_closed.sendall(b"s\n" * 20)
        half_closed.shutdown(socket.SHUT_WR)
        time.sleep(0.5)
        before = time.process_time()

        time.sleep(1)

        assert time.process_time() - before < 0.3, "the server is busy although there is nothing to do"


def test_stop_ends_the_server_and_closes_all_connections():
    with serving() as server:
        clients = [server.connect() for _ in range(3)]
        clients[0].sendall(b"half a l")
        for client in clients[1:]:
            client.sendall(b"hello\n")
            assert receive(client, 6) == b"hello\n"

        server.end()

        assert all(ended(client) for client in clients)
        assert server._listener.fileno() >= 0 and server._stop.fileno() >= 0
