"""Public tests: run `pytest` in this folder."""

import threading

import pytest
from post_office import serve_by_completion, serve_by_readiness, serve_in_line, serve_with_clerks

PATIENCE = 10  # seconds; ends a hang, decides nothing else

WAITS = {"ann": [1, 1], "bob": [2, 2, 1], "cy": [3]}  # before each step, in minutes


class Counter:
    """A counter for one thread, whose minutes pass only while somebody waits there. It writes down what is done."""

    def __init__(self, failing=()):
        self.now = 0
        self.log = []
        self._failing = dict(failing)
        self._customers, self._ready_at, self._steps, self._back_office = {}, {}, {}, {}

    def serve(self, customer):
        self.log.append(("serve", customer))
        self.now += sum(WAITS[customer])
        return self._receipt_of(customer)

    def enter(self, customer):
        ticket = self._ticket(customer)
        self._steps[ticket] = list(WAITS[customer])
        self._ready_at[ticket] = self.now + self._steps[ticket].pop(0)
        return ticket

    def wait_until_ready(self, tickets):
        tickets = list(tickets)
        if not tickets or not all(ticket in self._ready_at for ticket in tickets):
            raise ValueError(tickets)
        self.now = max(self.now, min(self._ready_at[ticket] for ticket in tickets))
        return [ticket for ticket in tickets if self._ready_at[ticket] <= self.now]

    def step(self, ticket):
        assert self._ready_at[ticket] <= self.now, f"{self._customers[ticket]} is not ready, and all have to wait"
        self.log.append(("step", self._customers[ticket]))
        if not self._steps[ticket]:
            del self._ready_at[ticket]
            return True
        self._ready_at[ticket] = self.now + self._steps[ticket].pop(0)
        return False

    def begin(self, customer):
        self.log.append(("begin", customer))
        ticket = self._ticket(customer)
        self._back_office[ticket] = self.now + sum(WAITS[customer])
        return ticket

    def wait_until_done(self):
        ticket = min(self._back_office, key=self._back_office.__getitem__)
        self.now = max(self.now, self._back_office.pop(ticket))
        self.log.append(("done", self._customers[ticket]))
        return ticket

    def receipt(self, ticket):
        assert ticket not in self._ready_at and ticket not in self._back_office, "not served yet"
        return self._receipt_of(self._customers[ticket])

    def _ticket(self, customer):
        ticket = 70 - 10 * len(self._customers)
        self._customers[ticket] = customer
        return ticket

    def _receipt_of(self, customer):
        if customer in self._failing:
            raise self._failing[customer]
        return f"receipt for {customer}"


RECEIPTS = ["receipt for bob", "receipt for ann", "receipt for cy"]


def serve_with_one_clerk(customers, counter):
    return serve_with_clerks(1)(customers, counter)


ALL = [serve_in_line, serve_with_one_clerk, serve_by_readiness, serve_by_completion]
NAMES = ["line", "clerks", "readiness", "completion"]


@pytest.fixture
def counter():
    return Counter()


@pytest.mark.parametrize("serve", ALL, ids=NAMES)
def test_receipts_stand_in_the_order_of_customers(serve, counter):
    assert serve(iter(["bob", "ann", "cy"]), counter) == RECEIPTS


@pytest.mark.parametrize("serve", ALL, ids=NAMES)
def test_no_customers(serve, counter):
    assert serve([], counter) == []


@pytest.mark.parametrize("serve", ALL, ids=NAMES)
def test_the_first_failure_is_raised_when_all_are_served(serve):
    errors = {"cy": LookupError("cy"), "ann": LookupError("ann")}
    counter = Counter(errors)

    with pytest.raises(LookupError) as raised:
        serve(["bob", "ann", "cy"], counter)

    assert raised.value is errors["ann"]
    assert {customer for _, customer in counter.log} == {"ann", "bob", "cy"}


def test_one_line_takes_as_long_as_all_together(counter):
    serve_in_line(["bob", "ann", "cy"], counter)

    assert counter.log == [("serve", "bob"), ("serve", "ann"), ("serve", "cy")]
    assert counter.now == 10


def test_readiness_serves_whoever_is_ready(counter):
    serve_by_readiness(["bob", "ann", "cy"], counter)

    assert counter.log[0] == ("step", "ann")
    assert counter.log[-1] == ("step", "bob")
    assert len(counter.log) == 6
    assert counter.now == 5


def test_completion_begins_all_and_is_told_of_each(counter):
    serve_by_completion(["bob", "ann", "cy"], counter)

    assert counter.log[:3] == [("begin", "bob"), ("begin", "ann"), ("begin", "cy")]
    assert counter.log[3:] == [("done", "ann"), ("done", "cy"), ("done", "bob")]
    assert counter.now == 5


class Hall:
    """A counter at which three must be served at once for anybody to go on."""

    def __init__(self):
        self._three = threading.Barrier(3)
        self._lock = threading.Lock()
        self._inside = self.most = 0

    def serve(self, customer):
        with self._lock:
            self._inside += 1
            self.most = max(self.most, self._inside)
        self._three.wait(timeout=PATIENCE)
        with self._lock:
            self._inside -= 1
        return customer


def test_three_clerks_serve_three_at_once():
    hall, before = Hall(), set(threading.enumerate())

    assert serve_with_clerks(3)(range(9), hall) == list(range(9))

    assert hall.most == 3
    assert set(threading.enumerate()) <= before


@pytest.mark.parametrize("n", [0, -1])
def test_there_must_be_a_clerk(n):
    with pytest.raises(ValueError):
        serve_with_clerks(n)
