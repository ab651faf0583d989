"""Drives `results` inside the sandbox, one step after the other. Which comes next, and when, is for the judge to say.

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

from builtins import enumerate, getattr, min, next, property, staticmethod, super
from datetime import timedelta

from reactivex import Observable, of
from reactivex.disposable import Disposable, SingleAssignmentDisposable
from reactivex.internal.constants import UTC_ZERO
from reactivex.scheduler.periodicscheduler import PeriodicScheduler
from reactivex.scheduler.scheduleditem import ScheduledItem

from grader.player.adversaries import Cast
from grader.player.callbacks import DirectCallback

MICROSECOND = timedelta(microseconds=1)


def typed(student, as_argument, with_subscription):
    """How many steps it took until the judge wanted no more. The scheduler is handed over in one way or in both."""
    desk = Desk(with_subscription)
    given = {"scheduler": desk.clock} if as_argument else {}
    return desk.work(student.results(desk.keystrokes(), desk.search, **given))


def without_a_scheduler(student, words):
    """All that is typed is there at once, and so is each answer: nobody has to wait."""
    shown = []
    student.results(of(*words), of).subscribe(shown.append, None, lambda: shown.append("completed"))
    return shown


class JudgedScheduler(PeriodicScheduler):
    """Its clock is the judge's. What is due goes off when the judge says so, the earliest first."""

    def __init__(self):
        super().__init__()
        self._now, self._items = UTC_ZERO, []

    @property
    def now(self):
        return self._now

    def set_to(self, microseconds):
        self._now = UTC_ZERO + microseconds * MICROSECOND

    def schedule(self, action, state=None):
        return self.schedule_absolute(self._now, action, state)

    def schedule_relative(self, duetime, action, state=None):
        return self.schedule_absolute(self._now + self.to_timedelta(duetime), action, state)

    def schedule_absolute(self, duetime, action, state=None):
        due = self.to_datetime(duetime)
        item = ScheduledItem(self, state, action, due if due > self._now else self._now)
        self._items.append(item)
        return item.disposable

    @property
    def due(self):
        """When the earliest is, in microseconds; None where nothing is left to go off."""
        self._items = [item for item in self._items if not item.is_cancelled()]
        return min(((item.duetime - UTC_ZERO) // MICROSECOND for item in self._items), default=None)

    def go_off(self):
        item = min(self._items, key=lambda item: item.duetime)
        self._items.remove(item)
        item.invoke()


class Desk:
    """Does what the judge says, and tells it each time what has happened since, in order.

    Whoever subscribes to the results has a number; a search has another one, which the judge answers the call with.
    """

    def __init__(self, with_subscription):
        self.clock = JudgedScheduler()
        self._given = self.clock if with_subscription else None
        self._ask, self._search = DirectCallback("step"), DirectCallback("search")
        self._cast, self._happened = Cast(), []
        self._who, self._at_once = None, []  # who has subscribed last, and what is typed at that moment
        self._typing, self._answering = {}, {}  # to which observers, by whoever types, and by search
        self._subscriptions = {}

    def work(self, results):
        steps = 0
        while (step := self._next()) is not None:
            steps += 1
            moment, what, *about = step
            self.clock.set_to(moment)
            if what == "timer":
                self.clock.go_off()
            elif what == "subscribe":
                self._subscribe(results, *about)
            else:
                getattr(self, f"_{what}")(*about)
        return steps

    def _next(self):
        happened, self._happened = self._happened, []
        return self._ask(happened, self.clock.due)

    def _tell(self, *event):
        self._happened.append([*event])

    # ------------------------------------------------------------------ what the student gets

    def keystrokes(self):
        return Observable(self._listen)

    def _listen(self, observer, scheduler=None):
        who = self._who
        self._tell("listens", who)
        self._typing.setdefault(who, []).append(observer)
        for word in self._at_once:
            observer.on_next(word)
        return Disposable(lambda: self._is_gone(self._typing.get(who, []), observer) and self._tell("gone", who))

    def search(self, *args):
        """What happens is the judge's answer: an error to be raised, or what comes at once. The rest comes later."""
        number, error, at_once = self._search(*args)
        if error is not None:
            raise self._cast.error((error, number))

        def answer(observer, scheduler=None):
            observers = self._answering.setdefault(number, [])
            observers.append(observer)
            for what in at_once:
                self._give(number, observer, *what)
            return Disposable(lambda: self._is_gone(observers, observer) and self._tell("given up", number))

        return Observable(answer)

    @staticmethod
    def _is_gone(observers, observer):
        """Takes this one away. Whether it was still there."""
        place = next((place for place, other in enumerate(observers) if other is observer), None)
        if place is not None:
            del observers[place]
        return place is not None

    # ------------------------------------------------------------------ what the judge has done

    def _subscribe(self, results, who, at_once, leaves_behind):
        subscription = self._subscriptions[who] = SingleAssignmentDisposable()
        shown = 0

        def on_next(value):
            nonlocal shown
            shown += 1
            self._tell("shown", who, "value", *self._named(value))
            if shown == leaves_behind:
                subscription.dispose()

        def on_error(error):
            self._tell("shown", who, "error", *self._named(error))

        def on_completed():
            self._tell("shown", who, "end", "", 0)

        self._who, self._at_once = who, at_once
        subscription.disposable = results.subscribe(on_next, on_error, on_completed, scheduler=self._given)

    def _named(self, thing):
        return self._cast.which(thing) or ("another object", 0)

    def _leave(self, who):
        self._subscriptions[who].dispose()

    def _type(self, who, word):
        for observer in [*self._typing.get(who, [])]:
            observer.on_next(word)

    def _end_typing(self, who):
        for observer in self._typing.pop(who, []):
            observer.on_completed()

    def _fail_typing(self, who, kind, number):
        for observer in self._typing.pop(who, []):
            observer.on_error(self._cast.error((kind, number)))

    def _answer(self, number, *what):
        for observer in [*self._answering.get(number, [])]:
            self._give(number, observer, *what)

    def _give(self, number, observer, what, kind, of_which):
        self._tell("gave", number, what, of_which)
        if what == "value":
            observer.on_next(self._cast.value((kind, of_which)))
            return
        self._is_gone(self._answering[number], observer)
        if what == "error":
            observer.on_error(self._cast.error((kind, of_which)))
        else:
            observer.on_completed()
