"""One customer is one coroutine: a loop of generators for readiness, asyncio's futures for completion."""

import asyncio
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any


def serve_in_line(customers: Iterable[Any], counter: Any) -> list[Any]:
    """Serve one after the other, and return their receipts."""
    outcomes = []
    for customer in customers:
        outcomes.append(_outcome(counter.serve, customer))
    return [give() for give in outcomes]


def serve_with_clerks(n: int) -> Callable[[Iterable[Any], Any], list[Any]]:
    """Return a function that serves `n` customers at a time, each in a thread, and returns their receipts in order."""
    if n <= 0:
        raise ValueError(n)

    def serve(customers: Iterable[Any], counter: Any) -> list[Any]:
        with ThreadPoolExecutor(max_workers=n) as pool:
            futures = [pool.submit(counter.serve, customer) for customer in customers]
            wait(futures)
        return [future.result() for future in futures]

    return serve


def serve_by_readiness(customers: Iterable[Any], counter: Any) -> list[Any]:
    """Serve whoever is ready for a step, and return the receipts in the order of `customers`."""
    outcomes: dict[int, Callable[[], Any]] = {}

    def visit(ticket: int) -> Generator[None, None, None]:
        while not counter.step(ticket):
            yield
        outcomes[ticket] = _outcome(counter.receipt, ticket)

    visits = {ticket: visit(ticket) for ticket in [counter.enter(customer) for customer in customers]}
    tickets = tuple(visits)
    while visits:
        for ticket in counter.wait_until_ready(tuple(visits)):
            try:
                next(visits[ticket])
            except StopIteration:
                del visits[ticket]
    return [outcomes[ticket]() for ticket in tickets]


def serve_by_completion(customers: Iterable[Any], counter: Any) -> list[Any]:
    """Hand all parcels over, then wait for each to be done, and return the receipts in the order of `customers`."""

    async def receipts() -> list[Any]:
        loop = asyncio.get_running_loop()
        futures = {}
        for customer in customers:
            futures[counter.begin(customer)] = loop.create_future()

        async def bell() -> None:
            for _ in futures:
                ticket = counter.wait_until_done()
                futures[ticket].set_result(_outcome(counter.receipt, ticket))
                await asyncio.sleep(0)

        await asyncio.gather(bell(), *futures.values())
        return [future.result() for future in futures.values()]

    return [give() for give in asyncio.run(receipts())]


def _outcome(function: Callable[[Any], Any], argument: Any) -> Callable[[], Any]:
    """What gives the result, or raises the error, as often as it is called."""
    try:
        result = function(argument)
    except Exception as failure:
        error = failure

        def fail() -> Any:
            raise error

        return fail
    return lambda: result
