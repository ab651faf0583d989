"""What `word_counter` promises. The library is the judge's; texts are read in virtual time."""

from collections import Counter
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

OUTCOME = (str, object, str, str)  # state, value, type and text of an error
ERRORS = (ConnectionError, ValueError, KeyError, RuntimeError, OSError)

# Where to look
ADDING = "what the task that adds up is given, and what it returns"
SENDING = "which tasks `start` sends, and how"


def counted(student, counts, workers, texts, lasts=1):
    """`counts`: names of each count; `texts`: by name what is read, or what is raised."""
    calls = TaskQueue({"read": texts.__getitem__, "started": lambda: None}, lasts={"read": lasts})
    seen = student.run("count", counts=counts, workers=workers, calls=calls)
    expect_returned(seen, "word_counter to make tasks, and `start` to send them", look_at=SENDING)
    return seen, answer(seen.value, (OUTCOME,) * len(counts))


def expect_counts(outcome, texts, names):
    wanted = dict(Counter(word for name in names for word in texts[name].split()))
    promise = f"the words of {len(names)} texts counted"
    assert outcome[0] == "SUCCESS", feedback(promise, f"the result's state is {shown(outcome[0])}", SENDING)
    expect(outcome[1], wanted, promise, ADDING)


def expect_each_read_once(seen, counts):
    wanted = Counter(name for names in counts for name in names)
    read = seen.calls("read")
    got = Counter(str(call.args[0]) if call.args else "" for call in read)
    often = [f"{got[name]} times instead of {wanted[name]}" for name in wanted | got if got[name] != wanted[name]]
    promise = "each text read once for each time that its name is given"
    assert not often, feedback(promise, f"one was read {often[0] if often else ''}", SENDING)
    at_home = sum(call.pid == seen.calls("started")[0].pid for call in read)
    assert not at_home, feedback("texts to be read by workers only", f"{at_home} by who started the count", SENDING)


WORDS = ["a", "A", "b", "ä", "a\u0308", "a.", "1", "None", "__class__", "the", "x" * 500]
TEXTS = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from([" ", "\n", "\t ", "\u00a0", "\u2003"])), max_size=9)
PLANS = st.fixed_dictionaries(
    {
        "texts": st.lists(TEXTS.map(lambda parts: "".join(word + gap for word, gap in parts)), max_size=4),
        "again": st.lists(st.integers(0, 3), max_size=3),
        "workers": st.integers(2, 3),
    }
)


def expect_all_counted(student, plan):
    texts = {f"text {n}": text for n, text in enumerate(plan["texts"])}
    names = [*texts, *(name for n in plan["again"] if (name := f"text {n}") in texts)]
    _, outcomes = counted(student, [names], plan["workers"], texts)
    expect_counts(outcomes[0], texts, names)


@correctness
def test_counts(student, rng):
    """The counts of all texts together."""
    first = [
        {"texts": ["a b a", "b c"], "again": [], "workers": 2},
        {"texts": ["a A\na"], "again": [0], "workers": 2},
        {"texts": [], "again": [], "workers": 2},
        {"texts": ["", " \n"], "again": [], "workers": 2},
    ]
    for_all(student, rng, PLANS, partial(expect_all_counted, student), examples=12, first=first)
    numbers = {f"book {n}": " ".join(str(rng.randrange(2000)) for _ in range(9000)) for n in range(2)}
    _, outcomes = counted(student, [list(numbers)], 2, numbers)
    expect_counts(outcomes[0], numbers, list(numbers))


@correctness(depends_on="test_counts")
def test_each_text_is_read_once(student, rng):
    """Each text is read once, by a worker."""
    names = [f"text {n}" for n in range(rng.randrange(5, 8))]
    texts = {name: f"{name} of {len(names)}" for name in names}
    seen, _ = counted(student, [names + names[:2]], 2, texts)
    expect_each_read_once(seen, [names + names[:2]])


@correctness(depends_on="test_counts")
def test_failures(student, rng):
    """If a text cannot be read, the result fails."""
    for number in (1, rng.randrange(3, 5)):
        names = [f"text {n}" for n in range(number)]
        texts = dict.fromkeys(names, "some words")
        for broken in rng.sample(names, rng.randrange(1, min(number, 2) + 1)):
            texts[broken] = rng.choice(ERRORS)("cannot be read")
        _, outcomes = counted(student, [names], rng.randrange(1, 4), texts)
        promise = f"the result to fail where one of {number} texts cannot be read"
        assert outcomes[0][0] == "FAILURE", feedback(
            promise, f"its state is {shown(outcomes[0][0])}", "who catches the exception"
        )


@concurrency(depends_on="test_counts")
def test_at_the_same_time(student, rng):
    """As many texts are read at once as there are workers."""
    workers = rng.randrange(3, 5)
    for number in (workers, 2 * workers + 1):
        names = [f"text {n}" for n in range(number)]
        texts = dict.fromkeys(names, "a word")
        seen, _ = counted(student, [names], workers, texts)
        at_once = seen.peak("read")
        assert at_once == workers, feedback(
            f"{workers} of {number} texts read at the same time, by {workers} workers",
            f"{at_once} at most",
            look_at="whether a task waits for the one before",
            show=seen.timeline("read"),
        )


@concurrency(depends_on="test_counts")
def test_start_returns_at_once(student, rng):
    """`start` waits for no text."""
    names = [f"text {n}" for n in range(rng.randrange(2, 5))]
    seen, _ = counted(student, [names], 2, dict.fromkeys(names, "a word"), lasts=10)
    _, back = seen.calls("started")
    ended = [call for call in seen.calls("read") if call.ended is not None and call.opened < back.opened]
    waited = back.began >= 10 and bool(ended)
    assert not waited, feedback(
        "`start` to return at once", "it returned when texts had been read", "what `start` does with the results"
    )


@concurrency(depends_on="test_counts")
def test_a_single_worker(student, rng):
    """No task waits for another one: a single worker is enough."""
    names = [f"text {n}" for n in range(rng.randrange(3, 6))]
    texts = {name: f"{name} a word" for name in names}
    _, outcomes = counted(student, [names], 1, texts)
    promise = f"the count of {len(names)} texts to come to its end with a single worker"
    assert outcomes[0][0] != "PENDING", feedback(promise, "it has not", "who waits for what, within a task")
    expect_counts(outcomes[0], texts, names)


@concurrency(depends_on="test_counts")
def test_several_counts(student, rng):
    """Counts that are under way at the same time know nothing of each other."""
    texts = {f"text {n}": " ".join(rng.choices("abc", k=5)) for n in range(4)}
    counts = [rng.choices(list(texts), k=number) for number in (3, 0, 1, 2)]
    seen, outcomes = counted(student, counts, 2, texts)
    for outcome, names in zip(outcomes, counts, strict=True):
        expect_counts(outcome, texts, names)
    expect_each_read_once(seen, counts)
