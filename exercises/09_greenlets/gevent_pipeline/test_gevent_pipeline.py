"""Public tests: run `pytest` in this folder."""

import gc
import threading

import pytest

gevent = pytest.importorskip("gevent", reason="This needs gevent: pip install 'concurrency-kit[gevent]'")

from gevent.event import AsyncResult
from gevent_pipeline import run_pipeline


class Source:
    """Gives numbers from 0 on; then it ends, raises an error, or waits to be killed."""

    def __init__(self, items, afterwards=None):
        self.items = items
        self.afterwards = afterwards
        self.given = 0
        self.cleaned_up = False

    def __iter__(self):
        while self.given < self.items:
            gevent.sleep(0)
            self.given += 1
            yield self.given - 1
        if self.afterwards == "wait":
            self._wait_to_be_killed()
        if self.afterwards is not None:
            settle(turns=10)
            raise self.afterwards

    def _wait_to_be_killed(self):
        try:
            AsyncResult().get()
        finally:
            gevent.sleep(0)
            self.cleaned_up = True


class Work:
    """What is in the hands of the test: each item is in work until the test answers, with its only part."""

    def __init__(self):
        self.answers = {}
        self.cleaned_up = []

    def __call__(self, item):
        self.answers[item] = AsyncResult()
        try:
            yield self.answers[item].get()
        except gevent.GreenletExit:
            gevent.sleep(0)
            self.cleaned_up.append(item)
            raise

    @property
    def begun(self):
        return list(self.answers)


def settle(turns=100):
    """Lets every greenlet run until it waits for the test: far fewer turns would do."""
    for _ in range(turns):
        gevent.sleep(0)


def start(*arguments):
    """Starts the call in a greenlet of its own, and returns that when everything waits."""
    call = gevent.spawn(run_pipeline, *arguments)
    settle()
    if isinstance(call.exception, NotImplementedError):
        call.get()  # not written yet: better said at once
    return call


@pytest.fixture(autouse=True)
def nobody_is_left():
    before = number_of_greenlets()
    yield
    settle()
    assert number_of_greenlets() <= before, "the call has ended, but a greenlet that it started has not"


def number_of_greenlets():
    """That have begun, or are going to, and have not ended. Who was made and never started counts for nothing."""
    return sum(isinstance(thing, gevent.Greenlet) and bool(thing) for thing in gc.get_objects())


def test_results_are_in_the_order_of_the_source():
    work = Work()
    call = start(Source(3), work, 3, 1)
    for item, answer in ((2, "c"), (1, None), (0, "a")):
        work.answers[item].set(answer)
        settle()
    assert call.ready(), "every item is done, but the call still waits"
    assert call.get() == [["a"], [None], ["c"]]


def test_any_item_and_any_number_of_parts():
    def repeat(item):
        return iter([item] * 3 if item else [])

    items = [None, 1, None, "ab", 0]
    assert run_pipeline(iter(items), repeat, workers=2, buffer=1) == [[], [1] * 3, [], ["ab"] * 3, []]


def test_as_many_in_work_as_allowed():
    work = Work()
    call = start(Source(5), work, 2, 1)
    assert work.begun == [0, 1]
    work.answers[1].set("b")
    settle()
    assert work.begun == [0, 1, 2], "a worker is free, but the next item is not taken up"
    for item in (2, 3, 4, 0):
        work.answers[item].set(item)
        settle()
    assert call.ready(), "every item is done, but the call still waits"


def test_a_fast_source_waits_for_slow_workers():
    work, source = Work(), Source(50)
    call = start(source, work, 2, 3)
    assert source.given - len(work.begun) <= 3 + 2, "too many items wait"
    assert source.given - len(work.begun) >= 3, "the buffer is not used"
    call.kill()


def test_others_get_their_turn_between_two_parts():
    log = []

    def compute(item):
        for number in range(3):
            log.append(number)
            yield number

    def neighbour():
        while True:
            log.append("neighbour")
            gevent.sleep(0)

    running = gevent.spawn(neighbour)
    try:
        run_pipeline([1], compute, workers=1, buffer=1)
    finally:
        running.kill()
    between = log[log.index(0) : log.index(2)]
    assert between.count("neighbour") >= 2, "nobody else ran between two parts"


def test_the_first_error_of_a_worker_ends_everything():
    work = Work()
    error = LookupError("no such page")
    call = start(Source(50), work, 3, 1)
    work.answers[1].set_exception(error)
    settle()
    assert call.ready(), "a worker has failed, but the call still waits"
    assert call.exception is error
    others = [item for item in work.begun if item != 1]
    assert sorted(work.cleaned_up) == others, "these items were in work, were killed and have cleaned up"


def test_an_error_of_the_source_ends_everything():
    work = Work()
    error = LookupError("the connection was lost")
    call = start(Source(2, afterwards=error), work, 4, 1)
    assert call.ready(), "the source has failed, but the call still waits"
    assert call.exception is error
    assert sorted(work.cleaned_up) == work.begun == [0, 1], "these items were in work, were killed and have cleaned up"


def test_killing_the_call_kills_source_and_workers():
    came_through = []

    def caller():
        run_pipeline(source, work, 3, 2)
        came_through.append(True)

    work, source = Work(), Source(2, afterwards="wait")
    call = gevent.spawn(caller)
    settle()
    call.kill(block=False)
    settle()
    assert call.ready(), "the call was killed, but it still waits"
    assert isinstance(call.value, gevent.GreenletExit) and not came_through, "the call was killed, but went on"
    assert source.cleaned_up and sorted(work.cleaned_up) == [0, 1]


def test_one_thread():
    def identify(item):
        yield threading.get_ident()

    assert run_pipeline(range(4), identify, workers=2, buffer=1) == [[threading.get_ident()]] * 4


def test_a_source_without_items_gives_an_empty_list():
    assert run_pipeline([], Work(), workers=2, buffer=1) == []


@pytest.mark.parametrize(("workers", "buffer"), [(0, 1), (-1, 1), (1, 0)])
def test_less_than_one_is_refused(workers, buffer):
    source = Source(1)
    call = start(source, Work(), workers, buffer)
    assert call.ready(), "the call waits instead of refusing its arguments"
    assert isinstance(call.exception, ValueError)
    assert source.given == 0
