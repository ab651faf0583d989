"""What `run_pipeline` promises. Source, stages and taker are held in virtual time, so every moment of rest is exact."""

from collections.abc import Callable
from functools import partial
from itertools import chain, product
from math import inf

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
MANY = 40  # items of a source that nobody may read to its end
UNHURRIED_S = 3.0  # how long threads that wait with a time-out are watched before they count as asleep
IN_ORDER = "one result for each item, in the order of the items"
STOP = ["StopIteration", "StopIteration"]


class Plan:
    """What goes in, what every stage makes of it, and how long everything takes, in virtual seconds.

    `values[n][i]` is item i as it comes to stage n; the last row holds the results. `raises` and `lasts` are by stage
    and item; `source_raises` comes after the last item.
    """

    def __init__(
        self, rng, items, stages, *, raises=(), source_raises=None, lasts=(), source_lasts=0, given_lasts=0, **sizes
    ):
        numbers = rng.sample(range(10**6), items * (stages + 1))
        self.values = [numbers[n * items : (n + 1) * items] for n in range(stages + 1)]
        self.items, self.stages, self.sizes = items, stages, sizes
        self.raises, self.source_raises, self.lasts = dict(raises), source_raises, dict(lasts)
        self.source_lasts, self.given_lasts = source_lasts, given_lasts

    @property
    def results(self):
        return [[result] for result in self.values[-1]]

    @property
    def workers(self):
        return self.sizes.get("workers", 1)

    @property
    def buffer(self):
        return self.sizes.get("buffer", 8)

    def run(self, student, scenario="deliver", **options):
        watching = {name: options.pop(name) for name in ["patience_s"] if name in options}
        answers = chain(([item] for item in self.values[0]), [self.source_raises or []])
        replies: dict[str, Callable] = {"source": lambda: next(answers, []), "given": lambda result: None}
        lasts = {"source": self.source_lasts, "given": self.given_lasts, "pause": 1}
        for stage in range(self.stages):
            replies[f"stage {stage}"] = self._stage(stage)
            lasts[f"stage {stage}"] = self._duration(stage)
        calls = VirtualTime({"pause": lambda: None, "closing": lambda: None, **replies}, lasts, **watching)
        return student.run(scenario, calls=calls, stages=self.stages, **self.sizes, **options)

    def _stage(self, stage):
        outcomes = dict(zip(self.values[stage], self.values[stage + 1], strict=True))
        outcomes |= {self.values[n][item]: error for (n, item), error in self.raises.items() if n == stage}
        return outcomes.__getitem__

    def _duration(self, stage):
        return lambda value: self.lasts.get((stage, self.values[stage].index(value)), 1)

    def label(self, call):
        """What a timeline says of a call: never the value itself."""
        if call.name == "source":
            return "next item"
        row = self.values[-1] if call.name == "given" else self.values[int(call.name.removeprefix("stage "))]
        return f"{call.name}, item {row.index(call.args[0])}"

    def timeline(self, seen):
        return seen.timeline("source", *self.stage_names, "given", label=self.label)

    @property
    def stage_names(self):
        return [f"stage {stage}" for stage in range(self.stages)]


def random_errors(rng):
    return LookupError(f"no page {rng.randrange(1000)}"), OSError(f"no disk {rng.randrange(1000)}")


@pytest.fixture
def failing_while_full(rng):
    """When the last stage fails, all buffers are full: the taker has been busy with the first result for long."""
    fails = rng.choice((2, 3))
    error = random_errors(rng)[0]
    return Plan(rng, MANY, 2, raises={(1, fails): error}, given_lasts=LONG, workers=1, buffer=1), fails, error


@correctness
def test_results_in_order(student, rng):
    """One result for each item, in the order of the items, whatever they are."""
    lasts = {(stage, item): rng.randrange(2, 9) for stage in range(2) for item in range(10)}
    slow = {(1, 0): 100, (0, 3): 90, (1, 6): 80}
    for workers, buffer in ((3, rng.choice((2, 3))), (1, 1)):
        plan = Plan(rng, 10, 2, lasts=lasts | slow, source_lasts=1, workers=workers, buffer=buffer)
        expect_all_given(plan, plan.run(student))
    things = [rng.randrange(10**6), None, 0, None, ""]
    rng.shuffle(things)
    seen = student.run("send_through", things=things, message=str(things[0]))
    promise = "any object to be an item like any other: None, equal ones, an exception that is not raised"
    expect_returned(seen, promise, look_at="how an exception travels, and how the end is marked")
    expect(seen.value, [*things, RemoteException("ValueError", str(things[0]), [], []), None], promise)


@correctness
def test_an_exception_has_its_place(student, rng, failing_while_full):
    """An exception is raised in place of the result of its item."""
    first, second = random_errors(rng)
    # The fifth item fails before the fourth, and both while the third is still on its way.
    in_a_stage = Plan(
        rng,
        *(9, 2),
        raises={(0, 3): first, (0, 4): second},
        lasts={(0, 3): 20, (0, 4): 1, (1, 2): 100},
        **{"workers": 3, "buffer": rng.choice((2, 3))},
    )
    seen = in_a_stage.run(student, "deliver_and_go_on")
    expect_failed_at(in_a_stage, seen, 3, first)
    failed = [[in_a_stage.values[1][item]] for item in (3, 4)]
    known = [[value] for value in in_a_stage.values[1]]
    later = [call for call in seen.calls("stage 1") if call.args in failed or call.args not in known]
    assert not later, feedback(
        "no later stage to be called for an item for which a stage has raised",
        f"{len(later)} such calls",
        look_at="what a stage does with an item that has failed before it",
        show=in_a_stage.timeline(seen),
    )
    length = rng.choice((3, 5))
    in_source = Plan(rng, length, 2, source_raises=second, lasts={(0, length - 1): 50}, workers=2, buffer=2)
    expect_failed_at(in_source, in_source.run(student, "deliver_and_go_on"), length, second)
    plan, fails, error = failing_while_full
    expect_failed_at(plan, plan.run(student, "deliver_and_go_on"), fails, error)


@correctness
def test_arguments(student, rng):
    """Fewer than one worker or place is refused by the call itself; no items and no stages are fine."""
    for workers, buffer in ((0, 1), (1, 0), (-rng.randrange(1, 9), 2)):
        seen = student.run("create", calls=VirtualTime({}, {}), workers=workers, buffer=buffer)
        promise = f"a ValueError in the call itself, before the first next, for workers={workers}, buffer={buffer}"
        expect_raised(seen, "ValueError", promise, look_at="when the first line of your function runs")
        assert not seen.calls("source"), feedback("a ValueError before anything begins", "source had been asked")
    for items, stages in ((0, 2), (5, 0)):
        plan = Plan(rng, items, stages, workers=2, buffer=1)
        seen = plan.run(student, "deliver_and_go_on")
        expect_given(plan, seen, items, "no results without items, and the items themselves without stages")
        expect(seen.value, ["exhausted", STOP], "StopIteration after the last result, again and again")


@concurrency
def test_lazy_and_bounded(student, rng):
    """Nothing begins before it is asked for, and the number of items inside is bounded."""
    for sizes in ({"workers": 1, "buffer": 1}, {"workers": 2, "buffer": rng.choice((3, 4))}, {}):
        plan = Plan(rng, MANY, 2, given_lasts=LONG, **sizes)
        seen = plan.run(student, most=3)
        expect_given(plan, seen, 3, IN_ORDER)
        expect(seen.value, "closed", "close to return")
        expect_nothing_before_the_first_next(seen)
        for call in seen.calls("given"):
            expect_bounded(plan, seen, call)
            ready = ended_before(end_of(call), seen.calls("stage 1")) - given_before(end_of(call), seen)
            assert ready >= plan.buffer, feedback(
                f"the pipeline to work ahead until at least {plan.buffer} results are ready (the buffer)",
                f"{ready} ready when all threads had come to rest",
                look_at="what holds a thread back",
                show=plan.timeline(seen),
            )
    for slow, (workers, buffer) in product((0, 1), ((3, 2), (2, 1))):
        plan = Plan(rng, MANY, 2, lasts={(slow, 4): LONG}, workers=workers, buffer=buffer)
        seen = plan.run(student)
        expect_all_given(plan, seen)
        for call in seen.calls(f"stage {slow}"):
            if call.args == [plan.values[slow][4]]:
                expect_bounded(plan, seen, call, " while one slow item keeps the results of quicker ones back")


@concurrency
def test_all_at_work(student, rng):
    """All stages work at the same time, each with as many workers as asked for."""
    for workers, stages in ((3, 2), (1, 3)):
        lasts = dict.fromkeys(product(range(stages), range(12)), 10)
        plan = Plan(rng, 12, stages, lasts=lasts, workers=workers, buffer=rng.choice((1, 2)))
        seen = plan.run(student)
        expect_all_given(plan, seen)
        for stage in plan.stage_names:
            assert seen.peak(stage) <= workers, feedback(
                f"at most {workers} calls of a stage in progress at any moment (its workers)",
                f"{seen.peak(stage)} at once",
                look_at="who may call a stage",
                show=plan.timeline(seen),
            )
        most = seen.peak(*plan.stage_names)
        assert most == stages * workers, feedback(
            f"{stages * workers} calls in progress at once: {workers} in each of {stages} stages",
            f"{most} at most",
            look_at="what a worker waits for before it calls its stage",
            show=plan.timeline(seen),
        )
    buffer = rng.choice((4, 5))
    plan = Plan(rng, 20, 2, lasts={(0, 1): LONG}, workers=3, buffer=buffer)
    seen = plan.run(student)
    expect_all_given(plan, seen)
    begun = sum(call.began < LONG for call in seen.calls("stage 0"))
    assert begun >= 2 + buffer, feedback(
        f"the other workers of a stage to go on while one call takes long, with at least {buffer} items (the buffer)",
        f"{max(0, begun - 2)} of the items behind it begun",
        look_at="what a worker waits for before it takes its next item",
        show=plan.timeline(seen),
    )


@concurrency
def test_no_needless_waiting(student, rng):
    """A result is handed out as soon as it can be, and threads that wait are asleep."""
    plan = Plan(rng, 3, 2, source_lasts=LONG, lasts={(0, 1): 3 * LONG}, workers=2, buffer=2)
    seen = plan.run(student, patience_s=UNHURRIED_S)
    expect_all_given(plan, seen)
    # The way through both stages takes 2; the second item needs longer, and the third waits for it.
    wanted = [LONG + 3, 5 * LONG + 2, 5 * LONG + 2]
    late = [n for n, (call, moment) in enumerate(zip(seen.calls("given"), wanted, strict=True)) if call.began > moment]
    assert not late, feedback(
        "each result to be handed out as soon as it and all before it are finished",
        f"result {late[0] if late else 0} came later, when something else had happened",
        look_at="what is waited for between the end of the last stage and the result's way out",
        show=plan.timeline(seen),
    )
    promise = "threads that wait to be asleep until another thread wakes them"
    look_at = "loops that ask again and again whether something has changed"
    assert not seen.busy_waited, feedback(promise, "processor time was burnt while everybody had to wait", look_at)
    assert not seen.polled, feedback(promise, "some woke up again and again, only to look", look_at)


@concurrency
def test_close_ends_the_work(student, rng):
    """After close nothing that waits is worked on any more."""
    plan = Plan(rng, MANY, 2, given_lasts=LONG, lasts={(0, 5): 10 * LONG}, workers=2, buffer=rng.choice((2, 3)))
    seen = plan.run(student, "deliver_and_go_on", most=2)
    expect_given(plan, seen, 2, IN_ORDER)
    promise = "close to end the pipeline, and to do no harm when it is called again"
    expect_returned(seen, promise, look_at="close")
    expect(seen.value, ["closed", STOP], "StopIteration from every next after close", look_at="close")
    closing = max((call.opened for call in seen.calls("closing")), default=0)
    later = sum(call.opened > closing for name in plan.stage_names for call in seen.calls(name))
    assert not later, feedback(
        "no stage to be called for an item that was waiting when close was called",
        f"{later} such calls",
        look_at="what a worker looks at before it calls its stage",
        show=plan.timeline(seen),
    )
    pulls = sum(call.opened > closing for call in seen.calls("source"))
    assert pulls <= 1, feedback(
        "source to be asked for at most one more item after close",
        f"{pulls} times",
        look_at="what the thread that reads source looks at before it asks for the next item",
        show=plan.timeline(seen),
    )
    untouched = plan.run(student, "deliver_and_go_on", most=0)
    expect_returned(untouched, promise + ", also before the first result", look_at="close")
    expect(untouched.value, ["closed", STOP], "StopIteration from every next after close", look_at="close")
    assert not untouched.calls("source"), feedback(
        "nothing to begin when close comes before the first next",
        "source was asked",
        look_at="when threads are started",
    )


@concurrency
def test_no_thread_is_left(student, rng, failing_while_full):
    """Every thread has ended when the iterator has."""
    success = Plan(rng, 6, 2, workers=2, buffer=2)
    seen = success.run(student)
    expect_all_given(success, seen)
    expect_no_thread(success, seen, "next raises StopIteration")
    failing, fails, error = failing_while_full
    seen = failing.run(student)
    expect_given(failing, seen, fails, "the results before the one that fails")
    expect(seen.value, remote(error), "the exception of a stage to be raised")
    expect_no_thread(failing, seen, "next raises an exception")
    # The last of these calls is still in progress when close is called.
    endless = Plan(rng, MANY, 2, given_lasts=LONG, lasts={(0, 5): 10 * LONG}, workers=2, buffer=2)
    seen = endless.run(student, most=2)
    expect_given(endless, seen, 2, IN_ORDER)
    expect(seen.value, "closed", "close to return")
    expect_no_thread(endless, seen, "close returns")


@concurrency
def test_any_order_of_turns(student, rng):
    """Results, an exception and close come out the same, however the threads take turns."""
    items = rng.sample(range(10**6), 3)

    def expect_end(number, ended):
        def judged(outcome):
            what = "the same results, and the same end, however the threads take turns"
            expect_returned(outcome, what)
            look_at = "what one thread may change between two steps of another"
            expect(outcome.value, (items[:number], ended, "StopIteration"), what, look_at)
            expect_none_left(
                outcome.leftover_threads,
                "every thread to have ended when the iterator has",
                look_at="who waits for the threads to end",
            )

        return judged

    many_workers = {"stages": 1, "workers": 2, "buffer": 1}
    two_stages = {"stages": 2, "workers": 1, "buffer": 1, "meet": True}
    failure = remote(LookupError(items[1]))
    explore = partial(student.explore, "results_and_end")
    explore(expect_end(2, "exhausted"), schedules=400, items=items[:2], **many_workers)
    explore(expect_end(1, failure), schedules=200, items=items, fails=items[1], **two_stages)
    explore(expect_end(1, "closed"), schedules=200, items=items, most=1, **two_stages)
    expect_end(2, "exhausted")(student.play("results_and_end", meet=True, items=items[:2], **many_workers))


def expect_given(plan, seen, number, what):
    """Fails the check unless exactly the first results were handed out, in order."""
    expect_returned(seen, what, look_at="what next raises")
    expect(
        [call.args for call in seen.calls("given")],
        plan.results[:number],
        what,
        look_at="how a result finds its place, and how the end is recognised",
    )


def expect_all_given(plan, seen):
    expect_given(plan, seen, plan.items, IN_ORDER)
    expect(seen.value, "exhausted", "StopIteration after the last result")
    for stage in range(plan.stages):
        calls = [call.args for call in seen.calls(f"stage {stage}")]
        once = len(calls) == plan.items and all([value] in calls for value in plan.values[stage])
        assert once, feedback(
            "each stage to be called once for each item, with what the stage before it returned",
            f"{len(calls)} calls for {plan.items} items" if len(calls) != plan.items else "some other argument",
            look_at="what a worker hands to its stage",
            show=plan.timeline(seen),
        )


def expect_failed_at(plan, seen, number, error):
    """Fails the check unless this error came in place of the result with this number, and ended the iterator."""
    expect_given(plan, seen, number, f"the results of the {number} items before the one that fails, and no more")
    ended, afterwards = answer(seen.value, 2)
    expect(
        ended,
        remote(error),
        "the exception of the first item that fails, raised in place of its result",
        look_at="how an exception gets from the thread in which it is raised to the caller, and when",
    )
    assert same(afterwards, STOP), feedback(
        "the iterator to be at its end after the exception: every further next raises StopIteration",
        "something else came",
        look_at="what next does after an exception",
        show=plan.timeline(seen),
    )


def remote(error):
    return RemoteException(type(error).__name__, str(error), [], [])


def expect_nothing_before_the_first_next(seen):
    first_next = max(map(end_of, seen.calls("pause")), default=inf)
    early = [call for call in seen.calls("source") if call.opened < first_next]
    assert not early, feedback(
        "nothing to be taken from source before the first result is asked for",
        "source was asked",
        look_at="when threads are started",
    )


def expect_bounded(plan, seen, rest, when=""):
    """Fails the check if too many items were inside when this call came to its end: all threads were at rest then."""
    bound = plan.stages * (plan.buffer + plan.workers) + plan.buffer + 2
    taken = min(plan.items, ended_before(end_of(rest), seen.calls("source")))
    inside = taken - given_before(end_of(rest), seen)
    assert inside <= bound, feedback(
        f"at most {bound} items inside{when} ({plan.stages} stages, workers={plan.workers}, buffer={plan.buffer})",
        f"{inside} taken from source whose results have not been given",
        look_at="every place where an item can wait, and what bounds their number there",
        show=plan.timeline(seen),
    )


def end_of(call):
    """The number of the event that ended it: behind all others if it was still in progress at the end of the run."""
    return inf if call.closed is None else call.closed


def ended_before(event, calls):
    return sum(end_of(call) < event for call in calls)


def given_before(event, seen):
    """How many results had been handed out then: the one that the taker was busy with counts, too."""
    return sum(call.opened < event for call in seen.calls("given"))


def expect_no_thread(plan, seen, when):
    left = seen.leftover_threads + seen.leftover_processes
    expect_none_left(
        left,
        f"every thread to have ended when {when}",
        look_at="who waits for the threads to end, and what tells them to",
        show=plan.timeline(seen),
    )
