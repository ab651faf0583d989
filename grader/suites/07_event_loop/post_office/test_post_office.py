"""What each of the four ways to serve promises, for crowds that are drawn. The counter is the judge's: see hall.py."""

from functools import partial
from heapq import heapify, heappop, heappush
from pathlib import Path
from runpy import run_path

from hypothesis import strategies as st

from grader.evidence import (
    OneOf,
    answer,
    clean,
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
from grader.evidence.adversaries import each_error, each_value, errors, in_words, values
from grader.evidence.drawn import for_all

Hall = run_path(str(Path(__file__).parent / "hall.py"))["Hall"]

ALONE = {"line": "serve_in_line", "readiness": "serve_by_readiness", "completion": "serve_by_completion"}
SERVING = {"serve"}  # in line and with clerks
METHODS = {
    "readiness": {"enter", "wait_until_ready", "step", "receipt"},
    "completion": {"begin", "wait_until_done", "receipt"},
}
MOST_CLERKS, MANY, VERY_MANY = 8, 40, 200
NAMES = ["ann", "bob", "cy", "dot", "eve", "fay", "gus", "hal", "ida", "jo", "kay", "lee"]
THING = (str, object)
TOLD = OneOf((str, str), (str, THING), (str, [THING]))

RAISED = ["StopIteration", "TimeoutError", "ValueError", "KeyError", "IndexError"]
NO_EXCEPTION = ["outside"]
FALSE = ["falsy"]  # which `concurrent.futures.Future` takes for no exception at all
FAILURES = errors(but=NO_EXCEPTION + FALSE)
ODD = [None, 0, "", False]
TRUTHS = ["an iterable that counts as false", "an iterable that is neither true nor false"]
USUALLY_GIVEN_AS = ["a list", "a tuple", "an iterator", "a generator", "an iterable"]
GIVEN_AS = USUALLY_GIVEN_AS + TRUTHS


# ------------------------------------------------------------------ plans


@st.composite
def crowds(draw, strange=False, failing=None, least=1):
    """Who comes, how long each customer there is has to wait before each step, and what each gets.

    `failing`: errors that may come instead.
    """
    kinds = draw(st.lists(values() if strange else st.sampled_from(NAMES), min_size=least, max_size=12, unique=True))
    number = st.integers(0, len(kinds) - 1)
    who = draw(st.lists(number, max_size=8) if strange else st.permutations(range(len(kinds))))
    number_of_ticket = st.integers(-9, 99_999) if strange else st.integers(1, 99)
    tickets = draw(st.lists(number_of_ticket, min_size=len(who), max_size=len(who), unique=True))
    waits = st.lists(st.integers(0, 9), min_size=1, max_size=4)
    receipts = draw(st.lists(st.integers(100, 999), min_size=len(kinds), max_size=len(kinds), unique=True))
    return crowd(
        kinds,
        [draw(waits) for _ in kinds],
        [draw(receipt(given, strange, failing)) for given in receipts],
        tickets,
        who,
        draw(st.sampled_from(GIVEN_AS if strange else USUALLY_GIVEN_AS)),
    )


def receipt(given, strange, failing):
    """What the counter gives, or what it makes or raises by its description."""
    ways = [st.just(["gives", given])]
    if strange:
        ways.append(st.sampled_from(ODD).map(lambda odd: ["gives", odd]))
        ways.append(values(but=["none"]).map(lambda described: ["makes", [described[0], given]]))
    if failing is not None:
        ways.append(failing.map(lambda described: ["raises", [described[0], given]]))
    return st.one_of(ways)


def crowd(kinds, waits, receipts, tickets, who=None, given_as="a list"):
    who = range(len(kinds)) if who is None else who
    parts = {"kinds": list(kinds), "waits": waits, "receipts": receipts, "tickets": tickets}
    return {**parts, "who": list(who), "given_as": given_as}


SOME_FAIL = st.one_of(crowds(), crowds(failing=FAILURES))


def fails(kind, number=0):
    return ["raises", [kind, number]]


def many(rng, customers, failing=None, given_as="a list", steps=3):
    """So many come, of whom each has so many steps at the most, and fails, if `failing` is a kind of error."""
    kinds = [f"{rng.choice(NAMES)} {number}" for number in range(customers)]
    waits = [[rng.randrange(1, 5) for _ in range(rng.randint(1, steps))] for _ in kinds]
    gives = [["gives", value] for value in rng.sample(range(100, 1000), customers)]
    receipts = gives if failing is None else [fails(failing, number) for number in range(customers)]
    return crowd(kinds, waits, receipts, rng.sample(range(1, 1000), customers), given_as=given_as)


def all_sizes(rng):
    """One who comes alone, with many steps, two who are ready at once each time, and crowds."""
    two = crowd(["ann", "bob"], [[2, 3, 1], [2, 3, 2]], [["gives", 5], ["gives", 6]], [8, 7])
    return [many(rng, 1), many(rng, 1, steps=12), two, many(rng, MANY), many(rng, 9, "plain")]


def newest_first(rng, *errors):
    """Everybody is served before those who came earlier. Those behind the first one raise these errors."""
    waits = [[rng.randrange(1, 5), 3 * place] for place in (9, 7, 5, 3, 1)]
    receipts = [["gives", value] for value in rng.sample(range(100, 1000), 5)]
    for place, kind in enumerate(errors, 1):
        receipts[place] = fails(kind, place)
    return crowd(["ann", "bob", "cy", "dot", "eve"], waits, receipts, rng.sample(range(1, 100), 5))


def strangers(rng):
    """A customer of each kind, and strange receipts of each kind, the first of both twice."""
    odd = [["gives", value] for value in ODD]
    made = [["makes", [kind, 7]] for kind, _ in each_value(but=["none"])]
    receipts = odd + made
    kinds = (each_value() + [["plain", number] for number in range(1, len(receipts))])[: len(receipts)]
    waits = [[rng.randrange(1, 5)] for _ in kinds]
    tickets = [0, *rng.sample(range(1, 100), len(kinds))]
    return crowd(kinds, waits, receipts, tickets, [*range(len(kinds)), 0])


def served(student, way, plan):
    """What the hall and the kernel saw of one crowd, served in this way: one of `ALONE`, or by so many clerks.

    Fails the check unless everybody was, by the means of this way alone: only then there is something to judge.
    """
    hall = Hall(plan) if len(plan["who"]) < MANY else unhurried(way, plan)
    seen = student.run("serve", calls=hall, watch_callers=True, way=way, **inputs_of(plan))
    expect_right(way, plan, seen, "all receipts, or the first exception", "what becomes of receipts and exceptions")
    expect_each_served(way, plan, seen)
    expect_means_of(way, seen)
    return hall, seen


def seen_of(student, way, plan, promise, look_at):
    """What the kernel saw where it is not asked who waits: only those who shall overtake each other are held up.

    Fails the check unless it ended as it should.
    """
    seen = student.run("serve", calls=unhurried(way, plan), way=way, **inputs_of(plan))
    expect_right(way, plan, seen, promise, look_at)
    return seen


def expect_all_served(student, promise, look_at, way, plan):
    expect_each_served(way, plan, seen_of(student, way, plan, promise, look_at))


def unhurried(way, plan):
    return Hall(plan, held=() if way in ALONE else ("serve",))


def inputs_of(plan):
    return {name: plan[name] for name in ("kinds", "who", "given_as")}


def minutes(plan):
    """How long each who comes has to wait in all."""
    return [sum(plan["waits"][number]) for number in plan["who"]]


def minutes_with(clerks, plan):
    """How long it takes until all are served, if a clerk who is free serves the next customer."""
    free = [0] * clerks
    heapify(free)
    for wait in minutes(plan):
        heappush(free, heappop(free) + wait)
    return max(free)


def right(plan, who=None):
    """How it should end: with the first error, if there is one, or all receipts."""
    outcomes = [plan["receipts"][number] for number in (plan["who"] if who is None else who)]
    errors = [["raised", ["made", what]] for how, what in outcomes if how == "raises"]
    receipts = [["given" if how == "gives" else "made", what] for how, what in outcomes]
    return errors[0] if errors else ["returned", receipts]


# ------------------------------------------------------------------ correctness


@correctness
def test_receipts(student, rng):
    """A receipt for each customer, in the order of the customers, whoever is finished first."""
    promise = "the receipt of each customer, in the order of customers"
    look_at = "how a receipt finds its way back to the place of its customer"

    for way in (*ALONE, 3):
        judged = partial(seen_of, student, way, promise=promise, look_at=look_at)
        for_all(student, rng, crowds(), judged, examples=4, first=[newest_first(rng)])


@correctness(depends_on="test_receipts")
def test_customers_of_all_kinds(student, rng):
    """Customers and receipts can be anything, one who comes twice is served twice, and `customers` is any iterable."""
    promise = "the receipt of each who comes, whatever customers and receipts are"
    look_at = "what your code asks of customers, tickets and receipts: whether they are true, equal, or can be hashed"
    for way in (*ALONE, 2):
        judged = partial(expect_all_served, student, promise, look_at, way)
        first = [strangers(rng), *(many(rng, 3, given_as=truth) for truth in TRUTHS)]
        for_all(student, rng, crowds(strange=True), judged, examples=6, first=first)


@correctness(depends_on="test_receipts")
def test_failures(student, rng):
    """A failure keeps nobody from being served, and the first of them is raised."""
    promise = "the exception of the first customer in order who has one, the same object, or all receipts"
    look_at = "what is kept of those who failed, and which of them is raised in the end"
    for way in (*ALONE, 2):
        judged = partial(expect_all_served, student, promise, look_at, way)
        but = NO_EXCEPTION if way in ALONE else NO_EXCEPTION + FALSE
        first = [newest_first(rng, kind, "plain") for kind, _ in each_error(*RAISED, but=but)]
        for_all(student, rng, crowds(failing=errors(*RAISED, but=but)), judged, examples=3, first=first)


@correctness
def test_arguments(student, rng):
    """Nobody comes, there is no clerk, and a crowd comes after another one."""
    nobody = [crowd([], [], [], [], given_as=given_as) for given_as in GIVEN_AS]
    for way in (*ALONE, 2):
        for plan in nobody:
            seen_of(student, way, plan, "an empty list if nobody comes", "what is done before anybody is there")
    for clerks in (0, -1, -rng.randrange(2, 100)):
        refused = student.run("hire", clerks=clerks)
        expect_raised(refused, "ValueError", f"ValueError from serve_with_clerks({clerks})", "when `n` is looked at")

    def judged(way, plan):
        well = [number for number in plan["who"] if plan["receipts"][number][0] != "raises"]
        crowds = [plan["who"], well, plan["who"][::-1]]
        plan = {**plan, "tickets": [*range(sum(map(len, crowds)))]}
        seen = student.run("serve_again", way=way, kinds=plan["kinds"], crowds=crowds, calls=unhurried(way, plan))
        promise = f"{name_of(way)}, used once and again, to serve one crowd after another"
        expect_returned(seen, promise)
        wanted = [right(plan, who) for who in crowds]
        expect(answer(seen.value, [TOLD]), wanted, promise, "what is made once, and what each time")

    for way in (*ALONE, 1, 3):
        first = [newest_first(rng), newest_first(rng, "plain", "plain")]
        for_all(student, rng, crowds(failing=FAILURES), partial(judged, way), examples=2, first=first)


def expect_right(way, plan, seen, promise, look_at):
    """Fails the check unless it ended as it should."""
    called = name_of(way)
    expect_returned(seen, f"{called} to come to its end")
    told, wanted = answer(seen.value, TOLD), right(plan)
    assert same(told, wanted), feedback(f"from {called}: {promise}", outcome_in_words(told, wanted), look_at)


def outcome_in_words(told, wanted):
    """What came out, as far as it is wrong."""
    how, what = told
    if how == "raised":
        return f"it raised {thing_in_words('error', what)}"
    if type(what) is not list:
        return f"it returned {shown(what)}, which is the name of no list"
    if wanted[0] == "raised" or len(what) != len(wanted[1]):
        return f"it returned {len(what)} receipts"
    wrong = [place for place, pair in enumerate(zip(what, wanted[1], strict=True)) if not same(*pair)]
    if not wrong:
        return f"{shown(how)} instead of returning"
    place = wrong[0]
    return f"receipt {place + 1} of {len(what)} is {thing_in_words('value', what[place])}"


def thing_in_words(what, thing):
    """`thing` is what the scenario says of a receipt or an exception."""
    match thing:
        case ["made", [str(kind), int()]]:
            return in_words(what, clean(kind))
        case [_, given]:
            return shown(given)
    return shown(thing)


def name_of(way):
    return ALONE.get(way, f"serve_with_clerks({way})")


def expect_each_served(way, plan, seen):
    """Fails the check unless everybody came to the counter, each as often as they came."""
    name = {"readiness": "enter", "completion": "begin"}.get(way, "serve")
    came = [call.args for call in seen.calls(name)]
    often = [came.count([number]) for number in range(len(plan["kinds"]))]
    wanted = [plan["who"].count(number) for number in range(len(plan["kinds"]))]
    assert often == wanted and len(came) == len(plan["who"]), feedback(
        f"one call of counter.{name} for each of {len(plan['who'])} who come in {name_of(way)}",
        f"{len(came)} calls, for {sum(count > 0 for count in often)} different customers",
        "who is served, also if others are equal, or come again, or fail",
        show=timeline(seen),
    )


# ------------------------------------------------------------------ concurrency


@concurrency
def test_one_line(student, rng):
    """In one line everybody waits until those before have been served."""

    def judged(plan):
        hall, seen = served(student, "line", plan)
        expect_one_after_the_other(seen, "serve", plan["who"], "in which order serve is called")
        assert seen.peak("serve") == 1, feedback(
            "one customer served at any moment", f"{seen.peak('serve')} at once", show=timeline(seen)
        )
        expect_minutes(seen, hall, sum(minutes(plan)), "all together wait")
        expect_one_clerk(seen)

    for_all(student, rng, SOME_FAIL, judged, examples=5, first=all_sizes(rng))


@concurrency
def test_as_many_clerks_as_there_are(student, rng):
    """With n clerks n are being served as long as customers wait, each by a thread of its own, and never more."""

    def judged(drawn):
        clerks, plan = drawn
        hall, seen = served(student, clerks, plan)
        expect_crowd_at_once(seen, hall, clerks, len(plan["who"]))
        begun = [call.args for call in seen.calls("serve")]
        expect(
            begun[clerks:],
            [[number] for number in plan["who"]][clerks:],
            "a clerk who is free to serve the next customer in the order of customers",
            "what a clerk does who has served one",
        )
        expect_minutes(seen, hall, minutes_with(clerks, plan), f"it takes with {clerks} clerks")
        expect_threads(seen, min(clerks, len(plan["who"])))

    of_all_sizes = [(rng.randint(2, MOST_CLERKS), plan) for plan in all_sizes(rng)]
    large = [(rng.randint(9, 25), many(rng, 27)), (rng.randint(33, 45), many(rng, 50))]
    about_as_many = [(clerks, many(rng, 4)) for clerks in (3, 4, 5)]
    first = [*of_all_sizes, *large, *about_as_many, (3, many(rng, 9, "plain"))]
    for_all(student, rng, st.tuples(st.integers(1, MOST_CLERKS), SOME_FAIL), judged, examples=8, first=first)


@concurrency(depends_on="test_as_many_clerks_as_there_are")
def test_no_clerk_is_left(student, rng):
    """The clerks' threads have ended when the function returns or raises."""

    def judged(drawn):
        clerks, plan = drawn
        _, seen = served(student, clerks, plan)
        expect_none_left(
            seen.leftover_threads + seen.leftover_processes,
            f"no clerk's thread alive when the function has {right(plan)[0]}",
            "who waits for the threads to end",
        )

    for failing in (None, FAILURES):
        plans = st.tuples(st.integers(1, MOST_CLERKS), crowds(failing=failing))
        for_all(student, rng, plans, judged, examples=4, first=[(3, newest_first(rng, *["plain"] * bool(failing)))])


@concurrency
def test_told_when_it_can_be_done(student, rng):
    """One clerk does each step of whoever is ready, and nobody waits for another one."""

    def judged(plan):
        hall, seen = served(student, "readiness", plan)
        expect_before_the_first_wait(seen, "enter", "wait_until_ready", plan["who"])
        for wanted, found in hall.mistakes:
            look_at = "what comes between two steps of one customer, and who is waited for"
            raise AssertionError(feedback(wanted, found, look_at, show=timeline(seen)))
        expect_minutes(seen, hall, max(minutes(plan)), "the one who takes longest waits")
        expect_one_clerk(seen)

    for_all(student, rng, SOME_FAIL, judged, examples=8, first=[*all_sizes(rng), many(rng, VERY_MANY)])


@concurrency
def test_told_when_it_is_done(student, rng):
    """One clerk hands over all parcels, and is told of each that is done."""

    def judged(plan):
        hall, seen = served(student, "completion", plan)
        expect_before_the_first_wait(seen, "begin", "wait_until_done", plan["who"])
        waits = len(seen.calls("wait_until_done"))
        assert waits == len(plan["who"]), feedback(
            f"one wait for each of {len(plan['who'])} parcels", f"{waits} waits", "when it is known that all are done"
        )
        expect_minutes(seen, hall, max(minutes(plan)), "the parcel that takes longest takes")
        expect_one_clerk(seen)

    for_all(student, rng, SOME_FAIL, judged, examples=6, first=[*all_sizes(rng), many(rng, VERY_MANY)])


def expect_means_of(way, seen):
    mine = METHODS.get(way, SERVING)
    others = [name for name in sorted(SERVING.union(*METHODS.values()) - mine) if seen.calls(name)]
    assert not others, feedback(
        f"{name_of(way)} to use nothing of the counter but {', '.join(sorted(mine))}",
        f"it used {', '.join(others)}",
        "which part of the counter belongs to which way to serve",
    )


def expect_one_after_the_other(seen, name, who, look_at):
    expect(
        [call.args for call in seen.calls(name)],
        [[number] for number in who],
        f"counter.{name} called for one customer after the other, in the order of customers",
        look_at,
    )


def expect_before_the_first_wait(seen, name, wait, who):
    expect_one_after_the_other(seen, name, who, "in which order customers get their tickets")
    first = min((call.opened for call in seen.calls(wait)), default=0)
    early = sum(call.opened < first for call in seen.calls(name))
    assert early == len(who), feedback(
        f"counter.{name} called for all {len(who)} customers before the first {wait}",
        f"for {early} of them",
        "what is done for all, before anything is waited for",
        show=timeline(seen),
    )


def expect_minutes(seen, hall, wanted, as_long_as):
    assert hall.now == wanted, feedback(
        f"{wanted:g} minutes until all are served: as long as {as_long_as}",
        f"{hall.now:g} minutes",
        "who waits for whom, and could do something else meanwhile",
        show=timeline(seen),
    )


def expect_crowd_at_once(seen, hall, clerks, customers):
    """Fails the check unless as many as possible were being served each time that one had been."""
    possible = [min(clerks, customers - done) for done in range(customers)]
    wrong = [(want, got) for want, got in zip(possible, hall.served_at_once, strict=False) if got != want]
    want, got = wrong[0] if wrong else (0, 0)
    assert not wrong, feedback(
        f"{want} customers being served by {clerks} clerks, as long as so many are there",
        f"{got}, when nobody could move until one of them had been served",
        "what a customer waits for who could be served, and what holds back one too many",
        show=timeline(seen),
    )


def expect_threads(seen, number):
    """Fails the check unless, as the system says, so many threads waited in `serve`; one may be the caller's."""
    waiting = seen.callers.waiting
    assert number - 1 <= waiting <= number, feedback(
        f"{number} threads, each waiting in the serve that it has called",
        f"{waiting}, besides the one that has called the function",
        "which threads call serve",
    )


def expect_one_clerk(seen):
    """Fails the check unless, as the system says, no other thread and no other process called the counter."""
    others = max(seen.callers.waiting, seen.leftover_threads, seen.leftover_processes)
    assert others == 0, feedback(
        "everything done in the thread that calls the function",
        f"at least {others} other {'thread' if others == 1 else 'threads'} or processes",
        "who calls the counter",
        show=timeline(seen),
    )


def timeline(seen):
    return seen.timeline(label=lambda call: f"{call.name}({', '.join(map(str, call.args))})")
