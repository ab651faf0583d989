"""Importing this makes a context on the device, which ends with the interpreter."""

from __future__ import annotations

import atexit

from .driver import init
from .tools import clear_context_caches, make_default_context

init()
context = make_default_context()
device = context.get_device()


def _finish() -> None:
    context.detach()
    clear_context_caches()


atexit.register(_finish)
