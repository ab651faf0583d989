"""What `RateLimiter` promises. All is in virtual time, so the only possible moment of every start is known exactly."""

from grader.evidence import OneOf, answer, concurrency, correctness, expect, expect_none_left, expect_returned, feedback

SCHEDULES = 100  # without threads they differ only in the order of equal timers
SCALES = (
    0.5,
    1,
    2,
    4,
)  # times are told in another scale each time; what follows from them is the same, and sums are exact
LOOK_AT_THE_FUTURE = "moments that are kept, and whether they can lie in the future"
STILL = ", while the wall clock stands still"


@correctness
def test_try_acquire(student, rng):
    """try_acquire says True as often as rule 1 allows, and False otherwise."""
    steps = [
        *[("ask", 1), ("clock", 4), ("ask", 4)],  # starts at 0, 4, 4
        *[("clock", 6), ("ask", 3)],  # at 10 the first one no longer counts: a start at 10
        *[("clock", 3.5), ("ask", 2), ("clock", 0.5), ("ask", 4)],  # at 14 both of 4 no longer count
        *[("clock", 500), ("ask", 5)],
    ]
    answers = [[True], said(2, 4), said(1, 3), said(0, 2), said(2, 4), said(3, 5)]
    expect_answers(
        student, rng, steps, answers, "which starts are looked at, and what is noted when the answer is False"
    )


@correctness
def test_a_clock_that_is_set_back(student, rng):
    """A wall clock that is set back frees no room, and takes none away for longer than `per`."""
    back = rng.choice((3600, 86400, 10**7))
    used_up = [("ask", 4), ("clock", -back), ("ask", 2), ("clock", 10), ("ask", 4), ("clock", 10), ("ask", 4)]
    expect_answers(student, rng, used_up, [said(3, 4), said(0, 2), said(3, 4), said(3, 4)], LOOK_AT_THE_FUTURE)
    partly = [("ask", 2), ("clock", -back), ("ask", 3), ("clock", 10), ("ask", 4)]
    expect_answers(student, rng, partly, [said(2, 2), said(1, 3), said(3, 4)], LOOK_AT_THE_FUTURE)
    a_little = [("ask", 3), ("clock", 6), ("ask", 1), ("clock", -3), ("ask", 1), ("clock", 10), ("ask", 4)]
    expect_answers(student, rng, a_little, [said(3, 3), [False], [False], said(3, 4)], LOOK_AT_THE_FUTURE)
    before_old_starts = [("ask", 3), ("clock", 30), ("ask", 3), ("clock", -30), ("ask", 1), ("clock", 10), ("ask", 4)]
    expect_answers(student, rng, before_old_starts, [said(3, 3), said(3, 3), [False], said(3, 4)], LOOK_AT_THE_FUTURE)
    twice = [("ask", 3), ("clock", -back), ("ask", 1), ("clock", -back), ("ask", 1), ("clock", 10), ("ask", 4)]
    expect_answers(student, rng, twice, [said(3, 3), [False], [False], said(3, 4)], LOOK_AT_THE_FUTURE)


@correctness
def test_arguments(student, rng):
    """Arguments without sense are refused; limiters know nothing of each other."""
    senseless = [[0, 1], [-rng.randrange(1, 9), 1], [1, 0], [1, -rng.randrange(1, 9)]]
    seen = student.run("refuse", arguments=senseless)
    expect_returned(seen, "a ValueError for arguments without sense")
    expect(
        seen.value,
        ["ValueError"] * len(senseless),
        "a ValueError if rate is below 1, or per is 0 or below (tried: rate=0, rate<0, per=0, per<0)",
        look_at="what is done with the arguments",
    )
    seen = student.run("ask_two", rate=2, per=10)
    expect_returned(seen, "an answer from each of two limiters")
    expect(
        seen.value,
        [said(2, 3)] * 2,
        "each of two limiters to count its own starts (two groups of answers, one for each)",
        look_at="where starts are kept",
    )


@concurrency
def test_never_more_than_rate(student, rng):
    """Never more than `rate` starts in any window of `per` seconds."""
    scale = rng.choice(SCALES)
    # Some come at the end of what might be a window, and as many at the beginning of the next.
    arrivals = scaled(scale, [0, 7, 7, 8, 8, 8, 8, 15, 15, 16, 16, 16, 23.5, 24, 24, 24])
    starts = expect_all_started(student.play("crowd", rate=3, per=8 * scale, arrivals=arrivals), arrivals)
    in_order = sorted(starts)
    for first, fourth in zip(in_order, in_order[3:], strict=False):
        assert fourth - first > 8 * scale - 1e-6, feedback(  # how a limiter adds up thirds is its own affair
            f"at most 3 starts in any {8 * scale:g} virtual seconds (rate=3, per={8 * scale:g})",
            f"4 from {first:g} to {fourth:g}",
            look_at="which earlier starts count when somebody wants to start",
        )


@concurrency
def test_no_lost_capacity(student, rng):
    """Everybody starts at the first possible moment, by the event loop's clock."""
    scale = rng.choice(SCALES)
    # A burst, callers that trickle in, a pause in which all room comes back, and a burst again.
    trickling = scaled(scale, [0, 0, 0, 0, 1, 9, 13, 60, 60, 60, 61, 200, 207, 207.5, 208, 209])
    crowded = scaled(scale, [2, 3, 5, 7, 7.25])
    for rate, arrivals in ((3, trickling), (1, crowded)):
        for scenario in ("crowd", "crowd_while_the_wall_clock_stands_still"):
            outcome = student.play(scenario, rate=rate, per=8 * scale, arrivals=arrivals)
            starts = expect_all_started(outcome, arrivals)
            for start, first in zip(starts, first_moments(arrivals, rate, 8 * scale), strict=True):
                assert start <= first, feedback(
                    f"a caller to start at {first:g}, the first moment that is possible (rate={rate}, "
                    f"per={8 * scale:g}; virtual seconds{STILL if scenario != 'crowd' else ''})",
                    f"it started at {start:g}",
                    look_at="from when on there is room, and who is told so",
                )
                assert start == first, feedback(
                    f"nobody to start before there is room (rate={rate}, per={8 * scale:g}; virtual seconds"
                    f"{STILL if scenario != 'crowd' else ''})",
                    f"a caller started at {start:g} that could not before {first:g}",
                    look_at="how long a caller waits",
                )


@concurrency
def test_first_come_first_served(student, rng):
    """First come, first served, also if somebody comes at the moment when there is room."""
    scale = rng.choice(SCALES)
    arrivals = scaled(scale, [0, 0, 1, 2, 3, 4, 5, 8, 16, 16, 24])

    def judged(outcome):
        starts = expect_all_started(outcome, arrivals)
        for later in range(1, len(starts)):
            earlier = max(range(later), key=starts.__getitem__)
            assert starts[earlier] <= starts[later], feedback(
                "nobody to start before somebody who came earlier",
                f"the one that came at {arrivals[later]:g} started at {starts[later]:g}, "
                f"the one that came at {arrivals[earlier]:g} at {starts[earlier]:g} (virtual seconds)",
                look_at="who may take the room that has become free",
            )

    student.explore("crowd", judged, SCHEDULES, rate=2, per=8 * scale, arrivals=arrivals)


@concurrency
def test_a_cancelled_call_counts_for_nothing(student, rng):
    """A call that is cancelled counts for nothing."""
    scale = rng.choice(SCALES)
    plans = (
        ([0, 1, 2, 3, 4], [(1, 4)]),  # the first in line
        ([0, 1, 2, 3, 4], [(2, 3), (3, 3.5)]),  # two in the middle
        ([0, 1, 2, 3, 4], [(1, 8)]),  # the first in line, at the moment at which it could start
        ([0, 1, 2, 30, 31], [(1, 5), (2, 6)]),  # all in line
    )
    for arrivals, cancelled in plans:
        when = scaled(scale, arrivals)
        pairs = [[caller, moment * scale] for caller, moment in cancelled]

        def judged(outcome, when=when, pairs=pairs):
            starts, ended = expect_callers(outcome, when)
            for caller, moment in pairs:
                could_start = starts[caller] == moment  # it may have been a bit quicker
                assert could_start or ended[caller] == f"cancelled at {moment:g}", feedback(
                    f"CancelledError from a call that is cancelled while it waits, at once (at {moment:g})",
                    f"it {ended[caller]}",
                    look_at="what happens to a CancelledError",
                )
            left = [caller for caller in range(len(when)) if ended[caller] != "waiting" and starts[caller] is not None]
            possible = first_moments([when[caller] for caller in left], 1, 8 * scale)
            assert len(left) + len([pair for pair in pairs if starts[pair[0]] is None]) == len(when), feedback(
                "everybody to start who was not cancelled", "somebody did not", look_at="who wakes those that wait"
            )
            for caller, first in zip(left, possible, strict=True):
                assert starts[caller] == first, feedback(
                    f"a caller to start at {first:g}, as if a call that was cancelled had never been made (rate=1, "
                    f"per={8 * scale:g}, virtual seconds)",
                    f"it started at {starts[caller]:g}",
                    look_at="what a call leaves behind when it is cancelled",
                )

        student.explore("crowd", judged, SCHEDULES, rate=1, per=8 * scale, arrivals=when, cancelled=pairs)


@concurrency
def test_waiting_blocks_nobody(student, rng):
    """While callers wait, the event loop goes on; afterwards nothing is left."""
    scale = rng.choice(SCALES)
    arrivals = scaled(scale, [0, 1, 2])
    outcome = student.play("crowd", rate=1, per=8 * scale, arrivals=arrivals)
    expect_all_started(outcome, arrivals)
    assert not outcome.blocked, feedback(
        "the event loop to go on while callers wait",
        f"it was blocked, in {outcome.blocked[0]}",
        look_at="calls that wait without `await`",
    )
    expect_none_left(
        outcome.leftover_tasks,
        "no task left when no call is waiting",
        look_at="tasks that the limiter has made",
    )


def said(yes, number):
    """So many answers, of which the first are True."""
    return [True] * yes + [False] * (number - yes)


def scaled(scale, moments):
    return [float(moment * scale) for moment in moments]


def first_moments(arrivals, rate, per):
    """When each caller starts: when it has come, the one before has started, and there is room."""
    starts = []
    for arrival in arrivals:
        room = starts[-rate] + per if len(starts) >= rate else 0.0
        starts.append(max([arrival, room, *starts[-1:]]))
    return starts


def expect_answers(student, rng, steps, answers, look_at):
    """Fails the check unless `try_acquire` gives these answers, a group for each step that asks. rate=3, per=10."""
    scale = rng.choice(SCALES)
    steps = [[what, number if what == "ask" else number * scale] for what, number in steps]
    seen = student.run("ask", rate=3, per=10 * scale, steps=steps)
    expect_returned(seen, "an answer from try_acquire()")
    groups = answer(seen.value, len(answers))
    for number, (got, wanted) in enumerate(zip(groups, answers, strict=True)):
        expect(
            got,
            wanted,
            f"{wanted.count(True)} times True, and then False, from try_acquire() called {len(wanted)} times "
            f"{situation(steps, number)} (rate=3, per={10 * scale:g})",
            look_at,
        )


def situation(steps, number):
    """What was done with the clock before this group of answers, in words."""
    asked = [place for place, (what, _) in enumerate(steps) if what == "ask"]
    moves = [amount for what, amount in steps[: asked[number]] if what == "clock"]
    if all(amount > 0 for amount in moves):
        return "while the clock goes on as it should"
    return "right after the clock was set back" if moves[-1] < 0 else "after the clock was set back and went on"


def expect_callers(outcome, arrivals):
    """When each caller started, or None, and how its call ended. Fails the check if the scenario raised."""
    expect_returned(outcome, "every caller to start")
    number = len(arrivals)
    return answer(outcome.value, ((OneOf(float, None),) * number, (str,) * number))


def expect_all_started(outcome, arrivals):
    """When each caller started. Fails the check unless all of them did."""
    starts, _ = expect_callers(outcome, arrivals)
    assert None not in starts, feedback(
        "every caller to start", "somebody did not", look_at="who wakes those that wait"
    )
    return starts
