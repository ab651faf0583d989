"""What `search_box` must hold.

Somebody types as a plan says, and `search` answers as it says. The judge holds the clock, the keyboard and the answers:
it says what happens next, and hears at each step what has come of the one before. So each moment is the judge's, and
nobody knows an answer before it comes. What should come of a plan says `Box`, a search box in plain Python; where that
is not what was seen, both are shown as marble diagrams.

Moments of plans are in ticks. Words are typed, and searched for, at multiples of 8. What a search gives comes at once,
or at 2 behind such a multiple, and at 4 where it is the second try; who leaves does so at 6. A second subscription is
late by an odd number. So nothing ever comes together that would depend on its order, unless a plan wants it to.
"""

from collections import deque
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count

from hypothesis import strategies as st

from grader.evidence import (
    AtOnce,
    Verdict,
    answer,
    clean,
    concurrency,
    correctness,
    expect,
    expect_returned,
    feedback,
    same,
    side_by_side,
)
from grader.evidence.adversaries import each_error, each_value, errors, values
from grader.evidence.drawn import for_all

TICK = 31_250  # microseconds
QUIET = 16  # ticks
LATEST_S = 10  # after the last event of a plan
MOST_STEPS = 3000
ANOTHER = ["another object", 0]
OF_TYPING = 9000  # the numbers of errors of the keystrokes

# ------------------------------------------------------------------ plans


def script(*gives, raises=None):
    """How a search answers: what it gives, each so many ticks after the one before; see above for the first of them."""
    answers = [list(one) for one in gives]
    for one in [one for one in answers if one[0]][:1]:
        one[0] += 2 - one[0] % 8
    return {"raises": raises, "gives": answers}


VALUE, END, ERROR = (2, "value", "plain"), (8, "end", ""), (8, "error", "plain")
ANSWERS, ANSWERS_LATE, NEVER_ENDS = script(VALUE, END), script((50, "value", "plain"), END), script(VALUE)
FAILS, RAISES = script((2, "error", "plain")), script(raises="plain")
FAILS_AT_ONCE, ANSWERS_AT_ONCE = script((0, "error", "plain")), script((0, "value", "plain"), (0, "end", ""))


def plan(*keys, **more):
    """Words, each with how many ticks it comes after the one before."""
    usual = {"searches": [], "ends": None, "leaves": None, "leaves_behind": None, "eager": False, "starts": 0}
    return usual | {"keys": [list(key) for key in keys]} | more


GAPS = st.sampled_from((24, 8, 0, 40, 80))
OF_SEARCH = st.sampled_from((2, 0, 10, 34))
NEXT_OF_SEARCH = st.sampled_from((8, 0, 24))
WORDS = st.sampled_from(("ab", "b", "", "abc", "ab ", "Ab"))
ERRORS = errors("StopIteration", "TimeoutError", but=["outside"]).map(lambda described: described[0])
VALUES = values().map(lambda described: described[0])


@st.composite
def answering(draw, ends=("end", "never"), most=2, first=OF_SEARCH, what=VALUES):
    """A search that gives some values, and then what it ends with, if it does."""
    gives = [[0, "value", kind] for kind in draw(st.lists(what, max_size=most))]
    end = draw(st.sampled_from(ends))
    gives += [[0, end, draw(ERRORS) if end == "error" else ""]] if end != "never" else []
    for place, one in enumerate(gives):
        one[0] = draw(NEXT_OF_SEARCH if place else first)
    return script(*gives)


SUCCEEDING = answering()
FAILING = st.one_of(answering(ends=("error",)), st.builds(lambda kind: script(raises=kind), ERRORS))
PLAIN = st.sampled_from((ANSWERS, NEVER_ENDS, script((2, "end", ""))))
ANY = st.one_of(SUCCEEDING, FAILING)


def plans(searches, words=WORDS, gaps=GAPS, least=1, most=6, **more):
    """`more` is what else there is to draw."""
    keys = st.lists(st.tuples(gaps, words), min_size=least, max_size=most)
    drawn = {"keys": keys, "searches": st.lists(searches, max_size=6), **more}
    return st.fixed_dictionaries(drawn).map(lambda one: plan() | one)


# ------------------------------------------------------------------ what happens


@dataclass
class History:
    """What has come of one plan. Moments are in microseconds; a search is known by its place among its `searches`."""

    searches: list = field(default_factory=list)  # [moment, word]
    given_up: list = field(default_factory=list)  # [moment, search]
    shown: list = field(default_factory=list)  # [moment, what, kind, of which]
    listens: list = field(default_factory=list)  # moments at which the keystrokes were subscribed to
    gone: list = field(default_factory=list)  # and the subscription ended
    typed: list = field(default_factory=list)  # for the picture: (moment, mark)
    gave: list = field(default_factory=list)  # (moment, search, mark)


def typing_of(one):
    """What is typed when, in microseconds: moment, what, word or kind of error."""
    ticks, events = one["starts"], []
    for gap, word in one["keys"]:
        ticks += gap
        events.append((ticks * TICK, "types", word))
    if one["ends"] is not None:
        gap, what, kind = one["ends"]
        events.append(((ticks + gap) * TICK, what, kind))
    return events


def answers_of(one, search, who, moment):
    """How the plan answers this search: moment, what, kind, and a number that nothing else has."""
    known = one["searches"][search] if search < len(one["searches"]) else ANSWERS
    for place, (gap, what, kind) in enumerate(known["gives"]):
        moment += gap * TICK
        yield moment, what, kind, 1000 * who + 10 * search + place


def raised_by(one, search):
    return one["searches"][search]["raises"] if search < len(one["searches"]) else None


class Play(AtOnce):
    """Plays plans, one for each subscription, and writes down what happens.

    `timers_first`: of what is due at the same moment. When somebody subscribes, they are in any case.
    """

    def __init__(self, plans, timers_first=True):
        super().__init__({"step": self.step, "search": self.search})
        self.histories = [History() for _ in plans]
        self.moment = self.steps = 0
        self.timers = []  # moments at which one went off
        self.early = False  # whether anything happened before anybody had subscribed
        self._plans, self._timers_first, self._subscribed_at = plans, timers_first, -1
        self._agenda, self._number = [], count()
        self._searches = []  # whose, and the how many-th of theirs
        for who, one in enumerate(plans):
            self._put_down(who, one)
        self._last = max((moment for moment, *_ in self._agenda), default=0)

    def _at(self, moment, *step):
        heappush(self._agenda, (moment, next(self._number), step))

    def _put_down(self, who, one):
        start, typing = one["starts"] * TICK, typing_of(one)
        at_once = [word for moment, what, word in typing if one["eager"] and moment == start and what == "types"]
        self._at(start, "subscribe", who, at_once, one["leaves_behind"])
        for moment, what, about in typing[len(at_once) :]:
            step = {"types": ("type", who, about), "ends": ("end_typing", who)}
            self._at(moment, *step.get(what, ("fail_typing", who, about, OF_TYPING + who)))
        if one["leaves"] is not None:
            self._at(start + one["leaves"] * TICK, "leave", who)

    def search(self, *args):
        """The number of the call, the error that it raises, and what is given at once."""
        who = (self.moment // TICK) % 2 if len(self._plans) > 1 else 0
        history, one = self.histories[who], self._plans[who]
        search, number = len(history.searches), len(self._searches)
        self._searches.append((who, search))
        history.searches.append([self.moment, args[0] if len(args) == 1 and type(args[0]) is str else "?"])
        at_once = []
        for moment, *what in answers_of(one, search, who, self.moment):
            if moment == self.moment:
                at_once.append(what)
            else:
                self._at(moment, "answer", number, *what)
                self._last = max(self._last, moment)
        if (raises := raised_by(one, search)) is not None:
            history.gave.append((self.moment, search, "#"))
        return [number, raises, at_once]

    def step(self, happened, due):
        for what, whose, *more in answer(happened, [list]):
            self._note(what, whose, *more)
        return self._next(None if due is None else max(answer(due, int), self.moment))

    def _next(self, due):
        self.steps += 1
        planned = self._agenda[0][0] if self._agenda else None
        if self.steps > MOST_STEPS or (due is None and planned is None):
            return None
        planned_first = not self._timers_first and self._subscribed_at < self.moment
        if planned is None or (due is not None and (due, planned_first) <= (planned, False)):
            if due > self._last + LATEST_S * 1_000_000:
                return None
            self.moment = due
            self.timers.append(due)
            return [due, "timer"]
        self.moment, _, step = heappop(self._agenda)
        if step[0] == "subscribe":
            self._subscribed_at = self.moment
        self._note_typing(*step)
        return [self.moment, *step]

    def _note_typing(self, what, who, *about):
        marks = {"type": about[:1], "end_typing": "|", "fail_typing": "#", "subscribe": about[:1]}
        for mark in marks["subscribe"][0] if what == "subscribe" else marks.get(what, ()):
            self.histories[who].typed.append((self.moment, in_picture(mark)))

    def _note(self, what, whose, *more):
        if whose is None:
            self.early = True
        elif what in ("gave", "given up"):
            self._note_answer(what, *self._searches[whose], *more)
        elif what == "shown":
            told, kind, which = answer([*more], (str, str, int))
            self.histories[whose].shown.append([self.moment, told, kind, 0 if kind == "none" else which])
        else:
            {"listens": self.histories[whose].listens, "gone": self.histories[whose].gone}[what].append(self.moment)

    def _note_answer(self, what, who, search, *more):
        history = self.histories[who]
        if what == "given up":
            history.given_up.append([self.moment, search])
        else:
            history.gave.append((self.moment, search, mark_of(*answer([*more], (str, int)))))


class Box:
    """A right search box, in plain Python: its `history` is what must come of this plan.

    Where somebody types in the very moment in which the word before would be searched for, both are right: so it does
    then as was `seen`.
    """

    def __init__(self, who, one, seen):
        self.history = History(listens=[one["starts"] * TICK], typed=seen.typed)
        self._who, self._plan, self._seen = who, one, seen
        self._typing, self._still_typed = deque(typing_of(one)), True
        self._waiting, self._pause_at, self._last = None, 0, None
        self._out, self._asked_at, self._again, self._answers = None, 0, False, deque()
        self._leaves_at = None if one["leaves"] is None else (one["starts"] + one["leaves"]) * TICK
        self._over, self._moment = False, 0
        while not self._over and (coming := self._coming()):
            self._moment, _, goes_on = min(coming, key=lambda event: event[:2])
            goes_on()

    def _coming(self):
        coming = []
        if self._typing:
            coming.append((self._typing[0][0], 1, self._type))
        if self._waiting is not None:
            coming.append((self._pause_at, 0 if self._was_seen() else 2, self._pause))
        if self._answers:
            coming.append((self._answers[0][0], 3, self._answer))
        if self._leaves_at is not None:
            coming.append((self._leaves_at, 4, self._leave))
        return coming

    def _was_seen(self):
        return [self._pause_at, self._waiting] in self._seen.searches

    def _type(self):
        _, what, about = self._typing.popleft()
        if what == "types":
            self._waiting, self._pause_at = about, self._moment + QUIET * TICK
            return
        self._still_typed = False
        if what == "fails":
            self._end("error", about, OF_TYPING + self._who)
        else:
            self._pause()
            self._end_if_over()

    def _pause(self):
        word, self._waiting = self._waiting, None
        if word is not None and word != self._last:
            self._last = word
            self._search(again=False)

    def _search(self, again):
        self._give_up()
        self._out, self._again, self._asked_at = len(self.history.searches), again, self._moment
        self.history.searches.append([self._moment, self._last])
        self._answers = deque(answers_of(self._plan, self._out, self._who, self._moment))
        if raised_by(self._plan, self._out) is not None:
            self._mark("error", 0)
            self._fail()
        else:
            out = self._out
            while self._out == out and self._answers and self._answers[0][0] == self._moment:
                self._answer()

    def _give_up(self):
        if self._out is not None:
            self.history.given_up.append([self._moment, self._out])

    def _answer(self):
        _, what, kind, which = self._answers.popleft()
        self._mark(what, which)
        if what == "value":
            self.history.shown.append([self._moment, "value", kind, 0 if kind == "none" else which])
            if len(self.history.shown) == self._plan["leaves_behind"]:
                self._leave()
        elif what == "error":
            self._fail()
        else:
            self._ended()

    def _mark(self, what, which):
        self.history.gave.append((self._moment, self._out, mark_of(what, which)))

    def _fail(self):
        self._out = None
        if self._again:
            self._ended()
        else:
            self._search(again=True)

    def _ended(self):
        self._out, self._answers = None, deque()
        self._end_if_over()

    def _end_if_over(self):
        if not self._still_typed and self._out is None and not self._over:
            self._end("end", "", 0)

    def _end(self, what, kind, which):
        self._give_up()
        self.history.shown.append([self._moment, what, kind, which])
        self._over, self._out, self._answers = True, None, deque()

    def _leave(self):
        """What a search gives within the call that subscribes to it has been given before that can be ended."""
        at_once = [what for moment, what, *_ in self._answers if moment == self._asked_at == self._moment]
        if not {"end", "error"} & {*at_once}:
            self._give_up()
        if self._still_typed:
            self.history.gone.append(self._moment)
        self._over, self._out, self._answers = True, None, deque()


# ------------------------------------------------------------------ pictures


def mark_of(what, which):
    """`1b` is the second value that the first search gives."""
    return {"end": "|", "error": "#"}.get(what) or f"{which % 1000 // 10 + 1}{'abcdefghij'[which % 10]}"


def in_picture(word):
    return clean(word, 20) or "''"


def shown_as(what, kind, which):
    return "None" if kind == "none" else "?" if [kind, which] == ANOTHER else mark_of(what, which)


def picture(history):
    """The rows of a marble diagram."""
    typed = [*((moment, "^") for moment in history.listens[:1]), *history.typed]
    rows = {"keystrokes": [*typed, *((moment, "!") for moment in history.gone[:1])]}
    for search, (moment, word) in enumerate(history.searches[:8]):
        gave = [(when, mark) for when, whose, mark in history.gave if whose == search]
        gone = [(when, "!") for when, whose in history.given_up if whose == search]
        rows[f"search {search + 1}"] = [(moment, f"^{in_picture(word)}"), *gave, *gone]
    rows["results"] = [(moment, shown_as(*about)) for moment, *about in history.shown]
    return {name: [(moment / 1_000_000, mark) for moment, mark in row] for name, row in rows.items()}


def expect_history(seen, wanted, part, promise, look_at):
    """Fails the check, with both pictures, unless this part of the history is what it should be."""
    got, right = getattr(seen, part), getattr(wanted, part)
    if not same(sorted(got) if part == "given_up" else got, sorted(right) if part == "given_up" else right):
        expected, drawn = side_by_side(picture(wanted), picture(seen))
        raise AssertionError(feedback(f"{promise}\n{expected}", f"something else\n{drawn}", look_at))


# ------------------------------------------------------------------ what must hold

LISTENS = "what `results` does at once, and what when somebody subscribes"
PROMISES = {
    "listens": ("one subscription to the keystrokes (^), when somebody subscribes to the results", LISTENS),
    "searches": ("these searches (^)", "when a word is searched for, and what it is compared with"),
    "given_up": ("a search given up (!) when the next one begins, and not before", "who ends what is out, and when"),
    "shown": ("these results", "what becomes of each thing that a search gives"),
    "gone": ("the keystrokes unsubscribed from (!) when the results are", "what ends with the subscription"),
}


def play(student, plans, timers_first=True, as_argument=True, with_subscription=True):
    """What the judge has seen of these plans."""
    played = Play(plans, timers_first)
    seen = student.run("typed", as_argument=as_argument, with_subscription=with_subscription, calls=played)
    expect_returned(seen, "no exception, whatever is typed and however a search ends", "what is called, and by whom")
    assert played.steps <= MOST_STEPS, feedback(
        "nothing to happen any more when all is over", "one timer after the other", "who starts a timer, and how often"
    )
    expect(
        answer(seen.value, int), played.steps - 1, "every step to be taken", "whether your file changes other modules"
    )
    assert not played.early, feedback("nothing to happen before somebody subscribes", "it did", LISTENS)
    return played


def expect_right(student, plans, *parts, **options):
    """Plays them, and asks for these parts of what should come of each."""
    played = play(student, plans, **options)
    for who, (one, seen) in enumerate(zip(plans, played.histories, strict=True)):
        wanted = Box(who, one, seen).history
        for part in parts:
            expect_history(seen, wanted, part, *PROMISES[part])
    return played


def holding(student, *parts, **options):
    """What must hold of a plan that is played alone."""

    def holds(one):
        expect_right(student, [one], *parts, **options)

    return holds


# ------------------------------------------------------------------ checks


@correctness
def test_searched_for_when_typing_pauses(student, rng):
    """A word is searched for when nothing was typed for half a second."""
    holds = holding(student, "listens", "searches")
    distinct = st.lists(GAPS, min_size=1, max_size=8).map(lambda gaps: plan(*zip(gaps, ALL_DIFFERENT, strict=False)))
    first = [plan((8, "a"), (8, "ab"), (8, "abc"), (24, "b")), plan((0, "a"), (0, "ab"))]
    for_all(student, rng, distinct, holds, examples=12, first=first)


ALL_DIFFERENT = ("b", "be", "bee", "been", "beer", "beers", "bees", "bet")


@correctness(depends_on="test_searched_for_when_typing_pauses")
def test_repeats_are_skipped(student, rng):
    """A word that equals the last one searched for is not searched for again."""
    holds = holding(student, "searches", "given_up")
    first = [
        plan((0, "ab"), (24, "ab"), (80, "ab")),
        plan((0, "ab"), (24, "abc"), (24, "ab")),
        plan((0, "ab"), (24, "abc"), (8, "ab"), searches=[NEVER_ENDS]),
        plan((0, "ab"), (8, "ab"), (8, "ab")),
        plan((0, ""), (24, ""), (24, "ab"), (24, "")),
        plan((0, "ab"), (24, "ab "), (24, "Ab ")),
        plan((0, "ab"), (80, "ab"), (24, "b"), searches=[FAILS, FAILS]),
    ]
    for_all(student, rng, plans(st.one_of(PLAIN, st.just(FAILS)), least=2), holds, examples=12, first=first)


@correctness(depends_on="test_searched_for_when_typing_pauses")
def test_what_a_search_gives_is_passed_on(student, rng):
    """Each value that a search gives arrives, as it is and at once."""
    holds = holding(student, "searches", "shown")
    first = [plan((0, "ab"), searches=[script((2, "value", kind), END)]) for kind, _ in each_value()]
    first += [plan((0, "ab"), searches=[ANSWERS_AT_ONCE]), plan((0, "ab"), (240, "b"), searches=[script(END), ANSWERS])]
    searches = st.lists(st.tuples(answering(ends=("end",), most=4)), min_size=1, max_size=3)
    for_all(student, rng, searches.map(far_apart), holds, examples=12, first=first)


@correctness(depends_on="test_searched_for_when_typing_pauses")
def test_the_end_of_the_keystrokes(student, rng):
    """At the end of the keystrokes the word that waits is searched for, and the results end with the last search."""
    holds = holding(student, "searches", "shown")
    end = [8, "ends", ""]
    first = [
        plan(ends=end),
        plan((0, "ab"), ends=end),
        plan((0, "ab"), ends=[24, "ends", ""], searches=[ANSWERS_LATE]),
        plan((0, "ab"), (24, "ab"), ends=end, searches=[NEVER_ENDS]),
        plan((0, "ab"), (24, "ab"), ends=end, searches=[ANSWERS_AT_ONCE]),
        plan((0, "ab"), (24, "b"), ends=end, searches=[ANSWERS_LATE, ANSWERS]),
        plan((0, ""), ends=end),
        plan((0, "ab"), ends=end, searches=[ANSWERS_AT_ONCE]),
        plan((0, "ab"), ends=end, searches=[FAILS, ANSWERS_LATE]),
        plan((0, "ab"), ends=end, searches=[FAILS, FAILS]),
        plan((0, "ab"), ends=end, searches=[RAISES, FAILS_AT_ONCE]),
    ]
    for_all(student, rng, plans(SUCCEEDING, least=0, ends=ends("ends")), holds, examples=12, first=first)


def ends(*how):
    """When the keystrokes end after the last word, and how."""
    return st.tuples(st.sampled_from((8, 24, 40)), st.sampled_from(how), ERRORS)


@correctness(depends_on="test_searched_for_when_typing_pauses")
def test_an_error_of_the_keystrokes(student, rng):
    """An error of the keystrokes is the end of the results, as it is and at once."""
    holds = holding(student, "searches", "shown", "given_up")
    first = [plan((0, "ab"), ends=[8, "fails", kind]) for kind, _ in each_error("StopIteration", but=["outside"])]
    first += [plan((0, "ab"), (24, "b"), ends=[8, "fails", "plain"], searches=[ANSWERS_LATE])]
    for_all(student, rng, plans(SUCCEEDING, least=0, ends=ends("fails")), holds, examples=10, first=first)


@correctness(depends_on="test_searched_for_when_typing_pauses")
def test_time_goes_by_the_scheduler(student, rng):
    """All waiting goes by the scheduler that is handed over, or else by the subscription's."""
    words = rng.sample(ALL_DIFFERENT, 3)
    keys = [(rng.choice((0, 8, 24)), word) for word in words]
    one = plan(*keys, searches=[FAILS, ANSWERS])
    for as_argument, with_subscription, how in WAYS:
        played = play(student, [one], as_argument=as_argument, with_subscription=with_subscription)
        wanted = Box(0, one, played.histories[0]).history
        for part in ("searches", "shown"):
            promise = f"{PROMISES[part][0]}, where the scheduler is handed over {how}"
            expect_history(
                played.histories[0], wanted, part, promise, "by which clock a pause goes, and by which a retry"
            )
    seen = student.run("without_a_scheduler", words=words)
    promise = "what is found of the last word, and the end, without any scheduler, where nobody has to wait"
    expect_returned(seen, promise)
    expect(seen.value, [words[-1], "completed"], promise)


WAYS = (
    (True, False, "as an argument"),
    (False, True, "with the subscription"),
    (True, True, "in both ways"),
)


@concurrency(depends_on="test_what_a_search_gives_is_passed_on")
def test_only_the_latest_search(student, rng):
    """When a search begins, the one before is given up, and nothing of it arrives any more."""
    holds = holding(student, "searches", "shown", "given_up")
    first = [
        plan((0, "ab"), (24, "b"), searches=[ANSWERS_LATE, ANSWERS]),
        plan((0, "ab"), (24, "b"), searches=[ANSWERS_LATE, script((80, "value", "plain"))]),
        plan((0, "ab"), (24, "b"), (24, "abc"), searches=[script((2, "value", "plain"), *([VALUE] * 5))] * 3),
        plan((0, "ab"), (24, "b"), searches=[script((34, "error", "plain")), script((34, "value", "plain"))]),
        plan((0, "ab"), (24, "abc"), (8, "abcd"), searches=[script((34, "value", "plain"))]),
    ]
    often = plans(answering(first=st.sampled_from((10, 34, 2, 50))), gaps=st.sampled_from((24, 40)), least=2)
    for_all(student, rng, often, holds, examples=14, first=first)


@concurrency(depends_on="test_what_a_search_gives_is_passed_on")
def test_a_failed_search_is_tried_once_more(student, rng):
    """A search that fails is called once more, at once."""
    holds = holding(student, "searches", "shown")
    first = [plan((0, "ab"), searches=[script(raises=kind), ANSWERS]) for kind, _ in each_error(but=["outside"])]
    first += [
        plan((0, "ab"), searches=[FAILS, ANSWERS]),
        plan((0, "ab"), searches=[FAILS_AT_ONCE, ANSWERS_AT_ONCE]),
        plan((0, "ab"), searches=[script(VALUE, ERROR), script(VALUE, VALUE, END)]),
        plan((0, "ab"), (80, "b"), searches=[FAILS, ANSWERS, FAILS, ANSWERS]),
    ]
    tries = st.lists(st.tuples(FAILING, SUCCEEDING) | st.tuples(SUCCEEDING), min_size=1, max_size=3)
    for_all(student, rng, tries.map(far_apart), holds, examples=14, first=first)


def far_apart(tries):
    """A word for each of these tries to search for it, and nothing else going on."""
    return plan(*((240, word) for word, _ in zip(ALL_DIFFERENT, tries, strict=False)), searches=[*sum(tries, ())])


@concurrency(depends_on="test_a_failed_search_is_tried_once_more")
def test_a_retry_is_given_up_as_well(student, rng):
    """A search that is being tried again is given up when the next one begins, and nothing of either arrives."""
    holds = holding(student, "searches", "shown", "given_up")
    late = script((34, "value", "plain"), END)
    first = [
        plan((0, "ab"), (24, "b"), searches=[FAILS, late, late]),
        plan((0, "ab"), (24, "b"), searches=[RAISES, script((34, "error", "plain")), late]),
        plan((0, "ab"), (24, "b"), searches=[FAILS, late, FAILS, late]),
        plan((0, "ab"), (24, "b"), searches=[script((34, "error", "plain")), late]),
    ]
    often = plans(st.one_of(FAILING, answering(first=st.just(34))), gaps=st.sampled_from((24, 40)), least=2)
    for_all(student, rng, often, holds, examples=14, first=first)


@concurrency(depends_on="test_a_failed_search_is_tried_once_more")
def test_two_failures_are_not_the_end(student, rng):
    """A search that has failed twice gives nothing more, and the next word is searched for as ever."""
    holds = holding(student, "searches", "shown")
    first = [
        plan((0, "ab"), (80, "b"), searches=[one, other, ANSWERS])
        for one in (FAILS, RAISES, FAILS_AT_ONCE)
        for other in (FAILS, RAISES, FAILS_AT_ONCE)
    ]
    first += [plan((0, "ab"), (80, "b"), searches=[FAILS, FAILS, FAILS, ANSWERS])]
    first += [
        plan((0, "ab"), (80, "b"), searches=[script(VALUE, (8, "error", kind))] * 2)
        for kind, _ in each_error(but=["outside"])
    ]
    for_all(student, rng, plans(FAILING, gaps=st.sampled_from((80, 24)), least=2), holds, examples=12, first=first)


@concurrency(depends_on="test_only_the_latest_search")
def test_unsubscribing(student, rng):
    """Who unsubscribes ends all of it at once: the keystrokes, the search, and every timer."""

    def holds(one):
        played = expect_right(student, [one], "gone", "given_up", "searches", "shown")
        wanted = Box(0, one, played.histories[0]).history
        late = [moment for moment in played.timers if wanted.gone and moment > wanted.gone[0]]
        assert not late, feedback(
            "no timer left when somebody has unsubscribed",
            f"one that goes off {(late[0] - wanted.gone[0]) / 1_000_000:g} s later",
            "what ends a timer that nobody needs any more",
            verdict=Verdict.LEAK,
        )

    first = [
        plan((0, "ab"), (24, "b"), leaves=30),
        plan((0, "ab"), (24, "b"), (80, "b"), leaves=22, searches=[ANSWERS_LATE]),
        plan((0, "ab"), (24, "b"), leaves=30, searches=[FAILS, ANSWERS_LATE]),
        plan((0, "ab"), (80, "b"), leaves_behind=1, searches=[script(VALUE, VALUE, END)]),
        plan((0, "ab"), (80, "b"), leaves_behind=1, searches=[script((0, "value", "plain"), (0, "value", "plain"))]),
        plan((0, "ab"), (80, "b"), leaves_behind=1, searches=[script((0, "value", "plain"), (0, "end", ""))]),
        plan((0, "ab"), leaves=6),
    ]
    at_any_moment = plans(ANY, leaves=st.integers(0, 20).map(lambda n: 8 * n + 6))
    # What becomes of a failure in the call that subscribes, behind a value at which somebody has left, is left open.
    behind_a_value = plans(SUCCEEDING | answering(ends=("error",), first=st.just(2)), leaves_behind=st.integers(1, 3))
    for_all(student, rng, at_any_moment | behind_a_value, holds, examples=16, first=first)


@concurrency(depends_on="test_only_the_latest_search")
def test_each_subscription_is_its_own(student, rng):
    """Two subscriptions to the same results have nothing in common."""

    def holds(two):
        expect_right(student, two, "listens", "searches", "shown", "given_up", "gone")

    one = plan((0, "ab"), (24, "b"), (80, "b"), searches=[FAILS, ANSWERS, ANSWERS_LATE])
    left = plan((0, "ab"), leaves=30, searches=[NEVER_ENDS])
    first = [[one, one | {"starts": 1}], [one, one | {"starts": 401}], [left, one | {"starts": 9}]]
    first += [[plan((0, "ab"), ends=[8, "ends", ""]), plan((0, "ab"), ends=[8, "ends", ""], starts=801)]]
    late = plans(ANY, most=4, starts=st.sampled_from((1, 9, 33, 801)))
    for_all(student, rng, st.tuples(plans(ANY, most=4), late).map(list), holds, examples=12, first=first)


@concurrency(depends_on="test_a_failed_search_is_tried_once_more")
def test_whatever_comes_together(student, rng):
    """All rules at once, whatever is typed and however searches answer."""
    everything = plans(
        ANY,
        gaps=st.sampled_from((8, 24, 16, 0, 40)),
        most=9,
        ends=st.none() | ends("ends", "fails"),
        leaves=st.none() | st.integers(5, 30).map(lambda n: 8 * n + 6),
        eager=st.booleans(),
    )
    first = [
        plan((0, "ab"), (16, "b"), (16, "ab"), (16, "ab"), ends=[24, "ends", ""]),
        plan((0, "ab"), (0, "b"), (24, "ab"), eager=True),
    ]
    for timers_first in (True, False):
        holds = holding(student, *PROMISES, timers_first=timers_first)
        for_all(student, rng, everything, holds, examples=16, first=first)
