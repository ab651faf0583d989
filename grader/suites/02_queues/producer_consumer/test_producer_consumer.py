"""What `produce_consume` promises. Its callbacks are held in virtual time, so every moment of rest is exact."""

from dataclasses import dataclass
from itertools import chain, repeat
from operator import itemgetter
from typing import Any

import pytest

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
ALL_IS_WELL = "the call to return when all is consumed"


@dataclass(frozen=True)
class Plan:
    """What the producers give and how long everything takes, in virtual seconds."""

    gives: list[list[object]]  # by producer, item by item; an exception is raised
    next_lasts: list[float]  # by producer
    consume_lasts: list[float]  # in the order in which consume calls begin; all that follow last as long as the last
    sizes: dict[str, int]
    consume_raises: tuple[Exception, ...] = ()  # by the consume calls that end first

    def run(self, student, **watching):
        # Not lists, which would also know producer -1.
        sources = dict(enumerate(map(iter, self.gives)))
        next_lasts = dict(enumerate(self.next_lasts))
        durations = chain(self.consume_lasts, repeat(self.consume_lasts[-1]))
        outcomes = chain(self.consume_raises, repeat(None))
        calls = VirtualTime(
            {"next": lambda producer: answer_next(sources[producer]), "consume": lambda item: next(outcomes)},
            lasts={"next": next_lasts.__getitem__, "consume": lambda item: next(durations)},
            **watching,
        )
        return student.run("produce_consume", producers=len(self.gives), calls=calls, **self.sizes)


def answer_next(source):
    for item in source:
        return item if isinstance(item, Exception) else [item]
    return []


@pytest.fixture
def failing_consumer(rng):
    """When the first consume call fails, the queue is full and both quick producers have an item in their hands.

    The third producer is still busy with its first item then, and two more consume calls are in progress.
    """
    errors = (LookupError(f"no shelf {rng.randrange(1000)}"), OSError(f"no disk {rng.randrange(1000)}"))
    return Plan(
        gives=[rng.sample(range(10**6), 10), rng.sample(range(10**6), 10), rng.sample(range(10**6), 3)],
        next_lasts=[1, 1, rng.randrange(400, 500)],
        consume_lasts=[rng.randrange(100, 150), rng.randrange(200, 250), rng.randrange(300, 350), 1],
        sizes={"capacity": rng.choice((1, 2)), "consumers": 3},
        consume_raises=errors,
    )


@correctness
def test_every_item_is_consumed_once(student, rng):
    """Every item is consumed exactly once."""
    number = rng.randrange(10**6)
    anything = [number, None, 0, None, "", number]
    rng.shuffle(anything)
    early_and_late = Plan(
        gives=[[number + 1], anything],
        next_lasts=[1, 10],
        consume_lasts=[0, 0, 0, LONG],  # at first the consumers are faster, at the end they are slower
        sizes={"capacity": 20, "consumers": 2},
    )
    crowded = Plan(
        gives=[[], rng.choices(range(10**6), k=rng.choice((2, 3))), rng.choices(range(10**6), k=3)],
        next_lasts=rng.sample(range(1, 20), 3),
        consume_lasts=rng.sample(range(10, 40), 6),
        sizes={"capacity": 1, "consumers": rng.choice((2, 3))},
    )
    for plan in (early_and_late, crowded):
        seen = plan.run(student)
        expect_all_consumed(plan, seen)


@correctness
def test_one_consumer_keeps_the_order(student, rng):
    """With one consumer, the order of each producer is kept."""
    items = rng.sample(range(10**6), 7)
    plan = Plan(gives=[items[:4], items[4:]], next_lasts=[1, 2], consume_lasts=[50, 0], sizes={"capacity": 3})
    seen = plan.run(student)
    expect_call_returned(seen, ALL_IS_WELL)
    for gives in plan.gives:
        in_order = [[item] for item in gives]
        expect(
            [call.args for call in seen.calls("consume") if call.args in in_order],
            in_order,
            "the items of each producer consumed in the order in which it gave them (one consumer)",
            look_at="at which end of the queue items go in, and at which end they leave",
        )


@correctness
def test_arguments(student, rng):
    """A capacity or a number of consumers below 1 raises ValueError; no producers is fine."""
    for capacity, consumers in ((0, 1), (-rng.randrange(1, 9), 2), (1, 0)):
        sizes = {"capacity": capacity, "consumers": consumers}
        seen = Plan(gives=[[7]], next_lasts=[0], consume_lasts=[0], sizes=sizes).run(student)
        expect_raised(seen, "ValueError", f"a ValueError for capacity={capacity}, consumers={consumers}")
        assert not seen.calls("next"), feedback(
            "a ValueError before any producer is asked for an item", "a producer had been asked"
        )
    seen = Plan(gives=[], next_lasts=[], consume_lasts=[0], sizes={"capacity": 1, "consumers": 2}).run(student)
    expect_call_returned(seen, "a call without producers to return at once")
    assert not seen.calls("consume"), feedback("nothing consumed without producers", "consume was called")


@correctness
def test_failing_consumer(student, failing_consumer):
    """The first exception of a consumer ends everything and is raised."""
    seen = failing_consumer.run(student)
    expect_first_error(seen, failing_consumer.consume_raises[0])
    expect_stopped(failing_consumer, seen, "consume", "a consume call has failed")


@correctness
def test_failing_producer(student, rng):
    """The first exception of a producer ends everything and is raised."""
    error = LookupError(f"no page {rng.randrange(1000)}")
    plan = Plan(
        gives=[rng.sample(range(10**6), 9), [error], rng.sample(range(10**6), 9)],
        next_lasts=[1, rng.randrange(20, 40), rng.randrange(50, 70)],
        consume_lasts=[100],
        sizes={"capacity": 2, "consumers": 1},
    )
    seen = plan.run(student)
    expect_first_error(seen, error)
    expect_stopped(plan, seen, "next", "a producer has failed")


@concurrency
def test_back_pressure(student):
    """A producer is held back when `capacity` items wait, and only then."""
    smallest = Plan(gives=[list(range(5))], next_lasts=[1], consume_lasts=[50], sizes={"capacity": 1, "consumers": 1})
    larger = Plan(
        gives=[list(range(5)), list(range(5))],
        next_lasts=[1, 2],
        consume_lasts=[51, 72, 100],
        sizes={"capacity": 4, "consumers": 2},
    )
    for plan in (smallest, larger):
        seen = plan.run(student)
        expect_all_consumed(plan, seen)
        capacity, producers = plan.sizes["capacity"], len(plan.gives)
        for rest in moments_at_rest(plan, seen):
            assert rest.waiting <= capacity + producers, feedback(
                f"at most {capacity + producers} items given whose consume call has not begun "
                f"({capacity} in the queue, one with each of the producers)",
                f"{rest.waiting} of them, with all threads at rest",
                look_at="what a producer waits for before it asks for its next item",
                show=timeline(seen),
            )
            assert rest.waiting >= capacity or not rest.held_back, feedback(
                f"a producer to be held back only while {capacity} items wait (the capacity)",
                f"one was held back while {rest.waiting} waited",
                look_at="what a producer waits for before it asks for its next item",
                show=timeline(seen),
            )


@concurrency
def test_nobody_waits_for_a_slow_neighbor(student, rng):
    """All work at the same time, and nobody waits for a slow neighbor."""
    slow_producers = Plan(
        gives=[[1], rng.sample(range(10**6), 4), [2]],
        next_lasts=[LONG, rng.randrange(2, 9), LONG + 1],
        consume_lasts=[0],
        sizes={"capacity": 1, "consumers": 1},
    )
    seen = slow_producers.run(student)
    expect_all_consumed(slow_producers, seen)
    at_once = [call.args for call in seen.calls("next") if call.began == 0]
    asked = sum([producer] in at_once for producer in range(3))
    assert asked == 3, feedback(
        "all 3 producers to be asked for their first item at once",
        f"{asked} asked, and no more until an item was given",
        look_at="what a producer waits for before it is asked",
        show=timeline(seen),
    )
    expect_flowing(seen, 4, "the 4 items of one producer to be consumed while the two others are slow")
    slow_consumers = Plan(
        gives=[rng.sample(range(10**6), 6)],
        next_lasts=[rng.randrange(2, 9)],
        consume_lasts=[LONG, LONG + 1, 0],
        sizes={"capacity": 2, "consumers": 3},
    )
    seen = slow_consumers.run(student)
    expect_all_consumed(slow_consumers, seen)
    expect_flowing(seen, 6, "all 6 items to be taken up while two of three consumers are slow")


@concurrency
def test_any_order_of_threads(student, rng):
    """In whatever order the threads take turns, every item is consumed once and all comes to its end."""
    first, second, third = rng.sample(range(1000), 3)

    def all_consumed(items):
        def judged(outcome):
            promise = "every item consumed exactly once, in whatever order the threads take turns"
            expect_returned(outcome, promise)
            expect(outcome.value, sorted(items), promise, look_at="what can happen between looking and acting")
            expect_all_ended(outcome)

        return judged

    def error_raised(outcome):
        expect_raised(outcome, "LookupError", "the consumer's exception raised, in whatever order threads take turns")
        expect_all_ended(outcome)

    crowd = {"gives": [[first, second], [third]], "capacity": 1, "consumers": 2}
    all_consumed([first, second, third])(student.play("consumed", meet=True, **crowd))
    student.explore("consumed", all_consumed([first, second, third]), schedules=80, **crowd)
    both_end = {"gives": [[], []], "capacity": 1, "consumers": 1}  # so short that all can be tried
    student.explore("consumed", all_consumed([]), schedules=160, **both_end)
    one_of_each = {"gives": [[first, second]], "capacity": 1, "consumers": 1}
    student.explore("consumed", error_raised, schedules=24, meet=True, fails=first, **one_of_each)


@concurrency
def test_waiting_threads_sleep(student, rng):
    """A thread that waits is asleep until it is woken."""
    plan = Plan(
        gives=[rng.sample(range(10**6), 3)],
        next_lasts=[1],
        consume_lasts=[10, 0],
        sizes={"capacity": 1, "consumers": 1},
    )
    seen = plan.run(student, patience_s=UNHURRIED_S)
    expect_all_consumed(plan, seen)
    promise = "threads that wait to be asleep until another thread wakes them"
    look_at = "loops that ask again and again whether something has changed"
    assert not seen.busy_waited, feedback(promise, "processor time was burnt while everybody had to wait", look_at)
    assert not seen.polled, feedback(promise, "some woke up again and again, only to look", look_at)


@concurrency
def test_no_thread_is_left(student, rng, failing_consumer):
    """Every thread has ended when the call ends."""
    success = Plan(
        gives=[rng.sample(range(10**6), 2), [1]],
        next_lasts=[1, 2],
        consume_lasts=[3],
        sizes={"capacity": 2, "consumers": 2},
    )
    for plan, how_it_ends in ((success, "returns"), (failing_consumer, "raises")):
        seen = plan.run(student)
        if plan is success:
            expect_all_consumed(success, seen)
        else:
            expect_failed(seen, "consume")
        left = seen.leftover_threads + seen.leftover_processes
        expect_none_left(
            left,
            f"every thread to have ended when the call {how_it_ends}",
            look_at="who waits for the threads to end, and what tells them to",
            show=timeline(seen),
        )


def expect_all_consumed(plan, seen):
    """Fails the check unless the call returned and each item was consumed once: only then there is work to judge."""
    promise = "every item of every producer consumed exactly once, whatever the item is and however late it comes"
    expect_call_returned(seen, promise, look_at="what a thread relies on when it takes an item out of the queue")
    given, consumed = [[item] for item in chain(*plan.gives)], [call.args for call in seen.calls("consume")]
    never, too_many = without(given, consumed), without(consumed, given)
    assert not never and not too_many, feedback(
        promise,
        f"{len(never)} of {len(given)} never consumed, {len(too_many)} consume calls too many",
        look_at="when an item leaves the queue, and how a consumer knows that nothing will follow",
        show=timeline(seen),
    )


def expect_call_returned(seen, promise, look_at=""):
    """Fails the check unless the call returned. What it returned does not matter, so the scenario does not tell."""
    expect_returned(seen, promise, look_at)
    answer(seen.value, None)


def without(elements, others):
    """What is left of the elements when for each of the others one that is the same is taken away."""
    left = list(elements)
    for other in others:
        place = next((n for n, element in enumerate(left) if same(element, other)), None)
        if place is not None:
            del left[place]
    return left


def expect_all_ended(outcome):
    """Fails the check if, in this schedule, a thread was still there when the call ended."""
    expect_none_left(
        outcome.leftover_threads,
        "every thread to have ended when the call ends",
        look_at="who waits for the threads to end",
    )


def expect_failed(seen, name):
    """Fails the check unless a call of this callback has raised what the plan says, so that the run had to be ended."""
    assert any(call.failed for call in seen.calls(name)), feedback(
        "items consumed until one of them fails", "none failed", look_at="how items get to the consumers"
    )


def expect_stopped(plan, seen, name, occasion):
    """Fails the check if, once a call of this callback had failed, items were still consumed or produced."""
    failed = min((call.closed for call in seen.calls(name) if call.failed), default=0)
    later = [call for call in seen.calls("consume") if call.opened > failed]
    assert not later, feedback(
        f"no new consume call once {occasion}",
        f"{len(later)} began",
        look_at="what a consumer looks at before it consumes",
        show=timeline(seen),
    )
    pulls = [call.args for call in seen.calls("next") if call.opened > failed]
    most = max(pulls.count([producer]) for producer in range(len(plan.gives)))
    assert most <= 1, feedback(
        f"each producer to be asked for at most one more item once {occasion}",
        f"one was asked {most} times",
        look_at="what a producer thread looks at before it asks for the next item",
        show=timeline(seen),
    )


def expect_first_error(seen, error):
    """Fails the check unless the call raised this error."""
    promise = "the first exception to be raised to the caller"
    raised = expect_raised(seen, "Exception", promise, look_at="where exceptions of threads are kept")
    first = RemoteException(type(error).__name__, str(error), [], [])
    expect(raised, first, promise, look_at="which exception is raised when there are several")


def expect_flowing(seen, number, what):
    """Fails the check unless this many items were consumed before the slow ones came to their end."""
    begun = sum(call.began < LONG for call in seen.calls("consume"))
    assert begun == number, feedback(
        what,
        f"{begun} consume calls began",
        look_at="which consumer may take the item that comes next, and what it waits for",
        show=timeline(seen),
    )


@dataclass(frozen=True)
class Rest:
    """A moment when no thread could move, until the judge let the next call end."""

    waiting: int  # items given whose consume call has not begun
    held_back: bool  # whether there is a producer that has not ended and is not asked for an item


def moments_at_rest(plan, seen):
    """One before the end of each call: calls that last end only when all threads are at rest."""
    asked, answered, begun = [0] * len(plan.gives), [0] * len(plan.gives), 0
    for name, producer, ends in events(plan, seen):
        if ends:
            given = sum(min(count, len(items)) for count, items in zip(answered, plan.gives, strict=True))
            idle = [a == b <= len(items) for a, b, items in zip(asked, answered, plan.gives, strict=True)]
            yield Rest(given - begun, any(idle))
        if name == "next":
            (answered if ends else asked)[producer] += 1
        else:
            begun += not ends


def events(plan, seen):
    """What began and ended, in that order: the callback, its producer, and whether it is the end of the call."""
    calls: list[tuple[Any, int | None]] = [(call, None) for call in seen.calls("consume")]
    for producer in range(len(plan.gives)):
        calls += [(call, producer) for call in seen.calls("next") if call.args == [producer]]
    moments = [(call.opened, call.name, producer, False) for call, producer in calls]
    moments += [(call.closed, call.name, producer, True) for call, producer in calls if call.closed is not None]
    return [event for _, *event in sorted(moments, key=itemgetter(0))]


def timeline(seen):
    return seen.timeline(label=_label)


def _label(call):
    return "consume" if call.name == "consume" else f"next item of producer {', '.join(map(str, call.args))}"
