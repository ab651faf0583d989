"""No operators: one object for each subscription, with a timer and two subscriptions of its own."""

from collections.abc import Callable
from typing import Any

import reactivex
from reactivex import Observable, abc
from reactivex.disposable import CompositeDisposable, Disposable, SerialDisposable
from reactivex.scheduler import TimeoutScheduler

QUIET = 0.5


def results(
    keystrokes: Observable[str], search: Callable[[str], Observable[Any]], scheduler: abc.SchedulerBase | None = None
) -> Observable[Any]:
    """What the latest search gives, of a word at which typing has paused."""

    def subscribe(observer: abc.ObserverBase[Any], its_own: abc.SchedulerBase | None = None) -> abc.DisposableBase:
        clock = scheduler or its_own or TimeoutScheduler.singleton()
        return _Box(observer, search, clock).listen_to(keystrokes)

    return reactivex.create(subscribe)


class _Box:
    def __init__(
        self, observer: abc.ObserverBase[Any], search: Callable[[str], Observable[Any]], clock: abc.SchedulerBase
    ) -> None:
        self._observer, self._search, self._clock = observer, search, clock
        self._timer, self._out = SerialDisposable(), SerialDisposable()
        self._waiting: list[str] = []
        self._last: list[str] = []
        self._typing = True
        self._searches = 0  # so far; 0 is none
        self._current = 0  # the one that is out

    def listen_to(self, keystrokes: Observable[str]) -> abc.DisposableBase:
        typing = keystrokes.subscribe(self._typed, self._observer.on_error, self._typed_all)
        return CompositeDisposable(typing, self._timer, self._out)

    def _typed(self, word: str) -> None:
        self._waiting = [word]
        self._timer.disposable = self._clock.schedule_relative(QUIET, lambda *_: self._pause())

    def _pause(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting and waiting != self._last:
            self._last = waiting
            self._ask(waiting[0], tries=2)

    def _typed_all(self) -> None:
        self._typing = False
        self._timer.dispose()
        self._pause()
        self._end_if_over()

    def _ask(self, word: str, tries: int) -> None:
        self._searches += 1
        number = self._current = self._searches
        self._out.disposable = Disposable()

        def fail(error: Exception) -> None:
            if number != self._current:
                return
            if tries > 1 and not self._out.is_disposed:
                self._ask(word, tries - 1)
            else:
                end()

        def end() -> None:
            if number == self._current:
                self._current = 0
                self._end_if_over()

        def give(value: Any) -> None:
            if number == self._current:
                self._observer.on_next(value)

        try:
            answers = self._search(word)
        except Exception as error:
            fail(error)
            return
        subscription = answers.subscribe(give, fail, end)
        if number == self._current:
            self._out.disposable = subscription

    def _end_if_over(self) -> None:
        if not self._typing and not self._current:
            self._observer.on_completed()
