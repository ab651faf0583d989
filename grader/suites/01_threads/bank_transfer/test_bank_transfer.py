"""What `Bank` promises. Threads share a bank under every schedule that is tried, around a book that is ours."""

from itertools import chain, repeat

from grader.evidence import (
    RemoteException,
    VirtualTime,
    answer,
    concurrency,
    correctness,
    expect,
    expect_returned,
    feedback,
)

LONG = 100  # virtual seconds for one access to a slow account
ACCESSES = 12  # no transfer reads and writes its two accounts more often than that
SCHEDULES = 400  # a transfer has many steps, but what goes wrong does so with one or two unlucky switches
CAME_TO = (object, object)  # what calls came to, and the book
# Of each thread what its transfers came to; the totals that were seen, the book, the lowest balance.
AT_ONCE = (list, object, object, object)
EVERY_ONE_COUNTS = "a book in which every transfer counts once"
TRANSFERS = "True for each transfer that the account can pay, also with its last money, and False for others"


@correctness
def test_transfers(student, rng):
    """One thread moves money, looks up balances and the total; what others pay in counts, too."""
    first, second, third = rng.sample(range(100, 1000), 3)
    paid_in = rng.randrange(1, 100)
    steps = [
        ("total",),
        ("transfer", "ann", "bob", first + 1),
        ("transfer", "ann", "bob", first),
        ("balance", "ann"),
        ("balance", "bob"),
        ("transfer", "ann", "zoe", 1),
        ("pay in", "ann", paid_in),
        ("balance", "ann"),
        ("total",),
        ("transfer", "ann", "zoe", paid_in),
        ("transfer", "zoe", "bob", third + 1),
        ("total",),
    ]
    total = first + second + third
    wanted = [total, False, True, 0, first + second, False, paid_in, total + paid_in, True, True, total + paid_in]
    seen = student.play("one_thread", balances={"zoe": third, "ann": first, "bob": second}, steps=steps)
    expect_returned(seen, TRANSFERS)
    results, book = answer(seen.value, CAME_TO)
    look_at = "what a transfer compares and changes, and where balance and total look it up"
    promise = f"{TRANSFERS}; balances and total as they are in the book, in which others have paid something in"
    expect(results, wanted, promise, look_at)
    rest = {"zoe": paid_in - 1, "ann": 0, "bob": first + second + third + 1}
    expect(book, rest, "the book to hold what is left on each account", look_at)


@correctness
def test_errors_change_nothing(student, rng):
    """An unknown account or an amount below 1 raises, no money moves, and the bank works on."""
    money = rng.randrange(100, 200)
    wrong = [
        (("transfer", "ann", "yves", 1), "KeyError"),
        (("transfer", "yves", "ann", 1), "KeyError"),
        (("transfer", "zoe", "carl", 1), "KeyError"),
        (("transfer", "carl", "zoe", 1), "KeyError"),
        (("balance", "yves"), "KeyError"),
        (("transfer", "ann", "zoe", 0), "ValueError"),
        (("transfer", "zoe", "ann", -rng.randrange(1, 50)), "ValueError"),
    ]
    right = [("transfer", "ann", "zoe", 1), ("transfer", "zoe", "ann", 1), ("total",)]
    steps = [step for call, _ in wrong for step in (call, *right)]
    seen = student.play("one_thread", balances={"zoe": money, "ann": money}, steps=steps)
    results, book = answer(seen.value, (len(steps), object))
    look_at = "every way on which a transfer can end"
    for n, (call, error) in enumerate(wrong):
        what = "an unknown account" if error == "KeyError" else "an amount below 1"
        raised, *after = results[4 * n : 4 * n + 4]
        assert type(raised) is RemoteException and raised.is_a(error), feedback(
            f"{call[0]} to raise {error} for {what}",
            f"it raised {raised.type_name}" if type(raised) is RemoteException else "it returned",
        )
        expect(after, [True, True, 2 * money], f"no money moved, and a bank that works on, after a {error}", look_at)
    expect(book, {"zoe": money, "ann": money}, "a book that is as it was before the calls that raised", look_at)


@correctness
def test_from_an_account_to_itself(student, rng):
    """A transfer from an account to itself changes nothing and says whether there is enough money."""
    money = rng.randrange(100, 200)
    amounts = [rng.randrange(1, money), money, money + 1]
    steps = [("transfer", "ann", "ann", amount) for amount in amounts]
    seen = student.play("one_thread", balances={"bob": 1, "ann": money}, steps=[*steps, ("total",)])
    results, book = answer(seen.value, CAME_TO)
    look_at = "what a transfer does, step by step, when both accounts are the same"
    promise = "True, True, False for less than the account has, all it has, and more; and a total that stays"
    expect(results, [True, True, False, money + 1], promise, look_at)
    expect(book, {"bob": 1, "ann": money}, "a book that is as it was", look_at)


@concurrency
def test_crossing_transfers(student, rng):
    """Transfers that cross each other all come to their end, and every one of them counts."""
    first, second, third = rng.sample(range(1, 50), 3)
    two = [[("zoe", "ann", first)], [("ann", "zoe", second)]]
    ring = [[("zoe", "ann", first)], [("ann", "mia", second)], [("mia", "zoe", third)]]
    for plans, totals, schedules in ((two, 1, SCHEDULES), (ring, 0, 2 * SCHEDULES)):
        balances = {src: 100 for plan in plans for src, _, _ in plan}

        def judged(outcome, plans=plans, balances=balances):
            moved, _, book, _ = answer(outcome.value, AT_ONCE)
            look_at = "what another thread may do between any two steps of a transfer"
            all_moved = [[True]] * len(plans)
            expect(moved, all_moved, "True for every transfer: all accounts have enough money at any time", look_at)
            expect(book, after(balances, plans, all_moved), EVERY_ONE_COUNTS, look_at)

        student.explore("several_threads", judged, schedules, balances=balances, plans=plans, totals=totals)


@concurrency
def test_no_overdraft(student, rng):
    """Of several transfers at once, only those that the account can pay take place."""
    plans = [[("ann", other, rng.randrange(60, 90))] for other in ("bob", "zoe")]
    balances = {"zoe": 0, "ann": 100, "bob": 5}

    def judged(outcome):
        moved, _, book, lowest = answer(outcome.value, AT_ONCE)
        look_at = "what another thread may do between your look at the balance and the taking of the money"
        expect_flags(moved, plans, look_at)
        paid = list(chain(*moved)).count(True)
        assert paid == 1, feedback(
            "exactly one of two transfers to take place, where the account can pay either of them but not both",
            f"{paid} took place",
            look_at,
        )
        expect(book, after(balances, plans, moved), "a book that tells of the transfer that took place", look_at)
        expect(lowest, 0, "no balance below zero ever written to the book", look_at)

    student.explore("several_threads", judged, SCHEDULES, balances=balances, plans=plans)


@concurrency
def test_total_at_any_time(student, rng):
    """The total is the same at any time, whatever is on its way."""
    there, back = rng.sample(range(1, 50), 2)
    balances = {"zoe": 100, "ann": 100}
    plans = [[("ann", "zoe", there), ("zoe", "ann", back)]]

    def judged(outcome):
        moved, totals, book, _ = answer(outcome.value, AT_ONCE)
        look_at = "what a transfer may do while the accounts are being counted, and where its money is meanwhile"
        expect_flags(moved, plans, look_at)
        expect(totals, [200, 200], "the same total at any time, also while money is on its way", look_at)
        expect(book, after(balances, plans, moved), EVERY_ONE_COUNTS, look_at)

    student.explore("several_threads", judged, SCHEDULES, balances=balances, plans=plans, totals=2)


@concurrency
def test_no_waiting_without_need(student, rng):
    """While one transfer is stuck at the book, those between other accounts go on."""
    names = [f"customer {n}" for n in rng.sample(range(1000), 3 + 2 * ACCESSES)]
    slow, third, others = names[:2], names[2], names[3:]  # so many that locks shared by accounts show
    quick = [[src, dst, 1] for src, dst in zip(others[::2], others[1::2], strict=True)]
    pauses = chain([LONG // 2], repeat(LONG))  # so that a quick transfer begins in the middle of each slow access

    calls = VirtualTime(
        dict.fromkeys(("read", "write", "pause", "pause behind", "done"), lambda *_: None),
        lasts={
            "read": lambda account: (LONG - 1) * (account in slow),  # less than a write, so that no two end together
            "write": lambda account: LONG * (account in slow),
            "pause": lambda: next(pauses),
            "pause behind": 1,
        },
    )
    seen = student.run(
        "beside_a_slow_one",
        calls=calls,
        balances=dict.fromkeys(names, 100),
        slow=[*slow, 5],
        behind=[slow[0], third, 7],
        quick=quick,
    )
    expect_returned(seen, "all transfers to take place: every account has enough money")
    results, book = answer(seen.value, CAME_TO)
    all_moved = [True, True, [True] * ACCESSES]
    expect(results, all_moved, "True for every transfer: all accounts have enough money at any time")
    waited = sum(
        done.began != pause.ended for pause, done in zip(seen.calls("pause"), seen.calls("done"), strict=False)
    )
    shown = seen.timeline("read", "write", "done", label=label)
    assert not waited, feedback(
        "calls to go through at once that have no account in common with any call in progress",
        f"{waited} of {ACCESSES} had to wait while another transfer was reading or writing its own accounts",
        look_at="what a call waits for that others may hold who have nothing to do with its accounts",
        show=shown,
    )
    for account in slow:
        writes = [call for call in seen.calls("write") if call.args == [account]]
        ended = [call for call in writes if not call.open]
        passed = any(call.began < done.began < call.ended for call in ended for done in seen.calls("done"))
        assert passed, feedback(
            "each account of a transfer to be written to the book, while other calls go on",
            f"{len(writes)} writes, and none beside which others went on",
            look_at="where the money is kept",
            show=shown,
        )
    transfers = [[[*slow, 5], [slow[0], third, 7], *quick]]
    expect(book, after(dict.fromkeys(names, 100), transfers, [[True] * len(transfers[0])]), EVERY_ONE_COUNTS)


def expect_flags(moved, plans, look_at):
    """Fails the check unless there is True or False for each transfer of each thread."""
    kinds = [[type(flag) for flag in row] if type(row) is list else [] for row in moved]
    assert kinds == [[bool] * len(plan) for plan in plans], feedback(
        "True or False from every transfer", "something else", look_at
    )


def after(balances, plans, moved):
    """The book when those transfers have taken place that say so."""
    book = dict(balances)
    for transfer, took_place in zip(chain(*plans), chain(*moved), strict=True):
        if took_place:
            src, dst, amount = transfer
            book[src] -= amount
            book[dst] += amount
    return book


def label(call):
    return "a quick transfer is done" if call.name == "done" else f"{call.name} {', '.join(map(str, call.args))}"
