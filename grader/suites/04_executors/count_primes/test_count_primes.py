"""What `count_primes` promises.

Who tests numbers, and how many at a time, is known exactly because the judge holds the first test of every process; how
evenly the work is spread is known from virtual time, in which a prime costs as much as it is large. Only the speedup,
which includes the costs of splitting, is measured: in processor time, as the kernel counts it. Work that was not seen
to be done, in calls or in processor time, has not been done. Where processor time is looked at, `is_prime` says no to
some primes, drawn anew each time: so the count is known to nobody who has not computed it, and the kernel tells where.
"""

import math

from grader.evidence import (
    AtOnce,
    CpuUse,
    NotMeasurableError,
    VirtualTime,
    concurrency,
    correctness,
    expect,
    expect_none_left,
    expect_raised,
    feedback,
    speedup,
)

UNEVEN = 1.35  # times as long as with equal shares
SPEEDUP = 1.5  # right solutions were measured at 2.3 and more, one chunk at 1.0
PARALLELISM = 2.0  # right solutions were measured at 3.1 and more, with and without other load
SPEEDUP_ROUNDS, PART_ROUNDS = 3, 2
SPEEDUP_WORKERS = 4
SPEEDUP_LIMITS = (6000, 6500)
# Of the loop's CPU time, at most. In the process that calls, splitting and collecting took 0.15 in right solutions, and
# 0.4 with a message for each number; the busiest of 3 workers took 0.46.
CALLERS_PART, BUSIEST_ONES_PART = 0.7, 0.8
FEW_NUMBERS, EFFORT_FOR_FEW = (600, 700), 64  # so few that messages cost little, each as expensive as a large one
WORK_MEASURED = 0.75  # of the loop's CPU time, in all processes together: right solutions need more than the loop
WORK_TOLD = 0.85  # of all work: what a process has left at its end, less than a portion, is not told any more
TELLING = {"caller": lambda: None, "first_test": lambda: None}  # which processes there are
COUNT_OF_YES = "the number of those to which is_prime says yes, which is not true of all primes here"
SHARES_PER_WORKER = 16  # the judge hears of the work in portions: the more, the more exact, and the more it costs


def primes_below(limit):
    """In ascending order."""
    prime = [False, False] + [True] * (limit - 2)
    for n in range(2, math.isqrt(limit) + 1):
        if prime[n]:
            prime[n * n :: n] = [False] * len(prime[n * n :: n])
    return [n for n in range(limit) if prime[n]]


@correctness
def test_counts_exactly(student, rng):
    """The count is exact."""
    primes = primes_below(1500)
    small, medium = rng.choice(primes[5:15]), rng.choice(primes[30:90])
    # Limits right behind a prime, so that a number lost at the end is missed; and twice another prime, so that hardly
    # any number of pieces of equal length comes out even.
    first, second = rng.sample([p for p in primes if p > 700 and (p + 1) // 2 in primes], 2)
    cases = [(small + 1, 2), (small, 3), (medium, 1), (first + 1, 3), (second + 1, 4)]
    expect(
        student.run("counts", cases=cases).value,
        [sum(prime < limit for prime in primes) for limit, _ in cases],
        f"the exact count for {len(cases)} different limits and numbers of workers",
        look_at="the first and the last number of every piece of work",
    )


@correctness
def test_small_limits(student):
    """Small limits, and more workers than numbers."""
    cases = [(-3, 1), (0, 3), (1, 2), (2, 3), (3, 8), (4, 3), (5, 8)]
    expect(
        student.run("counts", cases=cases).value,
        [0, 0, 0, 0, 1, 2, 2],
        "the exact count for limits from -3 to 5, with up to 8 workers",
        look_at="the pieces of work when there are fewer numbers than you want pieces",
    )


@correctness
def test_refuses_less_than_one_worker(student, rng):
    """Fewer than one worker is a ValueError."""
    for limit, workers in ((rng.randrange(50, 100), 0), (0, 0), (0, -1)):
        refused = student.run("count", limit=limit, workers=workers)
        expect_raised(refused, "ValueError", f"a ValueError for workers={workers}, whatever the limit is")


@correctness(depends_on="test_counts_exactly")
def test_every_start_method(student, rng):
    """Works by fork, spawn and forkserver."""
    for method in ("fork", "spawn", "forkserver"):
        limit = rng.randrange(200, 1000)
        expect(
            student.run("count_by", limit=limit, workers=2, method=method).value,
            len(primes_below(limit)),
            f"the exact count when processes start by {method}",
            look_at="what the workers need that is not sent to them",
        )


@concurrency
def test_workers_are_processes(student, stub, rng):
    """The work is done in worker processes."""
    limit, workers = rng.randrange(*FEW_NUMBERS), 3

    def callers_part(plain, seen):
        expect_workers(seen)
        return seen.cpu.main / plain

    part = least_of_rounds(callers_part, CALLERS_PART, student, stub, rng, limit, workers, EFFORT_FOR_FEW)
    assert part <= CALLERS_PART, feedback(
        f"at most {CALLERS_PART:.0%} of the loop's CPU time used in the process that called count_primes",
        f"{part:.0%} used there",
        look_at="which process computes what is returned",
    )


@concurrency(depends_on="test_workers_are_processes")
def test_all_workers_at_once(student, stub, rng):
    """As many processes as workers compute at the same time, never more."""
    for workers in (3, 2):  # two numbers, so that the number of cores cannot be right by chance
        limit = rng.randrange(9000, 10_000)
        seen = student.run("count_with_first_tests_held", limit=limit, workers=workers, calls=first_tests_held())
        expect_a_count(seen)
        at_once = len({call.pid for call in seen.calls("first_test") if call.began == 0})
        assert at_once == workers, feedback(
            f"{workers} processes testing numbers at the same time, with workers={workers} and 3,000 numbers for each",
            f"{at_once} at the same time",
            look_at="how many processes the pool may have, and when each piece of work is handed to it",
            show=seen.timeline("first_test", label=lambda call: "is_prime"),
        )
    expect_shared_by_workers(student, stub, rng, limit=rng.randrange(9000, 9500), workers=3)


@concurrency(depends_on="test_workers_are_processes")
def test_no_process_is_left(student, rng):
    """No process is left."""
    limit = rng.randrange(500, 1000)
    seen = student.run("count_with_first_tests_held", limit=limit, workers=3, calls=first_tests_held())
    expect_workers(seen)
    expect_none_left(
        seen.leftover_processes,
        "no worker process alive after count_primes has returned",
        look_at="who ends the pool",
    )


@speedup(depends_on="test_all_workers_at_once")
def test_work_is_balanced(student, rng):
    """The work is spread evenly."""
    workers, limit = 3, rng.randrange(10_000, 12_000)
    primes = set(primes_below(limit))
    equal = sum(primes) / workers
    lasts = {"tested": lambda told: 100 * sum(primes.intersection(told)) / equal}
    calls = VirtualTime({"tested": lambda told: None}, lasts)
    share = int(equal / SHARES_PER_WORKER)
    seen = student.run("count_in_shares", limit=limit, workers=workers, share=share, calls=calls)
    expect_a_count(seen)
    expect_all_told(seen, primes)
    uneven = seen.makespan / 100
    assert uneven <= UNEVEN, feedback(
        f"all work done after at most {UNEVEN} times the time that it takes with equal shares",
        f"{uneven:.2f} times that time",
        look_at="which numbers are expensive, and who gets them",
        show=seen.timeline(label=lambda call: "is_prime", title="With equal shares all workers end at 100"),
        time_by_time_with_equal_shares=uneven,
    )


@speedup(depends_on="test_work_is_balanced")
def test_speedup(student, stub, rng):
    """The busiest process has a fraction of the work."""
    # Other work on the machine makes the same computation cost more, never less: so the least of a few rounds counts.
    serial, total, use = math.inf, 0.0, CpuUse(main=math.inf)
    limit = rng.randrange(*SPEEDUP_LIMITS)
    for _ in range(SPEEDUP_ROUNDS):
        salt = drawn_salt(rng)
        plain = stub.run("loop", limit=limit, salt=salt)
        serial = min(serial, plain.cpu.total)
        how = {"limit": limit, "workers": SPEEDUP_WORKERS, "salt": salt}
        seen = student.run("count_on_one_core", **how, calls=AtOnce(TELLING), sample_cpu=True)
        expect(seen.value, plain.value, COUNT_OF_YES, look_at="whether is_prime is called for every number you test")
        total = max(total, seen.cpu.total)
        use = min(use, seen.cpu, key=lambda cpu: cpu.busiest)
        if serial >= SPEEDUP * use.busiest and total >= WORK_MEASURED * serial:
            break
    known = use.busiest - use.unattributed
    if min(serial, known) <= 0:
        raise NotMeasurableError("This machine does not tell the CPU time of every process.")
    least, most = serial / use.busiest, serial / known
    if least < SPEEDUP <= most:
        raise NotMeasurableError(
            f"Processes ended unseen: {use.unattributed:.2f} s of CPU time could belong to any of them."
        )
    assert total >= WORK_MEASURED * serial, feedback(
        "as much CPU time in all processes together as the loop over is_prime takes",
        f"{total / serial:.0%} of that",
        look_at="whether is_prime is called for every number you test",
    )
    assert use.parallelism >= PARALLELISM, feedback(
        f"on average {PARALLELISM:g} of {SPEEDUP_WORKERS} workers computing, or in line for a processor, at once",
        f"{use.parallelism:.1f}",
        look_at="whether workers start before others have ended",
    )
    assert least >= SPEEDUP, feedback(
        f"a speedup of at least {SPEEDUP} with {SPEEDUP_WORKERS} workers",
        f"{most:.2f}",
        look_at="how many messages are sent, and which process does most",
        speedup=most,
        CPU_seconds_of_the_loop=serial,
        CPU_seconds_of_the_calling_process=use.main,
        CPU_seconds_of_the_busiest_worker=max(use.workers.values(), default=0.0),
    )


def drawn_salt(rng):
    return rng.randrange(10**8, 10**9)


def expect_shared_by_workers(student, stub, rng, limit, workers):
    """Fails the check unless the kernel says so: one that computes, among others that look like it, is not many."""

    def busiest_ones_part(plain, seen):
        return (max(seen.cpu.workers.values(), default=0.0) + seen.cpu.unattributed) / plain

    part = least_of_rounds(busiest_ones_part, BUSIEST_ONES_PART, student, stub, rng, limit, workers)
    assert part <= BUSIEST_ONES_PART, feedback(
        f"at most {BUSIEST_ONES_PART:.0%} of the loop's CPU time used by each of {workers} workers",
        f"{part:.0%} used by the busiest of them",
        look_at="which processes compute what is returned",
    )


def least_of_rounds(part, enough, student, stub, rng, limit, workers, effort=1):
    """The least part of the loop's CPU time in a few rounds: other work on the machine only ever adds to it."""
    least = math.inf
    for _ in range(PART_ROUNDS):
        salt = drawn_salt(rng)
        plain = stub.run("loop", limit=limit, salt=salt, effort=effort)
        how = {"limit": limit, "workers": workers, "salt": salt, "effort": effort}
        seen = student.run("count_on_one_core", **how, calls=AtOnce(TELLING), sample_cpu=True)
        expect(seen.value, plain.value, COUNT_OF_YES, look_at="whether is_prime is called for every number you test")
        if plain.cpu.total <= 0:
            raise NotMeasurableError("This machine does not tell the CPU time of every process.")
        least = min(least, part(plain.cpu.total, seen))
        if least <= enough:
            break
    return least


def expect_a_count(seen):
    """Right or wrong, which other checks judge; but where no prime is counted, nothing need have been tested."""
    assert type(seen.value) is int, feedback("a number returned", "something else was")
    assert seen.value > 0, feedback("primes to be counted", f"{seen.value} were")


def expect_workers(seen):
    """Fails the check unless numbers were tested, and all of them in other processes than the one that called."""
    expect_a_count(seen)
    testing = {call.pid for call in seen.calls("first_test")}
    own = {call.pid for call in seen.calls("caller")}
    assert testing, feedback(
        "is_prime called for every number that is tested",
        "it was not called",
        look_at="which function the workers call",
    )
    assert own and not testing & own, feedback(
        "is_prime called in worker processes only",
        f"numbers tested in the process that called count_primes{' and in others' if testing - own else ''}",
        look_at="what kind of pool the work is handed to",
    )


def expect_all_told(seen, primes):
    """Fails the check unless the judge heard of nearly all primes that were tested: silence is not work well spread."""
    told = [call.args[0] for call in seen.calls("tested") if len(call.args) == 1 and type(call.args[0]) is list]
    heard_of = primes.intersection(n for numbers in told for n in numbers if type(n) is int)
    work = sum(heard_of) / sum(primes)
    assert work >= WORK_TOLD, feedback(
        "is_prime called by the workers for every number they test",
        f"calls that make up {work:.0%} of the work",
        look_at="which function the workers call",
    )


def first_tests_held():
    """The first test of each process lasts a second, unless it begins later than the very first one."""
    replies = {"caller": lambda: None, "first_test": lambda: None}
    calls = VirtualTime(replies, lasts={"first_test": lambda: 1 if calls.now == 0 else 0})
    return calls
