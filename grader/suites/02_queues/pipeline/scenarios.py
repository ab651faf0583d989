"""Drives `run_pipeline` inside the sandbox. The source, the stages and the taker of results are up to the judge."""

from builtins import BaseException, LookupError, StopIteration, ValueError, len, list, next, type

from grader.player.callbacks import Callback, RemoteIterator

kept = []  # an iterator that nobody holds any more would be closed by Python


def create(student, **sizes):
    """Only the call."""
    kept.append(student.run_pipeline(RemoteIterator("source"), [Callback("stage 0")], **sizes))


def deliver(student, stages, most=None, **sizes):
    """Asks for `most` results (default: for all) and says how it ended: "exhausted", "closed", or what was raised."""
    functions = [Callback(f"stage {number}") for number in range(stages)]
    results = student.run_pipeline(RemoteIterator("source"), functions, **sizes)
    kept.append(results)
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


def results_and_end(student, items, stages, fails=None, most=None, **sizes):
    """For schedules: what came out, how it ended, and what came afterwards. The last stage may fail for one item."""

    def stage(item):
        if item == fails:
            raise LookupError(item)
        return item

    results = student.run_pipeline(items, [lambda item: item] * (stages - 1) + [stage], **sizes)
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
