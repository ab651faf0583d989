"""What `BoundedQueue` promises, over many orders of its threads. Times are virtual seconds, and exact."""

from itertools import chain

import pytest

from grader.evidence import (
    OneOf,
    VirtualTime,
    answer,
    concurrency,
    correctness,
    expect,
    expect_returned,
    feedback,
    same,
    shown,
)

LONG = 10**5
UNHURRIED_S = 3.0  # how long threads that wait with a time-out are watched before they count as asleep
HAND_OVER = "test_hand_over"
FULL, EMPTY, REFUSED, RETURNED = "raises queue.Full", "raises queue.Empty", "raises ValueError", [None]
CAME = OneOf(str, (object,))  # what came of a call: which exception, or what it returned
ENDED = (float, CAME)  # when
WOKEN = "what a thread that was woken relies on, and who may have come before it"


@pytest.fixture
def items(rng):
    return rng.sample(range(1000, 10**6), 6)


@correctness
def test_hand_over(student, items):
    """An item is handed from thread to thread, by a queue made of locks and conditions."""
    promise = "an item that one thread puts to be given to the thread that gets it"
    outcome = student.play("hand_over", item=items[0])
    expect_returned(outcome, promise)
    told = answer(outcome.value, {"got": object, "made": [str]})
    assert not told["made"], feedback(
        "a queue made of Lock, RLock and Condition only",
        f"also made of {', '.join(told['made'])}",
        look_at="which classes of the standard library your file makes objects of, or derives from",
    )
    expect(told["got"], [items[0]] * 2, promise)


@correctness(depends_on=HAND_OVER)
def test_first_in_first_out(student, items):
    """Items come out in the order in which they went in, whatever they are."""
    things = [items[0], None, 0, items[0], "", items[1]]
    for maxsize in (len(things), len(things) + 1, 0, -2):
        full = maxsize == len(things)
        expect_all_calls(
            student,
            maxsize,
            [
                *looks(0, 0, empty=True, full=False),
                *[(0, "put", [thing], {}, 0, RETURNED) for thing in things],
                *looks(1, len(things), empty=False, full=full),
                *[(1, "get", [], {}, 1, [thing]) for thing in things],
                *looks(1, 0, empty=True, full=False),
            ],
        )


def looks(moment, size, empty, full):
    wanted = {"qsize": size, "empty": empty, "full": full}
    return [(moment, method, [], {}, moment, [answer]) for method, answer in wanted.items()]


@correctness(depends_on=HAND_OVER)
def test_without_waiting(student, items):
    """With block=False nobody waits."""
    first, second, *_ = items
    expect_all_calls(
        student,
        1,
        [
            (0, "get", [], {"block": False}, 0, EMPTY),
            (0, "get", [False], {}, 0, EMPTY),
            (0, "put", [first], {"block": False}, 0, RETURNED),
            (0, "put", [second], {"block": False}, 0, FULL),
            (0, "put", [second, False, 9], {}, 0, FULL),
            (0, "get", [], {"block": False}, 0, [first]),
            (0, "put", [second, False], {}, 0, RETURNED),
            (0, "get", [False, 9], {}, 0, [second]),
            (0, "get", [], {"block": False, "timeout": 9}, 0, EMPTY),
        ],
    )


@correctness(depends_on=HAND_OVER)
def test_time_outs(student, items):
    """A call with a time-out waits as long as it says, and no longer than it must."""
    first, second, third, *_ = items
    expect_all_calls(
        student,
        1,
        [
            (0, "get", [], {"timeout": 5}, 5, EMPTY),
            (5, "get", [True, 0], {}, 5, EMPTY),
            (5, "put", [first], {"timeout": 3}, 5, RETURNED),
            (5, "put", [second], {"timeout": 3}, 8, FULL),
            (8, "put", [second, True, 0], {}, 8, FULL),
            (8, "get", [], {"timeout": -1}, 8, REFUSED),
            (8, "get", [], {"timeout": 4}, 8, [first]),
            (8, "put", [second], {"timeout": -1}, 8, REFUSED),
            (8, "get", [], {"timeout": 2}, 10, EMPTY),
        ],
    )
    expect_all_calls(
        student,
        1,
        [
            (0, "get", [], {"timeout": 5}, 3, [first]),
            (3, "put", [second], {}, 3, RETURNED),
            (3, "put", [third], {"timeout": 6}, 7, RETURNED),
            (7, "get", [], {}, 7, [third]),
            (7, "get", [], {}, 5000, [first]),
        ],
        [
            (3, "put", [first], {}, 3, RETURNED),
            (7, "get", [], {}, 7, [second]),
            (5000, "put", [first], {}, 5000, RETURNED),
        ],
    )


@correctness(depends_on=HAND_OVER)
def test_tasks(student, items):
    """join() waits until all tasks are done; one task_done() too many raises ValueError."""
    expect_all_calls(
        student,
        1,
        [
            (0, "join", [], {}, 0, RETURNED),
            (0, "task_done", [], {}, 0, REFUSED),
            (0, "put", [items[0]], {}, 0, RETURNED),
            (0, "put", [items[1]], {"block": False}, 0, FULL),
            (0, "get", [], {}, 0, [items[0]]),
            (0, "task_done", [], {}, 0, RETURNED),
            (0, "task_done", [], {}, 0, REFUSED),
            (0, "join", [], {}, 0, RETURNED),
        ],
    )
    expect_all_calls(
        student,
        2,
        [
            (0, "put", [items[0]], {}, 0, RETURNED),
            (0, "put", [items[1]], {}, 0, RETURNED),
            (0, "join", [], {}, 7, RETURNED),
            (8, "join", [], {}, 8, RETURNED),
        ],
        [
            (1, "get", [], {}, 1, [items[0]]),
            (2, "get", [], {}, 2, [items[1]]),
            (4, "task_done", [], {}, 4, RETURNED),
            (7, "task_done", [], {}, 7, RETURNED),
        ],
    )


@concurrency(depends_on=HAND_OVER)
def test_every_item_once(student, items):
    """Each item is given to one thread, in whatever order threads run, and nobody sleeps on."""
    promise = "each item that is put to be given to exactly one get()"

    def exchanged(puts, gets):
        def judged(outcome):
            expect_returned(outcome, promise, WOKEN)
            got = list(chain(*answer(outcome.value, tuple(gets))))
            right = all(type(item) is int for item in got) and sorted(got) == sorted(chain(*puts))
            assert right, feedback(promise, f"they got {shown(got)}", WOKEN)
            if len(gets) == 1:
                for mine in puts:
                    own = [item for item in got if item in mine]
                    expect(own, mine, "one consumer to get the items of each producer in the order they were put")

        student.explore("exchange", judged, schedules=300, maxsize=1, puts=puts, gets=gets)

    exchanged(puts=[items[:2]], gets=[1, 1])
    exchanged(puts=[items[:2], items[2:3]], gets=[3])

    def at_the_last_moment(actors, *possible):
        """A thread gives up at the very moment when it could go on: whatever it says must be true."""

        def judged(outcome):
            expect_returned(outcome, "calls that return, or raise queue.Full or queue.Empty")
            ended = [calls[-1][1] for calls in ends(outcome, actors)]
            assert any(same(ended, list(wanted)) for wanted in possible), feedback(
                "a call whose time-out is over just when another thread comes either to go on, or to leave no trace",
                "one thread gave up, and the item has got lost or was put in all the same",
                look_at="what may have happened between the end of the time-out and your next look",
            )

        student.explore("act", judged, schedules=100, maxsize=1, actors=actors)

    first, second, *_ = items
    getter = [[0, "get", [], {"timeout": 6}]]
    comes = [[6, "put", [first], {}], [7, "get", [], {"block": False}]]
    at_the_last_moment([getter, comes], ([first], EMPTY), (EMPTY, [first]))
    putter = [[0, "put", [first], {}], [0, "put", [second], {"timeout": 6}]]
    comes = [[6, "get", [], {}], [7, "get", [], {"block": False}]]
    at_the_last_moment([putter, comes], (RETURNED, [second]), (FULL, EMPTY))


@concurrency(depends_on=HAND_OVER)
def test_never_too_many(student, items):
    """Never are there more items than maxsize, and no room is lost."""
    waiting, *puts = items[:3]

    def judged(outcome):
        expect_returned(outcome, "put() and get() to return, or to raise queue.Full or queue.Empty")
        told = answer(outcome.value, {"put": (CAME,) * len(puts), "got": object, "left": [object]})
        found_room = sum(same(came, RETURNED) for came in told["put"])
        assert found_room == 1, feedback(
            "exactly one of two put() to find room, when one item is taken from a full queue",
            f"{found_room} did",
            WOKEN,
        )
        left = told["left"]
        assert len(left) == 1 and any(same(left[0], item) for item in puts), feedback(
            "exactly the item in the queue, in the end, whose put() found room", f"there is {shown(left)}", WOKEN
        )

    student.explore("compete", judged, schedules=400, maxsize=1, waiting=[waiting], puts=puts, gets=1, timeout=5)


@concurrency(depends_on=HAND_OVER)
def test_deadlines_hold(student, items):
    """A time-out holds for the whole call, however often it is woken for nothing."""
    first, second, third, *_ = items
    promise = "a call that was woken for nothing to end when its time-out is over, counted from its beginning"

    def snatched_away(actors, served, gone):
        """At 6 the first thread is woken; the other one snatches the item (or the room) away, or comes too late."""

        def judged(outcome):
            expect_returned(outcome, promise)
            ended = [calls[-1] for calls in ends(outcome, actors)]
            possible = [[11.0, gone], [6.0, served]], [[6.0, served], [6.0, gone]]
            assert any(same(ended, wanted) for wanted in possible), feedback(
                promise,
                f"begun at 1 with a time-out of 10, and woken at 6, it ended at {ended[0][0]:g}",
                look_at="how long a thread waits that was woken and has to wait again",
            )

        student.explore("act", judged, schedules=100, maxsize=1, actors=actors)

    getter = [[1, "get", [], {"timeout": 10}]]
    snatcher = [[6, "put", [first], {}], [6, "get", [], {"block": False}]]
    snatched_away([getter, snatcher], [first], EMPTY)
    putter = [[0, "put", [first], {}], [1, "put", [second], {"timeout": 10}]]
    snatcher = [[6, "get", [], {}], [6, "put", [third], {"block": False}]]
    snatched_away([putter, snatcher], RETURNED, FULL)


@concurrency(depends_on=HAND_OVER)
def test_join_under_way(student, items):
    """join() holds for all that wait in it, while tasks come and go."""
    tasks = items[:2]

    def judged(outcome):
        expect_returned(outcome, "put(), get(), task_done() and join() to return while other threads use the queue")
        expect(
            outcome.value,
            [len(tasks)] * (1 + (joiners > 0)),
            "all tasks to be done when join() returns",
            look_at="when a task begins to count, and under which lock it is counted",
        )

    for joiners in (0, 1):
        student.explore("work", judged, schedules=300, items=tasks, workers=2, joiners=joiners)


@concurrency(depends_on=HAND_OVER)
def test_waiting_threads_sleep(student):
    """A thread that waits is asleep until it is woken."""
    calls = VirtualTime({"resume": lambda: None}, lasts={"resume": 10}, patience_s=UNHURRIED_S)
    seen = student.run("held", calls=calls)
    expect(
        seen.value,
        ["first", "fourth", "second", "third"],
        "the threads that wait to be served once there is something for them",
    )
    assert seen.calls("resume"), feedback("threads that wait in get, put and join", "none waited")
    promise = "threads that wait to be asleep until another thread wakes them"
    look_at = "loops that ask again and again whether something has changed"
    assert not seen.busy_waited, feedback(promise, "processor time was burnt while everybody had to wait", look_at)
    assert not seen.polled, feedback(promise, "some woke up again and again, only to look", look_at)
    # Who wakes up now and then to look, however seldom, does not come to an end of it here.
    getter = [(0, "get", [], {}, LONG, ["item"]), (LONG, "get", [], {"timeout": LONG}, 2 * LONG, EMPTY)]
    expect_all_calls(student, 1, getter, [(LONG, "put", ["item"], {}, LONG, RETURNED)])


def expect_all_calls(student, maxsize, *actors):
    """Fails the check unless each call, `(moment, method, arguments, keywords, due, wanted)`, ends so and then.

    Each of the `actors` is a thread that makes its calls one after the other.
    """
    made = [[list(call[:4]) for call in calls] for calls in actors]
    outcome = student.play("act", maxsize=maxsize, actors=made)
    expect_returned(outcome, "calls that return, or raise queue.Full, queue.Empty or ValueError")
    for calls, came in zip(actors, ends(outcome, actors), strict=True):
        for call, (moment, what) in zip(calls, came, strict=True):
            _, method, arguments, keywords, due, wanted = call
            said = f"{method}({told(method, arguments, keywords)}) on a queue with maxsize={maxsize}"
            assert moment == due and same(what, wanted), feedback(
                f"{said} to {what_to_do(method, wanted)} at {due:g}",
                f"{'returned ' + shown(what[0]) if type(what) is list else what} at {moment:g}",
                look_at="what the call has to look at before it waits, and how long it may wait",
            )


def ends(outcome, actors):
    """When each call of each of the `actors` ended, and what came of it."""
    return answer(outcome.value, tuple((ENDED,) * len(calls) for calls in actors))


def told(method, arguments, keywords):
    """The arguments in words, but for the item."""
    shown_arguments = [str(argument) for argument in arguments]
    if method == "put":
        shown_arguments[0] = "…"
    return ", ".join(shown_arguments + [f"{name}={value}" for name, value in keywords.items()])


def what_to_do(method, wanted):
    """What a call is to do, in words that do not give an item away."""
    if type(wanted) is not list:
        return wanted.replace("raises", "raise")
    if method == "get":
        return "return the oldest item"
    return "return" if wanted == RETURNED else f"return {wanted[0]}"
