"""What `run_all` promises. Functions are held by the judge, or run under schedules, so nothing depends on a clock."""

from grader.evidence import (
    RemoteException,
    Rendezvous,
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

MANY = 40  # more than any machine's executor has threads by default
ALONE = 3  # functions that end one by one, each watched for the thread that goes on
DAY = 24 * 3600
UNHURRIED_S = 3.0  # how long threads that wait with a time-out are watched before they count as asleep
NUMBERED = {"results": object, "caller": int}  # the caller's thread
TOOK_TURNS = (object, [int])  # results or exception, and the places of the functions in the order of their calls
AS_RETURNED = "the list of what the functions returned, in the order of the list of functions"


def newest_first(answers):
    """Every function lasts less than the one before it, so that they end in the opposite of the list's order."""
    by_place = dict(enumerate(answers))
    return VirtualTime({"function": by_place.__getitem__}, lasts={"function": lambda place: 100 - place})


@correctness
def test_results_in_the_order_of_the_list(student, rng):
    """The results stand in the order of the list, whatever they are and whoever ends first."""
    answers = [None, 0, "", rng.randrange(1, 10**6), [rng.randrange(10**6)], False]
    rng.shuffle(answers)
    seen = student.run("numbered", number=len(answers), calls=newest_first(answers))
    expect_returned(seen, AS_RETURNED)
    expect(results(seen), answers, AS_RETURNED, look_at="how a result finds its place in the list")
    messages = [f"returned {n}" for n in rng.sample(range(1000), 2)]
    seen = student.run("returned_exceptions", messages=messages)
    promise = "an exception that a function returns, rather than raises, to be its result"
    look_at = "how you tell what a function has returned from what it has raised"
    expect_returned(seen, promise, look_at)
    expect(seen.value, [lookup_error(message) for message in messages], promise, look_at)


@correctness
def test_each_function_is_called_once(student, rng):
    """Each entry of the list is called once, also the same function at several places; an empty list is fine."""
    answers = rng.sample(range(10**6), 5)
    seen = student.run("numbered", number=5, calls=newest_first(answers))
    expect_all_called(seen, 5)
    given = iter(answers)
    seen = student.run(
        "the_same", number=5, calls=VirtualTime({"function": lambda place: next(given)}, lasts={"function": 1})
    )
    promise = "a function that stands in the list 5 times to be called 5 times, and 5 results"
    look_at = "what tells your code two entries of the list apart"
    expect_returned(seen, promise, look_at)
    calls, got = len(seen.calls("function")), seen.value
    all_there = type(got) is list and len(got) == 5 and all(has(got, wanted) for wanted in answers)
    assert calls == 5 and all_there, feedback(
        promise, f"{calls} calls, and {'all' if all_there else 'not all'} of their results", look_at
    )
    seen = student.run("numbered", number=0)
    expect_returned(seen, "an empty list of results for an empty list of functions")
    expect(results(seen), [], "an empty list of results for an empty list of functions")


@correctness
def test_first_exception_is_raised(student, rng):
    """The first exception in the order of the list is raised, and the other functions are called all the same."""
    answers = [0, lookup(rng), 2, OSError(f"no disk {rng.randrange(1000)}"), lookup(rng), 5]
    seen = student.run("numbered", number=len(answers), calls=newest_first(answers))
    promise = "the exception of the function that stands first in the list among those that have raised"
    look_at = "where exceptions of threads are kept, and in which order you look through them"
    raised = expect_raised(seen, "Exception", promise, look_at)
    expect(raised, lookup_error(str(answers[1])), promise, look_at)
    expect_all_called(seen, len(answers))


@concurrency
def test_all_at_the_same_time(student):
    """All functions run at the same time, each in a thread of its own."""
    together = Rendezvous(MANY, of="function", replies={"function": lambda place: place}, alone=ALONE)
    seen = student.run("numbered", number=MANY, calls=together, watch_callers=True)
    expect_returned(seen, f"{MANY} functions to be called at the same time, each in a thread of its own")
    assert together.met, feedback(
        f"all {MANY} functions to be running at the same time",
        f"at most {seen.peak('function')} of them, and no more began until one of these had ended",
        look_at="what must happen before the next function can begin",
        show=seen.timeline(label=place_of),
    )
    expect_own_threads(seen, MANY)
    caller = answer(seen.value, NUMBERED)["caller"]
    in_caller = sum(same(call.thread, caller) for call in seen.calls("function"))
    assert not in_caller, feedback(
        "each function in a new thread, while the thread that has called run_all only waits",
        f"{in_caller} of {MANY} functions called in the thread of the caller",
        look_at="which thread calls each function",
    )
    expect_meeting(student)


@concurrency
def test_waiting_costs_nothing(student):
    """The caller is asleep while it waits."""
    policy = VirtualTime({"function": lambda place: place}, lasts={"function": 10}, patience_s=UNHURRIED_S)
    seen = student.run("numbered", number=3, calls=policy, watch_callers=True)
    expect_all_called(seen, 3)
    promise = "the thread that waits for the functions to be asleep until it is woken"
    look_at = "loops that ask again and again whether something has changed"
    assert not seen.busy_waited, feedback(promise, "processor time was burnt while all functions were waiting", look_at)
    assert not seen.polled, feedback(promise, "somebody woke up again and again, only to look", look_at)
    expect_own_threads(seen, 3)
    expect_meeting(student)


@concurrency(depends_on="test_waiting_costs_nothing")
def test_no_thread_is_left(student, rng):
    """Every thread has ended when the call ends, also when it raises."""
    plain, failing = [1, 2, 3, 4], [1, lookup(rng), 3, 4]
    for answers, how_it_ends in ((plain, "returns"), (failing, "raises")):
        # The one that fails comes to its end while the last two are still running.
        lasts = {0: 1, 1: 2, 2: 50, 3: rng.randrange(60, 90)}
        policy = VirtualTime({"function": dict(enumerate(answers)).__getitem__}, lasts={"function": lasts.__getitem__})
        seen = student.run("numbered", number=4, calls=policy)
        expect_all_called(seen, 4)
        expect_all_ended(seen.leftover_threads + seen.leftover_processes, how_it_ends, seen.timeline(label=place_of))
    seconds = rng.sample(range(DAY, 100 * DAY), 4)
    seen = student.play("slow", seconds=seconds)
    expect_all_ended(seen.leftover_threads, "returns, also where functions take days (in virtual time)")
    expect(seen.value, seconds, AS_RETURNED, look_at="how long run_all waits for a function")
    for failing_places, how_it_ends in (([], "returns"), ([1], "raises")):

        def judged(outcome, how_it_ends=how_it_ends):
            expect_ran(outcome, 3)
            expect_all_ended(outcome.leftover_threads, how_it_ends)

        answers = rng.sample(range(1000), 3)
        student.explore("taking_turns", judged, answers=answers, failing=failing_places)


@concurrency(depends_on="test_waiting_costs_nothing")
def test_threads_take_turns_in_any_order(student, rng):
    """Results and exceptions are right, however the threads take turns."""
    answers = rng.sample(range(1000), 3)

    def judged_results(outcome):
        result = expect_ran(outcome, 3)
        expect(result, answers, AS_RETURNED, look_at="what your threads share, and who writes to it when")

    student.explore("taking_turns", judged_results, answers=answers, failing=[], meet=True)

    def judged_exception(outcome):
        result = expect_ran(outcome, 3)
        promise = "the exception of the function that stands first in the list among those that have raised"
        expect(result, lookup_error(str(answers[0])), promise, look_at="where exceptions of threads are kept")

    student.explore("taking_turns", judged_exception, answers=answers, failing=[0, 2])


def lookup(rng):
    return LookupError(f"no shelf {rng.randrange(1000)}")


def lookup_error(message):
    """A LookupError as it arrives here."""
    return RemoteException("LookupError", message, [], [])


def has(values, wanted):
    return any(same(value, wanted) for value in values)


def results(seen):
    """What `run_all` has returned in `numbered`: the student's, whatever it is."""
    return answer(seen.value, NUMBERED)["results"]


def expect_all_called(seen, number):
    """Fails the check unless each of the functions was called once, and nothing else."""
    if seen.raised is None:
        answer(seen.value, NUMBERED)
    calls = [call.args for call in seen.calls("function")]
    called = sum([place] in calls for place in range(number))
    assert called == number and len(calls) == number, feedback(
        f"each of {number} functions called once, whether others raise or not",
        f"{len(calls)} calls, of {called} of the functions",
        look_at="which functions get a thread, and whether all these threads are started",
        show=seen.timeline(label=place_of),
    )


def expect_own_threads(seen, number):
    """Fails the check unless, as the system says, so many threads waited, each in a function of its own."""
    waiting, went_on = seen.callers.waiting, seen.callers.went_on
    promise = f"{number} threads besides the caller's, each waiting in the function that it has called"
    look_at = "which thread calls each function"
    assert waiting >= number, feedback(promise, f"at most {waiting} threads that waited so", look_at)
    assert went_on is None or went_on >= min(number - 1, ALONE), feedback(
        f"{promise}, until that function ends", "functions that ended, and no thread that had waited for it", look_at
    )


def expect_meeting(student):
    """Fails the check, as a deadlock, unless functions that the judge has no part in run at the same time, too."""
    outcome = student.play("taking_turns", answers=[1, 2, 3], failing=[], meet=True)
    _, called = answer(outcome.value, TOOK_TURNS)
    assert len(called) == 3, feedback("3 functions to be called", f"{len(called)} calls")


def expect_ran(outcome, number):
    """Results or exception. Fails the check unless the scenario reports that each of the functions was called once."""
    result, called = answer(outcome.value, TOOK_TURNS)
    times = sum(place in called for place in range(number))
    assert times == number and len(called) == number, feedback(
        f"each of {number} functions called once, whether others raise or not",
        f"{len(called)} calls, of {times} of the functions",
        look_at="which functions get a thread, and whether all these threads are started",
    )
    return result


def expect_all_ended(left, how_it_ends, timeline=None):
    expect_none_left(
        left,
        f"every thread to have ended when run_all {how_it_ends}",
        look_at="who waits for each thread to end, and what could keep it from waiting",
        show=timeline,
    )


def place_of(call):
    """Labels a call by the place of its function in the list."""
    return f"function {call.args[0]}"
