"""Several tickers on one event loop."""

from collections.abc import Awaitable, Callable, Iterable


async def run_tickers(specs: Iterable[tuple[str, float, int]], emit: Callable[[str, int], Awaitable[object]]) -> None:
    """Run a ticker for each `(name, period, ticks)`, all at the same time, and return when the last one has ended.

    A ticker awaits `emit(name, n)` for n = 1, 2, … `ticks`. Tick n is due `n * period` seconds after the call. If
    the ticker's previous `emit` is still in progress then, tick n begins the moment that one ends.

    The first exception of an `emit` cancels all other tickers and is raised, by itself or in an ExceptionGroup.
    Cancelling the call cancels all tickers. Every task started here has ended when the call ends.
    """
    raise NotImplementedError
