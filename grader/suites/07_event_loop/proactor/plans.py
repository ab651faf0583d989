"""What is asked of a proactor step by step, what its callbacks and the other sides do; and what must come of it."""

from collections import deque
from collections.abc import Callable

from hypothesis import strategies as st

from grader.evidence import expect, feedback, same, shown

# Where to look
TAKING = "what is received when, and how much of it"
SENDING = "when all bytes are sent, and which are left until then"
ORDER = "which of the operations on a socket is tried, and when"
TOLD = "what becomes of an exception, and whose it is"
CALLING = "what may have changed when a callback has run"
RUNNING = "when run_until may wait, and when it must not"
CANCELLING = "what is left of an operation that was cancelled"
SLEEP = "which sockets are watched, and for what"

NOT_YET = "it is not done, although all is quiet"
BUFFERS = 400_000  # bytes; more than a connection holds


def content(number, size):
    """What operation `number` sends: the same as in the scenario."""
    pattern = bytes((number * 31 + at) % 251 for at in range(251))
    return (pattern * (size // 251 + 1))[:size]


class Session:
    """Commands the operations and hears what becomes of them.

    `then`: what is commanded in the callback of an operation. `outcomes`: of those that are done, in order.
    `taken_back`: what `cancel` has returned. `untimely`: what was wrong with the moment at which some completed.
    """

    runs = False

    def __init__(self):
        self.then, self.outcomes, self.taken_back, self.untimely = {}, {}, {}, []
        self._commands = deque()

    def begin(self, net, control, peers):
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
        elif kind == "untimely":
            self.untimely.append(value)
        else:
            self.outcomes[number] = [kind, value]
            return self.then.pop(number, [])
        return []

    def expect(self, number, kind, value, what, look_at):
        """That the operation is done, with this outcome."""
        self.expect_done(number, what, look_at)
        expect(self.outcomes[number], [kind, value], what, look_at)

    def expect_error(self, number, kind, what, look_at):
        self.expect_done(number, what, look_at)
        outcome, value = self.outcomes[number]
        assert is_raised(outcome, value, kind), feedback(what, f"{outcome} {shown(value)}", look_at)

    def expect_outstanding(self, number, what, look_at):
        assert number not in self.outcomes, feedback(what, f"it was done: {shown(self.outcomes[number])}", look_at)

    def expect_done(self, number, what, look_at):
        assert number in self.outcomes, feedback(what, NOT_YET, look_at)


def is_raised(outcome, value, kind):
    return outcome == "raised" and type(value) is list and kind in value


# ------------------------------------------------------------------ plans

QUIET = "all is quiet"
SOCKETS = 3
OWN = [0, 0, 1]  # futures of the caller's own that callbacks complete
NEVER = ("own", 2)  # and one that nobody does
SIZES = [0, 1, 5000, 60_000, 300_000, 300_000]  # of the largest, connections do not hold all
SENT = [b"a", b"bcd", b"x" * 3000]
DONE = ["stops reading", "reads on", "half-closes", "resets"]
_WHERE = st.sampled_from([0, 0, 2, 2, 1])  # much happens on the same socket, or to the same proactor


def _step(*parts):
    return st.tuples(*(part if isinstance(part, st.SearchStrategy) else st.just(part) for part in parts))


def _flat(*parts):
    """Lists of steps, one behind the other."""
    return st.tuples(*parts).map(lambda lists: [step for steps in lists for step in steps])


def _some(steps, most):
    return st.lists(steps, max_size=most).map(lambda lists: [step for steps in lists for step in steps])


def _one(*parts):
    return _step(*parts).map(lambda step: [step])


def _asks(where):
    recv = _step("recv", where, st.sampled_from([1, 2, 5, 4000]))
    return st.one_of(recv, recv, _step("send", where, st.sampled_from(SIZES)))


def _owned(where):
    """What the owner of a socket does with it, when nothing is outstanding there."""
    return where.flatmap(
        lambda place: st.one_of(
            st.just([]),
            st.just([("close", place), ("open", place)]),
            st.just([("close", place), ("open", place)]),
            st.just([("close", place)]),
            st.just([("end sending", place)]),
            _one("block", st.just(place), st.sampled_from([None, 1000.0])),
        )
    )


def _instead(where):
    """What is outstanding there is cancelled; then its owner has it."""
    nothing = st.just([])
    return st.one_of(nothing, nothing, _flat(st.just([("cancel all", where)]), _owned(st.just(where))))


def _asked(thens):
    return _WHERE.flatmap(lambda where: _flat(_instead(where), _asks(st.just(where)).map(lambda ask: [ask]), thens))


_ACTS = st.one_of(
    _asked(st.just([])),
    _asked(st.just([])),
    _one("cancel", st.integers(0, 5)),  # the last one, the one before that, ...
    _one("cancel all", _WHERE),
)
_FAILS = st.just([("fail",)])
_FINISHES = _one("finish", st.sampled_from(OWN), st.sampled_from(["result", "result", "error", "cancel"]))
_PEERS = st.one_of(
    _one("peer", _WHERE, st.sampled_from([*SENT, *SENT, *DONE])),
    st.sampled_from(SENT).map(lambda data: [("peer", where, data) for where in range(SOCKETS)]),
)


def _asked_with(acts):
    """And what the callback does."""
    thens = _some(acts, 3).map(lambda steps: [("then", step) for step in steps])
    return _asked(_flat(thens, _some(_one("again", st.integers(1, 3)), 1)))


_ASKED = _asked_with(st.one_of(_ACTS, _ACTS, _FAILS))
# Often some do not read, and more is sent to them than the buffers hold.
_SOME_SLOW = _some(_WHERE.map(lambda where: [("peer", where, "stops reading"), ("send", where, 300_000)]), 2)
IN_ONE = _flat(_SOME_SLOW, _some(st.one_of(_ASKED, _ASKED, _ACTS, _PEERS, _PEERS, st.just([QUIET])), 16))

# With several runs: what is asked for before, and what happens meanwhile.
_ASKED_IN_RUNS = _asked_with(st.one_of(_ACTS, _ACTS, _FINISHES, _FINISHES, _FAILS))
_UNTIL = st.one_of(_step("last", st.sampled_from([0, 0, 1, 2])), _step("own", st.sampled_from(OWN)))
_ROUNDS = _flat(
    _some(st.one_of(_ASKED_IN_RUNS, _ASKED_IN_RUNS, _ACTS, _PEERS, _FINISHES), 5),
    _one("run", st.sampled_from([0, 0, 0, 1]), _UNTIL),
    _some(st.one_of(_PEERS, _PEERS, st.just([QUIET]), _ASKED_IN_RUNS), 4),
)
_BEFORE = st.one_of(
    st.just([("run", 0, ("own", 0))]),  # when nothing is outstanding
    _some(_WHERE.map(lambda where: [("peer", where, "stops reading")]), 2),
)


@st.composite
def _meeting(draw):
    """What interferes: sockets of one proactor, what a run before has left, and callbacks of each about the other."""
    here, there = draw(st.permutations([0, 2]))
    if draw(st.booleans()):  # something is outstanding when a run ends; then much happens to its socket
        left = [draw(_asks(st.just(here))), ("recv", there, 1), ("run", 0, ("last", 0)), QUIET, ("peer", there, b"a")]
        steps = [*draw(_BEFORE), *left, ("cancel all", here), *draw(_owned(st.just(here)))]
    else:
        steps = [*draw(_BEFORE), *draw(st.sampled_from([[], [], [("close", here)]]))]
    for one, other in ((here, there), (there, here)):
        steps.append(draw(_asks(st.just(one))))
        deeds = [("finish", 0, "result"), ("cancel all", other), draw(_asks(st.just(other)))]
        steps += [("then", deed) for deed in draw(st.permutations(deeds))[: draw(st.integers(0, 3))]]
        steps += draw(_some(_one("again", st.integers(1, 3)), 1))
    return steps


_MEETINGS = _flat(
    _meeting(),
    st.sampled_from([[], [("peer", 0, b"bcd"), ("peer", 2, b"bcd")]]),
    st.sampled_from([("own", 0), ("own", 0), ("last", 0), ("last", 1)]).map(lambda until: [("run", 0, until)]),
    _some(st.one_of(_PEERS, _PEERS, st.just([QUIET])), 4),
)
RUNS = st.one_of(_MEETINGS, _MEETINGS, _flat(_BEFORE, _ROUNDS, _some(_ROUNDS, 2)))

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

# What one run leaves behind for the next one; and what callbacks do to others that are ready as well.
_FIRST, _SECOND = ("recv", 0, 1), ("recv", 2, 1)
_BOTH_SEND = [("peer", 0, b"bcd"), ("peer", 2, b"bcd")]
TURNS = [
    [
        ("run", 0, ("own", 0)),  # which will never be done
        QUIET,
        *(_FIRST, ("then", ("finish", 0, "result")), _SECOND),
        *(("run", 0, ("last", 0)), QUIET, ("peer", 0, b"a"), QUIET, ("peer", 2, b"a")),
    ],
    [_SECOND, _FIRST, ("then", ("cancel all", 2)), ("run", 0, ("own", 0)), QUIET, ("peer", 0, b"a"), QUIET],
    [
        *(_FIRST, ("then", ("finish", 0, "result")), ("then", ("cancel all", 2)), ("then", _SECOND)),
        *(_SECOND, ("then", ("finish", 0, "result")), ("then", ("cancel all", 0)), ("then", _FIRST)),
        *(*_BOTH_SEND, ("run", 0, ("own", 0))),
    ],
    [("close", 0), _FIRST, ("then", ("finish", 0, "result")), ("again", 3), ("run", 0, ("own", 0))],
    [
        *(_FIRST, _SECOND, ("run", 0, ("last", 0)), QUIET, ("peer", 2, b"a"), QUIET),
        *(("cancel all", 0), ("close", 0), ("open", 0), _FIRST, ("run", 0, ("last", 0)), QUIET, ("peer", 0, b"a")),
    ],
    [
        *(_FIRST, ("peer", 0, b"a"), ("run", 0, ("last", 0)), ("peer", 0, "stops reading"), QUIET),
        *(("block", 0, None), ("send", 0, 300_000), _SECOND, ("run", 0, ("own", 0)), QUIET, ("peer", 2, b"a")),
    ],
    [("close", 0), _FIRST, ("then", ("cancel all", 0)), _FIRST, _FIRST, ("run", 0, ("own", 0))],
    [_FIRST, _FIRST, ("peer", 0, b"bcd"), ("cancel", 1)],
    [("recv", 1, 1), _FIRST, ("peer", 1, b"a"), ("run", 0, ("last", 0)), QUIET, ("peer", 0, b"a"), QUIET],
]


# ------------------------------------------------------------------ what must come of them


class Side:
    """A connection: what its peer has done, and the operations on the other end of it.

    `left`: the other end is closed now. `ended`: the number of the first operation asked for after its `shutdown`.
    """

    closed = False

    def __init__(self, place, peer):
        self.place, self.peer = place, peer
        self.sent = b""
        self.halved = self.reset = self.left = False
        self.ended = None
        self.asked = {"recv": [], "send": []}  # their numbers, in the order in which they were asked for

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

    def feed(self, outcomes):
        waiting = [number for number in self.asked["recv"] if number not in outcomes]
        self.act(b"!" * len(waiting))
        return waiting


class ClosedSide(Side):
    """There is no connection: all that is asked for fails."""

    closed = True

    def act(self, action):
        pass


class Planned(Session):
    """A session that follows a plan, and knows what must have come of it.

    Commands come one step at a time: what a step stands for depends on what has come of those before it.
    `running`: which proactor is. In `runs` the judge says when, and until when; else it is the only one, and always.
    """

    def __init__(self, runs=False):
        super().__init__()
        self.runs, self.running, self.until = runs, None if runs else 0, None
        self.operations, self.side_of = [], []  # by number: what was asked for, and where
        self.sides = []  # all that there have been
        self.mistakes = []
        self._finished = {}  # futures of the caller's own: their outcomes
        self._failing = set()

    def begin(self, net, control, peers):
        super().begin(net, control, peers)
        self._net = net
        self.sides = [Side(place, peer) for place, peer in enumerate(peers)]
        self.at = list(self.sides)  # which of them are where now

    # ------------------------------------------------------------------ commands

    def do(self, step):
        self._commands.append(step)
        if not self.runs:
            self._control.send(b"!")

    def all_obeyed(self):
        return not self._commands

    def next(self, number=None):
        """The next commands: in the callback of this operation, or where no callback is called by it."""
        steps = self._commands if number is None else self._in_callback(number)
        while steps:
            step = steps.popleft()
            if commands := getattr(self, "_" + step[0].replace(" ", "_"))(*step[1:], following=steps):
                return commands if number is None else [*commands, *self._more(number)]
            steps = steps if number is None else self._in_callback(number)
        return [["fail"]] if number in self._failing else []

    def _in_callback(self, number):
        """What its callback does; and what has waited for some callback."""
        if self.then.get(number):
            return self.then[number]
        waited = self.runs and self.running is not None and self._commands and self._commands[0][0] != "run"
        return self._commands if waited else deque()

    def _more(self, number):
        return [["more", number]] if self._in_callback(number) or number in self._failing else []

    def _recv(self, where, n, following):
        return self._ask("recv", where, n, following)

    def _send(self, where, size, following):
        return self._ask("send", where, size, following)

    def _ask(self, name, where, what, following):
        number = len(self.operations)
        self.operations.append((name, where, what))
        self.side_of.append(self.at[where])
        self.at[where].asked[name].append(number)
        while following and following[0][0] in ("then", "again"):
            self._attach(number, *following.popleft())
        return [[name, number, where, what]]

    def _attach(self, number, name, what):
        """To what the callback does."""
        if what == ("fail",):
            self._failing.add(number)
            return
        steps = self.then.setdefault(number, deque())
        if name == "then":
            steps.append(what)
        else:
            steps.append(self.operations[number])
            steps.extend([("again", what - 1)] if what > 1 else [])

    def _cancel(self, back, following):
        number = len(self.operations) - 1 - back
        return [["cancel", number]] if number >= 0 else []

    def _cancel_all(self, where, following):
        return [["cancel", number] for number in self._outstanding_on(self.at[where])]

    def _close(self, where, following):
        side = self.at[where]
        if side.closed or self._outstanding_on(side):
            return []
        side.left = side.peer.reads = True
        self._put(ClosedSide(where, None))
        return [["close", where]]

    def _open(self, where, following):
        if not self.at[where].closed:
            return []
        self._put(Side(where, *self._net.connect(1)))
        return [["open", where]]

    def _put(self, side):
        self.at[side.place] = side
        self.sides.append(side)

    def _end_sending(self, where, following):
        side = self.at[where]
        if side.closed or side.reset or side.ended is not None or self._outstanding_on(side):
            return []
        side.ended = len(self.operations)
        return [["end_sending", where]]

    def _block(self, where, timeout, following):
        side = self.at[where]
        return [] if side.closed or self._outstanding_on(side) else [["block", where, timeout]]

    def _run(self, proactor, until, following):
        kind, which = until
        number = len(self.operations) - 1 - which
        self.running = proactor
        self.until = number if kind == "last" and number >= 0 else f"own {which}"
        return [["run", proactor, self.until]]

    def _finish(self, which, how, following):
        name = f"own {which}"
        if name in self._finished:
            return []
        self._finished[name] = {
            "result": ["result", "own"],
            "error": ["raised", "LookupError"],
            "cancel": ["cancelled", None],
        }[how]
        return [["finish", name, how]]

    # ------------------------------------------------------------------ what is told

    def tell(self, number, kind, value):
        if kind == "ended":
            self._ended(*value)
            return []
        if kind == "cancel" and value is not True and self._can_be_cancelled(number):
            self.mistakes.append(
                ("cancel to return True where nothing has been done", f"it returned {shown(value)}", CANCELLING)
            )
        if kind in ("cancel", "untimely"):
            return super().tell(number, kind, value)
        self.outcomes[number] = [kind, value]
        return self._more(number)

    def _can_be_cancelled(self, number):
        name = self.operations[number][0]
        behind = [n for n in self.side_of[number].asked["send"] if n < number and n not in self.outcomes]
        return number not in self.outcomes and (name == "recv" or bool(behind))

    def _ended(self, kind, value):
        """What run_until has returned or raised."""
        proactor, outcome, self.running = self.running, self._outcome(self.until), None
        promise, right = "run_until to return the result of its future, or to raise its exception", outcome
        if outcome is None and self._outstanding_of(proactor):
            promise = "run_until to go on while its future is not done, and something is outstanding"
        elif outcome is None:
            promise, right = (
                "a RuntimeError, where run_until ends before its future is done",
                ["raised", "RuntimeError"],
            )
        if not _is_end(kind, value, right):
            self.mistakes.append((promise, f"it {kind} {shown(value)}", RUNNING))

    def feed(self):
        """Sends something for each recv that the proactor which is running has to do; whether there are any."""
        fed = [side for side in self.at if self._proactor_of(side) == self.running and side.feed(self.outcomes)]
        return bool(fed)

    def _outcome(self, name):
        """Of the future of an operation, or of the caller's own, if it is done."""
        return self.outcomes.get(name) or self._finished.get(name)

    def _outstanding_on(self, side):
        return [number for numbers in side.asked.values() for number in numbers if number not in self.outcomes]

    def _outstanding_of(self, proactor):
        return [n for side in self.sides if self._proactor_of(side) == proactor for n in self._outstanding_on(side)]

    def _proactor_of(self, side):
        return side.place % 2 if self.runs else 0

    # ------------------------------------------------------------------ faults

    def faults(self):
        """What is wrong when all is quiet: what was promised, what was seen, where to look."""
        yield from self.mistakes
        for wrong in self.untimely:
            yield "futures that complete in run_until, and not when they must not", f"one was done {wrong}", RUNNING
        yield from self._faults_of_running()
        for number, outcome in self.outcomes.items():
            if (outcome[0] == "cancelled") != (self.taken_back.get(number) is True):
                yield "exactly those operations cancelled for which cancel returns True", "others were", CANCELLING
        for side in self.sides:
            due = self.running == self._proactor_of(side)
            yield from self._faults_of_recvs(side, due)
            yield from self._faults_of_sends(side, due)

    def _faults_of_running(self):
        if not self.runs:
            if self._commands:
                yield "a recv to complete, for there is something to receive", NOT_YET, RUNNING
        elif self.running is None:
            pass
        elif self._outcome(self.until) is not None:
            yield "run_until to return when its future is done", "it goes on, although all is quiet", RUNNING
        elif not self._outstanding_of(self.running):
            yield "a RuntimeError when nothing is outstanding any more", "run_until waits", RUNNING

    def _faults_of_recvs(self, side, due):
        left, waiting = side.sent, False
        for number, (kind, value) in self._in_order(side.asked["recv"]):
            most = self.operations[number][2]
            if kind == "waits":
                waiting = True
            elif side.closed:
                yield from _faults_of_failed(kind, value)
            elif waiting:
                yield "the recvs of a socket to complete in their order", "one was faster", ORDER
            elif kind != "result":
                if not (side.reset and is_raised(kind, value, "ConnectionError")):
                    yield "a recv to complete", f"{kind} {shown(value)}", TOLD
            elif type(value) is not bytes or len(value) > most or not left.startswith(value):
                yield "the bytes that were sent, each once, in order, and no more than asked for", shown(value), TAKING
            elif not value and (left or not side.halved) and not side.reset:
                yield "bytes, where the stream has not ended", "none", TAKING
            else:
                left = left[len(value) :]
        if waiting and due and (left or side.halved or side.reset or side.closed):
            yield "a recv to complete, for nothing is in its way", NOT_YET, ORDER

    def _faults_of_sends(self, side, due):
        wanted, taken, waiting = b"", 0, False
        for number, (kind, value) in self._in_order(side.asked["send"]):
            size = self.operations[number][2]
            dead = side.closed or (side.ended is not None and number >= side.ended)
            wanted += b"" if dead else content(number, size)
            if kind == "waits":
                waiting = True
            elif side.closed:
                yield from _faults_of_failed(kind, value)
            elif waiting:
                yield "the sends of a socket to complete in their order", "one was faster", ORDER
            elif kind != "result":
                if not ((side.reset or dead) and is_raised(kind, value, "ConnectionError")):
                    yield "a send to complete", f"{kind} {shown(value)}", TOLD
            elif type(value) is not int or value != size:
                yield "the number of bytes that were sent", shown(value), SENDING
            elif dead and size:
                yield "an error, where nothing can be sent any more", f"{value} bytes sent", TOLD
            taken += 0 if waiting or dead else size
        if waiting and due and (side.closed or side.reset or side.ended is not None or side.peer.reads):
            yield "a send to complete, for nothing is in its way", NOT_YET, ORDER
        if not side.closed:
            yield from _faults_of_sent(side, wanted, taken, waiting)

    def _in_order(self, numbers):
        for number in numbers:
            outcome = self.outcomes.get(number, ["waits", None])
            if outcome[0] != "cancelled":
                yield number, outcome


def _is_end(kind, value, outcome):
    """Whether a run that ends like this ends by this outcome."""
    if outcome is None:
        return False
    how, what = outcome
    if how == "result":
        return kind == "returned" and same(value, what)
    if how == "cancelled":
        return is_raised(kind, value, "CancelledError")
    return kind == "raised" and same(value, what) if type(what) is list else is_raised(kind, value, what)


def _faults_of_failed(kind, value):
    if not is_raised(kind, value, "Exception"):
        yield "some exception for each operation on a closed socket", f"{kind} {shown(value)}", TOLD


def _faults_of_sent(side, wanted, taken, waiting):
    got = bytes(side.peer.received)
    if not wanted.startswith(got):
        yield "the bytes of the sends of this socket, each once, in order", "others", SENDING
    if side.reset or side.left:
        return
    if side.peer.reads and not waiting and got != wanted:
        yield "all bytes sent", f"{len(got):,} of {len(wanted):,} bytes", SENDING
    if taken > len(got) + BUFFERS:
        yield "a send to complete when all of it is sent", "it was done before that", SENDING


# ------------------------------------------------------------------ how they are gone through


def follow(plan):
    """The script of a plan."""

    def script(net, session, peers):
        steps = [*plan, *(("peer", where, "reads on") for where in range(SOCKETS)), QUIET]
        for at, step in enumerate(steps):
            if step == QUIET:
                yield
                expect_no_faults(session, steps[:at])
            elif step[0] == "peer":
                session.at[step[1]].act(step[2])
            else:
                session.do(step)

    return script


def follow_runs(plan):
    """The script of a plan with several runs. In the end all that can be done is done, by both proactors."""

    def script(net, session, peers):
        steps = [*plan, ("run", 0, NEVER), ("run", 1, NEVER)]
        for at, step in enumerate(steps):
            if step == QUIET:
                yield from settled(net, session, steps[:at])
            elif step[0] == "peer":
                session.at[step[1]].act(step[2])
            else:
                if step[0] == "run":
                    yield from ended(net, session, steps[:at])
                session.do(step)
        yield from ended(net, session, steps)
        for call in net.held("between"):
            net.answer(call, False)
        yield

    return script


def settled(net, session, steps):
    """When all is quiet, and what can be asked for has been: in callbacks, or where no run_until is called."""
    yield
    while (calls := net.held("between")) and not session.all_obeyed():
        net.answer(calls[0], True)
        yield
    expect_no_faults(session, steps)
    here = session.running is not None or calls
    assert here, feedback("recv and send to return at once", f"one does not, after: {story(steps)}", RUNNING)


def ended(net, session, steps):
    """Something comes for each recv, and in the end all that is sent is read, until run_until has ended."""
    while not session.all_obeyed() or session.running is not None:
        yield from settled(net, session, steps)
        if session.running is not None and not session.feed():
            for side in session.at:
                side.act("reads on")


def expect_no_faults(session, steps):
    for promise, seen, look_at in session.faults():
        raise AssertionError(feedback(promise, f"{seen}, after: {story(steps)}", look_at))


# ------------------------------------------------------------------ as a student reads it


def story(steps):
    return "; ".join(map(_told, steps)) or "nothing"


def _told(step):
    if step == QUIET:
        return step
    return _WORDS[step[0]](*step[1:])


def _last(back):
    return f"the {back + 1}. last one" if back else "the last one"


def _told_peer(where, action):
    return f"peer {where} {action if isinstance(action, str) else f'sends {shown(action)}'}"


def _told_run(proactor, until):
    which = f"own future {until[1]}" if until[0] == "own" else _last(until[1])
    return f"run_until of {which}{' by the other proactor' if proactor else ''}"


_WORDS: dict[str, Callable[..., str]] = {
    "recv": "recv({}, {})".format,
    "send": "send({}, {} bytes)".format,
    "cancel": lambda back: f"cancel of {_last(back)}",
    "cancel all": "cancel of all on socket {}".format,
    "then": lambda step: f"in its callback {_told(step)}",
    "again": "which its callback asks for again, {} times".format,
    "close": "close of socket {} if nothing is outstanding on it".format,
    "open": "a new socket in place of {} if that is closed".format,
    "end sending": "shutdown(SHUT_WR) of socket {} if nothing is outstanding on it".format,
    "block": "settimeout({1}) of socket {0} if nothing is outstanding on it".format,
    "fail": "an exception is raised".format,
    "finish": "own future {} done, by {}".format,
    "peer": _told_peer,
    "run": _told_run,
}
