"""What `parallel_sum` promises.

Its `func` asks the judge, who sees from the kernel which process calls, holds the calls in virtual time, and may answer
one by an end of the caller. What is left is looked at when nobody can move. For the speedup, the judge looks at the
processor time of each process when it has computed: exactly there, so other work on the machine is no part of it.
"""

import math
import signal

import pytest
from hypothesis import strategies as st

from grader.evidence import (
    FAILURES,
    AtOnce,
    InStep,
    InTurns,
    Looking,
    NotMeasurableError,
    RemoteException,
    answer,
    clean,
    concurrency,
    correctness,
    expect,
    expect_nothing_left,
    expect_raised,
    expect_returned,
    feedback,
    speedup,
)
from grader.evidence.drawn import for_all

# Who looks for dead workers now and then has looked by then, if he never waits for longer than the other one at a time.
PATIENT_S, SELDOM_S = 3.0, 0.12
LARGE_BITS, HUGE_BITS = 3_400_000, 166_200_000  # over a million digits, over fifty million
LUGGAGE, TIMES = 3_000_000, 5_000  # bytes, words: more than a pipe or a socket holds
INTERRUPTIONS = ("KeyboardInterrupt", "SystemExit", "OutOfPatience")
SPEEDUP, SPEEDUP_WORKERS, SPEEDUP_NUMBERS = 1.3, 3, 1_050
SPEEDUP_ROUNDS, ENOUGH_ROUNDS = 6, 3  # enough for who is slower than the plain loop
CHEAP = {"rounds": 1000, "every": 35}  # some 120 microseconds; so often the judge looks at a process's time
DEATHS = (["exit", 0], ["exit", 3], ["kill", int(signal.SIGKILL)], ["kill", int(signal.SIGTERM)])
QUIET = {"caller": lambda: None, "born": lambda: None}  # told, and answered by nothing


TERMS = st.one_of(st.integers(-9, 9), st.integers(-(2**900), 2**900))
SUMS = st.fixed_dictionaries({"terms": st.lists(TERMS, min_size=1, max_size=12), "workers": st.integers(1, 5)})
PARTS = st.fixed_dictionaries({"n": st.integers(1, 20), "workers": st.integers(1, 4)})
MOST_WORKERS = 70
PRIMES, LARGE_PRIMES = (11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47), (1009, 1013, 1019, 1021)
# `bad`: whose calls come to such an end, counted beyond the last term from the first one again; `slow`: whose last.
ENDINGS = {
    "terms": st.lists(TERMS, min_size=1, max_size=6),
    "workers": st.integers(1, 4),
    "bad": st.lists(st.integers(0, 5), min_size=1, max_size=2),
    "slow": st.lists(st.integers(0, 5), max_size=3),
}


@pytest.fixture
def terms(rng):
    """As many as a check may need: of both signs, small and large."""
    kinds = (lambda: rng.randrange(-9, 0), lambda: rng.randrange(1, 10**6), lambda: -rng.getrandbits(900))
    return [rng.choice(kinds)() for _ in range(40)]


def asked(answers, lasts=1, **how):
    """Each `func(i)` is answered by `answers[i]`, after a virtual second."""
    return InStep({**QUIET, "func": lambda i: answers[i]}, {"func": lasts}, **how)


def at_once(answers):
    return AtOnce({**QUIET, "func": lambda i: answers[i]})


@correctness
def test_sums(student, terms, rng):
    """The sum is exact, for fewer and for more numbers than workers."""

    def exact(plan):
        n, workers = len(plan["terms"]), plan["workers"]
        seen = student.run("add_up", n=n, workers=workers, calls=at_once(plan["terms"]))
        what = f"the sum of func(0) … func({n - 1}), with {workers} workers"
        expect_returned(seen, what)
        expect(seen.value, sum(plan["terms"]), what, look_at="the first and the last number of every part")
        expect_each_number_once(seen, n)

    workers = rng.randrange(3, 5)
    numbers = (workers - 1, workers, workers + 1, 3 * workers - 1)
    first = [{"terms": rng.sample(terms, n), "workers": workers} for n in numbers]
    for_all(student, rng, SUMS, exact, examples=8, first=first)


@correctness
def test_arguments(student, terms, rng):
    """Nothing to add, and fewer than one worker."""
    for n in (0, -rng.randrange(1, 9)):
        nothing = student.run("add_up", n=n, workers=3, calls=at_once(terms))
        expect_returned(nothing, f"0 for n={n}")
        expect(nothing.value, 0, f"0 for n={n}")
        expect_none_started(nothing, f"no process started for n={n}")
    for n, workers in ((5, 0), (5, -rng.randrange(1, 9)), (0, 0)):
        refused = student.run("add_up", n=n, workers=workers, calls=at_once(terms))
        expect_raised(refused, "ValueError", f"a ValueError for workers={workers}, whatever n is")
        expect_none_started(refused, "a ValueError before any process is started")


@correctness(depends_on="test_sums")
def test_large_results(student, terms, rng):
    """Results, func and what it raises may be larger than what a pipe holds."""
    n, workers, modulus = rng.randrange(6, 8), 3, rng.getrandbits(50) | 1
    for large, bits in ((range(n), LARGE_BITS), ([rng.randrange(n)], HUGE_BITS)):  # every worker has some; one has one
        small = {i: 1 + abs(terms[i]) % 99 for i in large}
        shifted = [["shift", small[i], bits] if i in small else term for i, term in enumerate(terms)]
        total = sum(small[i] << bits if i in small else terms[i] for i in range(n))
        seen = student.run("add_up_modulo", n=n, workers=workers, modulus=modulus, calls=at_once(shifted))
        expect_returned(seen, "the sum of large results")
        is_number, rest = answer(seen.value, (bool, object))
        assert is_number, feedback("a number as the sum of large results", "something else")
        expect(rest, total % modulus, "the sum of large results", look_at="what becomes of a large message")
    seen = student.run("add_up", n=n, workers=workers, luggage=LUGGAGE, calls=at_once(terms))
    what = "the sum, by a function that is larger than what a pipe holds"
    expect_returned(seen, what, look_at="how a function gets to a worker")
    expect(seen.value, sum(terms[:n]), what)
    words = f"no term, and {rng.getrandbits(200)} reasons. "
    fails = asked([["fail", "plain", words, TIMES]] * workers)
    seen = student.run("add_up", n=workers, workers=workers, calls=fails)
    raised = expect_raised(seen, "ValueError", "an exception with a message that is longer than what a pipe holds")
    expect(raised.message[:1000], (words * TIMES)[:1000], "the beginning of a very long message of an exception")


@correctness(depends_on="test_sums")
def test_failure(student, terms, rng):
    """What func raises is raised, and nobody is waited for."""

    def raised(plan):
        n, kind = len(plan["terms"]), plan["kind"]
        texts = {i % n: f"no term {i % n + plan['number']}" for i in plan["bad"]}
        errors = {i: ["fail", kind, text] for i, text in texts.items()}
        seen = student.run("add_up", n=n, workers=plan["workers"], calls=failing_at(plan, errors))
        name = type(FAILURES[kind]("")).__name__
        promise = f"the exception that func has raised, {name}, in type and message"
        expect_raised(seen, "Exception", promise, look_at="how an exception gets from a worker to the caller")
        met = [i for i in errors if any(call.args == [i] and not call.abandoned for call in seen.calls("func"))]
        possible = [RemoteException(name, str(FAILURES[kind](texts[i])), [], []) for i in met]
        assert seen.raised in possible, feedback(
            promise, f"a {clean(seen.raised.type_name, 40)} of another type or message", look_at="what is raised"
        )
        expect_raised_at_once(seen, errors)

    kinds = {"kind": st.sampled_from(list(FAILURES)), "number": st.integers(0, 999)}
    alone = {"terms": terms[:1], "workers": 1, "bad": [0], "slow": []}
    first = [all_slow(rng, terms) | {"kind": "plain"}, *(alone | {"kind": kind} for kind in FAILURES)]
    first = [plan | {"number": rng.randrange(999)} for plan in first]
    for_all(student, rng, st.fixed_dictionaries(ENDINGS | kinds), raised, examples=5, first=first)


@correctness(depends_on="test_sums")
def test_death(student, terms, rng):
    """A worker that ends before it has delivered is reported, and nobody is waited for."""

    def reported(plan):
        n, death = len(plan["terms"]), DEATHS[plan["death"]]
        ends = {i % n: death for i in plan["bad"]}
        seen = student.run("add_up", n=n, workers=plan["workers"], calls=failing_at(plan, ends))
        what = "a RuntimeError when a worker has ended before it has delivered its results"
        expect_raised(seen, "RuntimeError", f"{what} ({_told(death)})", look_at="what wakes you when a worker ends")
        expect_raised_at_once(seen, ends)

    first = [all_slow(rng, terms) | {"death": death} for death in range(len(DEATHS))]
    deaths = {"death": st.integers(0, len(DEATHS) - 1)}
    for_all(student, rng, st.fixed_dictionaries(ENDINGS | deaths), reported, examples=4, first=first)


@correctness(depends_on="test_sums")
def test_every_start_method(student, terms, rng):
    """Works by fork, spawn and forkserver."""
    for method in ("fork", "spawn", "forkserver"):
        n = rng.randrange(3, 6)
        seen = student.run("add_up", n=n, workers=2, method=method, calls=at_once(terms))
        what = f"the sum when processes start by {method}"
        look_at = "what the workers need that is not sent to them"
        expect_returned(seen, what, look_at)
        expect(seen.value, sum(terms[:n]), what, look_at)
        expect_each_number_once(seen, n)
        forked = len(seen.calls("born"))
        assert method == "fork" or not forked, feedback(
            f"no process forked when the start method is {method}", f"{forked}", look_at="who chooses how they start"
        )
    method, plan = rng.choice(("spawn", "forkserver")), {"terms": terms[:2], "slow": [0, 1]}
    calls = failing_at(plan, {rng.randrange(2): rng.choice(DEATHS)})
    dead = student.run("add_up", n=2, workers=2, method=method, calls=calls)
    expect_raised(dead, "RuntimeError", f"a RuntimeError when a worker has ended early, by {method}, too")


@concurrency(depends_on="test_sums")
def test_workers_at_once(student, terms, rng):
    """As many processes as there are workers call func at the same time, with fair parts."""

    def fair(plan):
        n, workers = plan["n"], plan["workers"]
        answers = [terms[i % len(terms)] for i in range(n)]
        most, turns = min(n, workers), math.ceil(n / workers)
        calls = InTurns({**QUIET, "func": lambda i: answers[i]}, {"func": 1}, processes=most)
        seen = student.run("add_up", n=n, workers=workers, calls=calls)
        expect_returned(seen, f"the sum of {n} terms, with {workers} workers")
        expect(seen.value, sum(answers), "the sum")
        expect_each_number_once(seen, n)
        show = {"show": seen.timeline("func", label=lambda call: "func")}
        told = f"with n={n} and workers={workers}"
        started = len(seen.calls("born"))
        assert started == most, feedback(
            f"{most} processes started {told}", f"{started}", look_at="how many processes there are work for", **show
        )
        calling = {call.pid for call in seen.calls("func") if call.began == 0}
        assert len(calling) == most, feedback(
            f"{most} processes in func at the same time {told}",
            f"{len(calling)}",
            look_at="what is waited for before the next worker starts",
            **show,
        )
        assert seen.makespan <= turns, feedback(
            f"all done after {turns} calls' time {told}",
            f"{seen.makespan:g} calls' time",
            look_at="how many numbers each worker gets",
            **show,
        )

    few = rng.randrange(2, 4)
    # A prime number of turns: no worker's part is made of pieces that are of equal length, and longer than 1.
    pieces = [(3 * turns, 3) for turns in rng.sample(PRIMES, 2)] + [(2 * rng.choice(LARGE_PRIMES), 2)]
    many = [(MOST_WORKERS, MOST_WORKERS), (few, rng.randrange(10**3, 10**4))]
    first = [(3 * few + 2, 3), (2, 4), (few + 2, few + 1), *pieces, *many]
    for_all(student, rng, PARTS, fair, examples=4, first=[{"n": n, "workers": workers} for n, workers in first])


@concurrency(depends_on="test_sums")
def test_nothing_left(student, terms, rng):
    """When it returns, no process, thread or pipe is left."""
    for method in ("fork", rng.choice(("spawn", "forkserver"))):
        looking = Looking(at_once(terms))
        seen = student.run("add_up_between_looks", n=5, workers=3, method=method, calls=looking)
        expect(seen.value, sum(terms[:5]), "the sum")
        expect_each_number_once(seen, 5)
        expect_nothing_left(looking, seen)


@concurrency(depends_on="test_sums")
def test_nothing_left_after_a_failure(student, terms, rng):
    """When it raises, no process, thread or pipe is left either."""
    n = rng.randrange(5, 8)
    for end in (ValueError("no term"), rng.choice(DEATHS)):
        plan = {"terms": terms[:n], "slow": rng.sample(range(n), 2)}
        looking = Looking(failing_at(plan, {rng.randrange(n): end}))
        seen = student.run("add_up_between_looks", n=n, workers=3, method="fork", calls=looking)
        expected = "RuntimeError" if type(end) is list else "ValueError"
        expect_raised(seen, expected, f"a {expected} ({_told(end)})")
        expect_in_workers(seen)
        expect_nothing_left(looking, seen)
    for kind in INTERRUPTIONS:
        looking = Looking(interrupting(terms, rng.randrange(3)))
        seen = student.run("add_up_interrupted", n=3, workers=3, kind=kind, calls=looking)
        what = f"the {kind} that a signal handler of the caller's has raised"
        expect_raised(seen, kind, what, look_at="what happens on the way out")
        expect_in_workers(seen)
        expect_nothing_left(looking, seen)


@speedup(depends_on="test_workers_at_once")
def test_speedup(student, stub, rng):
    """The busiest process has a fraction of the work."""
    # Other work on the machine makes the same computation cost more, never less: so the least of a few rounds counts.
    serial = busiest = math.inf
    for done in range(1, SPEEDUP_ROUNDS + 1):
        how = {"n": SPEEDUP_NUMBERS, "start": rng.randrange(10**8, 10**9), **CHEAP}
        plain = stub.run("loop", **how, calls=AtOnce({"computed": lambda: None}))
        serial = min(serial, plain.cpu.total)
        looking = Looking(AtOnce(QUIET), at_once="computed")
        seen = student.run("compute_on_one_core", workers=SPEEDUP_WORKERS, **how, calls=looking)
        expect(seen.value, plain.value, "the sum of what func returns")
        busiest = min(busiest, looking.busiest_s())
        if serial >= SPEEDUP * busiest or (done >= ENOUGH_ROUNDS and serial < busiest):
            break
    if min(serial, busiest) <= 0:
        raise NotMeasurableError("This machine does not tell the CPU time of every process.")
    assert serial >= SPEEDUP * busiest, feedback(
        f"a speedup of at least {SPEEDUP} with {SPEEDUP_WORKERS} workers and {SPEEDUP_NUMBERS:,} short calls",
        f"{serial / busiest:.2f}",
        look_at="how many messages are sent, and which process does most",
        CPU_seconds_of_the_loop=serial,
        CPU_seconds_of_the_busiest_process=busiest,
    )


def all_slow(rng, terms):
    """A plan in which all workers are in a call when one of them fails, or dies."""
    return {"terms": terms[:3], "workers": 3, "bad": [rng.randrange(3)], "slow": [0, 1, 2]}


def failing_at(plan, ends):
    """Slow calls last a second, those with an end in store half as long: so they end while others are in theirs.

    If there are others: quiet moments are dear where a student's code looks for dead workers now and then.
    """
    answers = {**dict(enumerate(plan["terms"])), **ends}
    slow = {i % len(plan["terms"]) for i in plan["slow"]}
    half = 0.5 if len(plan["terms"]) > 1 else 0.0
    return asked(answers, lambda i: half if i in ends else float(i in slow), patience_s=PATIENT_S, seldom_s=SELDOM_S)


def interrupting(terms, i):
    """While all three workers are in their calls, the caller gets a signal; that of `i` goes on for longest."""
    answers = {**dict(enumerate(terms)), i: ["interrupt", int(signal.SIGINT)], "interrupted": 0}
    return asked(answers, lambda what: 0.5 if what == i else 1.0, patience_s=PATIENT_S, seldom_s=SELDOM_S)


def expect_in_workers(seen):
    """Fails the check unless func was called, and never in the process that called parallel_sum."""
    own, calling = ({call.pid for call in seen.calls(name)} for name in ("caller", "func"))
    assert own and calling, feedback("func called by worker processes", "it was not called")
    assert not own & calling, feedback(
        "func called in worker processes only",
        "calls in the process that called parallel_sum",
        look_at="what kind of workers there are",
    )


def expect_each_number_once(seen, n):
    expect_in_workers(seen)
    numbers = [call.args[0] for call in seen.calls("func") if len(call.args) == 1 and type(call.args[0]) is int]
    once = sorted(numbers) == list(range(n)) and len(seen.calls("func")) == n
    assert once, feedback(
        f"func called once with each number from 0 to {n - 1}",
        f"{len(seen.calls('func'))} calls, with {len(set(numbers))} different numbers",
        look_at="which numbers each worker gets",
    )


def expect_none_started(seen, promise):
    started = len(seen.calls("born")) + len(seen.calls("func"))
    assert not started, feedback(promise, f"{started} processes, or calls of func", look_at="what comes first")


def expect_raised_at_once(seen, ends):
    """Fails the check unless the call ended when the first of these did."""
    expect_in_workers(seen)
    ended = [call.ended for call in seen.calls("func") if any(call.args == [i] for i in ends)]
    assert ended and seen.makespan <= min(ended), feedback(
        "an exception as soon as a call has failed, or a worker has died",
        "it came when other workers' calls had ended",
        look_at="who ends the other workers, and when",
        show=seen.timeline("func", label=lambda call: "func"),
    )


def _told(end):
    if not isinstance(end, list):
        return "func has raised it"
    how, number = end
    return f"os._exit({number})" if how == "exit" else f"killed by signal {number}"
