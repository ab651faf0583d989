"""Everything that happens becomes an entry of one queue, which a state machine works off, one after the other."""

from collections import deque
from collections.abc import Callable
from typing import Any

from reactivex import Observable, Observer, abc
from reactivex.disposable import CompositeDisposable, Disposable, SingleAssignmentDisposable
from reactivex.scheduler import TimeoutScheduler

QUIET = 0.5


class _Results(Observable[Any]):
    def __init__(self, keystrokes: Any, search: Any, scheduler: Any) -> None:
        super().__init__()
        self._keystrokes, self._search, self._scheduler = keystrokes, search, scheduler

    def _subscribe_core(
        self, observer: abc.ObserverBase[Any], scheduler: abc.SchedulerBase | None = None
    ) -> abc.DisposableBase:
        clock = self._scheduler or scheduler or TimeoutScheduler.singleton()
        machine = _Machine(observer, self._search, clock)
        typing = self._keystrokes.subscribe(machine.inlet("typing"), scheduler=scheduler)
        return CompositeDisposable(Disposable(machine.stop), typing)


class _Machine:
    def __init__(self, observer: abc.ObserverBase[Any], search: Any, clock: abc.SchedulerBase) -> None:
        self.observer, self.search, self.clock = observer, search, clock
        self.queue: deque[Callable[[], None]] = deque()
        self.busy = self.stopped = self.typed_all = False
        self.word = self.last = None
        self.deadline: abc.DisposableBase = Disposable()
        self.asked: tuple[str, int] | None = None  # what is searched for, in which try
        self.subscription = SingleAssignmentDisposable()

    def inlet(self, kind: str) -> Observer[Any]:
        def put(what: str, argument: Any = None) -> None:
            self.queue.append(lambda: getattr(self, f"{kind}_{what}")(argument))
            self.work_off()

        return Observer(lambda value: put("next", value), lambda error: put("error", error), lambda: put("completed"))

    def work_off(self) -> None:
        if self.busy:
            return
        self.busy = True
        try:
            while self.queue and not self.stopped:
                self.queue.popleft()()
        finally:
            self.busy = False

    def stop(self) -> None:
        self.stopped = True
        self.deadline.dispose()
        self.subscription.dispose()

    def typing_next(self, word: str) -> None:
        self.word = word
        self.deadline.dispose()
        self.deadline = self.clock.schedule_relative(QUIET, self.rang)

    def rang(self, *about: Any) -> None:
        self.queue.append(self.paused)
        self.work_off()

    def typing_error(self, error: Exception) -> None:
        self.observer.on_error(error)

    def typing_completed(self, _: Any) -> None:
        self.typed_all = True
        self.deadline.dispose()
        self.paused()
        self.finish_if_over()

    def paused(self) -> None:
        word, self.word = self.word, None
        if word is None or word == self.last:
            return
        self.last = word
        self.start(word, 1)

    def start(self, word: str, attempt: int) -> None:
        self.subscription.dispose()
        self.subscription = SingleAssignmentDisposable()
        self.asked = (word, attempt)
        try:
            answers = self.search(word)
        except Exception as error:
            self.answer_error(error)
            return
        subscription = self.subscription
        subscription.disposable = answers.subscribe(self.while_out(self.inlet("answer")))

    def while_out(self, inlet: Observer[Any]) -> Observer[Any]:
        subscription = self.subscription

        def if_out(tell: Callable[..., None]) -> Callable[..., None]:
            return lambda *arguments: None if subscription is not self.subscription else tell(*arguments)

        return Observer(if_out(inlet.on_next), if_out(inlet.on_error), if_out(inlet.on_completed))

    def answer_next(self, value: Any) -> None:
        self.observer.on_next(value)

    def answer_error(self, _: Any) -> None:
        assert self.asked is not None
        word, attempt = self.asked
        if attempt == 1:
            self.start(word, 2)
        else:
            self.answer_completed(None)

    def answer_completed(self, _: Any) -> None:
        self.asked = None
        self.finish_if_over()

    def finish_if_over(self) -> None:
        if self.typed_all and self.asked is None:
            self.observer.on_completed()


def results(
    keystrokes: Observable[str], search: Callable[[str], Observable[Any]], scheduler: abc.SchedulerBase | None = None
) -> Observable[Any]:
    """What the latest search gives, of a word at which typing has paused."""
    return _Results(keystrokes, search, scheduler)
