"""Serve customers in four ways: one line, a clerk for each, by readiness, by completion."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

Outcome = tuple[Any, Exception | None]  # a receipt, or why there is none


def serve_in_line(customers: Iterable[Any], counter: Any) -> list[Any]:
    """Serve one after the other, and return their receipts."""
    return _receipts([_outcome(counter.serve, customer) for customer in customers])


def serve_with_clerks(n: int) -> Callable[[Iterable[Any], Any], list[Any]]:
    """Return a function that serves `n` customers at a time, each in a thread, and returns their receipts in order.

    Raises ValueError if `n` is less than 1.
    """
    if n < 1:
        raise ValueError(f"there must be a clerk, not {n}")

    def serve(customers: Iterable[Any], counter: Any) -> list[Any]:
        with ThreadPoolExecutor(n) as clerks:
            outcomes = clerks.map(lambda customer: _outcome(counter.serve, customer), customers)
        return _receipts(outcomes)

    return serve


def serve_by_readiness(customers: Iterable[Any], counter: Any) -> list[Any]:
    """Serve whoever is ready for a step, and return the receipts in the order of `customers`."""
    tickets = [counter.enter(customer) for customer in customers]
    unserved = set(tickets)
    while unserved:
        for ticket in counter.wait_until_ready(unserved):
            if counter.step(ticket):
                unserved.remove(ticket)
    return _receipts([_outcome(counter.receipt, ticket) for ticket in tickets])


def serve_by_completion(customers: Iterable[Any], counter: Any) -> list[Any]:
    """Hand all parcels over, then wait for each to be done, and return the receipts in the order of `customers`."""
    tickets = [counter.begin(customer) for customer in customers]
    outcomes = {}
    for _ in tickets:
        ticket = counter.wait_until_done()
        outcomes[ticket] = _outcome(counter.receipt, ticket)
    return _receipts([outcomes[ticket] for ticket in tickets])


def _outcome(function: Callable[[Any], Any], argument: Any) -> Outcome:
    try:
        return function(argument), None
    except Exception as error:
        return None, error


def _receipts(outcomes: Iterable[Outcome]) -> list[Any]:
    """All receipts; raises the first error instead, if there is one."""
    receipts = []
    for receipt, error in outcomes:
        if error is not None:
            raise error
        receipts.append(receipt)
    return receipts
