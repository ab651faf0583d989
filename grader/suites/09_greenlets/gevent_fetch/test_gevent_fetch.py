"""What `fetch_all` promises. The judge is all servers, and decides when time goes on: so all moments are exact.

Each check draws plans: which addresses are asked, and what their servers do when. What must come of a plan follows from
it, whatever the order in which the addresses are taken up.
"""

import errno
from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from hypothesis import strategies as st

from grader.evidence import (
    OverNetwork,
    answer,
    concurrency,
    correctness,
    expect,
    expect_none_left,
    expect_one_thread,
    expect_raised,
    expect_returned,
    feedback,
    same,
    shown,
)
from grader.evidence.drawn import for_all

LINE = b"GET\n"
TOLD = (object, [object], int, [int])  # what was returned, its errors' numbers, greenlets left, lines of threads
CLOSES, RESETS, NEVER = "closes", "resets", "never ends"
REFUSED = ("ConnectionRefusedError", "a refused connection")
NUMBERS = {"ConnectionRefusedError": errno.ECONNREFUSED, "ConnectionResetError": errno.ECONNRESET}
UNREACHABLE, FULL = -5, -6  # an address that no network leads to, and one where nobody accepts the connection
OUTCOMES = {RESETS: ("ConnectionResetError", "a connection reset in the middle"), NEVER: ("TimeoutError", "a time-out")}
MOST_EVENTS = 400
SERVERS, LATE_SERVERS = 16, 8


@dataclass(frozen=True)
class Page:
    """What a server does when a request is there: pieces, each so many seconds after the last one, and then its end.

    A late server accepts the connection after a while only, or never if that is None.
    """

    pieces: list[tuple[float, bytes]]
    ends_after: float
    ends: str = CLOSES
    accepts_after: float | None = 0.0

    @property
    def content(self):
        return b"".join(piece for _, piece in self.pieces)

    @property
    def lasts(self):
        return (self.accepts_after or 0) + sum(after for after, _ in self.pieces) + self.ends_after

    def outcome(self, timeout):
        """The bytes, or the type of the exception with what it means."""
        if self.ends == NEVER or (timeout is not None and self.lasts > timeout):
            return OUTCOMES[NEVER]
        return self.content if self.ends == CLOSES else OUTCOMES[self.ends]


@dataclass(frozen=True)
class Plan:
    """`addresses` are numbers of servers, as often as they are asked for; nobody answers at those below 0."""

    addresses: list[int]
    pages: dict[int, Page]
    limit: int
    timeout: float | None = None
    iterator: bool = False

    @property
    def outcomes(self):
        never = {UNREACHABLE: ("OSError", "a network that cannot be reached"), FULL: OUTCOMES[NEVER]}
        return [
            never.get(number, REFUSED) if number < 0 else self.pages[number].outcome(self.timeout)
            for number in self.addresses
        ]


@dataclass
class Request:
    """One connection, from when it is begun. `over`: the server has ended it, or it was given up."""

    address: int
    began: float
    peer: Any = None  # until a late server lets it in
    visitor: object = None  # as what it waits there
    events: list = field(default_factory=list)  # (when, piece), the end last with None
    over: bool = False

    def is_there(self, visitors):
        return self.visitor in visitors if self.peer is None else self.peer.open


class Servers:
    """Plays the servers of a plan, and keeps what was seen.

    `moments`: whenever nothing could move, how many requests were in progress, and how many could have been.
    `together`: the servers that were being asked at each of these moments.
    `given_up`: requests that the other side closed, with the seconds since they had begun. `left_open`: connections
    when the call had returned, None if it had not. `really`: time goes on by itself, too.
    """

    def __init__(self, plan, really=False):
        self._plan, self._really = plan, really
        self._left_to_ask = {number for number in plan.addresses if number >= 0}
        self._due = {}  # timers of the other side
        self.now = 0.0
        self.requests, self.moments, self.together, self.given_up = [], [], [], []
        self.asked, self.other_lines = Counter(), []
        self.left_open = None
        self.neighbour_ran = False

    def policy(self):
        return OverNetwork(self._script, {"clock": lambda: self.now, "neighbour": self._neighbour})

    def _neighbour(self):
        self.neighbour_ran = True

    def _script(self, net):
        for _ in range(MOST_EVENTS):
            yield
            self._look(net)
            if returned := net.held("returned"):
                visitors = self._visitors(net)
                self.left_open = sum(request.is_there(visitors) for request in self.requests)
                net.answer(returned[0], None)
                yield
                return
            if not self._go_on(net) and not self._really:
                return

    def _look(self, net):
        visitors, known = self._visitors(net), [request.visitor for request in self.requests]
        for peer in net.arrived():
            self._begin(Request(peer.address, self.now, peer, events=self._events_of(peer.address)))
        for visitor in visitors:
            if visitor not in known:
                self._begin(Request(visitor[0], self.now, visitor=visitor, events=self._lets_in(visitor[0])))
        for request in self.requests:
            if not request.over and not request.is_there(visitors):
                request.over = True
                self.given_up.append((request.address, self.now - request.began))
        for call in net.held("timer"):
            if call not in self._due:
                self._due[call] = self.now + _seconds(call)
        self.together.append([request.address for request in self.requests if not request.over])
        in_progress = len(self.together[-1])
        assert self.neighbour_ran or not in_progress or self._plan.timeout is None, feedback(
            "other greenlets to run while fetch_all waits for a server",
            "none did: the whole thread waited, so no time-out could come either",
            "which sockets are used, and whether they are gevent's",
        )
        self.moments.append((in_progress, min(self._plan.limit, in_progress + len(self._left_to_ask))))

    def _visitors(self, net):
        return net.visitors() if any(number >= SERVERS for number in self._plan.pages) else []

    def _begin(self, request):
        self.requests.append(request)
        self.asked[request.address] += 1
        self._left_to_ask.discard(request.address)

    def _lets_in(self, number):
        after = self._plan.pages[number].accepts_after if number in self._plan.pages else None
        return [] if after is None else [(self.now + after, None)]

    def _events_of(self, number):
        page, now, events = self._plan.pages.get(number, Page([], 0)), self.now, []
        for after, piece in page.pieces:
            now += after
            events.append((now, piece))
        return events if page.ends == NEVER else [*events, (now + page.ends_after, None)]

    def _go_on(self, net):
        """The next thing that happens; whether there is any."""
        timers = [(self._due[call], call, None) for call in net.held("timer")]
        events = [(r.events[0][0], None, r) for r in self.requests if not r.over and r.events and self._has_asked(r)]
        if not timers and not events:
            return False
        self.now, timer, request = min((*timers, *events), key=lambda event: event[0])
        if timer is not None:
            net.answer(timer, None)
        else:
            self._serve(request, net)
        return True

    def _has_asked(self, request):
        if request.peer is None:
            return True
        line = bytes(request.peer.received)
        if line != LINE and line not in self.other_lines:
            self.other_lines.append(line)
        return line == LINE

    def _serve(self, request, net):
        _, piece = request.events.pop(0)
        if request.peer is None:
            request.peer, request.events = net.let_in(request.visitor), self._events_of(request.address)
            return
        if piece is not None:
            request.peer.send(piece)
            return
        request.over = True
        if self._plan.pages[request.address].ends == RESETS:
            request.peer.reset()
        else:
            request.peer.half_close()


def _seconds(call):
    return call.args[0] if len(call.args) == 1 and type(call.args[0]) in (int, float) else 0.0


def play(student, plan, scenario="fetch"):
    """The servers when all is over, and what the scenario has told."""
    servers = Servers(plan, really=scenario == "fetch_really")
    seen = student.run(
        scenario,
        calls=servers.policy(),
        watch_callers=True,
        addresses=plan.addresses,
        servers=student.addresses,
        limit=plan.limit,
        timeout=plan.timeout,
        iterator=plan.iterator,
    )
    expect_returned(seen, "fetch_all to return when every request has ended, however it has ended")
    assert not servers.other_lines, feedback(
        f"the line {LINE!r} in each request, and nothing else", shown(servers.other_lines[0]), "what is sent, and when"
    )
    pages, numbers, left, lines = answer(seen.value, TOLD)
    expect_outcomes(plan, pages)
    expect_as_raised(plan, numbers)
    return servers, seen, left, lines


def play_side_by_side(student, plans):
    """The servers of several calls at the same time, which have no server in common."""
    numbers = [number for plan in plans for number in plan.addresses]
    pages = {number: page for plan in plans for number, page in plan.pages.items()}
    servers = Servers(Plan(numbers, pages, sum(plan.limit for plan in plans)))
    calls = [[plan.addresses, plan.limit] for plan in plans]
    seen = student.run("side_by_side", calls=servers.policy(), servers=student.addresses, asked=calls)
    expect_returned(seen, "fetch_all to return in each of two greenlets that call it at the same time")
    for plan, pages in zip(plans, answer(seen.value, [object]), strict=True):
        expect_outcomes(plan, pages)
    return servers


def expect_outcomes(plan, pages):
    """The right page or exception for each address: that much every check asks for."""
    wanted = plan.outcomes
    assert type(pages) is list and len(pages) == len(wanted), feedback(
        f"a list of {len(wanted)} elements, one for each address", shown(pages), "what is returned"
    )
    for place, (got, want) in enumerate(zip(pages, wanted, strict=True)):
        if type(want) is bytes:
            assert same(got, want), feedback(
                f"the page of address {place} in its place, {len(want)} bytes long, whatever became of the others",
                f"{len(got)} bytes, which are not that page" if type(got) is bytes else shown(got),
                "how a page finds its place, and when it is complete",
            )
        else:
            kind, meaning = want
            assert hasattr(got, "is_a") and got.is_a(kind), feedback(
                f"a {kind} as element {place} of the list: {meaning}",
                shown(got),
                "what becomes of a request that fails",
            )


def expect_as_raised(plan, numbers):
    """What the system calls each error, as the socket's exceptions say it."""
    kinds = [outcome[0] for outcome in plan.outcomes if type(outcome) is tuple]
    for kind, number in zip(kinds, numbers, strict=True):
        wanted = NUMBERS.get(kind, number)
        assert number == wanted, feedback(
            f"the {kind} that the socket raised, whose errno is {wanted}",
            f"one whose errno is {shown(number)}",
            "which object stands in the list",
        )


# ------------------------------------------------------------------ plans


NOBODY = {"refused": (-1, -2, -3, -4), "unreachable": (UNREACHABLE,), "full": (FULL,)}
ENDS = {"resets": RESETS, "resets at once": RESETS, **dict.fromkeys(("silent", "unfinished", "shut out"), NEVER)}
IN_TIME = ("page", "just in time", "resets", "resets at once", "refused", "unreachable")
TOO_SLOW = ("trickles", "silent", "unfinished")
LATE = ("late", "too late", "shut out")  # only where there are late servers
PIECES = st.lists(st.tuples(st.integers(0, 12), st.sampled_from([1, 3, 20, 3000])), max_size=5)
WHICH = st.integers(0, 40)
TIMES, NO_TIME = st.integers(20, 40), st.none()
LIMITS, SEEDS = st.integers(1, 8), st.integers(0, 999)
IN_ANY_ORDER = st.permutations(range(SERVERS))


def page(kind, pieces, ends_after, time, rng):
    """`pieces`: after how many eighths of a second comes how much; `time`: so many of them a request may take."""
    third = time // 3 if time else 0
    accepts_after: int | None = None if kind == "shut out" else 0
    if kind in ("silent", "resets at once", "shut out"):
        pieces = []
    elif kind == "just in time":
        pieces, ends_after = [(third, 5), (third, 2)], time - 1 - 2 * third
    elif kind == "late":
        accepts_after, pieces, ends_after = third, [(third, 5)], time - 1 - 2 * third
    elif kind == "too late":  # both the connection and the page come soon enough, but not one after the other
        accepts_after, pieces, ends_after = 2 * third, [(third, 5)], third
    elif kind == "trickles":  # each piece comes soon enough, all of them do not
        pieces = [(time // 2, 1)] * 4
    if (accepts_after or 0) + sum(after for after, _ in pieces) + ends_after == time:
        ends_after += 1  # what ends when its time is over could be either
    pieces = [(after / 8, rng.randbytes(size)) for after, size in pieces]
    return Page(pieces, ends_after / 8, ENDS.get(kind, CLOSES), accepts_after and accepts_after / 8)


def plan_of(requests, limit, time=None, servers=range(SERVERS), again=(), seed=0, **more):
    """`requests`: their kinds, pieces and ends; `again`: which of them are asked for once more, and at which place."""
    addresses, pages, rng = [], {}, Random(seed)
    servers, late = iter(servers), iter(range(SERVERS, SERVERS + LATE_SERVERS))
    for kind, pieces, ends_after in requests:
        if kind in NOBODY:
            addresses.append(NOBODY[kind][len(addresses) % len(NOBODY[kind])])
        else:
            addresses.append(next(late if kind in LATE else servers))
            pages[addresses[-1]] = page(kind, pieces, ends_after, time, rng)
    for which, place in again:
        addresses.insert(place % (len(addresses) + 1), addresses[which % len(addresses)])
    return Plan(addresses, pages, limit, time and time / 8, **more)


def plans(*kinds, least=5, most=8, limit=LIMITS, time=NO_TIME, again=0, **more):
    """Requests of these kinds, and up to so many of them `again`."""
    more["again"] = st.lists(st.tuples(WHICH, WHICH), min_size=min(1, again), max_size=again)
    return st.builds(plan_of, requests(kinds, least, most), limit, time, servers=IN_ANY_ORDER, seed=SEEDS, **more)


def requests(kinds, least, most):
    return st.lists(st.tuples(st.sampled_from(kinds), PIECES, st.integers(1, 20)), min_size=least, max_size=most)


def some(*kinds, pieces=((2, 20), (0, 3000), (5, 3))):
    """Requests of these kinds, as they are where nothing depends on it."""
    return [(kind, pieces, 3 + number) for number, kind in enumerate(kinds)]


def late_ones(student):
    """The kinds of requests that late servers are asked by, if the system has such."""
    return LATE if len(student.addresses) == SERVERS + LATE_SERVERS else ()


def slow_one_first():
    """When the first one is given up, one more is in progress, and others wait for their turn."""
    return plan_of([("silent", [], 1), *[("page", [(8, 20)], 8)] * 5], 2, time=24)


def in_a_row(plan):
    """Each address three times, one after another: the first places have nothing else to ask for."""
    return replace(plan, addresses=[number for number in plan.addresses for _ in range(3)])


def two_plans(narrow, wide, servers=range(SERVERS), seed=0, wide_first=False):
    """Of different servers: one of few requests at a time, and one of many."""
    half = SERVERS // 2
    both = [plan_of(narrow, 2, servers=servers[:half], seed=seed), plan_of(wide, 5, servers=servers[half:], seed=seed)]
    return both[::-1] if wide_first else both


# ------------------------------------------------------------------ checks


@correctness
def test_every_page_in_its_place(student, rng):
    """Every address has its page in its place, in however many pieces it comes."""
    byte_by_byte, large, empty = ("page", [(1, 1)] * 12, 1), ("page", [(2, 200_000)], 1), ("page", [], 8)
    first = [plan_of([byte_by_byte, large, empty], 3)]
    for_all(student, rng, plans("page"), lambda plan: play(student, plan), examples=4, first=first)


@correctness(depends_on="test_every_page_in_its_place")
def test_failures_stand_in_the_list(student, rng):
    """A request that fails is an exception in its place, and no other one notices."""
    kinds = ("page", "resets", "resets at once", "refused", "unreachable")
    first = [plan_of(some("refused", "refused"), 1), plan_of(some(*kinds, "page"), 2)]
    for_all(student, rng, plans(*kinds), lambda plan: play(student, plan), examples=4, first=first)


@correctness(depends_on="test_every_page_in_its_place")
def test_duplicates_are_asked_once(student, rng):
    """An address that occurs several times is asked once, and has its page in each place."""

    def holds(plan):
        servers, *_ = play(student, plan)
        expect(sorted(servers.asked), sorted(plan.pages), "a request to each server")
        most = max(servers.asked.values(), default=1)
        assert most == 1, feedback(
            "one request for an address, however often it occurs",
            f"{most} of them",
            look_at="what becomes of an address that is there a second time, while it is being asked and afterwards",
        )

    while_it_is_asked = in_a_row(plan_of(some("page", "resets"), 5))
    when_it_has_failed = plan_of(some("resets", "silent", "page"), 1, time=24, again=[(0, 3), (1, 4)])
    first = [while_it_is_asked, when_it_has_failed]
    for_all(student, rng, plans("page", "resets", "refused", again=6), holds, examples=3, first=first)


@correctness(depends_on="test_every_page_in_its_place")
def test_time_outs(student, rng):
    """A request has its time for the whole of it, and is given up when that is over; no other one notices."""

    def holds(plan):
        servers, *_ = play(student, plan)
        expect_given_up_in_time(plan, servers)

    kinds = ("page", "just in time", *TOO_SLOW, "full", *late_ones(student))
    first = [plan_of(some(*kinds), limit, time=24) for limit in (2, 20)]
    for_all(student, rng, plans(*kinds, least=4, most=6, time=TIMES), holds, examples=3, first=first)
    never = plan_of(some("silent", "silent", "silent"), 2, time=0.4)
    play(student, never, "fetch_really")  # no other outcome, however slow all is


def expect_given_up_in_time(plan, servers):
    slow = [number for number, page in plan.pages.items() if page.outcome(plan.timeout) == OUTCOMES[NEVER]]
    look_at = "what the time-out is set around, when it begins, and what happens to the connection"
    for number in slow:
        after = next((seconds for address, seconds in servers.given_up if address == number), None)
        assert after == plan.timeout, feedback(
            f"a request that is too slow to be given up {plan.timeout:g} virtual seconds after it began,"
            " and its connection to be closed at that moment",
            "its connection was not closed" if after is None else f"it was closed after {after:g}",
            look_at,
        )


@correctness
def test_arguments(student, rng):
    """No addresses, an iterator of addresses, and a limit below 1."""
    first = [Plan([], {}, 3), plan_of(some(*["page"] * 3), 2, again=[(0, 2)], iterator=True)]
    iterators = plans("page", again=2, iterator=st.just(True))
    for_all(student, rng, iterators, lambda plan: play(student, plan), examples=2, first=first)
    for limit in (0, -2):
        plan = plan_of(some("page", "page"), limit)
        servers = Servers(plan)
        refused = student.run(
            "fetch", calls=servers.policy(), addresses=plan.addresses, servers=student.addresses, limit=limit
        )
        expect_raised(refused, "ValueError", f"a ValueError for limit={limit}")
        assert not servers.requests, feedback("a ValueError before any connection is made", "connections were made")


@concurrency
def test_never_more_than_limit(student, rng):
    """Never more than limit requests are in progress."""

    def holds(plan):
        servers, *_ = play(student, plan)
        most = max(in_progress for in_progress, _ in servers.moments)
        assert most <= plan.limit, feedback(
            f"at most {plan.limit} requests in progress at any moment, from the connection to its end",
            f"{most} at once",
            look_at="what holds a request back while so many others are in progress",
        )

    def hold_together(plans):
        servers = play_side_by_side(student, plans)
        for number, plan in enumerate(plans):
            most = max(len(plan.pages.keys() & asked) for asked in servers.together)
            assert most <= plan.limit, feedback(
                f"at most {plan.limit} requests of call {number} in progress, while another greenlet calls with a limit"
                f" of {plans[1 - number].limit}",
                f"{most} at once",
                look_at="what two calls of fetch_all share",
            )

    for_all(student, rng, plans("page", limit=st.integers(1, 3), again=2), holds, examples=2)
    mixed = plans(*IN_TIME, *TOO_SLOW, *late_ones(student), limit=st.integers(1, 3), time=TIMES)
    for_all(student, rng, mixed, holds, examples=2, first=[slow_one_first()])
    pages, drawn = some(*["page"] * 6), requests(["page"], 5, 6)
    first = [two_plans(pages, pages, wide_first=wide_first) for wide_first in (False, True)]
    pairs = st.builds(two_plans, drawn, drawn, IN_ANY_ORDER, SEEDS, st.booleans())
    for_all(student, rng, pairs, hold_together, examples=2, first=first)


@concurrency(depends_on="test_every_page_in_its_place")
def test_limit_at_once(student, rng):
    """As many requests as limit allows are in progress, as long as there are enough addresses."""

    def holds(plan):
        expect_busy(plan, *play(student, plan))

    pages = some(*["page"] * 5, pieces=[(2, 20)])
    failures_at_both_ends = plan_of([*some("refused"), *pages, *some("resets at once")], 3)
    two_at_one_moment = plan_of([*some("refused", "refused"), *pages], 3)
    first = [failures_at_both_ends, two_at_one_moment, in_a_row(plan_of(pages, 3))]
    for_all(student, rng, plans("page", limit=st.integers(2, 9)), holds, examples=2, first=first)
    mixed = plans(*IN_TIME, *TOO_SLOW, *late_ones(student), limit=st.just(3), time=TIMES, again=3)
    for_all(student, rng, mixed, holds, examples=2)
    plan = plan_of(some(*["page"] * 4, pieces=()), 3)
    expect_busy(plan, *play(student, plan, "fetch_really"))


def expect_busy(plan, servers, *_):
    idle = [(want, got) for got, want in servers.moments if got < want]
    want, got = idle[0] if idle else (0, 0)
    assert not idle, feedback(
        f"{want} requests in progress (limit {plan.limit}, enough addresses left)",
        f"only {got}, with everybody waiting for the servers",
        look_at="what each new request waits for before it begins, and whether the sockets let other greenlets run",
    )
    expect(sorted(servers.asked), sorted(plan.pages), "a request to each server")


@concurrency(depends_on="test_every_page_in_its_place")
def test_one_thread(student, rng):
    """One thread makes all requests."""

    def holds(plan):
        servers, seen, _, lines = play(student, plan)
        most = max(in_progress for in_progress, _ in servers.moments)
        assert most > 1 or len(plan.pages) < 2, feedback("several requests in progress at once", "one at a time")
        look_at = "what is done by threads, such as a ThreadPool, and could be by greenlets"
        expect_one_thread(seen, "no thread but the one that calls", lines, "gevent_fetch.py", look_at)

    kinds = plans(*IN_TIME, *TOO_SLOW, limit=st.just(4), time=TIMES)
    for_all(student, rng, kinds, holds, examples=2, first=[plan_of(some(*["page"] * 6), 4)])


@concurrency(depends_on="test_every_page_in_its_place")
def test_nothing_is_left_behind(student, rng):
    """When the call returns, every greenlet has ended and every connection is closed."""

    def holds(plan):
        servers, seen, left, _ = play(student, plan)
        assert servers.left_open is not None, feedback("fetch_all to return", "it was not told that it had")
        expect_none_left(
            servers.left_open,
            "every connection closed when fetch_all returns",
            look_at="who closes a connection, also when the page does not come to its end",
            seen="still open",
        )
        expect_none_left(
            max(0, left) + seen.leftover_threads + seen.leftover_processes,
            "every greenlet ended when fetch_all returns",
            look_at="who waits for the greenlets to end",
        )

    long_enough = plan_of(some("page", "page", "resets"), 2, time=480)
    all_kinds = plan_of(some(*IN_TIME, *TOO_SLOW, *late_ones(student)), 3, time=30)
    kinds = plans(*IN_TIME, *TOO_SLOW, *late_ones(student), time=TIMES)
    for_all(student, rng, kinds, holds, examples=2, first=[long_enough, all_kinds])
