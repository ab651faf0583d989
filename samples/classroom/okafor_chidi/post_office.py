"""Post office, all four ways."""

from concurrent.futures import ThreadPoolExecutor, wait


class Result:
    """A receipt, or the exception there was instead."""

    def __init__(self, ask, what):
        self.error = None
        try:
            self.receipt = ask(what)
        except Exception as error:
            self.error = error


def unpack(results):
    for result in results:
        if result.error is not None:
            raise result.error
    return [result.receipt for result in results]


def serve_in_line(customers, counter):
    return unpack([Result(counter.serve, customer) for customer in customers])


def serve_with_clerks(n):
    if n < 1:
        raise ValueError("at least one clerk, please")

    def serve(customers, counter):
        with ThreadPoolExecutor(max_workers=n) as clerks:
            futures = [clerks.submit(Result, counter.serve, customer) for customer in customers]
            wait(futures)
        return unpack([future.result() for future in futures])

    return serve


def serve_by_readiness(customers, counter):
    tickets = [counter.enter(customer) for customer in customers]
    waiting = list(tickets)
    while waiting:
        for ticket in counter.wait_until_ready(waiting):
            if counter.step(ticket):
                waiting.remove(ticket)
    return unpack([Result(counter.receipt, ticket) for ticket in tickets])


def serve_by_completion(customers, counter):
    tickets = [counter.begin(customer) for customer in customers]
    for _ in tickets:
        counter.wait_until_done()
    return unpack([Result(counter.receipt, ticket) for ticket in tickets])
