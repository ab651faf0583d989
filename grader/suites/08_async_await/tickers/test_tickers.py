"""What `run_tickers` promises. Emits last as long as the judge says, in virtual time, so every moment is exact."""

from dataclasses import dataclass

from grader.evidence import (
    OneOf,
    answer,
    concurrency,
    correctness,
    expect,
    expect_none_left,
    expect_returned,
    feedback,
    same,
)

SCHEDULES = 100  # without threads they differ only in how long emits last, and in the order of equal timers
SCALES = (0.5, 1, 2)  # times are told in another scale each time; what follows from them is the same, sums are exact
SLEEPING = "how long a ticker sleeps before each tick"
TOGETHER = "what a ticker has to wait for, and who runs it"

# What scenarios tell.
EMITS = [(object, object, float, OneOf(float, None), str)]  # see Emit; its name and number have been with the student
TICKED = (EMITS, float, object)  # when the call returned, and what
FAILED = (EMITS, float, str)  # when the call ended, and what it raised
CANCELLED = (EMITS, float, float, str)  # when the call was cancelled, when it ended, and how


@dataclass(frozen=True)
class Emit:
    """One call of `emit` as the scenario recorded it. Times in virtual seconds."""

    name: str
    n: int
    began: float
    ended: float | None
    how: str


@correctness
def test_every_tick_in_order(student, rng):
    """Every tick once, counted from 1 and in order."""
    specs = some_specs(rng, 3)
    for lasts in (0, 2 * max(period for _, period, _ in specs)):
        outcome = student.play("tick", specs=specs, lasts={name: [lasts] for name, _, _ in specs})
        expect_ticks(outcome, specs)


@correctness
def test_arguments(student, rng):
    """Any iterable, no tickers at all, tickers without ticks, tickers with the same name."""
    specs = some_specs(rng, 2)
    lasts = {name: [0] for name, _, _ in specs}
    seen = student.play("tick_from_iterator", specs=specs, lasts=lasts)
    expect_ticks(seen, specs, "when `specs` is an iterator")
    idle = [[name, period, 0] for name, period, _ in some_specs(rng, 2)]
    for nobody, when in (([], "when `specs` is empty"), (idle, "when `ticks` is 0 for every ticker")):
        seen = student.play("tick", specs=nobody, lasts={name: [0] for name, _, _ in nobody})
        expect_ticks(seen, nobody, when)
        expect(seen.value[1], 0.0, f"the call to return at once {when}", look_at="what the call waits for")
    twins = [[specs[0][0], 3, 2], [specs[0][0], 5, 1]]
    seen = student.play("tick", specs=twins, lasts=lasts)
    emits = expect_record(seen, "every tick of two tickers that have the same name")
    expect(
        [(emit.n, emit.began) for emit in emits],
        [(1, 3.0), (1, 5.0), (2, 6.0)],
        "every tick of two tickers that have the same name",
        look_at="what tickers are told apart by",
    )


@correctness
def test_an_error_ends_everything(student, rng):
    """An error cancels all tickers and is raised."""
    scale = rng.choice(SCALES)
    # The failing emit ends at 22, while `busy` is in the middle of one (from 4 on) and `idle` waits for its first.
    plan = {
        "specs": [["failing", 10 * scale, 9], ["busy", 4 * scale, 9], ["idle", 70 * scale, 3]],
        "lasts": {"failing": [2 * scale], "busy": [1000 * scale], "idle": [1]},
        "failing": ["failing", 2],
        "clean_up": 3 * scale,
    }

    def judged(outcome):
        emits = expect_record(outcome, "the exception of an `emit` to be raised", FAILED)
        failed = [emit.ended for emit in emits if emit.how == "failed" and emit.ended is not None]
        assert len(failed) == 1, feedback(
            "ticks until an `emit` raises", "none did", look_at="what happens between two ticks"
        )
        expect(
            outcome.value[2],
            "the error",
            "the exception that an `emit` raised, by itself or inside an ExceptionGroup",
            look_at="who awaits the ticker that failed",
        )
        expect_cancelled(outcome, emits, failed[0], "an `emit` raised")

    student.explore("fail", judged, SCHEDULES, **plan)


@correctness
def test_cancelling_the_call(student, rng):
    """Cancelling the call cancels all tickers, and nothing is left behind."""
    scale = rng.choice(SCALES)
    # At 3 two tickers are in the middle of an emit, and a third has not begun.
    plan = {
        "specs": [["busy", 0.75 * scale, 9], ["slow", 1.75 * scale, 9], ["idle", 125 * scale, 2]],
        "lasts": {"busy": [75 * scale], "slow": [75 * scale], "idle": [1]},
        "after": 3 * scale,
        "clean_up": 0.75 * scale,
    }

    def judged(outcome):
        emits = expect_record(outcome, "CancelledError from a call that was cancelled", CANCELLED)
        _, cancelled, _, how = outcome.value
        expect_cancelled(outcome, emits, cancelled, "the call was cancelled")
        expect(
            how,
            "cancelled",
            "CancelledError from a call that was cancelled",
            look_at="what happens to a CancelledError after it was caught",
        )

    student.explore("cancel", judged, SCHEDULES, **plan)


@concurrency
def test_all_tick_at_the_same_time(student, rng):
    """All tickers tick at the same time, each on time."""
    specs = some_specs(rng, 3)
    outcome = student.play("tick", specs=specs, lasts={name: [0] for name, _, _ in specs})
    expect_on_time(expect_ticks(outcome, specs), specs, TOGETHER)


@concurrency
def test_no_drift(student, rng):
    """How long an emit takes does not change when later ticks are due."""
    specs = some_specs(rng, 3)
    # Time enough for each emit in the plain schedule; in the others some take longer, and ticks are late.
    lasts = {name: [period / 4] for name, period, _ in specs}

    def judged(outcome):
        expect_on_time(expect_ticks(outcome, specs), specs, SLEEPING)

    student.explore("tick", judged, SCHEDULES, specs=specs, lasts=lasts)


@concurrency
def test_late_ticks(student, rng):
    """A late tick begins when the emit before it ends, and holds up nobody else."""
    scale = rng.choice(SCALES)
    # The first emit of `slow` makes its ticks 2 and 3 late; with tick 4 it has caught up.
    specs = [["slow", 2 * scale, 6], ["quick", 3 * scale, 9]]
    lasts = {"slow": [5 * scale, *[scale / 4] * 5], "quick": [scale / 4]}

    def judged(outcome):
        expect_on_time(expect_ticks(outcome, specs), specs, "what happens to a tick that is due during an emit")

    student.explore("tick", judged, SCHEDULES, specs=specs, lasts=lasts)


@concurrency
def test_ends_with_the_last_emit(student, rng):
    """The call ends when the last emit has ended."""
    specs = some_specs(rng, 3)
    lasts = {name: [period / 2] for name, period, _ in specs}
    promise = "the call to return the moment the last emit of all has ended"

    def judged(outcome):
        emits = expect_record(outcome, promise)
        returned = outcome.value[1]
        running = sum(emit.how != "ended" or emit.ended is None for emit in emits)
        due = sum(ticks for _, _, ticks in specs)
        assert len(emits) >= due and not running, feedback(
            promise,
            f"it returned at {moment(returned)}; {len(emits)} of {due} emits had begun, {running} had not ended",
            look_at="who waits for the tickers",
        )
        last = max(emit.ended for emit in emits)
        assert at(returned, last), feedback(
            f"{promise} (at {moment(last)})",
            f"it returned at {moment(returned)}",
            look_at="what a ticker still does after its last tick",
        )

    student.explore("tick", judged, SCHEDULES, specs=specs, lasts=lasts)


@concurrency
def test_the_event_loop_is_never_blocked(student, rng):
    """Waiting never blocks the event loop."""
    specs = some_specs(rng, 2)
    outcome = student.play("tick", specs=specs, lasts={name: [0] for name, _, _ in specs})
    expect_ticks(outcome, specs)
    assert not outcome.blocked, feedback(
        "the event loop to go on while tickers wait",
        f"it was blocked, in {outcome.blocked[0]}",
        look_at="calls that wait without `await`",
    )


def some_specs(rng, number):
    """Tickers with different names and periods, the one that ends last first. Sums of these periods are exact."""
    names = rng.sample(["sensor", "heartbeat", "backup", "poll", "clock"], number)
    rhythms = [(5.75, 4), (2.25, 3), (3.5, 5)]
    scale = rng.choice(SCALES)
    return [[name, period * scale, ticks] for name, (period, ticks) in zip(names, rhythms[:number], strict=True)]


def expect_record(outcome, promise, shape=TICKED):
    """The emits, in the order in which they began. Fails the check if the scenario raised."""
    expect_returned(outcome, promise)
    record, *_ = answer(outcome.value, shape)
    return [Emit(*entry) for entry in record]


def expect_ticks(outcome, specs, when=""):
    """Fails the check unless each ticker had all its ticks, in order, and the call returned None. Returns the emits."""
    promise = f"every tick of every ticker, once and in order {when}".strip()
    emits = expect_record(outcome, promise)
    for name, _, ticks in specs:
        expect(
            [emit.n for emit in emits if same(emit.name, name)],
            list(range(1, ticks + 1)),
            f"{promise} (here those of a ticker with ticks={ticks})",
            look_at="the loop of a ticker: where it begins to count, and where it ends",
        )
    expect(len(emits), sum(ticks for _, _, ticks in specs), f"{promise}, and no others", look_at="what is emitted")
    expect(outcome.value[2], None, "the call to return None", look_at="what the call returns")
    return emits


def expect_on_time(emits, specs, look_at):
    """Fails the check unless every emit began when its tick was due, or else when the one before it ended."""
    for name, period, _ in specs:
        free = 0.0
        for emit in (emit for emit in emits if same(emit.name, name)):
            due = float(emit.n * period)
            why = "when it was due" if due >= free else f"when the emit before it ended (it was due at {moment(due)})"
            assert emit.ended is not None and at(emit.began, max(due, free)), feedback(
                f"tick {emit.n} of a ticker with period {period} to begin at {moment(max(due, free))}, {why}",
                f"it began at {moment(emit.began)}",
                look_at=look_at,
            )
            free = emit.ended


def expect_cancelled(outcome, emits, when, occasion):
    """Fails the check unless what was in progress was cancelled at that moment, and nothing began later or is left."""
    assert any(emit.how in ("in progress", "cancelled") for emit in emits), feedback(
        f"an emit in progress when {occasion}", "none was", look_at=TOGETHER
    )
    expect_none_left(
        outcome.leftover_tasks,
        f"every task to have ended when the call ends (this time {occasion})",
        look_at="who waits until the tickers have ended",
    )
    for emit in emits:
        assert emit.began <= when or at(emit.began, when), feedback(
            f"no emit after {occasion} at {moment(when)}",
            f"one began at {moment(emit.began)}",
            look_at="who tells the other tickers to end",
        )
        assert emit.how in ("ended", "failed") or (emit.how == "cancelled" and at(emit.ended, when)), feedback(
            f"what was in progress to be cancelled when {occasion}, at {moment(when)}",
            f"an emit was cancelled at {moment(emit.ended)}"
            if emit.how == "cancelled"
            else "an emit was not cancelled",
            look_at="who tells the other tickers to end",
        )


def at(left, right):
    """Whether these are the same moment: what is added up in another order may be rounded in another way."""
    return type(left) is type(right) is float and abs(left - right) < 1e-6


def moment(seconds):
    return f"{seconds:g} virtual seconds" if type(seconds) is float else "no moment at all"
