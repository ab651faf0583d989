"""What `payment_task` promises. The payment service is the judge's; its answers last a second of virtual time each."""

from collections import defaultdict
from functools import partial

from hypothesis import strategies as st

from grader.evidence import (
    TaskQueue,
    answer,
    concurrency,
    correctness,
    expect,
    expect_returned,
    feedback,
    shown,
)
from grader.evidence.drawn import for_all

LONGEST_WAIT = 60
TRIES = 5  # where nothing is said

# What the service does when it is asked.
PAYS = "gives a receipt"
FAILS = "raises a ConnectionError"
BOOKS_AND_FAILS = "books it and raises a ConnectionError"
DIES = "is asked by a worker that is killed then"
BOOKS_AND_DIES = "books it, and the worker is killed then"
REFUSES = "raises another exception"
FAILING, DYING = (FAILS, BOOKS_AND_FAILS), (DIES, BOOKS_AND_DIES)
CONNECTION_ERRORS = (ConnectionError, ConnectionResetError, ConnectionRefusedError, BrokenPipeError)
OTHER_ERRORS = (ValueError, OSError, TimeoutError, KeyError, RuntimeError, NotImplementedError, StopIteration)

OUTCOME = (str, object, str, str)  # state, value, type and text of an error

# Where to look
KEYS = "what the key is made of"
COUNTING = "how tries are counted, and when it is over"
WAITING = "how the next try is asked for, and after how long"
DYING_AT = "when the message is acknowledged"
ERRORS = "which exceptions are tried again"


class Service:
    """Books each key once. What it does for an order, one call after the other, `deeds` say; then it pays.

    `refusals`: by order, what it raises where that is no ConnectionError, and no ValueError either.
    """

    def __init__(self, deeds=None, refusals=None):
        self._deeds = {order: iter(those) for order, those in (deeds or {}).items()}
        self._refusals = refusals or {}
        self.calls = []  # key, order, cents, and what was done
        self.receipts = {}  # by key
        self.raised = {}  # what an order has met with last

    def charge(self, key, order, cents):
        deed = next(self._deeds.get(order, iter(())), PAYS)
        self.calls.append((key, order, cents, deed))
        if deed in (PAYS, BOOKS_AND_FAILS, BOOKS_AND_DIES):
            self.receipts.setdefault(key, f"receipt {len(self.receipts) + 1}")
        if deed in DYING:
            return None
        if deed == PAYS:
            return self.receipts[key]
        failure = CONNECTION_ERRORS[len(self.calls) % len(CONNECTION_ERRORS)]
        kind = self._refusals.get(order, ValueError) if deed == REFUSES else failure
        self.raised[order] = kind(f"trouble {len(self.calls)}")
        return self.raised[order]


def paid(student, service, messages, workers, tries=None):
    """What was seen, and the outcomes of all messages."""
    calls = TaskQueue({"charge": service.charge, "begins": lambda: None}, lasts={"charge": 1})
    seen = student.run("pay", messages=messages, workers=workers, tries=tries, calls=calls)
    expect_returned(seen, "payment_task to make a task, and its messages to be sent")
    outcomes = answer(seen.value, (OUTCOME,) * len(messages))
    (begins,) = seen.calls("begins")
    at_home = sum(call.pid == begins.pid for call in seen.calls("charge"))
    promise = "`charge` to be called by workers only"
    assert not at_home, feedback(promise, f"{at_home} calls by who sends the messages", "who carries the task out")
    return seen, outcomes


def deeds_until_the_end(deeds, tries):
    """How much of it is used: until it pays, refuses, or was tried for the last time."""
    used, failed = [], 0
    for deed in [*deeds, PAYS]:
        used.append(deed)
        failed += deed in FAILING
        if deed in (PAYS, REFUSES) or failed == tries:
            break
    return used


def waits_of(used, tries):
    """One after each failure but the last that there may be."""
    failures = sum(deed in FAILING for deed in used)
    return [min(2**n, LONGEST_WAIT) for n in range(min(failures, tries - 1))]


def expect_paid(student, plan, look_at=COUNTING):
    """`plan`: by order what the service does when it is asked; workers; tries, None where nothing is said."""
    deeds, workers, tries = plan["deeds"], plan["workers"], plan["tries"]
    service = Service(deeds, plan.get("refusals"))
    messages = [[order, 100 + n] for n, order in enumerate(deeds)]
    seen, outcomes = paid(student, service, messages, workers, tries)
    used = {order: deeds_until_the_end(those, tries or TRIES) for order, those in deeds.items()}
    for (order, cents), outcome in zip(messages, outcomes, strict=True):
        calls = [call for call in service.calls if call[1] == order]
        told = _story(used[order], workers, tries or TRIES)
        expect_calls(calls, cents, len(used[order]), told, look_at)
        expect_outcome(outcome, service, calls[-1], told)
    return seen, service


def waits(seen):
    return [seconds for (seconds,) in answer([call.args for call in seen.calls("later")], [(float,)])]


def expect_waits(seen, plan):
    tries = plan["tries"] or TRIES
    used = [deeds_until_the_end(deeds, tries) for deeds in plan["deeds"].values()]
    wanted = sorted(wait for those in used for wait in waits_of(those, tries))
    got = sorted(waits(seen))
    right = len(got) == len(wanted) and all(abs(one - other) < 1e-3 for one, other in zip(got, wanted, strict=True))
    told = "; ".join(_story(those, plan["workers"], tries) for those in used)
    assert right, feedback(f"tasks to wait for {_seconds(wanted)}, {told}", f"for {_seconds(got)}", WAITING)


def expect_calls(calls, cents, number, told, look_at):
    assert len(calls) == number, feedback(f"{number} calls of charge for an order, {told}", f"{len(calls)}", look_at)
    promise = "charge(key, order, cents), with what the task was called with"
    wrong = [call for call in calls if call[2] != cents]
    assert not wrong, feedback(promise, f"another amount, {told}", "what charge is called with")
    keys = {call[0] for call in expect_texts(calls)}
    promise = f"one key in all calls for one order, {told}"
    assert len(keys) == 1, feedback(promise, f"{len(keys)} keys", KEYS)


def expect_texts(calls):
    fit = all(type(key) is str and len(key) <= 100 for key, *_ in calls)
    assert fit, feedback("keys that are texts of at most 100 characters", "others", KEYS)
    return calls


def expect_outcome(outcome, service, last, told):
    """Of the last call."""
    key, order, _, deed = last
    if deed == PAYS:
        expect(outcome[:2], ["SUCCESS", service.receipts[key]], f"the receipt as the task's result, {told}", ERRORS)
        return
    raised = service.raised[order]
    promise = f"the task to fail with the exception of its last try, {told}"
    assert outcome[0] == "FAILURE", feedback(promise, f"its state is {shown(outcome[0])}", COUNTING)
    expect(outcome[2], type(raised).__name__, promise, ERRORS)
    (text,) = raised.args
    assert text in outcome[3], feedback(f"{promise}, and its text", "another text", ERRORS)  # a KeyError quotes it


def _seconds(numbers):
    return ", ".join(f"{number:g} s" for number in numbers) or "nothing"


def _story(used, workers, tries):
    deeds = ", then ".join(used)
    return f"where the service {deeds} (tries={tries}, {workers} worker{'s' * (workers > 1)})"


# ------------------------------------------------------------------ checks


@correctness
def test_receipts(student, rng):
    """The result of the task is the receipt."""
    for workers, number in ((1, 1), (rng.randrange(2, 4), rng.randrange(4, 8))):
        deeds = {f"order {n} of {rng.randrange(1000)}": [] for n in range(number)}
        expect_paid(student, {"deeds": deeds, "workers": workers, "tries": None})


# Orders that careless keys take for one.
ALIKE = [
    *("a", "A", "a ", " a", "a\n", "", " ", "ä", "a\u0308", "ß", "ss", "1", "01", "1.0", "order", "order:", "order:1"),
    *(
        "Order",
        "order ",
        "x" * 79 + "1",
        "x" * 79 + "2",
        "2" + "x" * 79,
        "a\x00b",
        "a\x00c",
        "\N{SNOWMAN}" * 80,
        "a/b",
        "a_b",
        "None",
    ),
]


@correctness
def test_keys(student, rng):
    """Each order has a key of its own, whoever asks and however often."""
    orders = rng.sample(ALIKE, len(ALIKE))
    messages = [[order, 100 + n] for n, order in enumerate(orders)]
    again = rng.sample(messages, 4)
    service = Service()
    _, outcomes = paid(student, service, messages + again, workers=2)
    keys = defaultdict(set)
    for key, order, *_ in expect_texts(service.calls):
        keys[order].add(key)
    for order in orders:
        several = len(keys[order])
        assert several == 1, feedback("one key for each order, in all its messages", f"{several}", KEYS)
    distinct = {key for (key,) in keys.values()}
    promise = f"{len(orders)} keys for {len(orders)} orders whose texts differ"
    assert len(distinct) == len(orders), feedback(promise, f"{len(distinct)}", KEYS)
    states = [outcome[:2] for outcome in outcomes]
    wanted = [["SUCCESS", service.receipts[next(iter(keys[order]))]] for order, _ in messages + again]
    expect(states, wanted, "the same receipt for each message about an order")


@correctness(depends_on="test_receipts")
def test_the_last_error(student, rng):
    """After the last try the task fails with its error."""
    for tries in (1, rng.randrange(2, 5), None):
        failing = [rng.choice(FAILING) for _ in range(9)]
        expect_paid(student, {"deeds": {"order": failing}, "workers": 1, "tries": tries})


@correctness(depends_on="test_receipts")
def test_other_errors(student, rng):
    """Any other exception is final."""
    kinds = {f"order {n}": kind for n, kind in enumerate(rng.sample(OTHER_ERRORS, 4))}
    deeds = {order: [*[rng.choice(FAILING)] * (n % 2), REFUSES] for n, order in enumerate(kinds)}
    expect_paid(student, {"deeds": deeds, "workers": 2, "tries": 4, "refusals": kinds}, look_at=ERRORS)


@concurrency(depends_on="test_receipts")
def test_backoff(student, rng):
    """Each wait is twice as long as the one before, up to a minute."""
    tries = rng.randrange(8, 10)
    failing = [rng.choice(FAILING) for _ in range(tries - rng.randrange(2))]
    plan = {"deeds": {"order": failing}, "workers": 1, "tries": tries}
    seen, _ = expect_paid(student, plan, look_at=WAITING)
    expect_waits(seen, plan)
    got = waits(seen)
    expect(got, sorted(got), "each wait to be as long as the one before, or longer", WAITING)


@concurrency(depends_on="test_receipts")
def test_nobody_is_held_up(student, rng):
    """While a task waits, its worker carries out others."""
    first, second = "order 1", "order 2"
    deeds = {first: [rng.choice(FAILING)] * rng.randrange(1, 3), second: []}
    _, service = expect_paid(student, {"deeds": deeds, "workers": 1, "tries": None}, look_at=WAITING)
    orders = [order for _, order, *_ in service.calls]
    promise = "a worker that carries out the next task while the first one waits for its second try"
    assert orders[:2] == [first, second], feedback(promise, "it was the first one's second try that came next", WAITING)


@concurrency(depends_on="test_receipts")
def test_workers_that_die(student, rng):
    """A task whose worker is killed is carried out by another one."""
    dies = iter(rng.choices(DYING, k=9))
    fails = iter(rng.choices(FAILING, k=9))
    for workers in (1, 2):
        troubles = [
            [next(dies) for _ in range(rng.randrange(1, 3))],
            [next(fails), next(dies), next(fails), next(fails), PAYS],
            [next(dies), next(fails), PAYS],
        ]
        deeds = {f"order {n}": those for n, those in enumerate(troubles)}
        plan = {"deeds": deeds, "workers": workers, "tries": 3}
        seen, _ = expect_paid(student, plan, look_at=DYING_AT)
        expect_waits(seen, plan)


DEEDS = st.sampled_from([PAYS, FAILS, FAILS, BOOKS_AND_FAILS, BOOKS_AND_FAILS, DIES, BOOKS_AND_DIES, REFUSES])
A_DEATH_AMONG_FAILURES = st.permutations([FAILS, DIES, BOOKS_AND_FAILS, FAILS])
PLANS = st.fixed_dictionaries(
    {
        "deeds": st.dictionaries(
            st.sampled_from(["order 1", "order 2", "order 3"]), st.lists(DEEDS, max_size=5) | A_DEATH_AMONG_FAILURES
        ),
        "workers": st.integers(1, 3),
        "tries": st.sampled_from([None, None, 1, 2, 3, 4]),
    }
)


@concurrency(depends_on="test_receipts")
def test_plans(student, rng):
    """Whatever happens, each order is booked once, and ends as the statement says."""
    first = {"deeds": {"order 1": [FAILS, FAILS, DIES, FAILS]}, "workers": 1, "tries": None}
    for_all(student, rng, PLANS, partial(expect_booked_once, student), examples=16, first=[first])


def expect_booked_once(student, plan):
    seen, service = expect_paid(student, plan, look_at="what becomes of a try whose worker has died")
    expect_waits(seen, plan)
    booked = len(service.receipts)
    assert booked <= len(plan["deeds"]), feedback("each order booked once", f"{booked} bookings", KEYS)
