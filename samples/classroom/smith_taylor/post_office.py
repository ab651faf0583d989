"""Serve customers in four ways: one line, a clerk for each, by readiness, by completion. The rules are in README.md."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol


class Counter(Protocol):
    """What can be done at the counter. Each of the four ways uses only a part of it."""

    def serve(self, customer: Any) -> Any:
        """Serve this one from the first step to the last, and return the receipt."""

    def enter(self, customer: Any) -> int:
        """Let one sit down, and return a ticket at once."""

    def wait_until_ready(self, tickets: Iterable[int]) -> list[int]:
        """Wait until one or more of these are ready for a step, and return all that are."""

    def step(self, ticket: int) -> bool:
        """Do the next step, and return whether it was the last one. Waits, if this one is not ready."""

    def begin(self, customer: Any) -> int:
        """Hand a parcel to the back office, and return a ticket at once."""

    def wait_until_done(self) -> int:
        """Wait until the back office has finished one more, and return its ticket."""

    def receipt(self, ticket: int) -> Any:
        """Return the receipt of one who has been served, at once."""


def serve_in_line(customers: Iterable[Any], counter: Counter) -> list[Any]:
    """Serve one after the other, and return their receipts."""
    raise NotImplementedError


def serve_with_clerks(n: int) -> Callable[[Iterable[Any], Counter], list[Any]]:
    """Return a function that serves `n` customers at a time, each in a thread, and returns their receipts in order.

    Raises ValueError if `n` is less than 1.
    """
    raise NotImplementedError


def serve_by_readiness(customers: Iterable[Any], counter: Counter) -> list[Any]:
    """Serve whoever is ready for a step, and return the receipts in the order of `customers`."""
    raise NotImplementedError


def serve_by_completion(customers: Iterable[Any], counter: Counter) -> list[Any]:
    """Hand all parcels over, then wait for each to be done, and return the receipts in the order of `customers`."""
    raise NotImplementedError
