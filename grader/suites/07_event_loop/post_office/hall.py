"""The judge's counter: a crowd played out in minutes that pass only when nobody in the sandbox can move."""

from typing import Any

from grader.evidence import AtOnce

UNSERVED = "each wait to be for all who have not been served"
TOLD = "a step only for those whom a wait has told to be ready, and once for each time that they were"
STEPPED = "a step before the next wait for each of those whom this one has told to be ready"


class Visit:
    """Of one customer who sits: a step can be done at `ready_at`. `waits`: before the steps that come after it."""

    def __init__(self, number, waits, ready_at):
        self.number, self.waits, self.ready_at = number, waits, ready_at
        self.told = False


class Hall:
    """Calls are held until nobody can move, so that the kernel can be asked who waits for their answers.

    `held`: which are, if not all; others are answered at once. `waits`, `receipts`: of each customer there is.
    `tickets`: those given out, in order. `mistakes`: what should have been done at the counter, and what was.
    `served_at_once`: how many, each time before one had been served.
    """

    unit = "minutes"
    patience_s, seldom_s = AtOnce.patience_s, AtOnce.seldom_s
    holds = False

    def __init__(self, plan, held=None):
        self.now = 0.0
        self.mistakes = []
        self.served_at_once = []
        self._waits, self._receipts = plan["waits"], plan["receipts"]
        self._tickets = iter(plan["tickets"])
        self._answers: dict[str, Any] = {
            "serve": self._serve,
            "enter": self._enter,
            "wait_until_ready": self._wait_until_ready,
            "step": self._step,
            "begin": self._begin,
            "wait_until_done": self._wait_until_done,
            "receipt": self._receipt,
        }
        self._to_be_held = self._answers if held is None else held
        self._waited = 0.0  # for the answer that is given now
        self._held = []
        self._sitting, self._office, self._left = {}, {}, {}

    # ------------------------------------------------------------------ when which call is answered

    def arrived(self, call):
        self._held.append(call)
        if call.name not in self._to_be_held:
            self._answer(call)

    def abandoned(self, call):
        self._held = [other for other in self._held if other is not call]

    def when_quiet(self):
        if not self._held:
            return False
        call = min(self._held, key=lambda call: (self._due(call), call.opened))
        if call.name == "serve":
            self.served_at_once.append(sum(other.name == "serve" for other in self._held))
        self._answer(call)
        return True

    def _answer(self, call):
        self._held.remove(call)
        due = self._due(call)
        self._waited, self.now = due - self.now, due
        try:
            answer = self._answers[call.name](*call.args)
        except (LookupError, TypeError, ValueError, StopIteration):
            call.fail(ValueError(f"nobody is there for {call.name}"), self.now)
        else:
            call.answer(answer, self.now)

    def _due(self, call):
        """Calls that cannot be answered as they should are answered at once."""
        try:
            return self._moment(call)
        except (LookupError, TypeError, ValueError):
            return self.now

    def _moment(self, call):
        match call.name, call.args:
            case "serve", [number]:
                return call.began + sum(self._waits[self._customer(number)])
            case "wait_until_ready", [tickets]:
                return max(self.now, min(self._sitting[ticket].ready_at for ticket in tickets))
            case "step", [ticket]:
                return max(self.now, self._sitting[ticket].ready_at)
            case "wait_until_done", []:
                return max(self.now, min(done_at for done_at, _ in self._office.values()))
        return self.now

    # ------------------------------------------------------------------ the answers

    def _serve(self, number):
        return self._receipts[self._customer(number)]

    def _receipt(self, ticket):
        return self._receipts[self._left[ticket]]

    def _customer(self, number):
        if type(number) is not int or not 0 <= number < len(self._waits):
            raise LookupError
        return number

    def _enter(self, number):
        first, *others = self._waits[self._customer(number)]
        ticket = next(self._tickets)
        self._sitting[ticket] = Visit(number, others, self.now + first)
        return ticket

    def _wait_until_ready(self, tickets):
        tickets = dict.fromkeys(tickets)
        if not tickets:
            raise ValueError
        ready = [ticket for ticket in tickets if self._sitting[ticket].ready_at <= self.now]
        if len(tickets) < len(self._sitting):
            self.mistakes.append((UNSERVED, f"a wait for {len(tickets)} of {len(self._sitting)}"))
        if left := sum(visit.told for visit in self._sitting.values()):
            self.mistakes.append((STEPPED, f"the next wait with {left} of them left"))
        for ticket in ready:
            self._sitting[ticket].told = True
        return ready[::-1]

    def _step(self, ticket):
        visit = self._sitting[ticket]
        if not visit.told:
            cost = f", and everybody waited {self._waited:g} minutes for it" if self._waited else ""
            self.mistakes.append((TOLD, f"a step for one of whom this was not told{cost}"))
        visit.told = False
        if visit.waits:
            visit.ready_at = self.now + visit.waits.pop(0)
            return False
        self._left[ticket] = self._sitting.pop(ticket).number
        return True

    def _begin(self, number):
        takes = sum(self._waits[self._customer(number)])
        ticket = next(self._tickets)
        self._office[ticket] = self.now + takes, number
        return ticket

    def _wait_until_done(self):
        ticket = min(self._office, key=lambda ticket: self._office[ticket][0])
        self._left[ticket] = self._office.pop(ticket)[1]
        return ticket
