"""What `fetch_all` promises. The judge is all servers, and decides when time goes on: so all moments are exact.

Each check draws plans: which addresses are asked, and what their servers do when. What must come of a plan follows from
it, whatever the order in which the addresses are taken up.
"""

from collections import Counter
from dataclasses import dataclass, field, replace

from grader.evidence import (
    OverNetwork,
    answer,
    concurrency,
    correctness,
    expect,
    expect_none_left,
    expect_raised,
    expect_returned,
    feedback,
    same,
    shown,
)

LINE = b"GET\n"
TOLD = (object, int, [int])  # what was returned, greenlets left, lines that started threads
CLOSES, RESETS, NEVER = "closes", "resets", "never ends"
REFUSED = ("ConnectionRefusedError", "a refused connection")
UNREACHABLE, FULL = -5, -6  # an address that no network leads to, and one where nobody accepts the connection
OUTCOMES = {RESETS: ("ConnectionResetError", "a connection reset in the middle"), NEVER: ("TimeoutError", "a time-out")}
MOST_EVENTS = 400
SERVERS = 16
AT_ONCE = "what a request that waits for its turn waits for"
PLANS = 3
LONG_ENOUGH = 60.0  # seconds for any page that comes to its end


@dataclass(frozen=True)
class Page:
    """What a server does when a request is there: pieces, each so many seconds after the last one, and then its end."""

    pieces: list[tuple[float, bytes]]
    ends_after: float
    ends: str = CLOSES

    @property
    def content(self):
        return b"".join(piece for _, piece in self.pieces)

    @property
    def lasts(self):
        return sum(after for after, _ in self.pieces) + self.ends_after

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
    """One connection. `over`: the server has ended it, or it was given up."""

    peer: object
    began: float
    events: list = field(default_factory=list)  # (when, piece), the end last with None
    over: bool = False


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
                self.left_open = sum(request.peer.open for request in self.requests)
                net.answer(returned[0], None)
                yield
                return
            if not self._go_on(net) and not self._really:
                return

    def _look(self, net):
        for peer in net.arrived():
            self.requests.append(Request(peer, self.now, self._events_of(peer.address)))
            self.asked[peer.address] += 1
            self._left_to_ask.discard(peer.address)
        for request in self.requests:
            if not request.over and not request.peer.open:
                request.over = True
                self.given_up.append((request.peer.address, self.now - request.began))
        for call in net.held("timer"):
            if call not in self._due:
                self._due[call] = self.now + _seconds(call)
        self.together.append([request.peer.address for request in self.requests if not request.over])
        in_progress = len(self.together[-1])
        assert self.neighbour_ran or not in_progress or self._plan.timeout is None, feedback(
            "other greenlets to run while fetch_all waits for a server",
            "none did: the whole thread waited, so no time-out could come either",
            "which sockets are used, and whether they are gevent's",
        )
        self.moments.append((in_progress, min(self._plan.limit, in_progress + len(self._left_to_ask))))

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
            self._serve(request)
        return True

    def _has_asked(self, request):
        line = bytes(request.peer.received)
        if line != LINE and line not in self.other_lines:
            self.other_lines.append(line)
        return line == LINE

    def _serve(self, request):
        _, piece = request.events.pop(0)
        if piece is not None:
            request.peer.send(piece)
            return
        request.over = True
        if self._plan.pages[request.peer.address].ends == RESETS:
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
    pages, left, lines = answer(seen.value, TOLD)
    expect_outcomes(plan, pages)
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


# ------------------------------------------------------------------ plans


def drawn(rng, pages, limit=None, refused=0, duplicates=0, **more):
    """Asks for these pages in any order, between addresses where nobody listens and others for the second time."""
    numbers = rng.sample(range(SERVERS), len(pages))
    addresses = [*numbers, *range(-refused, 0)]
    addresses += rng.choices(addresses, k=duplicates)
    rng.shuffle(addresses)
    limit = limit or rng.randrange(1, len(pages) + 1)
    return Plan(addresses, dict(zip(numbers, pages, strict=True)), limit, **more)


def page(rng, lasts=None, ends=CLOSES, pieces=None):
    """A page in some pieces, which takes so many eighths of a second."""
    count = rng.choice((0, 1, 2, 5)) if pieces is None else pieces
    eighths = rng.randrange(1, 60) if lasts is None else lasts
    cuts = sorted(rng.choices(range(eighths), k=count))
    afters = [(later - sooner) / 8 for sooner, later in zip([0, *cuts], [*cuts, eighths], strict=True)]
    sizes = rng.choices((1, 3, 20, 3000), k=count)
    return Page([(after, rng.randbytes(size)) for after, size in zip(afters, sizes, strict=False)], afters[-1], ends)


def in_a_row(rng):
    """Each address several times, one after another: the first places have nothing else to ask for."""
    plan = drawn(rng, some_pages(rng, 4, 5), limit=3)
    return replace(plan, addresses=[number for number in plan.addresses for _ in range(3)])


def two_plans(rng):
    """Of different servers: one of few requests at a time, and one of many."""
    narrow, wide = drawn(rng, some_pages(rng, 5, 6), limit=2), drawn(rng, some_pages(rng, 5, 6), limit=5)
    free = [number for number in range(SERVERS) if number not in narrow.pages]
    other = dict(zip(wide.addresses, free, strict=False))
    pages = {other[number]: page for number, page in wide.pages.items()}
    return [narrow, Plan([other[number] for number in wide.addresses], pages, wide.limit)]


def some_pages(rng, least=5, most=8):
    return [page(rng) for _ in range(rng.randrange(least, most + 1))]


def some_that_fail(rng):
    """Resets before the first byte and in the middle, beside pages."""
    pages = [*some_pages(rng, 3, 5), page(rng, ends=RESETS, pieces=0), page(rng, ends=RESETS, pieces=3)]
    rng.shuffle(pages)
    return pages


def some_too_slow(rng, eighths):
    """Some that just come in time, some that never end, and some that send a byte now and then for too long."""
    in_time = [page(rng, lasts=rng.randrange(1, eighths)) for _ in range(2)]
    just_in_time = page(rng, lasts=eighths - 1, pieces=3)
    trickles = Page([((eighths - 1) / 16, rng.randbytes(1))] * 4, 1)
    silent, unfinished = page(rng, ends=NEVER, pieces=0), page(rng, lasts=2, ends=NEVER, pieces=2)
    pages = [*in_time, just_in_time, trickles, silent, unfinished]
    rng.shuffle(pages)
    return pages


def all_kinds(rng, limit=None):
    """Everything that can happen to a request, in one plan."""
    eighths = rng.randrange(20, 40)
    pages = [*some_too_slow(rng, eighths), page(rng, lasts=9, ends=RESETS, pieces=1)]
    return drawn(rng, pages, limit, refused=2, duplicates=3, timeout=eighths / 8)


# ------------------------------------------------------------------ checks


@correctness
def test_every_page_in_its_place(student, rng):
    """Every address has its page in its place, in however many pieces it comes."""
    for _ in range(PLANS):
        play(student, drawn(rng, some_pages(rng)))
    one_byte_at_a_time = Page([(0.125, b"%d" % (n % 10)) for n in range(rng.randrange(30, 40))], 0.125)
    large = Page([(0.25, rng.randbytes(200_000))], 0.125)
    play(student, drawn(rng, [one_byte_at_a_time, large, Page([], 1.0)], limit=3))


@correctness(depends_on="test_every_page_in_its_place")
def test_failures_stand_in_the_list(student, rng):
    """A request that fails is an exception in its place, and no other one notices."""
    for _ in range(PLANS):
        play(student, drawn(rng, some_that_fail(rng), refused=2))
    play(student, Plan([-1, -2], {}, 1))
    pages = drawn(rng, some_pages(rng, 2, 3))
    play(student, replace(pages, addresses=[*pages.addresses, UNREACHABLE, -1, UNREACHABLE]))


@correctness(depends_on="test_every_page_in_its_place")
def test_duplicates_are_asked_once(student, rng):
    """An address that occurs several times is asked once, and has its page in each place."""
    for plan in (
        drawn(rng, some_pages(rng), duplicates=4),
        drawn(rng, some_that_fail(rng), refused=1, duplicates=6),
        drawn(rng, [page(rng)], limit=5, duplicates=3),
    ):
        servers, *_ = play(student, plan)
        assert set(servers.asked) == set(plan.pages), feedback(
            f"a request to each of {len(plan.pages)} servers", f"requests to {len(servers.asked)}"
        )
        most = max(servers.asked.values())
        assert most == 1, feedback(
            "one request for an address, however often it occurs",
            f"{most} of them",
            look_at="what becomes of an address that is there a second time, while it is being asked and afterwards",
        )


@correctness(depends_on="test_every_page_in_its_place")
def test_time_outs(student, rng):
    """A request has its time for the whole of it, and is given up when that is over; no other one notices."""
    for limit in (None, 2, 20):
        eighths = rng.randrange(20, 40)
        plan = drawn(rng, some_too_slow(rng, eighths), limit, timeout=eighths / 8)
        plan.addresses.insert(rng.randrange(len(plan.addresses)), FULL)
        servers, *_ = play(student, plan)
        expect_given_up_in_time(plan, servers)
    never = [page(rng, ends=NEVER, pieces=0) for _ in range(3)]
    play(student, drawn(rng, never, limit=2, timeout=0.05), "fetch_really")  # no other outcome, however slow all is


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
    play(student, Plan([], {}, 3))
    play(student, drawn(rng, some_pages(rng), iterator=True, duplicates=1))
    for limit in (0, -2):
        plan = drawn(rng, some_pages(rng, 2, 2), limit=limit)
        servers = Servers(plan)
        refused = student.run(
            "fetch", calls=servers.policy(), addresses=plan.addresses, servers=student.addresses, limit=limit
        )
        expect_raised(refused, "ValueError", f"a ValueError for limit={limit}")
        assert not servers.requests, feedback("a ValueError before any connection is made", "connections were made")


@concurrency
def test_never_more_than_limit(student, rng):
    """Never more than limit requests are in progress."""
    for plan in (
        drawn(rng, some_pages(rng), limit=1),
        drawn(rng, some_pages(rng), limit=3, duplicates=2),
        all_kinds(rng, limit=2),
    ):
        servers, *_ = play(student, plan)
        most = max(in_progress for in_progress, _ in servers.moments)
        assert most <= plan.limit, feedback(
            f"at most {plan.limit} requests in progress at any moment, from the connection to its end",
            f"{most} at once",
            look_at="what holds a request back while so many others are in progress",
        )
    plans = two_plans(rng)
    for calls in (plans, plans[::-1]):
        servers = play_side_by_side(student, calls)
        for number, plan in enumerate(calls):
            most = max(len(plan.pages.keys() & asked) for asked in servers.together)
            assert most <= plan.limit, feedback(
                f"at most {plan.limit} requests of call {number} in progress, while another greenlet calls with a limit"
                f" of {calls[1 - number].limit}",
                f"{most} at once",
                look_at="what two calls of fetch_all share",
            )


@concurrency(depends_on="test_every_page_in_its_place")
def test_limit_at_once(student, rng):
    """As many requests as limit allows are in progress, as long as there are enough addresses."""
    for plan in (
        drawn(rng, some_pages(rng), limit=3),
        drawn(rng, some_pages(rng), limit=20),
        all_kinds(rng, limit=3),
        in_a_row(rng),
    ):
        expect_busy(plan, *play(student, plan))
    plan = drawn(rng, some_pages(rng, 5, 5), limit=3)
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
    for plan in (drawn(rng, some_pages(rng), limit=4), all_kinds(rng, limit=4)):
        servers, seen, _, lines = play(student, plan)
        assert max(in_progress for in_progress, _ in servers.moments) > 1, feedback(
            "several requests in progress at once", "one at a time"
        )
        threads = max(seen.callers.living, seen.leftover_threads)
        started = [line for line in lines if line > 0]
        assert threads == 0, feedback(
            "no thread but the one that calls fetch_all",
            f"{threads} more" + (f", started from line {started[0]} of gevent_fetch.py" if started else ""),
            look_at="what is done by threads, such as a ThreadPool, and could be done by greenlets",
        )


@concurrency(depends_on="test_every_page_in_its_place")
def test_nothing_is_left_behind(student, rng):
    """When the call returns, every greenlet has ended and every connection is closed."""
    for plan in (
        drawn(rng, some_pages(rng), timeout=LONG_ENOUGH),
        drawn(rng, some_that_fail(rng), refused=1),
        all_kinds(rng),
    ):
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
