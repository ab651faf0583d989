"""What `Counter` promises. Threads share a counter under every schedule that is tried, and the plan gives the sums."""

from itertools import accumulate, pairwise, product

from grader.evidence import answer, concurrency, correctness, expect, expect_returned, feedback

IN_THE_END = "in the end the sum of all that was counted"
WHERE = "everything that happens between reading the old value and storing the new one"
READS = 2

# For one thread two steps, for another one a step, so that every value along the way tells who has done how much.
# Values in the middle of a step are not among them. All numbers are small, because somebody may count one by one.
TELLING = [((4, -2), (7,)), ((3, -2), (7,)), ((3, -2), (8,)), ((4, -2), (9,))]


@correctness
def test_counts_up_and_down(student, rng):
    """One thread counts: from 0, up and down, by any number or by 1."""
    steps = [None, rng.randrange(2, 50), -rng.randrange(60, 99), None, rng.randrange(2, 50), -1]
    values = list(accumulate((1 if step is None else step for step in steps), initial=0))
    seen = student.play("one_thread", steps=steps)
    promise = "the values 0 at first and then the sum of what was counted, after each call"
    expect_returned(seen, promise)
    expect(seen.value, values, promise, look_at="increment and decrement with and without a number")
    seen = student.play("odd_numbers", number=(number := rng.randrange(2, 50)))
    promise = "the sum of what was counted, also with zero and with negative numbers"
    expect_returned(seen, promise)
    expect(seen.value, number - 2, promise, look_at="increment and decrement with zero and with negative numbers")


@correctness
def test_counters_are_independent(student, rng):
    """Two counters know nothing of each other."""
    steps = rng.sample(range(1, 50), 4)
    seen = student.play("two_counters", steps=steps)
    promise = "each of two counters to have its own value, and a third one, just made, 0"
    expect_returned(seen, promise)
    values = [steps[0] + steps[2], steps[1] + steps[3], 0]
    expect(seen.value, values, promise, look_at="to whom the value belongs: to the counter or to its class")


@concurrency
def test_no_increment_is_lost(student, rng):
    """Several threads increment, and no update is lost."""
    first, second, *others = rng.sample(range(1, 6), 4)
    expect_sum(student, [[first, second], *([n] for n in others)])


@concurrency
def test_no_update_is_lost_in_either_direction(student, rng):
    """Some threads increment while others decrement, and no update is lost."""
    up, (down, further_down) = rng.randrange(4, 7), rng.sample((1, 2), 2)
    expect_sum(student, [[up], [-down], [-further_down]])
    expect_sum(student, [[up, down], [-further_down]])


@concurrency
def test_value_at_any_time(student, rng):
    """Whoever reads while others count sees every update as a whole, or not at all, and never an old value again."""
    plans = [list(plan) for plan in rng.choice(TELLING)]
    rng.shuffle(plans)
    done_when = {sum(sums): done for done, sums in progress(plans)}

    def judged(outcome):
        reads, own, last = answer(outcome.value, (READS, len(plans), object))
        for value in [*reads, *own]:
            assert type(value) is int and value in done_when, feedback(
                "at any time a value that is the sum of whole updates",
                f"{value!r:.40}, which no order of whole updates gives",
                look_at="what another thread may do while one is in the middle of an update, or of reading",
            )
        for earlier, later in pairwise(done_when[value] for value in reads):
            assert all(a <= b for a, b in zip(earlier, later, strict=True)), feedback(
                "an update that was once seen in the value to be in it when the value is read again",
                "a value without it",
                look_at="how up to date the value is that a reader gets",
            )
        for thread, value in enumerate(own):
            assert done_when[value][thread] == len(plans[thread]), feedback(
                "a thread that has counted to find all of its own updates in the value",
                "a value without some of them",
                look_at="what has happened, and what has not, when increment returns",
            )
        expect(last, sum(map(sum, plans)), IN_THE_END, look_at=WHERE)

    student.explore("with_reader", judged, plans=plans, reads=READS)


def expect_sum(student, plans):
    """Fails the check unless the counter is at the sum of all plans in the end, in every schedule."""

    def judged(outcome):
        expect(outcome.value, sum(map(sum, plans)), IN_THE_END, look_at=WHERE)

    student.explore("several_threads", judged, plans=plans)


def progress(plans):
    """How many steps each thread may have done, with the sums of these steps."""
    for done in product(*(range(len(plan) + 1) for plan in plans)):
        yield done, [sum(plan[:steps]) for plan, steps in zip(plans, done, strict=True)]
