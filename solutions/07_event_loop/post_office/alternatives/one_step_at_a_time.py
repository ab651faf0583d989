"""A thread for each customer, started when there is room; steps in reverse; receipts are fetched in the end."""

from collections.abc import Callable, Iterable
from threading import Semaphore, Thread
from typing import Any


def serve_in_line(customers: Iterable[Any], counter: Any) -> list[Any]:
    """Serve one after the other, and return their receipts."""
    return _all_of(counter.serve, customers)


def serve_with_clerks(n: int) -> Callable[[Iterable[Any], Any], list[Any]]:
    """Return a function that serves `n` customers at a time, each in a thread, and returns their receipts in order."""
    Semaphore(n - 1)  # raises ValueError below 0

    def serve(customers: Iterable[Any], counter: Any) -> list[Any]:
        room = Semaphore(n)
        threads, found = [], []

        def work(result: list[Any], customer: Any) -> None:
            try:
                result[:] = [counter.serve(customer), None]
            except Exception as error:
                result[:] = [None, error]
            finally:
                room.release()

        for customer in customers:
            room.acquire()
            found.append([None, None])
            threads.append(Thread(target=work, args=(found[-1], customer)))
            threads[-1].start()
        for thread in threads:
            thread.join()
        return _all_of(_unpack, found)

    return serve


def serve_by_readiness(customers: Iterable[Any], counter: Any) -> list[Any]:
    """Serve whoever is ready for a step, and return the receipts in the order of `customers`."""
    tickets = list(map(counter.enter, customers))
    served = 0
    sitting = dict.fromkeys(tickets)
    while served < len(tickets):
        told = counter.wait_until_ready(list(sitting))
        while told:
            ticket = told.pop()
            if counter.step(ticket):
                del sitting[ticket]
                served += 1
    return _all_of(counter.receipt, tickets)


def serve_by_completion(customers: Iterable[Any], counter: Any) -> list[Any]:
    """Hand all parcels over, then wait for each to be done, and return the receipts in the order of `customers`."""
    tickets = list(map(counter.begin, customers))
    for _ in range(len(tickets)):
        counter.wait_until_done()
    return _all_of(counter.receipt, tickets)


def _all_of(function: Callable[[Any], Any], arguments: Iterable[Any]) -> list[Any]:
    results: list[Any] = []
    errors: list[Exception] = []
    for argument in arguments:
        try:
            results.append(function(argument))
        except Exception as error:
            errors.append(error)
    for first in errors:
        raise first
    return results


def _unpack(found: list[Any]) -> Any:
    result, error = found
    if error is not None:
        raise error
    return result
