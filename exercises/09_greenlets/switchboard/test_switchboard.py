"""Public tests: run `pytest` in this folder."""

import gc
import threading
import weakref

import pytest

pytest.importorskip("greenlet", reason="This needs greenlet: pip install 'concurrency-kit[gevent]'")

from greenlet import GreenletExit, getcurrent, greenlet
from switchboard import generator, ping_pong

# ---------------------------------------------------------------- ping_pong


def test_the_ball_goes_to_and_fro():
    log = []

    def left(ball, hit):
        log.append(("left", ball))
        log.append(("left", hit(ball + 1)))
        log.append(("left", hit(10)))
        return "left is done"

    def right(ball, hit):
        log.append(("right", ball))
        log.append(("right", hit(ball + 1)))
        hit(11)

    assert ping_pong(left, right, 1) == "left is done"
    assert log == [("left", 1), ("right", 2), ("left", 3), ("right", 10), ("left", 11)]


def test_the_side_that_waits_is_ended():
    log = []

    def left(ball, hit):
        try:
            hit(ball)
        except GreenletExit:
            log.append("left is ended")
            with pytest.raises(RuntimeError):
                hit("too late")
            log.append("left cleans up")
            raise

    def right(ball, hit):
        return "right returns"

    assert ping_pong(left, right, 1) == "right returns"
    assert log == ["left is ended", "left cleans up"]


def test_an_error_of_either_side_comes_out():
    error = LookupError("no such ball")

    def fail(ball, hit):
        raise error

    def play(ball, hit):
        hit(ball)

    for left, right in ((fail, play), (play, fail)):
        with pytest.raises(LookupError) as raised:
            ping_pong(left, right, 1)
        assert raised.value is error


# ---------------------------------------------------------------- generator


def walk(emit, tree):
    """Emits from any depth."""

    def go_into(part):
        if isinstance(part, list):
            for inner in part:
                go_into(inner)
        else:
            emit(part)

    go_into(tree)
    return "walked"


def test_values_and_the_end():
    iterator = generator(walk)([1, [None, [3]], 4])
    assert iter(iterator) is iterator
    assert [next(iterator) for _ in range(4)] == [1, None, 3, 4]
    with pytest.raises(StopIteration) as end:
        next(iterator)
    assert end.value.value == "walked"
    with pytest.raises(StopIteration) as end:
        next(iterator)
    assert end.value.value is None


def test_nothing_runs_ahead():
    log = []

    @generator
    def count(emit):
        for number in range(3):
            log.append(number)
            emit(number)

    numbers = count()
    assert log == []
    next(numbers)
    assert log == [0]


def test_values_are_sent_back():
    @generator
    def echo(emit, heard):
        while True:
            heard = emit(heard)

    echoes = echo("first")
    with pytest.raises(TypeError):
        echoes.send("too early")
    assert (next(echoes), echoes.send("a"), next(echoes)) == ("first", "a", None)
    echoes.close()


def test_an_error_goes_to_whoever_asked():
    error = LookupError("no such value")

    @generator
    def fails(emit):
        emit(1)
        raise error

    iterator = fails()

    def ask():
        with pytest.raises(LookupError) as raised:
            next(iterator)
        return raised.value

    assert next(iterator) == 1
    assert greenlet(ask).switch() is error  # another greenlet has asked this time
    assert list(iterator) == []


def test_iterators_in_iterators():
    @generator
    def doubled(emit, values):
        for value in values:
            emit(2 * value)

    first, second = doubled(doubled(generator(walk)([1, [2]]))), doubled([5, 6])
    assert list(zip(first, second, strict=True)) == [(4, 10), (8, 12)]


def minded(emit, log, thing=None):
    try:
        emit(1)
    finally:
        log.append("ended")


def test_closing_ends_the_function():
    log = []
    iterator = generator(minded)(log)
    next(iterator)
    iterator.close()
    assert log == ["ended"]
    assert list(iterator) == []


def test_dropping_ends_the_function_and_lets_go_of_all():
    class Thing:
        pass

    log, thing = [], Thing()
    gone = weakref.ref(thing)
    gc.disable()
    try:
        iterator = generator(minded)(log, thing)
        next(iterator)
        del iterator, thing
        assert log == ["ended"]
        assert gone() is None, "something still holds what the function held"
    finally:
        gc.enable()


def test_a_function_may_not_ask_itself():
    @generator
    def asks(emit):
        with pytest.raises(ValueError):
            next(iterator)
        emit("went on")

    iterator = asks()
    assert next(iterator) == "went on"


def test_one_thread():
    threads, greenlets = set(), set()

    def play(ball, hit):
        threads.add(threading.get_ident())
        greenlets.add(id(getcurrent()))
        hit(ball)

    ping_pong(play, play, 1)
    assert threads == {threading.get_ident()}
    assert len(greenlets) == 2 and id(getcurrent()) not in greenlets
