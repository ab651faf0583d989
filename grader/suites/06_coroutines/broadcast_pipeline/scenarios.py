"""Builds pipelines of the student's stages inside the sandbox, with items and targets that tell the
judge of themselves, and pushes items through.

A pipeline is told as plain data: `(kind, what, *targets)`.

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

from builtins import BaseException, Exception, NotImplementedError, StopIteration
from collections.abc import Callable

from grader.player.callbacks import Callback
from grader.player.generators import EventLog, Source, Target

FATAL = 13  # the item at which what fails does so


class StageError(Exception):
    """Raised by a function or a target. No student has heard of it."""


class ItemsError(Exception):
    """Raised by the items."""


class CloseError(Exception):
    """Raised by closing a target."""


def _fail(item):
    if item == FATAL:
        raise StageError
    return item


def _do_nothing(item):
    pass


FUNCTIONS = {
    "remainder": lambda item: item % 3,
    "is none": lambda item: item is None,
    "double": lambda item: item * 2,
    "forget": lambda item: None,
    "fail": _fail,
}


class Pipeline:
    """Keeps every stage: one that nobody holds any more would close itself, which nobody may rely on."""

    def __init__(self, student, log, tree):
        self._log, self._stages = log, []
        self._kinds: dict[str, Callable] = {
            "target": lambda name: Target(name, log, primed=True),
            "failing target": lambda name: Target(name, log, primed=True, answer=_fail),
            "target that fails to close": lambda name: Target(name, log, primed=True, close_raises=CloseError()),
            "sink": lambda name: student.sink(self._collect_for(name, _do_nothing)),
            "failing sink": lambda name: student.sink(self._collect_for(name, _fail)),
            "filter": lambda function, target: student.filter_(FUNCTIONS[function], target),
            "map": lambda function, target: student.map_(FUNCTIONS[function], target),
            "broadcast": lambda _, *targets: student.broadcast(*targets),
        }
        self.first = self._build(tree)

    def _build(self, tree):
        kind, what, *targets = tree
        stage = self._kinds[kind](what, *[self._build(target) for target in targets])
        self._stages.append(stage)
        return stage

    def _collect_for(self, name, then):
        def collect(item):
            self._log.add(name, "collect", item)
            then(item)

        return collect


def by_hand(student, tree):
    """What comes of each step, and the judge hears of all that happens.

    It says what the next step is: a method, "send" or "close", and an item.
    """
    log = EventLog(Callback("event"))
    pipeline = Pipeline(student, log, tree)
    first, outcomes = pipeline.first, []
    while step := log.add("caller", "asks"):
        method, item = step[0]
        outcomes.append(_outcome(first.send, item) if method == "send" else _outcome(first.close))
    log.end()
    return outcomes


def by_source(student, tree):
    """What comes of `source`, and the judge hears of all that happens. The items may end with an exception."""
    log = EventLog(Callback("event"))
    pipeline = Pipeline(student, log, tree)
    outcome = _outcome(student.source, Source("items", log, raises=ItemsError()), pipeline.first)
    log.end()
    return outcome


def _outcome(act, *arguments):
    try:
        return ["gave", act(*arguments)]
    except NotImplementedError:
        raise
    except StopIteration:
        return ["ended", None]
    except BaseException as error:
        return ["raised", error]


def decorated(student, items):
    """The name and docstring of a decorated function, and what two generators made by it answer."""
    log = EventLog(Callback("event"))

    def parrot(name, *, times):
        """Says everything twice, or more often."""
        log.add(name, "begin")
        answer = None
        while True:
            item = yield answer
            log.add(name, "hear", item)
            answer = [item] * times

    made = student.coroutine(parrot)
    log.add("nobody", "calls")
    polly, coco = made("polly", times=2), made("coco", times=3)
    log.add("nobody", "sends")
    answers = [_outcome(bird.send, item) for item in items for bird in (polly, coco)]
    log.end()
    return [[made.__name__, made.__doc__], answers]
