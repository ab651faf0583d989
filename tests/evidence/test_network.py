"""Scripts over real connections: exact on any machine, whatever the student's server does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.evidence.network import Net, OverNetwork, Script
from grader.player.network import SERVERS
from grader.sandbox.limits import Limits
from grader.sandbox.outcomes import PlayerEndedError
from grader.sandbox.player import Player, Reply
from grader.sandbox.rungs import LANDLOCK
from grader.sandbox.sandbox import Sandbox
from grader.sandbox.stillness import SPIN_CPU_S, Stillness
from tests.conftest import StartPlayer

LIMITS = Limits(connections=210, idle_s=5.0)
SCENARIOS = """
from grader.player.callbacks import Callback
from grader.player.network import accept, accept_stop, listener

def serve(student):
    stop = accept_stop()
    return student.serve(listener(), stop)

def handled(student):
    stop = accept_stop()
    return student.serve(listener(), stop, Callback("handle"))

def fetch(student, addresses):
    return student.fetch([tuple(address) for address in addresses])
"""
ECHO = """
import selectors, socket
WAIT = None
def serve(listener, stop, handle=bytes):
    selector, waiting = selectors.DefaultSelector(), {}
    listener.setblocking(False)
    selector.register(listener, selectors.EVENT_READ)
    selector.register(stop, selectors.EVENT_READ)
    while True:
        for key, events in selector.select(WAIT):
            sock = key.fileobj
            if sock is stop:
                for client in waiting:
                    client.close()
                return "stopped"
            if sock is listener:
                client, _ = listener.accept()
                client.setblocking(False)
                waiting[client] = bytearray()
                selector.register(client, selectors.EVENT_READ)
                continue
            try:
                if events & selectors.EVENT_READ:
                    data = sock.recv(4096)
                    waiting[sock] += handle(data)
                    if not data: raise OSError
                del waiting[sock][:sock.send(waiting[sock])]
            except BlockingIOError:
                pass
            except OSError:
                selector.unregister(sock); sock.close(); del waiting[sock]
                continue
            wanted = selectors.EVENT_WRITE if waiting[sock] else selectors.EVENT_READ
            selector.modify(sock, wanted)
"""
FETCH = """
import socket
from concurrent.futures import ThreadPoolExecutor
def fetch(addresses):
    def one(address):
        with socket.create_connection(address) as sock:
            sock.sendall(b"GET\\n")
            return b"".join(iter(lambda: sock.recv(100), b""))
    with ThreadPoolExecutor(3) as pool:
        return list(pool.map(one, addresses))
"""


def run(player: Player, script: Script, scenario: str = "serve", patience_s: float = 0.02, **inputs: object) -> Reply:
    policy = OverNetwork(script, patience_s=patience_s)
    with policy.begun(player.network):
        reply = player.run(scenario, inputs, policy)
        if reply.raised is None:
            policy.returned()
    return reply


@pytest.fixture(autouse=True)
def leads_nowhere_else(sandbox: Sandbox) -> None:
    """A socket that belongs to the host's network could be connected to anything there: so there is none."""
    if sandbox.rung.name == LANDLOCK:
        pytest.skip("no connections where the network is the host's")


@pytest.fixture
def echo(start_player: StartPlayer) -> Player:
    return start_player(ECHO, SCENARIOS, LIMITS)


def test_what_has_not_come_back_when_all_is_quiet_never_will(echo: Player) -> None:
    def script(net: Net) -> Iterator[None]:
        clients = net.connect(200)
        for client in clients:
            client.send(b"half")
        yield
        assert all(client.received == b"half" for client in clients)
        for client in clients[:100]:
            client.send(b" a line")
        yield
        assert [bytes(client.received) for client in clients] == [b"half a line"] * 100 + [b"half"] * 100
        net.stop()
        yield
        assert net.returned and all(client.ended for client in clients)

    reply = run(echo, script)
    assert reply.value == "stopped"
    assert reply.stillness == {Stillness.PARKED}
    assert reply.cpu.total < 2


def test_who_does_not_read_is_sent_no_more_than_the_buffers_hold(echo: Player) -> None:
    def script(net: Net) -> Iterator[None]:
        slow, quick = net.connect(2)
        slow.reads = False
        slow.send(bytes(1 << 20))
        yield
        assert slow.unsent
        quick.send(b"hello")
        yield
        assert quick.received == b"hello"
        slow.reads = True
        yield
        assert not slow.unsent and len(slow.received) == 1 << 20
        net.stop()
        yield

    run(echo, script)


def test_who_reads_little_by_little_is_sent_the_rest_bit_by_bit(echo: Player) -> None:
    def script(net: Net) -> Iterator[None]:
        (slow,) = net.connect(1)
        slow.reads = False
        slow.send(bytes(1 << 20))
        yield
        gone, taken = net.sent_to(slow) or 0, 0
        for _ in range(10):
            taken += (some := slow.take(20_000))
            assert some <= 20_000
            yield
            assert len(slow.received) == taken
        assert taken > 50_000
        assert gone <= (net.sent_to(slow) or 0) < 1 << 19
        slow.half_close()
        slow.reads = True
        yield
        assert slow.ended and len(slow.received) == 1 << 20
        net.stop()
        yield

    run(echo, script)


def test_ends_of_connections(echo: Player) -> None:
    def script(net: Net) -> Iterator[None]:
        halved, gone, broken = net.connect(3)
        halved.send(b"last words")
        halved.half_close()
        gone.close()
        broken.reset()
        yield
        assert halved.received == b"last words" and halved.ended and not halved.was_reset
        net.stop()
        yield

    run(echo, script)


def test_a_broken_connection_is_told(start_player: StartPlayer) -> None:
    source = ECHO.replace("data = sock.recv(4096)", "raise OSError  # with something unread")

    def script(net: Net) -> Iterator[None]:
        (client,) = net.connect(1)
        client.send(b"unread")
        yield
        assert client.was_reset and not client.open
        net.stop()
        yield

    run(start_player(source, SCENARIOS, LIMITS), script)


def test_nothing_of_one_run_is_left_for_the_next(echo: Player) -> None:
    def never_accepted(net: Net) -> Iterator[None]:
        net.stop()
        for client in net.connect(3):
            client.send(b"old")
        yield

    def script(net: Net) -> Iterator[None]:
        (client,) = net.connect(1)
        client.send(b"new")
        yield
        assert client.received == b"new"
        net.stop()
        yield

    run(echo, never_accepted)
    run(echo, script)


def test_calls_wait_for_the_script(echo: Player) -> None:
    def script(net: Net) -> Iterator[None]:
        first, second = net.connect(2)
        first.send(b"a")
        second.send(b"b")
        yield
        (call,) = net.held("handle")
        assert not first.received and not second.received
        net.answer(call, b"answer")
        yield
        assert sorted([bytes(first.received), bytes(second.received)]) == [b"", b"answer"]
        (call,) = net.held("handle")
        net.answer(call, OSError("no"))
        yield
        net.stop()
        yield

    run(echo, script, "handled")


def test_what_a_script_sets_going_at_its_very_end_goes_on(echo: Player) -> None:
    def answers(net: Net) -> Iterator[None]:
        (client,) = net.connect(1)
        client.send(b"a")
        yield
        net.stop()
        net.answer(net.held("handle")[0], b"answer")

    def stops(net: Net) -> Iterator[None]:
        net.connect(1)
        yield
        net.stop()

    assert run(echo, answers, "handled").value == "stopped"
    assert run(echo, stops).value == "stopped"


@pytest.mark.parametrize(
    ("wait", "how"),
    [("0", Stillness.SPINNING), ("0.01", Stillness.POLLING), ("30", Stillness.WAITING)],
)
def test_who_does_not_wait_is_seen(start_player: StartPlayer, wait: str, how: Stillness) -> None:
    def script(net: Net) -> Iterator[None]:
        (client,) = net.connect(1)
        yield
        client.send(b"x")
        yield
        assert client.received == b"x"
        net.stop()
        yield

    player = start_player(ECHO.replace("WAIT = None", f"WAIT = {wait}"), SCENARIOS, LIMITS)
    assert how in run(player, script, patience_s=0.4).stillness


def test_who_is_at_work_for_long_is_not_taken_for_one_who_spins(start_player: StartPlayer) -> None:
    """While bytes are read or sent, somebody makes progress, however much processor time each of them takes."""

    def script(net: Net) -> Iterator[None]:
        (client,) = net.connect(1)
        client.send(bytes(80_000))
        yield
        assert len(client.received) == 80_000
        net.stop()
        yield

    slow = ECHO.replace(
        "                    if not data:",
        "                    sum(range(6_000_000))\n                    if not data:",
    )
    reply = run(start_player(slow, SCENARIOS, LIMITS), script)
    assert reply.stillness == {Stillness.PARKED}
    assert reply.cpu.total > 2 * SPIN_CPU_S


def test_a_server_that_does_not_stop_is_stuck(start_player: StartPlayer) -> None:
    def script(net: Net) -> Iterator[None]:
        net.stop()
        yield

    deaf = ECHO.replace("    selector.register(stop, selectors.EVENT_READ)\n", "")
    player = start_player(deaf, SCENARIOS, LIMITS)
    with pytest.raises(PlayerEndedError):
        run(player, script)


def test_requests_in_flight_are_counted_where_they_arrive(start_player: StartPlayer) -> None:
    player = start_player(FETCH, SCENARIOS, LIMITS)

    def script(net: Net) -> Iterator[None]:
        waiting = []
        for in_flight in (3, 3, 3, 2, 1):
            yield
            waiting += net.arrived()
            assert len(waiting) == in_flight
            yield
            peer = waiting.pop()
            assert peer.received == b"GET\n"
            peer.send(b"page %d" % peer.address)
            peer.close()
        yield

    reply = run(player, script, "fetch", addresses=player.network.addresses[:5])
    assert reply.value == [b"page %d" % n for n in range(5)]


def test_late_servers_let_in_when_the_judge_likes(start_player: StartPlayer) -> None:
    player = start_player(FETCH, SCENARIOS, LIMITS)
    late = player.network.addresses[SERVERS:]
    if not late:
        pytest.skip("the system makes no connection of two ends that connect to each other")

    def script(net: Net) -> Iterator[None]:
        for in_flight in (3, 2, 1):
            yield
            visitors = net.visitors()
            assert len(visitors) == in_flight and not net.arrived()
            peer = net.let_in(visitors[0])
            yield
            assert len(net.visitors()) == in_flight - 1
            assert peer.received == b"GET\n"
            peer.send(b"page %d" % peer.address)
            peer.close()
        yield

    for _ in range(3):
        reply = run(player, script, "fetch", addresses=late[:3])
        assert reply.value == [b"page %d" % (SERVERS + n) for n in range(3)]


def test_who_gives_up_waits_no_longer_at_a_late_server(start_player: StartPlayer) -> None:
    source = """
import socket
def serve(listener, stop, step):
    visitor = socket.socket()
    visitor.setblocking(False)
    visitor.connect_ex(tuple(step()))
    step()
    visitor.close()
    step()
"""
    player = start_player(source, SCENARIOS, LIMITS)
    if not player.network.addresses[SERVERS:]:
        pytest.skip("the system makes no connection of two ends that connect to each other")

    def script(net: Net) -> Iterator[None]:
        yield
        net.answer(net.held("handle")[0], list(player.network.addresses[-1]))
        for waiting in (1, 0):
            yield
            assert len(net.visitors()) == waiting
            net.answer(net.held("handle")[0], None)

    run(player, script, "handled")


def test_what_finds_no_room_is_not_under_way(start_player: StartPlayer) -> None:
    """It is sent again and again, in vain, until somebody reads."""
    source = """
def serve(listener, stop):
    client, _ = listener.accept()
    try:
        for n in range(20_000):
            client.sendall(b"x" * 30)  # takes more room than a whole segment would
    finally:
        stop.recv(1)
"""

    def script(net: Net) -> Iterator[None]:
        (client,) = net.connect(1)
        client.reads = False
        yield
        assert not client.received
        client.reads = True
        yield
        assert len(client.received) == 600_000
        net.stop()
        yield

    run(start_player(source, SCENARIOS, LIMITS), script)
