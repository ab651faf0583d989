"""Public tests: run `pytest` in this folder. The servers are greenlets of the test, with real sockets."""

import contextlib
import gc
import socket as blocking
import threading

import pytest

gevent = pytest.importorskip("gevent", reason="This needs gevent: pip install 'concurrency-kit[gevent]'")

from gevent import socket
from gevent.event import Event
from gevent_fetch import fetch_all

PIECE = 100


class Site:
    """Servers that answer, all of them, when the test says so. What has come in by then is in `waiting`."""

    def __init__(self):
        self.waiting = []
        self.most = 0
        self._listeners = []
        self._greenlets = []

    def page(self, *pieces, after=None):
        """The address of a page; each piece is sent in turn. `after`: an event to wait for, before the first."""

        def serve(connection):
            with contextlib.suppress(OSError), connection:
                line = connection.recv(PIECE)
                self.waiting.append(line)
                self.most = max(self.most, len(self.waiting))
                if after is not None:
                    after.wait()
                self.waiting.remove(line)
                for piece in pieces:
                    gevent.sleep(0)
                    connection.sendall(piece)

        return self._listen(serve)

    def broken(self):
        """The address of a page that is reset in the middle."""

        def serve(connection):
            connection.recv(PIECE)
            connection.sendall(b"half a p")
            connection.setsockopt(blocking.SOL_SOCKET, blocking.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.close()

        return self._listen(serve)

    def missing(self):
        """An address at which nobody listens."""
        with blocking.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            return nobody.getsockname()

    def _listen(self, serve):
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(100)
        self._listeners.append(listener)

        def accept():
            while True:
                connection, _ = listener.accept()
                self._greenlets.append(gevent.spawn(serve, connection))

        self._greenlets.append(gevent.spawn(accept))
        return listener.getsockname()

    def close(self):
        gevent.killall(self._greenlets)
        for listener in self._listeners:
            listener.close()


@pytest.fixture
def site():
    site = Site()
    yield site
    site.close()


def all_wait(site, number, call):
    """Lets everybody run until so many requests wait. If that never comes, the test hangs: see README.md."""
    while len(site.waiting) < number:
        gevent.sleep(0.001)
        if call.ready():
            call.get()
            raise AssertionError(f"the call has ended, and never were {number} requests waiting")


def settle():
    for _ in range(50):
        gevent.sleep(0)


def test_every_page_in_its_place(site):
    addresses = [site.page(b"one"), site.page(), site.page(b"t", b"hr", b"ee"), site.page(b"x" * 300_000)]
    assert fetch_all(addresses, limit=3) == [b"one", b"", b"three", b"x" * 300_000]


def test_the_order_is_that_of_the_addresses(site):
    go = Event()
    call = gevent.spawn(fetch_all, [site.page(b"one", after=go), site.page(b"two")], 2)
    all_wait(site, 1, call)
    settle()
    go.set()
    assert call.get() == [b"one", b"two"]


def test_failures_stand_in_their_places(site):
    first, refused, reset, last = fetch_all([site.page(b"a"), site.missing(), site.broken(), site.page(b"b")], limit=4)
    assert (first, last) == (b"a", b"b")
    assert isinstance(refused, ConnectionRefusedError) and isinstance(reset, ConnectionResetError)


def test_a_request_is_one_line(site):
    go = Event()
    call = gevent.spawn(fetch_all, [site.page(b"one", after=go)], 1)
    all_wait(site, 1, call)
    assert site.waiting == [b"GET\n"]
    go.set()
    assert call.get() == [b"one"]


def test_a_duplicate_is_asked_once(site):
    go = Event()
    page = site.page(b"one", after=go)
    call = gevent.spawn(fetch_all, iter([page, page, page]), 3)
    all_wait(site, 1, call)
    settle()
    assert len(site.waiting) == 1
    go.set()
    assert call.get() == [b"one"] * 3


def test_as_many_at_once_as_allowed(site):
    go = [Event() for _ in range(5)]
    call = gevent.spawn(fetch_all, [site.page(b"page", after=event) for event in go], 3)
    all_wait(site, 3, call)
    for event in (go[1], go[2], go[3], go[0], go[4]):
        event.set()
        settle()
    assert call.get() == [b"page"] * 5
    assert site.most == 3


def test_a_slow_page_is_given_up(site):
    """It is the only one: how long the others take, nobody can promise on a busy machine."""
    [given_up] = fetch_all([site.page(b"too late", after=Event())], limit=2, timeout=0.1)
    assert isinstance(given_up, TimeoutError)


def test_time_is_given_to_each_request(site):
    never = Event()
    given_up = fetch_all([site.page(after=never) for _ in range(4)], limit=2, timeout=0.05)
    assert [type(page) for page in given_up] == [TimeoutError] * 4


def test_nothing_is_left_behind(site):
    settle()
    threads, greenlets = threading.active_count(), number_of_greenlets()
    assert fetch_all([site.page(b"one"), site.missing()], limit=2)[0] == b"one"
    settle()
    assert threading.active_count() == threads
    assert number_of_greenlets() <= greenlets + 4, "more greenlets than the two servers have"


def number_of_greenlets():
    """That have begun, or are going to, and have not ended. Who was made and never started counts for nothing."""
    return sum(isinstance(thing, gevent.Greenlet) and bool(thing) for thing in gc.get_objects())


def test_no_addresses():
    assert fetch_all([], limit=3) == []


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_refused(site, limit):
    with pytest.raises(ValueError):
        fetch_all([site.page(b"one")], limit)
    settle()
    assert site.waiting == []
