"""What `serve` promises. Its clients are the judge's, over real connections; nothing is asked before all is quiet."""

from functools import partial
from itertools import groupby
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace

from hypothesis import strategies as st

from grader.evidence import (
    OverNetwork,
    answer,
    concurrency,
    correctness,
    expect,
    expect_asleep,
    expect_one_thread,
    expect_returned,
    feedback,
    shown,
)
from grader.evidence.drawn import for_all

SLOW = SimpleNamespace(**run_path(str(Path(__file__).parent / "slow_reader.py")))
LIMIT = 65536  # of a line, and of answers that wait
SIZES = {b"vast": 500_000, b"huge": 120_000, b"big": 40_000}  # bytes of the answers to some lines
ROOM = 200_000  # bytes that the system takes from the server at once; else it takes fewer than 64 KiB
MOST_TAKEN = 1_000_000  # bytes from a client that does not read; buffers hold 150,000 in each direction

# Where to look
PIECES = "what is kept of a client until it makes a line, and until it can be sent"
END = "what the end of a client's stream means for lines and answers that are still there"
LENGTH = "how long what was received may become before there is a newline in it"
TROUBLE = "which exceptions are caught, around what, and what is done then"
CLOSING = "what is done at the end, and in which cases"
PRESSURE = "when lines are handled and a client is read from, while answers wait"
SLEEP = "which events each client is watched for, in this state"


def handled(line):
    """What `handle` makes of a line."""
    if b"bad" in line:
        raise ValueError("bad")
    size = next((size for word, size in SIZES.items() if word in line), 0)
    return line * (size // len(line)) if size else b"<" + line[::-1] + b">"


def play(student, script, handle=None, scenario="", **inputs):
    """Runs `serve` against a script, and stops it. `handle` is the judge's, where the student's echo is not meant."""

    def whole(net):
        yield from script(net)
        net.stop()
        yield

    policy = OverNetwork(whole, {"handle": handle} if handle else {})
    seen = student.run(scenario or ("serve" if handle else "echo"), calls=policy, **inputs)
    promise = "serve to go on until stop is readable, whatever its clients do, and then to return"
    expect_returned(seen, promise, look_at="what an error of one client is caught by")
    expect(seen.value, None, "serve to return None")
    return seen


def lines_of(seen):
    """What `handle` was called with, where it is what it should be."""
    return [call.args[0] for call in seen.calls("handle") if len(call.args) == 1 and type(call.args[0]) is bytes]


def expect_received(peer, wanted, what, look_at=PIECES):
    expect(bytes(peer.received), wanted, what, look_at)


def expect_closed(peer, what, look_at):
    assert peer.ended or peer.was_reset, feedback(what, "the connection is still open", look_at)


def expect_open(peer, what, look_at):
    assert peer.open, feedback(what, "the connection was closed", look_at)


TEXTS = [b"", b"a", b"ab", b"\r", b"\xc3", b"\xa9", b"\x00\xff", b" ", b"\t", b"\x0b", b"\x85", b"line", b"x" * 5000]


def drawn_lines(rng):
    """Empty ones, equal ones, what is no text, and what is often stripped."""
    mixed = [b"".join(rng.choices(TEXTS, k=3)) for _ in range(6)]
    return rng.sample([*TEXTS, *mixed, b" ab\r", b""], len(TEXTS) + 8)


@correctness
def test_each_line_is_answered(student, rng):
    """Each line is handled, and answered by what handle returns."""
    lines = drawn_lines(rng)
    answers = {line: rng.choice((b"", line, b"two\nlines", b"x" * rng.randrange(100, 10_000))) for line in lines}
    answers[lines[0]] = b""

    def script(net):
        (client,) = net.connect(1)
        yield
        for line in lines:
            before = len(client.received)
            client.send(line + b"\n")
            yield
            got = bytes(client.received[before:])
            expect(got, answers[line] + b"\n", "each line answered by what handle returns for it, and a newline")
        expect_open(client, "a connection that stays open for more lines", "when a connection is closed")

    seen = play(student, script, answers.__getitem__)
    got = [call.args for call in seen.calls("handle")]
    expect(got, [[line] for line in lines], "handle called once for each line, with its bytes up to the newline")


@correctness(depends_on="test_each_line_is_answered")
def test_lines_come_in_pieces(student, rng):
    """Lines may arrive in pieces or many at once."""
    stream = b"".join(line + b"\n" for line in drawn_lines(rng)) + "größer\n".encode()
    large = b"".join(b"%d\n" % rng.randrange(10**99) for _ in range(3000))
    sizes = rng.choices((1, 2, 3, 1500), k=len(stream))

    def in_pieces(net):
        (client,) = net.connect(1)
        sent = 0
        while sent < len(stream):
            size = sizes.pop()
            client.send(stream[sent : sent + size])
            sent += size
            yield
            promise = "all lines whose newline has been sent, as they are where no handle is given"
            expect_received(client, whole_lines(sent), promise)

    def byte_by_byte(net):
        (client,) = net.connect(1)
        for byte in stream[-2000:]:
            client.send(bytes([byte]))
        yield
        expect_received(client, stream[-2000:], "the answers to lines that were sent byte by byte")

    def at_once(net):
        (client,) = net.connect(1)
        client.send(large)
        yield
        expect_received(client, large, "all answers to lines that come a quarter of a megabyte at once")

    def whole_lines(sent):
        return stream[: stream.rfind(b"\n", 0, sent) + 1]

    for script in (in_pieces, byte_by_byte, at_once):
        play(student, script)


@correctness(depends_on="test_each_line_is_answered")
def test_half_closed_clients(student, rng):
    """Who has said all is answered to the end."""
    number = rng.randrange(8, 12)

    def script(net):
        plain, unfinished, silent, later, slow = net.connect(5)
        for client in (plain, unfinished, slow):
            client.reads = client is not slow
            client.send(b"big 1\nshort\n" * number)
        unfinished.send(b"no newline")
        later.send(b"one\ntw")
        yield
        for client in (plain, unfinished, silent, slow):
            client.half_close()
        later.half_close()
        yield
        slow.reads = True
        yield
        wanted = (handled(b"big 1") + b"\n" + handled(b"short") + b"\n") * number
        for client in (plain, unfinished, slow):
            expect_received(client, wanted, "all answers for a client that has half-closed", END)
        expect_received(silent, b"", "nothing for a client that has sent nothing", END)
        expect_received(later, handled(b"one") + b"\n", "no answer to what has no newline", END)
        for client in (plain, unfinished, silent, later, slow):
            promise = "the connection of a half-closed client to be closed when it has all its answers"
            expect_closed(client, promise, look_at="what is done when there is nothing more to send")
            assert not client.was_reset, feedback(promise, "it was reset", END)

    seen = play(student, script, handled)
    others = [line for line in lines_of(seen) if line not in (b"big 1", b"short", b"one")]
    assert not others, feedback("handle to be called for lines only", f"it was called for {shown(others[0])}", END)


@correctness(depends_on="test_lines_come_in_pieces")
def test_long_lines(student, rng):
    """Lines of 65,536 bytes are answered; who sends a longer one is disconnected."""
    fits, too_long = b"x" * LIMIT, b"y" * (LIMIT + 1)
    far_too_long = bytes(rng.randrange(300_000, 400_000))

    def script(net):
        good, pieces, at_once, unfinished, endless = net.connect(5)
        for client in (good, at_once, unfinished, endless):
            client.send(b"first\n")
        yield
        good.send(fits + b"\nlast\n" + fits + b"\n")
        pieces.send(fits)
        at_once.send(too_long + b"\nnext\n")
        unfinished.send(too_long)
        endless.send(far_too_long)
        yield
        expect_open(pieces, "65,536 bytes without a newline to be kept, for one may come", LENGTH)
        pieces.send(b"\n")
        yield
        wanted = b"first\n" + fits + b"\nlast\n" + fits + b"\n"
        expect_received(good, wanted, "lines of 65,536 bytes answered like all others", LENGTH)
        expect_received(pieces, fits + b"\n", "a line of 65,536 bytes answered when its newline comes", LENGTH)
        for client, which in ((at_once, "with its newline behind it"), (unfinished, "without a newline yet")):
            expect_closed(client, f"a client that sends 65,537 bytes of one line, {which}, to be disconnected", LENGTH)
        expect_closed(endless, "a client that sends no newline at all to be disconnected", LENGTH)
        for client in (at_once, unfinished, endless):
            expect_received(client, b"first\n", "no answer to a line that is too long", LENGTH)

    play(student, script)


@correctness(depends_on="test_each_line_is_answered")
def test_trouble_ends_one_client_only(student, rng):
    """A handler that raises, and clients that reset or vanish, end one connection."""
    kinds = [ValueError, BlockingIOError, ConnectionResetError, KeyError, StopIteration, InterruptedError, TimeoutError]
    rng.shuffle(kinds)

    def handle(line):
        number = line.removeprefix(b"raise ")
        return kinds[int(number)]("trouble") if number != line else line

    def script(net):
        stays, resets, closes, halved = net.connect(4)
        for client in (stays, resets, closes, halved):
            client.send(b"hello\n")
        yield
        for number, kind in enumerate(kinds):
            yield from raises(net, number, kind)
        halved.send(b"half a li")
        resets.send(b"half a li")
        closes.send(b"big " * 1000 + b"\n")
        halved.half_close()
        resets.reset()
        closes.close()
        yield
        (late,) = net.connect(1)
        for client in (stays, late):
            client.send(b"still there?\n")
        yield
        expect_received(stays, b"hello\nstill there?\n", "answers as before when others are in trouble", TROUBLE)
        expect_received(late, b"still there?\n", "new clients served when others were in trouble", TROUBLE)

    def raises(net, number, kind):
        (client,) = net.connect(1)
        client.send(b"before\n")
        yield
        client.send(b"raise %d\nafter %d\n" % (number, number))
        yield
        name = kind.__name__
        expect_closed(client, f"a client whose line makes handle raise {name} to be disconnected", TROUBLE)
        expect_received(client, b"before\n", "no answer to a line for which handle raises", TROUBLE)

    seen = play(student, script, handle)
    again = sum(line.startswith(b"after") for line in lines_of(seen))
    promise = "no further line of a client handled after handle has raised for it"
    assert not again, feedback(promise, f"{again} were", "what becomes of the lines that were received with it")
    for_all(student, rng, IN_TROUBLE, partial(trouble_ends_it, student), 6, first=FIRST_IN_TROUBLE)


def trouble_ends_it(student, plan):
    """Also a client that does not read, while answers of it wait."""
    slow = SLOW.SlowReader()

    def script(net):
        yield from reads_slowly(net, slow, plan)
        promise = "a client for which handle has raised, or whose line is too long, to be disconnected"
        expect_closed(slow.peer, f"{promise}, when {slowly(plan)}", TROUBLE)

    play(student, script, slow.handle, scenario="serve_sizes", room=0)
    right = slow.handled == slow.lines[: len(slow.handled)] and slow.wanted.startswith(bytes(slow.peer.received))
    promise = "no further line of a client handled, or answered, after handle has raised for it or a line was too long"
    assert right, feedback(promise, f"one was, when {slowly(plan)}", "what is left of a client that is in trouble")


@correctness(depends_on="test_each_line_is_answered")
def test_the_end(student, rng):
    """When stop is readable, all connections are closed, and listener and stop are not."""
    for data in (b"", b"x"):
        ends_by(student, rng, None, data)
    ends_by(student, rng, rng.choice((KeyboardInterrupt, SystemExit, GeneratorExit)))


def ends_by(student, rng, kind, data=b""):
    """By `stop`, which has these bytes or has ended, or by an exception that leaves `handle`."""

    def script(net):
        clients = idle, half, unread, halved = net.connect(4)
        half.send(b"line\nhalf a li")
        for client in rng.sample((unread, halved), 2):
            client.reads = False
            client.send(b"big\n" * 20)
        yield
        halved.half_close()
        yield
        if kind:
            idle.send(b"the end\n")
        else:
            net.stop(data)
        yield
        assert net.returned, feedback("serve to wait for nobody at its end", "it did not return", CLOSING)
        for client in clients:
            client.reads = True
        yield
        for client in clients:
            expect_closed(client, "every connection closed at the end", CLOSING)

    def handle(line):
        return kind("the end") if line == b"the end" else handled(line)

    policy = OverNetwork(script, {"handle": handle})
    seen = student.run("serve_to_the_end", calls=policy)
    told = answer(seen.value, {"raised": str, "open": [bool]})
    expect(told["raised"], kind.__name__ if kind else "", "serve to end as rule 9 says", CLOSING)
    expect(told["open"], [True, True], "listener and stop left open: they are the caller's", CLOSING)


@concurrency(depends_on="test_lines_come_in_pieces")
def test_two_hundred_at_once(student, rng):
    """200 clients at once are all served, and hold up nobody, with half a line or much that waits for them."""
    half_a_line_each(student, rng)
    play(student, partial(much_waits_for_each, rng), scenario="serve_plan", room=0)


def half_a_line_each(student, rng):
    texts = [b"%d of %d" % (n, rng.randrange(10**6)) for n in range(200)]

    def script(net):
        clients = list(zip(net.connect(200), texts, strict=True))
        for client, text in clients:
            client.send(text[:3])
        yield
        promise = "200 clients served at the same time, each with the answer to its own line"
        for client, text in rng.sample(clients, 200):
            expect_open(client, promise, "how many clients there can be")
            client.send(text[3:] + b"\n")
        yield
        for client, text in clients:
            expect_received(client, text + b"\n", promise)

    play(student, script)


def much_waits_for_each(rng, net):
    """For a line, or for who reads it: as much as 200 clients may have in a server."""
    (early,) = net.connect(1)
    clients = net.connect(198)
    unfinished, slow = clients[::2], clients[1::2]
    half = bytes(rng.randrange(60_000, LIMIT))
    for client in rng.sample(clients, len(clients)):
        client.reads = client in unfinished
        client.send(half if client.reads else b"vast\n")
    yield
    for client in (early, *net.connect(1)):
        yield from another_is_served(client, " while much waits for each of 198")
    for client in (unfinished[0], slow[-1]):
        client.reads = True
        client.send(b"\nline\n")
    yield
    for client, sent in ((unfinished[0], half), (slow[-1], b"vast\n")):
        wanted = b"".join(handled(line) + b"\n" for line in (*sent.split(b"\n"), b"line"))
        expect_received(client, wanted, "all answers for a client that goes on, however much has waited for it")


@concurrency(depends_on="test_lines_come_in_pieces")
def test_back_pressure(student, rng):
    """A client that does not read is not read from, and holds up nobody."""
    little_is_read(student, rng)
    for_all(student, rng, SLOW_READERS, partial(the_limit_holds, student), 6, first=FIRST_SLOW_READERS)


def little_is_read(student, rng):
    flood = b"".join(b"%d\n" % rng.randrange(10**99) for _ in range(20_000))

    def script(net):
        slow, other = net.connect(2)
        slow.reads = False
        slow.send(flood)
        yield
        taken = len(flood) - len(slow.unsent)
        promise = "no more read from a client that does not read its answers than may wait for it"
        assert taken < MOST_TAKEN, feedback(promise, f"{taken:,} bytes were taken in", PRESSURE)
        yield from another_is_served(other)
        slow.reads = True
        yield
        expect_received(slow, flood, "all answers for a client that has begun to read again", PRESSURE)
        yield from another_is_served(other)

    play(student, script)


def the_limit_holds(student, room_and_plan):
    """However little by little a client reads, and whatever else goes on."""
    room, plan = room_and_plan
    slow = SLOW.SlowReader()

    def judged(handled_before, read_before):
        promise = "no further line of a client handled while more than 64 KiB of its answers wait"
        seen = f"one was handled while {slow.most_waiting:,} bytes waited to be sent, when {slowly(plan)}"
        assert slow.most_waiting <= LIMIT, feedback(promise, seen, PRESSURE)
        if slow.waiting > LIMIT and len(slow.handled) == handled_before:
            promise = "nothing read from a client while more than 64 KiB of its answers wait"
            read = slow.was_read - read_before
            assert read <= 0, feedback(promise, f"{read:,} bytes were, when {slowly(plan)}", PRESSURE)

    def script(net):
        yield from reads_slowly(net, slow, plan, judged)
        promise = "all lines answered once the client reads again, although nothing more comes from it"
        expect_received(slow.peer, slow.wanted, promise, PRESSURE)

    play(student, script, slow.handle, scenario="serve_sizes", room=room)


def another_is_served(other, when=""):
    before = len(other.received)
    other.send(b"<>\n")
    yield
    promise = "another client served, whatever one does or does not do"
    assert len(other.received) > before, feedback(
        promise, f"it got no answer{when}", "what waits until all of it is sent"
    )


# What clients do that read little by little: at each step they read so many bytes, and send lines in one piece, by the
# size of the answer; and at one they may half-close.

HALF_CLOSES = "half-closes"
ANSWERS = st.sampled_from([100, 10_000, 40_000, 60_000, 120_000])
LITTLE = st.sampled_from([0, 5_000, 20_000, 50_000])
LITTLE_STEPS = st.lists(
    st.one_of(*[st.tuples(LITTLE, st.lists(ANSWERS, max_size=most)) for most in (1, 1, 3)], st.just(HALF_CLOSES)),
    max_size=6,
)
SLOW_READERS = st.tuples(
    st.sampled_from([0, 0, ROOM]),
    st.builds(lambda lines, steps: [(0, lines), *steps], st.lists(ANSWERS, min_size=2, max_size=10), LITTLE_STEPS),
)
# The system has taken nearly all that it takes: what is answered next waits.
FULL = (0, [120_000])
FIRST_SLOW_READERS = [
    (ROOM, [(0, [40_000] * 8)]),
    (0, [(0, [120_000] * 8), *[(50_000, [])] * 4]),
    (0, [FULL, (0, [60_000, 120_000]), *[(50_000, [100])] * 4]),
    (0, [(0, [40_000] * 8), (20_000, [100]), HALF_CLOSES, (50_000, []), (50_000, [])]),
]
IN_TROUBLE = st.builds(
    lambda before, lines, trouble, behind, steps: [*before, (0, [*lines, trouble, *behind]), *steps],
    st.sampled_from([[], [FULL], [FULL]]),
    st.lists(ANSWERS, max_size=2),
    st.sampled_from([SLOW.RAISES, SLOW.TOO_LONG]),
    st.lists(ANSWERS, max_size=3),
    LITTLE_STEPS,
)
FIRST_IN_TROUBLE = [
    [FULL, (0, [60_000, trouble, 100, 100]), (20_000, [100]), (50_000, [100]), (50_000, [])]
    for trouble in (SLOW.RAISES, SLOW.TOO_LONG)
]


def reads_slowly(net, slow, plan, judged=None):
    """Until all is read. `judged` is given, after each step, in which another one was served, how many lines were
    handled before it, and how many bytes read.
    """
    (other,) = net.connect(1)
    slow.connect(net)
    for step in [*plan, (0, [])]:
        before = len(slow.handled), slow.was_read
        if step == HALF_CLOSES:
            slow.half_close()
        else:
            slow.peer.take(step[0])
            slow.send(step[1])
        if judged is None:
            yield
        else:
            yield from another_is_served(other)
            judged(*before)
    slow.peer.reads = True
    yield from another_is_served(other)


def slowly(plan):
    """In words."""
    return "a client, one after the other, " + "; ".join(map(_little_step, plan))


def _little_step(step):
    if step == HALF_CLOSES:
        return step
    lines = ", ".join(f"{len([*equal])} × {_line(kind)}" for kind, equal in groupby(step[1]))
    return f"reads {step[0]:,} bytes and sends {lines or 'nothing'}"


def _line(kind):
    return f"a line with an answer of {kind:,} bytes" if type(kind) is int else kind


@concurrency(depends_on="test_each_line_is_answered")
def test_one_thread(student, rng):
    """All runs in one thread: while handle is at work, nothing else is."""
    number = rng.randrange(3, 6)

    def script(net):
        clients = net.connect(number)
        yield
        for client in clients:
            client.send(b"line\n")
        for _ in clients:
            yield
            calls = net.held("handle")
            promise = "handle called for one line after the other, in the one thread that there is"
            assert len(calls) == 1, feedback(promise, f"{len(calls)} calls at once", "in which thread handle is called")
            net.answer(calls[0], b"answer")
        yield
        for client in clients:
            expect_received(client, b"answer\n", "an answer for each client in the end")
        net.stop()
        yield

    seen = student.run("serve", calls=OverNetwork(script), watch_callers=True)
    expect_returned(seen, "serve to return when stop is readable")
    expect(seen.value, None, "serve to return None")
    expect_one_thread(seen, "all of it in the thread that has called serve")


# What clients do, step by step, and what must come of it

QUIET = "all is quiet"
BUSY = "handle is at work for another client"  # until all is quiet: what is done meanwhile comes all at once
SENT = [
    b"\n",
    b"a",
    b"b\n",
    b"ab\ncd\n",
    b"\r\n",
    b"\xc3",
    b"\xa9\n",
    b"big\n",
    b"big\n" * 5,
    b"bad\n",
    b"bad\nb\n",
    b"x" * 40_000,
]
DONE = ["stops reading", "reads on", "half-closes", "resets", "hangs up"]
STEPS = st.tuples(st.integers(0, 3), st.sampled_from([*SENT, *SENT, *DONE]))
_ANY = st.lists(st.one_of(STEPS, STEPS, STEPS, st.sampled_from([QUIET, QUIET, BUSY])), max_size=20)
# Often some do not read, and more waits for them than the buffers hold.
_SOME_SLOW = st.lists(st.integers(0, 3), max_size=3).map(
    lambda numbers: [step for n in numbers for step in ((n, "stops reading"), (n, b"big\n" * 5))]
)
PLANS = st.tuples(st.sampled_from([0, 0, 0, ROOM]), st.builds(list.__add__, _SOME_SLOW, _ANY))
# Each leaves clients in a state in which something is always ready that must not be asked for, or will fail.
_SLOW = [step for n in range(4) for step in ((n, "stops reading"), (n, b"big\n" * (n + 3)))]  # more wait for each
_ALL_AT_ONCE = [
    BUSY,
    *((0, step) for step in (b"big\n" * 5, "half-closes")),
    *((1, step) for step in (b"b\n", "resets")),
    *((2, step) for step in (b"a", "hangs up")),
    QUIET,
]
_STATES = [
    [QUIET],
    [(0, "connects"), (1, "connects"), (0, b"b\n"), (1, b"a"), QUIET],
    _ALL_AT_ONCE,
    [(0, b"a"), QUIET, (0, "half-closes"), QUIET],
    [(0, b"a"), QUIET, (0, "resets"), QUIET],
    [*_SLOW, QUIET],
    *([*_SLOW, QUIET, *((n, leaves) for n in range(4)), QUIET] for leaves in ("half-closes", "resets", "hangs up")),
]
STATES = [*((0, steps) for steps in _STATES), (ROOM, _ALL_AT_ONCE)]
# Who comes next has nothing of those who have left.
_NEXT = [*((n, b"b\n") for n in range(4)), QUIET]
COME_AND_GO = [
    *((0, [*_SLOW, QUIET, *((n, leaves) for n in range(4)), QUIET, *_NEXT]) for leaves in ("resets", "hangs up")),
    (0, [*((n, sent) for n in range(4) for sent in (b"a", b"bad\n")), QUIET, *_NEXT]),
]


class Client:
    """One of the judge's clients, which connects when it has something to do, and what must have come back to it.

    Where it is gone, or was disconnected, another one comes in its place.
    """

    def __init__(self, net):
        self._net, self.peer, self.sent = net, None, b""
        self.gone = self.halved = False

    def do(self, action):
        if self.peer is None or self.gone or not self.peer.open:
            (self.peer,) = self._net.connect(1)
            self.sent = b""
            self.gone = self.halved = False
        if action == "half-closes":
            self.halved = True
            self.peer.half_close()
        elif action in ("resets", "hangs up"):
            self.gone = True
            (self.peer.reset if action == "resets" else self.peer.close)()
        elif action in ("stops reading", "reads on"):
            self.peer.reads = action == "reads on"
        elif action != "connects" and not self.halved:
            self.sent += action
            self.peer.send(action)

    def wanted(self):
        """The answers, and whether there is trouble behind them."""
        *lines, rest = self.sent.split(b"\n")
        answers = b""
        for line in lines:
            if len(line) > LIMIT or b"bad" in line:
                return answers, True
            answers += handled(line) + b"\n"
        return answers, len(rest) > LIMIT

    def judge(self, told):
        """When all is quiet. Where the client does not read, or is gone, nothing can be asked."""
        if self.peer is None or self.gone or not self.peer.reads:
            return
        wanted, trouble = self.wanted()
        got = bytes(self.peer.received)
        promise = "each client to have got the answers to its own lines, complete and in order"
        assert wanted.startswith(got) if trouble else wanted == got, feedback(promise, told(shown(got)), PIECES)
        if trouble or self.halved:
            promise = "a client that has half-closed, or for which handle has raised, to be disconnected in the end"
            closed = self.peer.ended or self.peer.was_reset
            assert closed, feedback(promise, told("its connection is open"), END)
        else:
            assert self.peer.open, feedback("connections to stay open", told("its connection was closed"), TROUBLE)


def played(student, plan):
    room, steps = plan
    return play(student, follow(steps), scenario="serve_plan", room=room)


def follow(plan):
    """The script of these steps. Whatever the clients do, somebody else is served each time when all is quiet."""

    def script(net):
        (other,) = net.connect(1)
        clients = [Client(net) for _ in range(4)]
        yield
        steps = [*plan, *((number, "reads on") for number in range(4)), QUIET]
        for at, step in enumerate(steps):
            if step == BUSY:
                other.send(b"busy\n")
                yield
            elif step != QUIET:
                clients[step[0]].do(step[1])
            else:
                yield from all_goes_on(net)
                for number, client in enumerate(clients):
                    client.judge(partial(story, steps[:at], number))
                yield from another_is_served(other, f", after: {_told(steps[:at])}")

    return script


def all_goes_on(net):
    """Until all is quiet, and `handle` is not at work."""
    yield
    while calls := net.held("busy"):
        net.answer(calls[0], None)
        yield


def story(steps, number, what):
    """What was seen of a client, after what."""
    return f"client {number}: {what}, after: {_told(steps)}"


def _told(steps):
    done = (step if step in (QUIET, BUSY) else f"client {step[0]} {_action(step[1])}" for step in steps)
    return "; ".join(done) or "nothing"


def _action(action):
    return action if isinstance(action, str) else f"sends {shown(action)}"


@concurrency(depends_on="test_lines_come_in_pieces")
def test_plans(student, rng):
    """Whatever clients do, each gets its own answers."""
    for_all(student, rng, PLANS, lambda plan: played(student, plan), 16, first=[*COME_AND_GO, *STATES])


@concurrency(depends_on="test_each_line_is_answered")
def test_waiting_costs_nothing(student, rng):
    """While nothing can be read or sent, the server sleeps."""

    def sleeps(plan):
        seen = played(student, plan)
        expect_asleep(seen, "a server", "nothing can be read or sent", _told(plan[1]), SLEEP)

    for_all(student, rng, PLANS, sleeps, 8, first=STATES)
