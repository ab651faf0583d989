"""Drives `run_pipeline` inside the sandbox. The source, the stages and the taker of results are up to the judge.

Under schedules they are our own. Both kinds look alike, so nobody can tell what a scenario is about.
"""

from builtins import BaseException, LookupError, StopIteration, ValueError, iter, len, list, next, range, type
from threading import Event

from grader.player.callbacks import Callback, RemoteIterator

kept = []  # an iterator that nobody holds any more would be closed by Python


def results_of(student, ask, works, sizes):
    """With a source whose items come from `ask`, and for each of `works` a stage that calls it."""

    def give():
        return ask()

    def stage_of(work):
        def stage(item):
            return work(item)

        return stage

    results = student.run_pipeline(RemoteIterator(give), [stage_of(work) for work in works], **sizes)
    kept.append(results)
    return results


def create(student, **sizes):
    """Only the call."""
    results_of(student, Callback("source"), [Callback("stage 0")], sizes)


def deliver(student, stages, most=None, **sizes):
    """Asks for `most` results (default: for all) and says how it ended: "exhausted", "closed", or what was raised."""
    works = [Callback(f"stage {number}") for number in range(stages)]
    results = results_of(student, Callback("source"), works, sizes)
    Callback("pause")()
    given = 0
    while most is None or given < most:
        try:
            result = next(results)
        except StopIteration:
            return "exhausted"
        except BaseException as error:
            return error
        Callback("given")(result)
        given += 1
    Callback("closing")()
    results.close()
    return "closed"


def deliver_and_go_on(student, stages, most=None, **sizes):
    """The same; then says what one more `next`, a `close` and again a `next` come to."""
    ended = deliver(student, stages, most, **sizes)
    results = kept[-1]
    afterwards = [outcome_of_next(results)]
    results.close()
    afterwards.append(outcome_of_next(results))
    return [ended, afterwards]


def outcome_of_next(results):
    try:
        next(results)
    except BaseException as error:
        return type(error).__name__
    return "a result"


def send_through(student, things, message):
    """Plain objects, and exception objects among them, through a stage that changes nothing."""
    things = [*things, ValueError(message), None]
    return list(student.run_pipeline(things, [lambda thing: thing]))


def results_and_end(student, items, stages, meet=False, fails=None, most=None, **sizes):
    """For schedules: what came out, how it ended, and what came afterwards. The last stage may fail for one item.

    With `meet` all must be at work at once: no call of the last stage ends before the first one has a second item.
    """
    source = iter([[item] for item in items])
    begun = []
    second_begun = Event()

    def first(item):
        begun.append(item)
        if len(begun) == 2:
            second_begun.set()
        return item

    def last(item):
        if stages == 1:
            first(item)
        if meet:
            second_begun.wait()
        if item == fails:
            raise LookupError(item)
        return item

    works = [first] * (stages - 1) + [last]
    results = results_of(student, lambda: next(source, []), works, sizes)
    given = []
    ended: object = "closed"
    while most is None or len(given) < most:
        try:
            given.append(next(results))
        except StopIteration:
            ended = "exhausted"
            break
        except LookupError as error:
            ended = error
            break
    results.close()
    return given, ended, outcome_of_next(results)
