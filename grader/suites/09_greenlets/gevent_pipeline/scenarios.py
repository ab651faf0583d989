"""Drives `run_pipeline` inside the sandbox, in the judge's time.

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

from builtins import (
    Exception,
    NotImplementedError,
    OSError,
    StopIteration,
    ValueError,
    enumerate,
    isinstance,
    iter,
    len,
    list,
    map,
    range,
    type,
)

from gevent import GreenletExit, Timeout, killall, sleep, spawn  # type: ignore[import-untyped]
from gevent.event import Event  # type: ignore[import-untyped]

from grader.player.adversaries import Cast
from grader.player.greenlets import GreenLog, greenlets, lines_that_start_threads, on_judged_hub

threads_started = lines_that_start_threads("gevent_pipeline.py")


def judged(student, plan):
    """The judge hears of every event, and answers every step when it is over."""
    return on_judged_hub(lambda: follow(student, plan, GreenLog("events")), plan["order"])


def follow(student, plan, log):
    """One call, from its beginning to its end: in a greenlet of its own, or in the main one, which is no Greenlet."""
    before = greenlets()
    steps = Steps(plan, log)
    others = [spawn(steps.go_on_together)] if plan["together"] else []
    begin = called_here if plan["in_main"] else spawn
    call = begin(student.run_pipeline, Source(steps), steps.work, plan["workers"], plan["buffer"])
    thrown = throw_later(plan["thrown"], call, log, others)
    call.join()
    if isinstance(call.exception, NotImplementedError):
        raise call.exception
    log("ended", "call")
    log.tell()
    killall(others)
    left = greenlets() - before
    result = steps.shown(call.value)
    return {"ended": how_it_ended(call, steps, thrown), "result": result, "left": left, "lines": list(threads_started)}


class called_here:  # noqa: N801 - in the place of `spawn`
    """A call by whoever is running."""

    value = exception = None

    def __init__(self, function, *args):
        try:
            self.value = function(*args)
        except Exception as error:
            self.exception = error

    def join(self):
        pass


def throw_later(plan, call, log, others):
    """What is going to be thrown into the call, by one more of these `others`."""
    if plan is None:
        return None
    moment, kind = plan
    thing = GreenletExit() if kind == "kill" else Timeout()

    def throw():
        log.wait(moment)
        if not call.dead:
            log("thrown", "call")
            call.kill(thing, block=False)

    others.append(spawn(throw))
    return thing


def how_it_ended(call, steps, thrown):
    if thrown is not None and (call.value is thrown or call.exception is thrown):
        return "what was thrown in came out"
    if call.exception is None:
        return "returned"
    for who, error in steps.errors:
        if call.exception is error:
            return f"raised the error of {who}"
    return f"raised {type(call.exception).__name__}"


class Steps:
    """What source and work do, step by step. Whoever is killed takes its time to clean up, and may fail at that."""

    def __init__(self, plan, log):
        self._plan, self.log, self._wait = plan, log, log.wait
        self._cast = Cast()
        self.items = [self._item(*item["value"]) for item in plan["items"]]
        self._begun = 0
        self._together = Event()
        self.errors = []

    def _item(self, kind, number):
        return StopIteration if kind == "StopIteration" else self._cast.value((kind, number))

    def go_on_together(self):
        """Whoever is going to fail fails now: all of them one after another, and nobody else in between."""
        self._wait(self._plan["together"])
        self._together.set()

    def step(self, who, lasts, *place):
        """Who takes no time lets others run, where it is known who does: whoever has been ready for longest."""
        try:
            if self._plan["together"] and list(place) in self._plan["fails"]:
                self._together.wait()
            else:
                self._wait(lasts) if lasts or self._plan["order"] else sleep(0)
        except GreenletExit:
            self._clean_up(who)
            raise

    def _clean_up(self, who):
        self.log("killed", who)
        try:
            self._wait(self._plan["clean_up"])
        except GreenletExit:
            self.log("killed again", who)
            raise
        self.log("cleaned up", who)
        if self._plan["clean_up_fails"]:
            raise OSError(f"{who} could not clean up") from None

    def fail_if_planned(self, who, *place):
        if list(place) in self._plan["fails"]:
            self.errors.append((who, Cast().error(self._plan["error"])))
            self.log("failed", who)
            raise self.errors[-1][1]

    def next(self, number):
        self.log("asked", "source")
        items = self._plan["items"]
        lasts = items[number]["after"] if number < len(items) else self._plan["ends_after"]
        self.step("source", lasts, "source", number)
        self.fail_if_planned("source", "source", number)
        if number >= len(items):
            self.log("over", "source")
            raise StopIteration
        self.log("given", "source")
        return self.items[number]

    def work(self, item):
        number, self._begun = self._begun, self._begun + 1
        right = number < len(self.items) and item is self.items[number]
        self.log("begun", f"item {number}", right)
        self.fail_if_planned(f"item {number}", "work", number)
        return Parts(self, number, self._plan["items"][number]["parts"] if right else [])

    def part(self, number, part, described, lasts):
        who = f"item {number}"
        self.step(who, lasts, "part", number, part)
        self.fail_if_planned(who, "part", number, part)
        self.log("part", who)
        return self._cast.value(described)

    def shown(self, results):
        """Which object each part is, if it is a list of lists."""
        if type(results) is not list:
            return type(results).__name__
        return [[self._named(part) for part in parts] if type(parts) is list else "no list" for parts in results]

    def _named(self, part):
        if part is None:
            return ["none", 0]
        which = self._cast.which(part)
        return ["another object", 0] if which is None else list(which)


class Source:
    """An iterable that is not an iterator."""

    def __init__(self, steps):
        self._steps = steps

    def __iter__(self):
        return Items(self._steps)


class Items:
    def __init__(self, steps):
        self._steps, self._asked = steps, 0

    def __iter__(self):
        return self

    def __next__(self):
        number, self._asked = self._asked, self._asked + 1
        return self._steps.next(number)


class Parts:
    def __init__(self, steps, number, parts):
        self._steps, self._number, self._parts = steps, number, iter(list(enumerate(parts)))

    def __iter__(self):
        return self

    def __next__(self):
        for part, (lasts, described) in self._parts:
            return self._steps.part(self._number, part, described, lasts)
        self._steps.fail_if_planned(f"item {self._number}", "end", self._number)
        self._steps.log("done", f"item {self._number}")
        raise StopIteration


# ------------------------------------------------------------------ without the judge's steps


def side_by_side(student, sizes, workers):
    """Two calls at the same time: the number of parts of each item."""

    def work(number):
        for part in range(number):
            sleep(1)
            yield [number, part]

    def run():
        calls = [spawn(student.run_pipeline, iter(own), work, workers, 1) for own in sizes]
        return [call.get() for call in calls]

    return on_judged_hub(run)


class Computed:
    def __init__(self, compute, parts):
        self._compute, self._parts = compute, iter(range(parts))

    def __iter__(self):
        return self

    def __next__(self):
        for part in self._parts:
            return self._compute(part)
        raise StopIteration


ITERATORS = {
    "generator": lambda compute, parts: (compute(part) for part in range(parts)),
    "map": lambda compute, parts: map(compute, range(parts)),
    "object": Computed,
}


def computing(student, parts, kinds):
    """An item in work for each kind of iterator, with so many parts, which are computed: nobody waits.

    Somebody else wants a turn as well.
    """
    return on_judged_hub(lambda: compute(student, parts, kinds, GreenLog("events")))


def compute(student, parts, kinds, log):
    def work(number):
        def compute_part(part):
            log("part", number)
            return part

        return ITERATORS[kinds[number]](compute_part, parts[number])

    def live_next_door():
        for _ in range(300):
            log("turn", "neighbour")
            sleep(0)

    neighbour = spawn(live_next_door)
    try:
        return student.run_pipeline(iter(range(len(parts))), work, len(parts), 1)
    finally:
        neighbour.kill()
        log.tell()


def refused(student, workers, buffer):
    """What comes of such a call."""
    asked = []

    def source():
        asked.append(True)
        yield 1

    try:
        student.run_pipeline(source(), iter, workers, buffer)
    except ValueError:
        return ["ValueError", len(asked)]
    except Exception as error:
        if isinstance(error, NotImplementedError):
            raise
        return [type(error).__name__, len(asked)]
    return ["nothing", len(asked)]
