"""What `Proactor` promises. The other ends of its sockets are the judge's; nothing is asked before all is quiet."""

from pathlib import Path
from runpy import run_path
from types import SimpleNamespace

from hypothesis import strategies as st

from grader.evidence import (
    OverNetwork,
    concurrency,
    correctness,
    expect,
    expect_asleep,
    expect_one_thread,
    expect_returned,
    feedback,
    same,
    shown,
)
from grader.evidence.drawn import for_all

PLANS = SimpleNamespace(**run_path(str(Path(__file__).parent / "plans.py")))
Session, content = PLANS.Session, PLANS.content
TAKING, SENDING, ORDER, TOLD = PLANS.TAKING, PLANS.SENDING, PLANS.ORDER, PLANS.TOLD
CALLING, RUNNING, CANCELLING, SLEEP = PLANS.CALLING, PLANS.RUNNING, PLANS.CANCELLING, PLANS.SLEEP

CANCELLED = ["cancelled", None]
HUGE = 1_000_000  # bytes; much more than the buffers of a connection hold


def operate(student, script, number, session=None):
    """Runs a script `(net, session, peers)` for so many connections, and ends it."""
    session = session or Session()

    def whole(net):
        control, *peers = net.connect(1 + number)
        session.begin(net, control, peers)
        yield
        yield from script(net, session, peers)
        if session.runs:
            return
        net.stop()
        yield

    policy = OverNetwork(whole, {"tell": session.tell, "next": session.next})
    seen = operated(student, policy, number, "operate_in_runs" if session.runs else "operate")
    for wrong in session.untimely:
        promise = "futures that complete in run_until, and not when they must not"
        raise AssertionError(feedback(promise, f"one was done {wrong}", RUNNING))
    return seen


def operated(student, policy, number, scenario="operate", **how):
    seen = student.run(scenario, number=number, calls=policy, **how)
    expect_returned(seen, "run_until to go on until its future is done, and to return its result", RUNNING)
    expect(seen.value, "the end", "run_until to return the result of its future", RUNNING)
    return seen


@correctness
def test_recv(student, rng):
    """A recv completes with what is there, and never with more than was asked for."""
    data = rng.randbytes(1000)  # what goes in one piece is there as a whole

    def script(net, session, peers):
        (peer,) = peers
        session.do(["recv", 0, 0, 100])
        yield
        session.expect_outstanding(0, "a recv that waits while nothing has come", TAKING)
        peer.send(data[:7])
        yield
        session.expect(0, "result", data[:7], "a recv that completes with the first bytes that come", TAKING)
        peer.send(data[7:])
        yield
        for number, n, wanted in ((1, 1, data[7:8]), (2, 92, data[8:100]), (3, 10_000, data[100:])):
            session.do(["recv", number, 0, n])
            yield
            session.expect(
                number, "result", wanted, "the bytes that are there, in their order, as many as asked", TAKING
            )
        session.do(["recv", 4, 0, 1])
        yield
        session.expect_outstanding(4, "a recv that waits where all has been received", TAKING)
        peer.half_close()
        yield
        session.expect(4, "result", b"", 'b"" at the end of the stream', TAKING)

    operate(student, script, 1)
    operate(student, all_that_is_there, 1)
    sizes = [0, -rng.randrange(1, 100)]
    refused = student.run("refuse", sizes=sizes, calls=OverNetwork(lambda net: iter(())))
    expect(refused.value, ["ValueError"] * 2, "a ValueError where fewer than one byte is asked for", TAKING)


def all_that_is_there(net, session, peers):
    """Also where this is much."""
    (peer,) = peers
    session.do(["enlarge", 0])
    yield
    peer.send(bytes(range(250)) * 2000)
    yield
    there = net.unread(peer) or 1
    session.do(["recv", 0, 0, HUGE])
    yield
    session.expect_done(0, "a recv that completes where something is there", TAKING)
    kind, value = session.outcomes[0]
    got = len(value) if type(value) is bytes else value
    right = kind == "result" and type(got) is int and got >= there
    promise = f"all that is there: at least {there:,} bytes, where as many as {HUGE:,} are asked for"
    assert right, feedback(promise, f"{got:,} bytes" if type(got) is int else kind, TAKING)


@correctness
def test_send(student, rng):
    """A send completes when all bytes are sent."""
    size = rng.randrange(HUGE, HUGE + 10_000)

    def script(net, session, peers):
        slow, quick = peers
        slow.reads = False
        session.do(["send", 0, 0, size], ["send", 1, 1, size], ["send", 2, 1, 0])
        yield
        session.expect_outstanding(0, "a send that waits while the other side does not read", SENDING)
        session.expect(1, "result", size, "the number of bytes, when all are sent", SENDING)
        session.expect(2, "result", 0, "0 where there is nothing to send", SENDING)
        expect(bytes(quick.received), content(1, size), "all bytes sent, each once, in order", SENDING)
        slow.reads = True
        yield
        session.expect(0, "result", size, "a send that goes on when the other side reads again", SENDING)
        expect(bytes(slow.received), content(0, size), "all bytes sent, each once, in order", SENDING)

    operate(student, script, 2)
    nothing_before_run_until(student)


def nothing_before_run_until(student):
    def script(net):
        (peer,) = net.connect(1)
        peer.send(b"hello")
        for _ in range(3):
            yield
            expect(bytes(peer.received), b"", "nothing sent before run_until runs", RUNNING)
            for call in net.held("tell"):
                net.answer(call, call.args[1:2])
        yield

    seen = student.run("before_run_until", calls=OverNetwork(script))
    expect_returned(seen, "recv and send to return at once", RUNNING)
    expect(seen.value, [[False], [False]], "futures that are not done before run_until runs", RUNNING)


@correctness(depends_on="test_recv")
def test_several_on_one_socket(student, rng):
    """Operations on one socket keep their order, and recv and send do not wait for each other."""
    sizes = [rng.randrange(1, 9), HUGE, 0, rng.randrange(100_000, 200_000), 1]

    def script(net, session, peers):
        (peer,) = peers
        peer.reads = False
        session.do(*(["recv", n, 0, 2 + n] for n in range(4)), *(["send", 10 + n, 0, k] for n, k in enumerate(sizes)))
        yield
        peer.send(b"aabbb")
        yield
        for number, wanted in ((0, b"aa"), (1, b"bbb")):
            session.expect(
                number, "result", wanted, "recvs that are served in the order in which they were asked for", ORDER
            )
        session.expect_outstanding(2, "a recv that waits for its turn", ORDER)
        for number in (11, 12, 13, 14):
            session.expect_outstanding(number, "sends that wait for the one before them", ORDER)
        peer.reads = True
        peer.send(b"cccc")
        yield
        session.expect(2, "result", b"cccc", "a recv that completes while sends are outstanding", ORDER)
        session.expect_outstanding(3, "a recv that waits for its bytes", ORDER)
        for number, size in enumerate(sizes):
            session.expect(10 + number, "result", size, "each send completed, while a recv is outstanding", ORDER)
        wanted = b"".join(content(10 + number, size) for number, size in enumerate(sizes))
        expect(bytes(peer.received), wanted, "the bytes of one send after those of the other, never mixed", ORDER)
        done = [number for number in session.outcomes if number >= 10]
        expect(done, [10, 11, 12, 13, 14], "sends that complete in the order in which they were asked for", ORDER)

    operate(student, script, 1)


@correctness(depends_on="test_recv")
def test_errors_are_the_futures(student, rng):
    """What goes wrong ends the future that it belongs to, and nothing else."""

    def script(net, session, peers):
        broken, full, _, good, ended = peers
        full.reads = False
        session.do(["recv", 0, 0, 10], ["send", 1, 1, HUGE], ["send", 2, 1, 5], ["recv", 3, 3, 10])
        session.do(["end_sending", 4], ["recv", 8, 4, 2], ["recv", 9, 4, 2], ["send", 10, 4, 5])
        yield
        broken.reset()
        full.reset()
        yield
        session.expect_error(0, "ConnectionError", "the error of a connection that was reset, for its recv", TOLD)
        session.expect_error(1, "ConnectionError", "the error of a connection that was reset, for its send", TOLD)
        session.expect_error(2, "ConnectionError", "an error for the send behind it, too", TOLD)
        session.expect_outstanding(3, "other operations undisturbed", TOLD)
        session.do(["close", 2], ["recv", 4, 2, 10], ["send", 5, 2, 10], ["recv", 6, 2, 10])
        yield
        for number in (4, 5, 6):
            session.expect_error(number, "Exception", "some exception for each operation on a closed socket", TOLD)
        good.send(b"good")
        yield
        session.expect(3, "result", b"good", "other operations undisturbed", TOLD)
        session.expect_error(10, "ConnectionError", "the error of a socket on which nothing can be sent any more", TOLD)
        ended.send(b"aabb")
        yield
        for number, wanted in ((8, b"aa"), (9, b"bb")):
            promise = "a recv undisturbed by a send on its socket that has failed"
            session.expect(number, "result", wanted, promise, TOLD)
        session.do(["send", 7, 3, 4])
        yield
        session.expect(7, "result", 4, "other operations undisturbed", TOLD)

    operate(student, script, 5)


@correctness(depends_on="test_recv")
def test_callbacks(student, rng):
    """Callbacks may ask, cancel, close and fail."""
    length = rng.randrange(2500, 3500)

    def script(net, session, peers):
        first, second, third = peers
        session.then = {
            0: [["cancel", 1], ["recv", 4, 1, 9]],
            1: [["cancel", 0], ["recv", 3, 0, 9]],
            2: [["close", 2], ["open", 2], ["recv", 5, 2, 9], ["send", 6, 2, 9], ["pause"], ["fail"]],
        }
        session.do(["recv", 0, 0, 9], ["recv", 1, 1, 9], ["recv", 2, 2, 9])
        (fourth,) = net.connect(1)
        yield
        third.send(b"third")
        yield
        session.expect(2, "result", b"third", "a recv completed, whatever its callback does", CALLING)
        for peer, data in ((first, b"first"), (second, b"second"), (fourth, b"fourth")):
            peer.send(data)
        yield
        for call in net.held("pause"):
            net.answer(call, None)
        yield
        session.expect(5, "result", b"fourth", "a recv asked for by a callback, on a new socket", CALLING)
        expect(bytes(fourth.received), content(6, 9), "a send asked for by a callback, on a new socket", CALLING)
        got = [session.outcomes.get(number) for number in (0, 1, 3, 4)]
        one = [["result", b"first"], CANCELLED, None, ["result", b"second"]]
        other = [CANCELLED, ["result", b"second"], ["result", b"first"], None]
        promise = "of two recvs the first to complete, when its callback cancels the other; and all bytes received"
        assert got in (one, other), feedback(promise, ", ".join(map(shown, got)), CALLING)

    operate(student, script, 3)
    chained(student, length)


def chained(student, length):
    def script(net):
        (peer,) = net.connect(1)
        peer.send(bytes(length))
        yield

    seen = student.run("chains", length=length, calls=OverNetwork(script))
    promise = f"a chain of {length} operations carried out to its end"
    expect_returned(seen, promise, CALLING)
    expect(seen.value, [0] * 4, promise, CALLING)


@correctness(depends_on="test_recv")
def test_run_until(student, rng):
    """run_until ends when its future is done, and not later."""
    told = []

    def ended(name, how, value, promise):
        """That the run of this name is the next one to have ended."""
        got = told.pop(0) if told else [name, "has not ended", None]
        right = got[:2] == [name, how] and (got[2] == value or (type(got[2]) is list and value in got[2]))
        assert right, feedback(promise, shown(got), RUNNING)

    def script(net):
        first, second, never = net.connect(3)
        yield
        second.send(b"second")
        yield
        expect(len(told), 0, "run_until to wait for its own future", RUNNING)
        first.send(b"first")
        yield
        ended("first", "returned", b"first", "run_until to return when its future is done")
        ended("second", "returned", b"second", "run_until to return when its future is done")
        ended("second again", "returned", b"second", "run_until to return when its future is done already")
        never.send(b"at last")
        yield
        ended("at last", "returned", b"at last", "what was outstanding in one run to be so still in the next")
        first.send(b"own")
        yield
        ended("own", "returned", b"own", "run_until to return when a callback completes its future")
        first.send(b"failing")
        yield
        ended("failing", "raised", "LookupError", "run_until to raise the exception of its future")
        never.reads = False
        second.send(b"x")
        yield
        ended(
            "taken back", "raised", "CancelledError", "run_until to raise CancelledError when its future is cancelled"
        )
        first.send(b"x" * 1000)
        yield
        ended("third", "returned", "third", "run_until to return when a callback completes its future")
        ended("chain", "asked", 3, "no operation carried out that was asked for when the future was done already")
        expect(len(told), 0, "run_until to wait while a send is outstanding", RUNNING)
        never.reads = True
        yield
        ended("sent", "returned", HUGE, "run_until to return when its future is done")
        ended("nothing", "raised", "RuntimeError", "a RuntimeError when nothing is outstanding any more")
        ended("done already", "returned", b"first", "run_until to return when its future is done already")

    seen = student.run("runs", calls=OverNetwork(script, {"tell": lambda *what: told.append(list(what))}))
    expect_returned(seen, "each run_until to end", RUNNING)
    expect(seen.value, "the end", "each run_until to end", RUNNING)


@concurrency(depends_on="test_recv")
def test_order_of_readiness(student, rng):
    """Operations complete in the order in which their sockets become ready, in one thread."""
    order = rng.sample(range(6), 6)

    def script(net, session, peers):
        for peer in peers[3:]:
            peer.reads = False
        session.do(*(["recv", n, n, 5] for n in range(3)), *(["send", n, n, HUGE] for n in range(3, 6)))
        yield
        for at, number in enumerate(order):
            expect(list(session.outcomes), order[:at], "exactly those completed whose sockets have been ready", ORDER)
            if number < 3:
                peers[number].send(b"bytes")
            else:
                peers[number].reads = True
            yield
        expect(list(session.outcomes), order, "all of them completed", ORDER)

    operate(student, script, 6)
    one_thread(student)
    for_all(student, rng, CROWDS, lambda crowd: nobody_is_held_up(student, crowd), 3, first=[[CHAIN, ONCE, CHAIN]])


# An operation that is asked for again whenever it is done, or once, on a socket that is ready; what its peer has done
LINKS = 5000
CHAIN, ONCE = ("chain", "recv", 1, "ended"), ("once", "recv", 1, "ended")
_READY = [("recv", 1, "ended"), ("recv", 1, "sent"), ("send", 0, ""), ("send", 0, "ended")]
_CHAINS = st.sampled_from(_READY).map(lambda ready: ("chain", *ready))
_ONCE = st.sampled_from([*_READY, ("send", 9, "")]).map(lambda ready: ("once", *ready))
CROWDS = st.lists(st.one_of(_CHAINS, _ONCE), max_size=3).flatmap(
    lambda some: st.tuples(_CHAINS, _ONCE).flatmap(lambda both: st.permutations([*both, *some]))
)


def nobody_is_held_up(student, crowd):
    """By chains that never end."""

    def script(net):
        for peer, (_, _, _, done) in zip(net.connect(len(crowd)), crowd, strict=True):
            peer.send(bytes(LINKS) if done == "sent" else b"")
            if done == "ended":
                peer.half_close()
        yield
        for call in net.held("ready"):
            net.answer(call, None)
        yield

    kinds = [one[:3] for one in crowd]
    seen = student.run("crowded", kinds=kinds, most=LINKS, calls=OverNetwork(script))
    promise = "operations on sockets that are ready done beside an endless chain of them on another one"
    expect_returned(seen, promise, ORDER)
    told = "; ".join(f"{kind}: {name}({what})" for kind, name, what in kinds)
    held_up = feedback(promise, f"some waited while {LINKS:,} others were done, of: {told}", ORDER)
    assert same(seen.value, []), held_up


def one_thread(student):
    """The callbacks are called in the thread of `run_until`."""

    def script(net):
        control, first, second = net.connect(3)
        control.send(b"!")
        yield
        for call in net.held("next"):
            net.answer(call, [["recv", 0, 0, 9], ["recv", 1, 1, 9]])
        yield
        first.send(b"first")
        second.send(b"second")
        for _ in range(2):
            yield
            calls = net.held("tell")
            expect(len(calls), 1, "one callback after the other, in the one thread that there is", CALLING)
            net.answer(calls[0], [])
        yield
        net.stop()
        yield

    seen = operated(student, OverNetwork(script), 2, watch_callers=True)
    expect_one_thread(seen, "all of it in the thread that has called run_until")


@concurrency(depends_on="test_recv")
def test_two_hundred_at_once(student, rng):
    """200 sockets with a recv and a send each: none waits for another."""
    number = 200
    quiet = set(rng.sample(range(number), 20))

    def script(net, session, peers):
        session.do(*(["recv", n, n, 100] for n in range(number)))
        yield
        session.then = {n: [["send", number + n, n, n]] for n in range(number)}
        for n in rng.sample(range(number), number):
            if n not in quiet:
                peers[n].send(b"%d" % n)
        yield
        for n, peer in enumerate(peers):
            if n in quiet:
                session.expect_outstanding(n, "a recv that waits while nothing has come", ORDER)
                continue
            session.expect(n, "result", b"%d" % n, "each recv completed with the bytes of its own socket", ORDER)
            session.expect(number + n, "result", n, "each send completed", ORDER)
            expect(bytes(peer.received), content(number + n, n), "the bytes of each send at its own socket", ORDER)

    operate(student, script, number)


@concurrency(depends_on="test_recv")
def test_cancelling(student, rng):
    """What is taken back takes no bytes and sends none; what is under way cannot be taken back."""

    def script(net, session, peers):
        reading, writing = peers
        writing.reads = False
        session.do(
            *(["recv", n, 0, 5] for n in range(4)), *(["send", 10 + n, 1, HUGE if n == 0 else 9] for n in range(4))
        )
        yield
        gone = rng.sample((0, 1, 2), 2)
        lost = rng.sample((11, 12, 13), 2)
        session.do(*(["cancel", number] for number in (*gone, *lost, 10)))
        yield
        for number in (*gone, *lost):
            expect(
                session.taken_back.get(number), True, "cancel to return True where nothing has been done", CANCELLING
            )
            session.expect(number, "cancelled", None, "an operation that is cancelled", CANCELLING)
        expect(session.taken_back.get(10), False, "cancel to return False where some has been sent", CANCELLING)
        session.expect_outstanding(10, "a send under way that goes on", CANCELLING)
        reading.send(b"firstnext")
        yield
        left = [number for number in range(4) if number not in gone]
        for number, wanted in zip(left, (b"first", b"next"), strict=True):
            promise = "the bytes for the next recv where one was cancelled"
            session.expect(number, "result", wanted, promise, CANCELLING)
        session.do(["recv", 4, 0, 5], ["cancel", 4], ["send", 14, 0, 9], ["cancel", left[0]])
        writing.reads = True
        yield
        expect(session.taken_back.get(left[0]), False, "cancel to return False where all is done", CANCELLING)
        sent = [number for number in (10, 11, 12, 13) if number not in lost]
        wanted = b"".join(content(number, HUGE if number == 10 else 9) for number in sent)
        expect(
            bytes(writing.received), wanted, "all bytes of the sends that were not cancelled, and no others", CANCELLING
        )
        reading.send(b"later")
        yield
        session.expect(4, "cancelled", None, "an operation that is cancelled", CANCELLING)
        session.do(["recv", 5, 0, 5])
        yield
        session.expect(5, "result", b"later", "bytes kept for the next recv where one was cancelled", CANCELLING)

    operate(student, script, 2)
    operate(student, nothing_was_taken, 1)


def nothing_was_taken(net, session, peers):
    """A send that was tried where there is no room is not under way."""
    (peer,) = peers
    peer.reads = False
    for _ in range(4):  # there may be room again when what was sent has arrived
        session.do(["fill", 0])
        yield
    before = net.sent_to(peer)
    session.do(["send", 0, 0, 5000])
    yield
    taken = before != net.sent_to(peer)
    session.do(["cancel", 0])
    yield
    if not taken and before is not None:
        promise = "cancel to return True where nothing has been sent, as the system has had no room for it"
        expect(session.taken_back.get(0), True, promise, CANCELLING)
    peer.reads = True
    yield
    if session.taken_back.get(0) is True and before is not None:
        expect(len(peer.received), before, "nothing sent of what was taken back", CANCELLING)


@concurrency(depends_on="test_recv")
def test_plans(student, rng):
    """Whatever is asked for and comes, in one run or in several, each operation completes as it should."""
    for_all(student, rng, PLANS.IN_ONE, lambda plan: planned(student, plan), 10, first=PLANS.STATES)
    for_all(student, rng, PLANS.RUNS, lambda plan: planned_in_runs(student, plan), 12, first=PLANS.TURNS)


def planned(student, plan):
    return operate(student, PLANS.follow(plan), PLANS.SOCKETS, PLANS.Planned())


def planned_in_runs(student, plan):
    return operate(student, PLANS.follow_runs(plan), PLANS.SOCKETS, PLANS.Planned(runs=True))


@concurrency(depends_on="test_recv")
def test_waiting_costs_nothing(student, rng):
    """While nothing that was asked for can be done, run_until sleeps."""

    def sleeps(plan):
        seen = planned(student, plan)
        expect_asleep(seen, "a run_until", "nothing that was asked for can be done", PLANS.story(plan), SLEEP)

    for_all(student, rng, PLANS.IN_ONE, sleeps, 8, first=PLANS.STATES)
