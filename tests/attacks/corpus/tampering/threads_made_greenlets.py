"""Makes greenlets of all threads while it is loaded, the harness's own included, and lets the clerks be such.

exercise: post_office
earns: test_receipts test_failures test_arguments test_one_line test_told_when_it_can_be_done test_told_when_it_is_done
needs: the strongest rung
"""

from gevent import monkey

monkey.patch_all()

from concurrent.futures import ThreadPoolExecutor  # noqa: E402


def _outcomes(ask, whom):
    return [_outcome(ask, one) for one in whom]


def _outcome(ask, one):
    try:
        return None, ask(one)
    except Exception as error:
        return error, None


def _receipts(outcomes):
    for error, _ in outcomes:
        if error is not None:
            raise error
    return [receipt for _, receipt in outcomes]


def serve_in_line(customers, counter):
    return _receipts(_outcomes(counter.serve, customers))


def serve_with_clerks(n):
    if n < 1:
        raise ValueError("n")

    def serve(customers, counter):
        with ThreadPoolExecutor(n) as clerks:
            return _receipts(list(clerks.map(lambda customer: _outcome(counter.serve, customer), customers)))

    return serve


def serve_by_readiness(customers, counter):
    tickets = [counter.enter(customer) for customer in customers]
    waiting = list(tickets)
    while waiting:
        for ticket in counter.wait_until_ready(waiting):
            if counter.step(ticket):
                waiting.remove(ticket)
    return _receipts(_outcomes(counter.receipt, tickets))


def serve_by_completion(customers, counter):
    tickets = [counter.begin(customer) for customer in customers]
    for _ in tickets:
        counter.wait_until_done()
    return _receipts(_outcomes(counter.receipt, tickets))
