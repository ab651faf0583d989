"""Public tests: run `pytest` in this folder."""

import pytest
from running_average import Reset, running_average


@pytest.fixture
def average():
    """A primed coroutine."""
    average = running_average()
    next(average)
    return average


def end(average):
    """What the coroutine returns when it is sent None."""
    with pytest.raises(StopIteration) as stop:
        average.send(None)
    return stop.value.value


def test_priming_gives_none():
    assert next(running_average()) is None


def test_a_number_before_priming_is_an_error():
    with pytest.raises(TypeError):
        running_average().send(1)


def test_every_number_is_answered_with_the_mean_so_far(average):
    assert [average.send(number) for number in [10, 20, 0, 30.0]] == [10.0, 15.0, 10.0, 15.0]


def test_the_end_returns_count_and_mean(average):
    average.send(1)
    average.send(2)

    assert end(average) == (2, 1.5)


def test_the_end_without_numbers(average):
    assert end(average) == (0, None)


def test_a_reset_starts_afresh(average):
    average.send(100)

    assert average.throw(Reset) is None
    assert average.send(3) == 3.0
    assert average.send(4) == 3.5
    assert end(average) == (2, 3.5)


def test_close_is_quiet(average):
    average.send(1)
    average.close()

    with pytest.raises(StopIteration):
        next(average)


def test_another_exception_comes_out_again(average):
    with pytest.raises(KeyError):
        average.throw(KeyError("not mine"))


def test_equal_numbers_have_that_number_as_their_mean(average):
    for _ in range(100_000):
        mean = average.send(0.1)

    assert mean == pytest.approx(0.1, rel=1e-14, abs=0)
