"""Is the library's pool under another name.

caught_by: test_results
verdict: fail
"""

from __future__ import annotations

import concurrent.futures
from typing import Any

Future = concurrent.futures.Future
CancelledError = concurrent.futures.CancelledError


class ThreadPool(concurrent.futures.ThreadPoolExecutor):
    """Runs calls in at most `max_workers` threads."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future:
        """Have `fn(*args, **kwargs)` run by a worker."""
        return super().submit(fn, *args, **kwargs)
