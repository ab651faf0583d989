"""What `first_success` promises. Calls are held in virtual time, so it is known what has begun, and when."""

from grader.evidence import (
    RemoteException,
    VirtualTime,
    answer,
    concurrency,
    correctness,
    expect,
    expect_returned,
    feedback,
    same,
)

LONG = 1000
UNHURRIED_S = 3.0  # how long threads that wait with a time-out are watched before they count as asleep
WORKS = "works"
# What came of the call in words, with which value or exceptions, and what of the executor afterwards.
RACE = (str, object, object)


class Race:
    """Each call ends with its outcome (exceptions are raised) after so many virtual seconds."""

    def __init__(self, outcomes, lasts, workers, **options):
        self.outcomes, self.lasts, self.options = outcomes, lasts, options
        self.workers = workers

    def run(self, student, scenario="race", **watching):
        calls = VirtualTime(
            {"call": dict(enumerate(self.outcomes)).__getitem__, "decided": lambda: None, "other": lambda n: n},
            {"call": dict(enumerate(self.lasts)).__getitem__, "decided": 10 * LONG, "other": LONG},
            **watching,
        )
        return student.run(scenario, calls=calls, count=len(self.outcomes), workers=self.workers, **self.options)


def failures(rng, number):
    return [rng.choice((OSError, LookupError))(f"mirror {n}: {rng.randrange(10**6)}") for n in range(number)]


def expect_outcome(seen, wanted, what, look_at=""):
    """Fails the check unless the call came to this."""
    expect_returned(seen, what)
    kind, value, afterwards = answer(seen.value, RACE)
    assert kind == wanted[0], feedback(what, came_of(kind, value), look_at)
    expect(value, wanted[1], what, look_at)
    return afterwards


def came_of(kind, value):
    if kind == "raised" and type(value) is RemoteException:
        return f"{value.type_name} was raised"
    return f"it {kind}"


@correctness
def test_the_first_success_is_returned(student, rng):
    """The value of the first call that does not raise is returned, whatever it is."""
    value, later = rng.sample(range(10**6), 2)
    errors = failures(rng, 2)
    # Two calls fail before the first success, one of them just before it; the success that follows is too late.
    race = Race([later, errors[0], value, errors[1]], [20, 1, 10, 9], workers=4)
    promise = "the value of the call that is the first to return, whatever has failed before"
    expect_outcome(race.run(student), ("returned", value), promise, look_at="what makes a call the winner")
    values = [None, False, 0, "", []]
    rng.shuffle(values)
    text = str(value)
    seen = student.run("race_of_values", values=values, kinds=text)
    promise = "any value to be a success: None, False, 0, an exception that is returned and not raised"
    expect_returned(seen, promise)
    returned = [("returned", item) for item in [*values, RemoteException("ValueError", text, [], [])]]
    expect(seen.value, returned, promise, look_at="how a failure is told from a success")


@correctness
def test_all_failing(student, rng):
    """When all fail, an ExceptionGroup holds their exceptions in input order."""
    for number in (4, 1):
        errors = failures(rng, number)
        race = Race(errors, [10 * (number - n) for n in range(number)], workers=3)
        remote = [RemoteException(type(error).__name__, str(error), [], []) for error in errors]
        promise = f"an ExceptionGroup with the exceptions of all {number} calls, in input order"
        expect_outcome(race.run(student), ("raised a group", remote), promise, look_at="what is raised when all fail")


@correctness
def test_arguments(student, rng):
    """The calls come from any iterable, are submitted in its order, and there must be one."""
    seen = Race([], [], workers=2).run(student)
    expect_returned(seen, "a ValueError without calls")
    kind, error, _ = answer(seen.value, RACE)
    refused = kind == "raised" and type(error) is RemoteException and error.is_a("ValueError")
    assert refused, feedback("a ValueError without calls", came_of(kind, error), look_at="what happens without calls")
    value = rng.randrange(10**6)
    race = Race([*failures(rng, 3), value], [1, 1, 1, 1], workers=1, from_iterator=True)
    seen = race.run(student)
    promise = "the same result when calls come from an iterator"
    expect_outcome(seen, ("returned", value), promise, look_at="how often the calls are gone through")
    begun = [call.args for call in seen.calls("call")]
    expect(begun, [[n] for n in range(4)], "the calls to begin in input order (one worker)", look_at="submit")


@correctness
def test_the_executor_is_the_callers(student, rng):
    """The calls run in the executor, which stays open and keeps what others have submitted."""
    value = rng.randrange(10**6)
    race = Race([value, value, value], [10, 1, LONG], workers=2)
    seen = race.run(student)
    promise = "the executor to stay open for its owner"
    works = expect_outcome(seen, ("returned", value), "the value of the first success")
    expect(works, WORKS, promise, look_at="who may shut an executor down")
    seen = Race([value] * 5, [1, LONG, LONG, LONG, LONG], workers=2).run(student, "race_beside_others")
    others = expect_outcome(seen, ("returned", value), "the first success, once the executor has room for the calls")
    expect(others, [0, 1, 2], "what others have submitted to the executor to be done", look_at="what is cancelled")
    peak = seen.peak("call", "other")
    assert peak <= 2, feedback(
        "no call to run outside of the executor (it has 2 workers, and somebody else keeps them busy)",
        f"{peak} calls in progress at once",
        look_at="in which threads the calls run",
    )


@concurrency
def test_all_are_submitted_at_once(student, rng):
    """All calls run at the same time if the executor has room for them."""
    number = rng.choice((4, 5))
    race = Race([*failures(rng, number - 1), 7], [LONG + n for n in range(number)], workers=number)
    seen = race.run(student)
    expect_outcome(seen, ("returned", 7), "the value of the only success")
    at_once = sum(call.began == 0 for call in seen.calls("call"))
    assert at_once == number, feedback(
        f"{number} calls in progress at once, in an executor with {number} workers",
        f"{at_once}, and no more before one of them had ended",
        look_at="what is waited for before the next call is submitted",
        show=timeline(seen),
    )


@concurrency
def test_slow_calls_are_not_waited_for(student, rng):
    """The call returns as soon as there is a success."""
    moment = rng.randrange(20, 40)
    error, late = failures(rng, 2)
    # The slow calls stand on both sides, and one of them will fail.
    race = Race([1, error, 2, late], [LONG, 3, moment, LONG + 1], workers=4)
    seen = race.run(student)
    expect_outcome(seen, ("returned", 2), "the value of the first success")
    decided = seen.calls("decided")
    assert decided and decided[0].began == moment, feedback(
        f"first_success to return when the first call succeeds, after {moment} virtual seconds",
        f"it returned after {decided[0].began:g}" if decided else "it never said so",
        look_at="what is waited for after the success, and which future is looked at first",
        show=timeline(seen),
    )


@concurrency
def test_pending_calls_do_not_begin(student, rng):
    """Calls that have not begun when the success is there are cancelled."""
    workers = rng.choice((2, 3))
    errors = failures(rng, 2)
    pending = rng.choice((6, 7))
    outcomes = [*errors, 1, *[2] * (workers - 1), *[3] * pending]
    lasts = [1, 1, 10, *[LONG] * (workers - 1), *[LONG] * pending]
    seen = Race(outcomes, lasts, workers=workers).run(student)
    expect_outcome(seen, ("returned", 1), "the value of the first success")
    # Two have failed, one has succeeded, the other workers are busy, and the one that is free may have taken one more.
    most = 3 + (workers - 1) + 1
    begun = len(seen.calls("call"))
    assert begun <= most, feedback(
        "no call to begin after the success, except one that the free worker may have got hold of already",
        f"{begun - most + 1} of the {pending} pending calls began",
        look_at="what becomes of the futures that are not needed any more",
        show=timeline(seen),
    )


@concurrency
def test_waiting_sleeps(student, rng):
    """Waiting costs nothing, also when some calls have failed."""
    for outcomes, lasts in ((failures(rng, 2), [1, 1]), ([], [])):
        race = Race([*outcomes, 7, 8], [*lasts, LONG, LONG + 1], workers=4)
        seen = race.run(student, patience_s=UNHURRIED_S)
        expect_outcome(seen, ("returned", 7), "the value of the first success")
        promise = "first_success to sleep until a call ends" + (", also when others have failed" if outcomes else "")
        look_at = "what each turn of a loop waits for, and whether that has happened already"
        assert not seen.busy_waited, feedback(promise, "processor time was burnt while all calls were held", look_at)
        assert not seen.polled, feedback(promise, "it woke up again and again, only to look", look_at)


@concurrency
def test_any_order_of_turns(student, rng):
    """The outcome is right however the threads take turns."""
    values = rng.sample(range(10**6), 2)
    texts = [f"mirror {rng.randrange(10**6)}" for _ in range(2)]
    promise = "the value of a call that has succeeded, or the exceptions of all, however the threads take turns"
    look_at = "what a thread relies on between two steps, and what tells the waiting one that it is over"

    def expect_one_of(*allowed):
        def judged(outcome):
            expect_returned(outcome, promise)
            wanted = next((one for one in allowed if same(outcome.value, one)), allowed[0])
            expect(outcome.value, wanted, promise, look_at)

        return judged

    success = expect_one_of(*(("returned", value) for value in values))
    student.explore("race_in_any_order", success, schedules=400, outcomes=[*values, texts[0]], workers=2)
    only = expect_one_of(("returned", values[0]))
    student.explore("race_in_any_order", only, schedules=400, outcomes=[texts[0], values[0]], workers=2)
    errors = [RemoteException("LookupError", text, [], []) for text in texts]
    group = expect_one_of(("raised a group", errors))
    student.explore("race_in_any_order", group, schedules=400, outcomes=texts, workers=2)


def timeline(seen):
    return seen.timeline("call", label=lambda call: f"call {', '.join(map(str, call.args))}")
