"""What `ThreadPool` and `Future` promise: by calls that the judge holds, in virtual time, and under many schedules."""

from grader.evidence import (
    RemoteException,
    VirtualTime,
    answer,
    concurrency,
    correctness,
    expect,
    expect_none_left,
    expect_raised,
    expect_returned,
    feedback,
    same,
)

LONG = 1000
UNHURRIED_S = 3.0  # how long threads that wait with a time-out are watched before they count as asleep


def tasks(outcomes, lasts, **options):
    return VirtualTime(
        {"task": dict(enumerate(outcomes)).__getitem__, "told": lambda: None},
        {"task": dict(enumerate(lasts)).__getitem__, "told": LONG},
        **options,
    )


def returned(*values):
    return [("returned", value) for value in values]


def remote(kind, message=""):
    return RemoteException(kind, message, [], [])


@correctness
def test_results(student, rng):
    """A future has what its call returned or raised, whatever it is, and the worker lives on."""
    number, text = rng.randrange(10**6), f"{rng.randrange(10, 99)} went wrong"
    outcome = student.play("results", number=number, text=text)
    promise = "each future to return what its call returned, or to raise what it raised, also when it is asked again"
    look_at = "what a worker does with what a call returns or raises"
    expect_returned(outcome, promise, look_at)
    error, fatal, kept = remote("LookupError", text), remote("SystemExit", text), remote("ValueError", text)
    told = [(("raised", error), ("returned", error)), (("raised", fatal), ("returned", fatal))]
    values = [divmod(number, 7), None, kept, int(text[:2], base=36), {"self": 1, "fn": 2}]
    told += [(("returned", value), ("returned", None)) for value in values]
    first, again, same_objects, kinds, made = answer(outcome.value, 5)
    expect(first, told, promise, look_at)
    expect(again, told, promise, "what a second call of result finds")
    expect(same_objects, True, "the very object that was raised, not another one like it", look_at)
    expect(kinds, True, "submit to return a Future of your own module", "what submit returns")
    expect(made, 0, "no future of concurrent.futures to be made: the work is yours", "what your pool is built on")


@correctness
def test_time_outs(student, rng):
    """Waiting ends when the call does, or when the time is over."""
    timeout = rng.choice((0.5, 1, 2))
    lasts = 3 * timeout
    outcome = student.play("time_outs", lasts=lasts, timeout=timeout)
    promise = "a TimeoutError exactly when the time is over, and the result as soon as the call ends"
    look_at = "how long result and exception wait, and what tells them why the waiting has ended"
    expect_returned(outcome, promise, look_at)
    waits = [("TimeoutError", float(timeout)), ("TimeoutError", 2.0 * timeout), False, ("returned", 3.0 * timeout)]
    told = rounded(outcome.value)
    expect(told, [*waits, (("returned", None), ("returned", None), True)], promise, look_at)


@correctness
def test_callbacks(student, rng):
    """Callbacks are called once, in order, however the call ends, and can do no harm."""
    outcome = student.play("callbacks", text=f"{rng.randrange(1000)}")
    promise = "each callback to be called once, in the order added, with its future, when that is done"
    expect_returned(outcome, promise, look_at="add_done_callback, and the end of a call")
    log, while_cancelling, still_works, late = answer(outcome.value, 4)
    ends = ["returned", "LookupError", "CancelledError"]
    wanted = [[((call, n), True, end, True) for n in range(3)] for call, end in enumerate(ends)]
    look_at = "who calls the callbacks, when, and what an exception of one of them does to the others"
    expect(log, wanted, promise + ", also when one of them raises", look_at)
    expect(while_cancelling, 3, "cancel to call the callbacks: the future is done then", look_at)
    expect(still_works, ("returned", "works"), "the worker to go on after a callback has raised", look_at)
    promise = "add_done_callback to call a callback at once when the future is done, and not to raise what it raises"
    expect(late, (("returned", None), 1), promise, "what add_done_callback does with a future that is done already")
    promise = "a callback that waits for another thread, which uses the same future and pool, to come to its end"
    outcome = student.play("callback_with_helper")
    expect_returned(outcome, promise)
    expect(outcome.value, [("returned", True), "called", "returned"], promise, "what is held during a callback")


@correctness
def test_cancel(student):
    """Only what has not begun can be cancelled, and then it never runs."""
    outcome = student.play("cancelling")
    promise = "a call that has not begun to be cancelled, and one that runs, or has ended, to be left alone"
    expect_returned(outcome, promise, look_at="cancel")
    told, log = answer(outcome.value, 2)
    expect(log, ["next one"], "a cancelled call never to run, and the one behind it to run", "what a worker takes up")
    of_cancel = [False, False, False, True, True, True]
    of_result = ["CancelledError"] * 3
    at_the_end = [("returned", None), False, ("returned", True), False]
    expect(
        told,
        [*of_cancel, *of_result, *at_the_end],
        "cancel: False while it runs, True (again and again) before it has begun, False at the end; "
        "and CancelledError for all who ask for a cancelled one",
        look_at="the states of a future, and which of them cancel may leave",
    )


@correctness
def test_map(student, rng):
    """map submits all at once and gives the results in order."""
    letters, numbers = ["a", "b", "c", "d", "e"], rng.sample(range(10**6), 4)
    error = LookupError(f"{rng.randrange(1000)}")
    answers = {"a": 1, "b": error, "c": None, "d": 4}
    lasts = {"a": 40, "b": 20, "c": 30, "d": 10}
    policy = VirtualTime(
        {"task": lambda letter, number: answers[letter] if number in numbers else None, "pause": lambda: None},
        {"task": lambda letter, number: lasts[letter], "pause": LONG},
    )
    seen = student.run("map_tasks", letters=letters, numbers=numbers, workers=4, calls=policy)
    promise = "the results of map in the order of the arguments, with an exception in its place"
    expect_returned(seen, promise)
    begun = [call.args for call in seen.calls("task")]  # four threads at once: in any order
    paired = len(begun) == 4 and all([a, b] in begun for a, b in zip(letters, numbers, strict=False))
    assert paired, feedback(
        "fn to be called once for each pair of arguments, as the built-in map pairs them",
        f"{len(begun)} calls" if len(begun) != 4 else "other arguments",
        look_at="what map hands to fn",
    )
    wanted = [("returned", 1), ("raised", remote("LookupError", str(error)))]
    first_two = answer(seen.value, len(numbers))[:2]
    expect(first_two, wanted, promise, look_at="the order in which map asks its futures")
    early = sum(call.began < LONG for call in seen.calls("task"))
    assert early == 4, feedback(
        "map to submit all its calls before it returns",
        f"{early} of 4 had begun when nobody had asked for a result yet",
        look_at="when the calls of map are submitted",
    )


@correctness
def test_shutdown(student):
    """shutdown refuses new calls, lets the old ones end or cancels them, and waits if asked to."""
    for workers in (0, -3):
        refused = student.run("create", workers=workers)
        expect_raised(refused, "ValueError", f"a ValueError for max_workers={workers}")
    outcome = student.play("shutting_down")
    expect_returned(outcome, "shutdown to end the pool, however often it is called", look_at="shutdown")
    waited, at_once, later, cancelled = rounded(answer(outcome.value, 4))
    promise = (
        "shutdown to wait for three calls of 1 virtual second each in one worker; submit to raise RuntimeError then"
    )
    expect(waited, (3.0, [True] * 3, "RuntimeError"), promise, look_at="what shutdown waits for")
    promise = "shutdown(wait=False) to return at once; submit to raise RuntimeError then"
    expect(at_once, (0.0, True, "RuntimeError"), promise, look_at="what shutdown waits for")
    promise = "calls submitted before shutdown(wait=False) to be run, and a second shutdown to wait for them"
    expect(later, (3.0, ["returned"] * 3), promise, look_at="what tells a worker to end, and when it does")
    promise = "shutdown(cancel_futures=True) to cancel what has not begun, with its callbacks, and only that"
    wanted = (["CancelledError"] * 2, ["called back"], False, ("returned", True))
    expect(cancelled, wanted, promise, look_at="what shutdown does with the calls that wait")
    outcome = student.play("in_a_block")
    promise = (
        "the end of a with block, also by an exception, to be a shutdown that waits, and not to hide the exception"
    )
    expect_returned(outcome, promise)
    ended = ("raised", remote("LookupError", "True"))
    expect(rounded(outcome.value), (ended, 2.0, [True] * 2, "RuntimeError"), promise, look_at="__enter__ and __exit__")


@concurrency
def test_max_workers_at_once(student, rng):
    """As many calls run as there are workers, never more, and they begin in order."""
    for workers, number in ((3, 8), (1, 3), (4, 2)):
        values = rng.sample(range(10**6), number)
        policy = tasks(values, [10 * number - n for n in range(number)])
        seen = student.run("run_tasks", tasks=number, workers=workers, calls=policy)
        expect_outcomes(seen, returned(*values))
        begun = [call.args for call in seen.calls("task")]
        in_order = begun[workers:] == [[n] for n in range(number)][workers:]
        assert in_order, feedback("the calls to begin in the order submitted", "another order", "where calls wait")
        want = min(workers, number)
        assert seen.peak("task") == want, feedback(
            f"{want} calls in progress at once ({workers} workers, {number} calls)",
            f"{seen.peak('task')} at most",
            look_at="how many workers there are, and what each of them waits for",
            show=seen.timeline(),
        )
        possible = [min(workers, number - answered) for answered in range(number)]
        idle = [(want, got) for want, got in zip(possible, policy.in_flight, strict=False) if got < want]
        assert not idle, feedback(
            f"the next call to begin as soon as one ends ({workers} workers)",
            "a worker had nothing to do while calls waited",
            look_at="what a worker waits for before it takes the next call",
            show=seen.timeline(),
        )


@concurrency
def test_waiting_threads_sleep(student, rng):
    """Idle workers and threads that wait for a result are asleep."""
    values = rng.sample(range(10**6), 2)
    seen = student.run("run_tasks", tasks=2, workers=3, calls=tasks(values, [LONG, 1], patience_s=UNHURRIED_S))
    expect_outcomes(seen, returned(*values))
    promise = "threads that wait to be asleep until another thread wakes them"
    look_at = "loops that ask again and again whether something has changed"
    assert not seen.busy_waited, feedback(promise, "processor time was burnt while all calls were held", look_at)
    assert not seen.polled, feedback(promise, "some woke up again and again, only to look", look_at)


@concurrency
def test_no_thread_is_left(student, rng):
    """Every thread of a pool ends when it is shut down."""
    error = OSError(f"{rng.randrange(1000)}")
    outcomes = [1, error, 3, 4]
    wanted = [("returned", 1), ("raised", remote("OSError", str(error))), ("returned", 3), ("returned", 4)]
    endings = {
        "run_tasks": "after shutdown()",
        "run_in_block": "at the end of a with block",
        "run_without_waiting": "after shutdown(wait=False), once all calls have ended",
    }
    for scenario, when in endings.items():
        seen = student.run(scenario, tasks=4, workers=3, calls=tasks(outcomes, [4, 3, 2, 1]))
        expect_outcomes(seen, wanted)
        left = seen.leftover_threads + seen.leftover_processes
        expect_none_left(
            left,
            f"no thread of the pool alive {when}",
            look_at="what tells each worker that nothing will follow, and who waits for its end",
        )


@concurrency
def test_any_order_of_turns(student, rng):
    """Nothing is lost and nothing happens twice, however the threads take turns."""
    value = rng.randrange(10**6)

    def explore(scenario, allowed, promise, look_at, **inputs):
        def judged(outcome):
            expect_returned(outcome, promise, look_at)
            wanted = next((one for one in allowed if same(outcome.value, one)), allowed[0])
            expect(outcome.value, wanted, promise, look_at)
            expect_none_left(
                outcome.leftover_threads,
                "no thread of the pool alive after shutdown",
                look_at="who waits for the workers to end",
            )

        student.explore(scenario, judged, schedules=400, held=False, **inputs)
        judged(student.play(scenario, held=True, **inputs))

    promise = "everybody who waits for a future to be woken when it is done"
    explore(
        "asked_by_two", [[value, None]], promise, "result and exception, at the moment when a call ends", value=value
    )
    promise = "each callback to be called once, whether it is added before the end of the call or after it"
    explore("called_back", [[1, 1]], promise, "what add_done_callback does at the moment when the call ends")
    promise = "a call either to be cancelled (cancel returns True, it never runs) or to run (cancel returns False)"
    either = [(False, 1, ["returned"], "returned"), (True, 0, ["CancelledError"], "CancelledError")]
    explore("cancelled_or_run", either, promise, "who decides whether a call is run or cancelled")
    promise = "submit during a shutdown either to raise RuntimeError, or its call to be run"
    explore("submitted_or_refused", [value, "refused"], promise, "what may happen in the middle of submit", value=value)


def expect_outcomes(seen, wanted):
    promise = "each future to give what its call returned or raised"
    expect_returned(seen, promise)
    expect(seen.value, wanted, promise, look_at="how the outcome of a call gets into its future")


def rounded(value):
    """Virtual moments without the dust of adding floats."""
    if type(value) is float:
        return round(value, 6)
    if type(value) in (list, tuple):
        return type(value)(rounded(item) for item in value)
    return value
