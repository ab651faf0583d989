"""What `Proactor` promises. The other ends of its sockets are the judge's; nothing is asked before all is quiet."""

from collections import deque

from hypothesis import strategies as st

from grader.evidence import (
    OverNetwork,
    concurrency,
    correctness,
    expect,
    expect_asleep,
    expect_nobody_else,
    expect_returned,
    feedback,
    shown,
)
from grader.evidence.drawn import for_all

CANCELLED = ["cancelled", None]
HUGE = 1_000_000  # bytes; much more than the buffers of a connection hold
BUFFERS = 400_000

# Where to look
TAKING = "what is received when, and how much of it"
SENDING = "when all bytes are sent, and which are left until then"
ORDER = "which of the operations on a socket is tried, and when"
TOLD = "what becomes of an exception, and whose it is"
CALLING = "what may have changed when a callback has run"
RUNNING = "when run_until may wait, and when it must not"
CANCELLING = "what is left of an operation that was cancelled"
SLEEP = "which sockets are watched, and for what"


def content(number, size):
    """What operation `number` sends: the same as in the scenario."""
    pattern = bytes((number * 31 + at) % 251 for at in range(251))
    return (pattern * (size // 251 + 1))[:size]


class Session:
    """Commands the operations and hears what becomes of them.

    `then`: what is commanded in the callback of an operation. `outcomes`: of those that are done, in order.
    `taken_back`: what `cancel` has returned.
    """

    def __init__(self):
        self.then, self.outcomes, self.taken_back, self.at_once = {}, {}, {}, []
        self._commands = deque()

    def begin(self, control):
        self._control = control

    def do(self, *commands):
        """Is obeyed before all is quiet the next time."""
        self._commands.append(commands)
        self._control.send(b"!")

    def next(self):
        return self._commands.popleft() if self._commands else []

    def tell(self, number, kind, value):
        if kind == "cancel":
            self.taken_back[number] = value
        elif kind == "done at once":
            self.at_once.append(number)
        else:
            self.outcomes[number] = [kind, value]
            return self.then.pop(number, [])
        return []

    def expect(self, number, kind, value, what, look_at):
        """That the operation is done, with this outcome."""
        expect_done(self, number, what, look_at)
        expect(self.outcomes[number], [kind, value], what, look_at)

    def expect_error(self, number, kind, what, look_at):
        expect_done(self, number, what, look_at)
        outcome, value = self.outcomes[number]
        raised = outcome == "raised" and type(value) is list and kind in value
        assert raised, feedback(what, f"{outcome} {shown(value)}", look_at)

    def expect_outstanding(self, number, what, look_at):
        assert number not in self.outcomes, feedback(what, f"it was done: {shown(self.outcomes[number])}", look_at)


def expect_done(session, number, what, look_at):
    assert number in session.outcomes, feedback(what, "it is not done, although all is quiet", look_at)


def operate(student, script, number, session=None):
    """Runs a script `(net, session, peers)` for so many connections, and ends it."""
    session = session or Session()

    def whole(net):
        control, *peers = net.connect(1 + number)
        session.begin(control)
        yield
        yield from script(net, session, peers)
        net.stop()
        yield

    policy = OverNetwork(whole, {"tell": session.tell, "next": session.next})
    seen = operated(student, policy, number)
    at_once = session.at_once
    assert not at_once, feedback(
        "futures that complete in run_until only", "one was done when it was returned", RUNNING
    )
    return seen


def operated(student, policy, number, **how):
    seen = student.run("operate", number=number, calls=policy, **how)
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
    expect_done(session, 0, "a recv that completes where something is there", TAKING)
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
            2: [["close", 2], ["accept"], ["recv", 5, 3, 9], ["send", 6, 3, 9], ["pause"], ["fail"]],
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
    expect(seen.value, [0, 0], promise, CALLING)


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
    expect_nobody_else(seen, "all of it in the thread that has called run_until")


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


# What is asked for and what the other sides do, step by step, and what must come of it

QUIET = "all is quiet"
SOCKETS = 3
SIZES = [0, 1, 10, 5000, 60_000, 300_000]
SENT = [b"a", b"bcd", b"x" * 3000]
DONE = ["stops reading", "reads on", "half-closes", "resets"]
_WHERE = st.integers(0, SOCKETS - 1)
ASKS = st.one_of(
    st.tuples(st.just("recv"), _WHERE, st.sampled_from([1, 2, 5, 4000])),
    st.tuples(st.just("send"), _WHERE, st.sampled_from(SIZES)),
    st.tuples(st.just("cancel"), st.integers(0, 5)),  # the last one, the one before that, ...
)
STEPS = st.one_of(
    ASKS,
    ASKS,
    st.tuples(st.just("then"), ASKS),  # in the callback of the last one
    st.tuples(st.just("peer"), _WHERE, st.sampled_from([*SENT, *SENT, *DONE])),
    st.just(QUIET),
)
# Often some do not read, and more is sent to them than the buffers hold.
_SOME_SLOW = st.lists(_WHERE, max_size=2).map(
    lambda places: [step for n in places for step in (("peer", n, "stops reading"), ("send", n, 300_000))]
)
PLANS = st.builds(list.__add__, _SOME_SLOW, st.lists(STEPS, max_size=24))

# Each leaves sockets in a state in which something is always ready that nobody has asked for.
STATES = [
    [QUIET],
    [("recv", 0, 5), ("peer", 0, b"a"), QUIET],
    [("recv", 0, 1), ("peer", 0, b"bcd"), QUIET],
    [("recv", 0, 5), ("cancel", 0), ("peer", 0, b"a"), QUIET],
    [("recv", 0, 5), QUIET, ("cancel", 0), ("peer", 0, b"a"), QUIET],
    [("recv", 0, 5), ("peer", 0, "half-closes"), QUIET, ("send", 0, 10), QUIET],
    [("recv", 0, 5), ("peer", 0, "resets"), QUIET],
    [("send", 0, 10), QUIET],
    [("peer", 0, "stops reading"), ("send", 0, 300_000), ("peer", 0, b"a"), QUIET, ("peer", 0, "half-closes"), QUIET],
    [("peer", 0, "stops reading"), ("send", 0, 300_000), QUIET, ("recv", 0, 5), QUIET],
]


class Side:
    """A connection: what its peer has done, and the operations on the other end of it."""

    def __init__(self, peer):
        self.peer = peer
        self.sent = b""
        self.halved = self.reset = False
        self.recvs, self.sends = [], []  # their numbers, in the order in which they were asked for

    def act(self, action):
        if self.reset:
            return
        if action == "half-closes":
            self.halved = True
            self.peer.half_close()
        elif action == "resets":
            self.reset = True
            self.peer.reset()
        elif action in ("stops reading", "reads on"):
            self.peer.reads = action == "reads on"
        elif not self.halved:
            self.sent += action
            self.peer.send(action)


class Planned(Session):
    """A session that follows a plan, and knows what must have come of it."""

    def __init__(self):
        super().__init__()
        self.sides = []
        self.operations = []  # by number: what was asked for
        self.refused = []  # that could have been cancelled

    def next(self):
        return self._numbered(super().next())

    def tell(self, number, kind, value):
        if kind == "cancel" and value is not True and self._can_be_cancelled(number):
            self.refused.append(number)
        return self._numbered(super().tell(number, kind, value))

    def _can_be_cancelled(self, number):
        kind, where, _ = self.operations[number]
        behind = [n for n in self.sides[where].sends if n < number and n not in self.outcomes]
        return number not in self.outcomes and (kind == "recv" or bool(behind))

    def _numbered(self, steps):
        """The commands: operations get their numbers when they are asked for."""
        return [command for step in steps for command in self._command(*step)]

    def _command(self, name, *arguments):
        last = len(self.operations) - 1
        if name == "then":
            self.then.setdefault(last, []).append(arguments[0])
            return []
        if name == "cancel":
            number = last - arguments[0]
            return [["cancel", number]] if number >= 0 else []
        self.operations.append((name, *arguments))
        side = self.sides[arguments[0]]
        (side.recvs if name == "recv" else side.sends).append(last + 1)
        return [[name, last + 1, *arguments]]

    def faults(self):
        """What is wrong when all is quiet: what was promised, what was seen, where to look."""
        if self.refused:
            yield "cancel to return True where nothing has been done", "it returned False", CANCELLING
        for number, outcome in self.outcomes.items():
            if (outcome[0] == "cancelled") != (self.taken_back.get(number) is True):
                yield "exactly those operations cancelled for which cancel returns True", "others were", CANCELLING
        for side in self.sides:
            yield from self._faults_of_recvs(side)
            yield from self._faults_of_sends(side)

    def _faults_of_recvs(self, side):
        left, waiting = side.sent, False
        for number, (kind, value) in self._in_order(side.recvs):
            most = self.operations[number][2]
            if kind == "waits":
                waiting = True
            elif waiting:
                yield "the recvs of a socket to complete in their order", "one was faster", ORDER
            elif kind != "result":
                if not (side.reset and is_broken(kind, value)):
                    yield "a recv to complete", f"{kind} {shown(value)}", TOLD
            elif type(value) is not bytes or len(value) > most or not left.startswith(value):
                yield "the bytes that were sent, each once, in order, and no more than asked for", shown(value), TAKING
            elif not value and (left or not side.halved) and not side.reset:
                yield "bytes, where the stream has not ended", "none", TAKING
            else:
                left = left[len(value) :]
        if waiting and (left or side.halved or side.reset):
            yield (
                "a recv to complete, for there is something to receive",
                "it is not done, although all is quiet",
                ORDER,
            )

    def _faults_of_sends(self, side):
        wanted, taken, waiting = b"", 0, False
        for number, (kind, value) in self._in_order(side.sends):
            size = self.operations[number][2]
            wanted += content(number, size)
            if kind == "waits":
                waiting = True
            elif waiting:
                yield "the sends of a socket to complete in their order", "one was faster", ORDER
            elif kind != "result":
                if not (side.reset and is_broken(kind, value)):
                    yield "a send to complete", f"{kind} {shown(value)}", TOLD
            elif type(value) is not int or value != size:
                yield "the number of bytes that were sent", shown(value), SENDING
            taken += 0 if waiting else size
        got = bytes(side.peer.received)
        if not wanted.startswith(got):
            yield "the bytes of the sends of this socket, each once, in order", "others", SENDING
        if waiting and (side.peer.reads or side.reset):
            yield "a send to complete, for nothing is in its way", "it is not done, although all is quiet", ORDER
        if side.reset:
            return
        if side.peer.reads and got != wanted:
            yield "all bytes sent", f"{len(got):,} of {len(wanted):,} bytes", SENDING
        if taken > len(got) + BUFFERS:
            yield "a send to complete when all of it is sent", "it was done before that", SENDING

    def _in_order(self, numbers):
        for number in numbers:
            outcome = self.outcomes.get(number, ["waits", None])
            if outcome[0] != "cancelled":
                yield number, outcome


def is_broken(kind, value):
    return kind == "raised" and type(value) is list and "ConnectionError" in value


def follow(plan):
    """The script of a plan."""

    def script(net, session, peers):
        session.sides = [Side(peer) for peer in peers]
        steps = [*plan, *(("peer", where, "reads on") for where in range(SOCKETS)), QUIET]
        for at, step in enumerate(steps):
            if step == QUIET:
                yield
                for promise, seen, look_at in session.faults():
                    raise AssertionError(feedback(promise, f"{seen}, after: {story(steps[:at])}", look_at))
            elif step[0] == "peer":
                session.sides[step[1]].act(step[2])
            else:
                session.do(step)

    return script


def story(steps):
    return "; ".join(map(_told, steps)) or "nothing"


def _told(step):
    """As a student reads it."""
    if step == QUIET:
        return step
    name, *arguments = step
    if name == "then":
        return f"in the callback of the last one {_told(arguments[0])}"
    if name == "cancel":
        return f"cancel of the {arguments[0] + 1}. last one" if arguments[0] else "cancel of the last one"
    if name == "peer":
        where, action = arguments
        return f"peer {where} {action if isinstance(action, str) else f'sends {shown(action)}'}"
    return f"{name}({arguments[0]}, {arguments[1]}{' bytes' if name == 'send' else ''})"


@concurrency(depends_on="test_recv")
def test_plans(student, rng):
    """Whatever is asked for and comes, each operation completes as it should."""
    for_all(student, rng, PLANS, lambda plan: operate(student, follow(plan), SOCKETS, Planned()), 20, first=STATES)


@concurrency(depends_on="test_recv")
def test_waiting_costs_nothing(student, rng):
    """While nothing that was asked for can be done, run_until sleeps."""

    def sleeps(plan):
        seen = operate(student, follow(plan), SOCKETS, Planned())
        expect_asleep(seen, "a run_until", "nothing that was asked for can be done", story(plan), SLEEP)

    for_all(student, rng, PLANS, sleeps, 8, first=STATES)
