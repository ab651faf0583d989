"""Public tests: run `pytest` in this folder."""

import socket
import struct
import threading
import time
from concurrent.futures import CancelledError, Future

import pytest
from proactor import Proactor


@pytest.fixture
def proactor():
    return Proactor()


@pytest.fixture
def connect():
    """Makes a connection: the proactor's end, and the other one."""
    made = []
    listener = socket.create_server(("127.0.0.1", 0))

    def one():
        far = socket.create_connection(listener.getsockname())
        near, _ = listener.accept()
        made.extend((near, far))
        return near, far

    yield one
    for sock in (*made, listener):
        sock.close()


def all_of(futures):
    """A future that is done when all these are."""
    together, left = Future(), set(futures)

    def one_is_done(future):
        left.discard(future)
        if not left:
            together.set_result(None)

    for future in futures:
        future.add_done_callback(one_is_done)
    return together


def receive(far, size):
    received = bytearray()
    while len(received) < size and (some := far.recv(65536)):
        received += some
    return bytes(received)


def reset(far):
    far.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    far.close()


def test_recv_takes_what_is_there(proactor, connect):
    near, far = connect()
    far.sendall(b"hello")

    assert proactor.run_until(proactor.recv(near, 3)) == b"hel"
    assert proactor.run_until(proactor.recv(near, 3)) == b"lo"


def test_the_end_of_the_stream_is_empty(proactor, connect):
    near, far = connect()
    far.shutdown(socket.SHUT_WR)

    assert proactor.run_until(proactor.recv(near, 10)) == b""


def test_send_is_done_when_everything_is_sent(proactor, connect):
    near, far = connect()
    data = bytes(range(256)) * 100_000
    sent, other = proactor.send(near, data), connect()
    other[1].sendall(b"x")

    proactor.run_until(proactor.recv(other[0], 1))

    assert not sent.done(), "25 MB cannot have been sent, for nobody has received them"
    reader = threading.Thread(target=lambda: received.append(receive(far, len(data))))
    received = []
    reader.start()
    assert proactor.run_until(sent) == len(data)
    reader.join()
    assert received == [data]


def test_nothing_happens_before_run_until(proactor, connect):
    near, far = connect()
    far.sendall(b"x")

    assert not proactor.recv(near, 1).done()
    assert not proactor.send(near, b"y").done()
    far.setblocking(False)
    with pytest.raises(BlockingIOError):
        far.recv(1)


def test_operations_complete_in_the_order_of_readiness(proactor, connect):
    pairs = [connect() for _ in range(3)]
    order = []
    for n, (near, _) in enumerate(pairs):
        proactor.recv(near, 10).add_done_callback(lambda _, n=n: order.append(n))

    for n in (2, 0, 1):
        pairs[n][1].sendall(b"x")
        while len(order) == 0 or order[-1] != n:
            a, b = connect()
            b.sendall(b"x")
            proactor.run_until(proactor.recv(a, 1))

    assert order == [2, 0, 1]


def test_operations_on_one_socket_keep_their_order(proactor, connect):
    near, far = connect()
    received = [proactor.recv(near, 4) for _ in range(3)]
    sent = [proactor.send(near, letter * 2_000_000) for letter in (b"a", b"b", b"c")]
    far.sendall(b"one.two.tri.")
    answers = []
    reader = threading.Thread(target=lambda: answers.append(receive(far, 6_000_000)))
    reader.start()

    proactor.run_until(all_of(received + sent))

    reader.join()
    assert [future.result() for future in received] == [b"one.", b"two.", b"tri."]
    assert answers == [b"a" * 2_000_000 + b"b" * 2_000_000 + b"c" * 2_000_000]


def test_a_cancelled_recv_takes_no_bytes(proactor, connect):
    near, far = connect()
    first, second = proactor.recv(near, 10), proactor.recv(near, 10)

    assert first.cancel()
    far.sendall(b"hello")

    assert proactor.run_until(second) == b"hello"
    with pytest.raises(CancelledError):
        proactor.run_until(first)


def test_a_send_under_way_cannot_be_cancelled(proactor, connect):
    near, far = connect()
    first, second = proactor.send(near, b"a" * 20_000_000), proactor.send(near, b"b")
    other = connect()
    other[1].sendall(b"x")

    proactor.run_until(proactor.recv(other[0], 1))
    proactor.run_until(proactor.send(other[0], b"y"))  # by now some of the first has been sent

    assert not first.cancel()
    assert second.cancel()
    received = []
    reader = threading.Thread(target=lambda: received.append(receive(far, 20_000_000)))
    reader.start()
    proactor.run_until(first)
    reader.join()
    assert received == [b"a" * 20_000_000]


def test_errors_are_the_futures(proactor, connect):
    near, far = connect()
    other = connect()
    closed = connect()[0]
    closed.close()
    broken, bad = proactor.recv(near, 1), proactor.recv(closed, 1)
    good = proactor.recv(other[0], 1)
    reset(far)
    other[1].sendall(b"x")

    proactor.run_until(all_of([broken, bad, good]))

    assert isinstance(broken.exception(), ConnectionResetError)
    assert isinstance(bad.exception(), Exception)
    assert good.result() == b"x"


def test_nothing_left_to_wait_for(proactor, connect):
    near, _ = connect()
    proactor.recv(near, 1).cancel()

    with pytest.raises(RuntimeError):
        proactor.run_until(Future())


def test_a_run_after_one_that_has_failed(proactor, connect):
    (near, far), other, own = connect(), connect(), Future()
    with pytest.raises(RuntimeError):
        proactor.run_until(own)

    proactor.recv(near, 1).add_done_callback(own.set_result)
    far.sendall(b"x")
    proactor.run_until(own)
    second = proactor.recv(near, 1)
    other[1].sendall(b"y")

    assert proactor.run_until(proactor.recv(other[0], 1)) == b"y"
    assert not second.done()


def test_what_is_outstanding_stays_so(proactor, connect):
    (near, far), other = connect(), connect()
    waiting = proactor.recv(near, 10)
    other[1].sendall(b"x")
    assert proactor.run_until(proactor.recv(other[0], 1)) == b"x"

    far.sendall(b"hello")

    assert proactor.run_until(waiting) == b"hello"


def test_a_long_chain_of_callbacks(proactor, connect):
    near, far = connect()
    far.sendall(b"x" * 5_000)
    end, received = Future(), []

    def one_more(future):
        received.append(future.result())
        if len(received) == 5_000:
            end.set_result("done")
        else:
            proactor.recv(near, 1).add_done_callback(one_more)

    proactor.recv(near, 1).add_done_callback(one_more)

    assert proactor.run_until(end) == "done"
    assert received == [b"x"] * 5_000


def test_who_waits_for_something_slow_holds_up_nobody(proactor, connect):
    """The experiment of README.md: the server must ask a slow one before it can answer its first client."""
    (client, first), (other_client, second), (database, slow) = connect(), connect(), connect()

    def ask(question):
        proactor.send(database, question.result())
        proactor.recv(database, 100).add_done_callback(tell)

    def tell(answer):
        proactor.send(client, answer.result())

    proactor.recv(client, 100).add_done_callback(ask)
    served = proactor.recv(other_client, 100)

    first.sendall(b"something difficult")
    second.sendall(b"hello")
    proactor.run_until(proactor.send(other_client, proactor.run_until(served)))

    assert second.recv(100) == b"hello"  # the slow one has not even begun
    slow.sendall(b"42")
    end = threading.Thread(target=lambda: (answers.append(first.recv(100)), other_end.send(b"x")))
    answers, (watched, other_end) = [], connect()
    end.start()
    proactor.run_until(proactor.recv(watched, 1))
    end.join()
    assert answers == [b"42"]


def test_waiting_takes_no_processor_time(proactor, connect):
    near, far = connect()
    far.sendall(b"nobody has asked for this")
    proactor.send(near, b"a" * 20_000_000)  # and nobody reads it
    watched, other_end = connect()
    threading.Timer(1.5, other_end.send, (b"x",)).start()
    future = proactor.recv(watched, 1)
    before = time.process_time()

    proactor.run_until(future)

    assert time.process_time() - before < 0.5, "run_until is busy although there is nothing to do"
