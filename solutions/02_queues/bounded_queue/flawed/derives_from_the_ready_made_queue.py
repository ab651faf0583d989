"""Is a `queue.Queue`, which is what was to be built.

caught_by: test_hand_over
verdict: fail
"""

from __future__ import annotations

import queue


class BoundedQueue(queue.Queue):
    """Hands items from thread to thread, first in, first out, and never holds more than `maxsize` of them."""
