"""Clerks are plain threads that take customers from a queue, and the caller is one of them. Places instead of dicts."""

from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any


class Book:
    """Keeps what became of each customer, by place."""

    def __init__(self, size: int) -> None:
        self._receipts: list[Any] = [None] * size
        self._errors: dict[int, Exception] = {}

    def write(self, place: int, function: Callable[[Any], Any], argument: Any) -> None:
        try:
            self._receipts[place] = function(argument)
        except Exception as error:
            self._errors[place] = error

    def close(self) -> list[Any]:
        if self._errors:
            raise self._errors[min(self._errors)]
        return self._receipts


def serve_in_line(customers: Iterable[Any], counter: Any) -> list[Any]:
    """Serve one after the other, and return their receipts."""
    line = list(customers)
    book = Book(len(line))
    for place, customer in enumerate(line):
        book.write(place, counter.serve, customer)
    return book.close()


def serve_with_clerks(n: int) -> Callable[[Iterable[Any], Any], list[Any]]:
    """Return a function that serves `n` customers at a time, each in a thread, and returns their receipts in order."""
    if n < 1:
        raise ValueError("no clerks")

    def serve(customers: Iterable[Any], counter: Any) -> list[Any]:
        line: SimpleQueue[tuple[int, Any]] = SimpleQueue()
        for entry in enumerate(customers):
            line.put(entry)
        book = Book(line.qsize())

        def work() -> None:
            while True:
                try:
                    place, customer = line.get_nowait()
                except Empty:
                    return
                book.write(place, counter.serve, customer)

        clerks = [Thread(target=work) for _ in range(min(n, line.qsize()) - 1)]
        for clerk in clerks:
            clerk.start()
        work()
        for clerk in clerks:
            clerk.join()
        return book.close()

    return serve


def serve_by_readiness(customers: Iterable[Any], counter: Any) -> list[Any]:
    """Serve whoever is ready for a step, and return the receipts in the order of `customers`."""
    place_of = {counter.enter(customer): place for place, customer in enumerate(customers)}
    book = Book(len(place_of))
    sitting = list(place_of)
    while sitting:
        ready = counter.wait_until_ready(sitting)
        for ticket in ready:
            if counter.step(ticket):
                book.write(place_of[ticket], counter.receipt, ticket)
                sitting.remove(ticket)
    return book.close()


def serve_by_completion(customers: Iterable[Any], counter: Any) -> list[Any]:
    """Hand all parcels over, then wait for each to be done, and return the receipts in the order of `customers`."""
    place_of = {counter.begin(customer): place for place, customer in enumerate(customers)}
    book = Book(len(place_of))
    open_ = set(place_of)
    while open_:
        ticket = counter.wait_until_done()
        open_.remove(ticket)
        book.write(place_of[ticket], counter.receipt, ticket)
    return book.close()
