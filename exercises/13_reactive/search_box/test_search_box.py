"""Public tests: run `pytest` in this folder."""

import pytest

reactivex = pytest.importorskip("reactivex", reason="This needs reactivex: pip install 'concurrency-kit[reactive]'")

from reactivex.testing import ReactiveTest, TestScheduler
from search_box import QUIET, results

on_next, on_error, on_completed = ReactiveTest.on_next, ReactiveTest.on_error, ReactiveTest.on_completed
START = 200  # when TestScheduler subscribes; it unsubscribes at 1000


class Search:
    """Answers each call by the next of these streams, or raises what stands there instead."""

    def __init__(self, scheduler, *answers):
        self.scheduler = scheduler
        self.answers = list(answers)
        self.calls = []
        self.streams = []

    def __call__(self, word):
        self.calls.append((self.scheduler.clock - START, word))
        answer = self.answers.pop(0) if self.answers else [on_completed(1)]
        if isinstance(answer, Exception):
            raise answer
        self.streams.append(self.scheduler.create_cold_observable(*answer))
        return self.streams[-1]

    def asked(self):
        """From when to when each of them was subscribed to, in whole seconds: it knows no others."""
        return [(one.subscribe - START, one.unsubscribe - START) for s in self.streams for one in s.subscriptions]


def run(typed, *answers, unsubscribe=None):
    """What was shown, as (moment, value), "|" or an error; and the search."""
    scheduler = TestScheduler()
    keystrokes = scheduler.create_cold_observable(*typed)
    search = Search(scheduler, *answers)
    leaves = None if unsubscribe is None else START + unsubscribe
    seen = scheduler.start(lambda: results(keystrokes, search, scheduler), disposed=leaves)
    return [(message.time - START, shown(message.value)) for message in seen.messages], search


def shown(notification):
    if notification.kind == "N":
        return notification.value
    return "|" if notification.kind == "C" else notification.exception


def test_a_word_is_searched_for_after_a_pause():
    # keystrokes  b  be   bee
    # searches            --- ^bee
    _, search = run([on_next(1, "b"), on_next(1.25, "be"), on_next(1.5, "bee")])
    assert search.calls == [(1.5 + QUIET, "bee")]


def test_a_word_is_not_searched_for_again():
    _, search = run([on_next(1, "b"), on_next(3, "b"), on_next(5, "be"), on_next(7, "b")])
    assert [word for _, word in search.calls] == ["b", "be", "b"]


def test_the_search_goes_on_if_the_word_is_the_same_in_the_end():
    # keystrokes  b ---- be b
    # search      -- ^b ------------ found
    seen, search = run([on_next(1, "b"), on_next(3, "be"), on_next(3.25, "b")], [on_next(10, "found")])
    assert search.calls == [(1.5, "b")]
    assert seen == [(11.5, "found")]


def test_results_arrive_as_they_are():
    seen, _ = run([on_next(1, "")], [on_next(1, None), on_next(2, [1]), on_completed(3)])
    assert seen == [(2.5, None), (3.5, [1])]


def test_nothing_of_an_earlier_search_arrives():
    # search 1    ^b ------ ! -- old
    # search 2    --------- ^be ------- new
    typed = [on_next(0.5, "b"), on_next(2.5, "be")]
    seen, search = run(typed, [on_next(1, "early"), on_next(4, "old")], [on_next(5, "new"), on_completed(6)])
    assert seen == [(2, "early"), (8, "new")]
    assert search.asked() == [(1, 3), (3, 9)], "from when to when each search was subscribed to"


@pytest.mark.parametrize("failure", [[on_error(1, LookupError("no network"))], LookupError("no network")])
def test_a_search_that_fails_is_called_once_more(failure):
    seen, search = run([on_next(1, "b")], failure, [on_next(1, "found")])
    assert [word for _, word in search.calls] == ["b", "b"]
    assert [value for _, value in seen] == ["found"]


@pytest.mark.parametrize("failure", [[on_error(1, LookupError("no network"))], LookupError("no network")])
def test_a_search_that_fails_twice_is_not_the_end(failure):
    seen, search = run([on_next(1, "b"), on_next(10, "be")], failure, failure, [on_next(1, "found")])
    assert [word for _, word in search.calls] == ["b", "b", "be"]
    assert seen == [(11.5, "found")]


def test_the_end_of_the_keystrokes():
    seen, search = run([on_next(1, "b"), on_completed(1.25)], [on_next(1, "found"), on_completed(2)])
    assert search.calls == [(1.25, "b")], "the word that waits is searched for at once"
    assert seen == [(2.25, "found"), (3.25, "|")]


def test_an_error_of_the_keystrokes():
    error = LookupError("the keyboard is gone")
    seen, search = run([on_next(1, "b"), on_next(3, "be"), on_error(3.25, error)], [on_next(5, "late")])
    assert search.calls == [(1.5, "b")]
    assert seen == [(3.25, error)]


def test_unsubscribing_gives_the_search_up():
    _, search = run([on_next(0.5, "b"), on_next(1.75, "be")], [on_next(9, "late")], unsubscribe=2)
    assert search.calls == [(1, "b")]
    assert search.asked() == [(1, 2)]


def test_two_subscriptions_are_two_search_boxes():
    scheduler = TestScheduler()
    keystrokes = scheduler.create_cold_observable(on_next(1, "b"))
    search = Search(scheduler, [on_next(1, "first")], [on_next(1, "second")])
    box = results(keystrokes, search, scheduler)
    assert search.calls == []
    seen = []
    for _ in range(2):
        box.subscribe(seen.append, scheduler=scheduler)
    scheduler.start()
    assert len(search.calls) == 2
    assert sorted(seen) == ["first", "second"]
