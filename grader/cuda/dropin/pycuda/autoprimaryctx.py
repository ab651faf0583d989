"""Importing this makes the device's primary context the current one, until the interpreter ends."""

from __future__ import annotations

import atexit

from .driver import Context, Device, init
from .tools import clear_context_caches, make_default_context


def _primary(chosen: Device) -> Context:
    retained = chosen.retain_primary_context()
    retained.push()
    return retained


init()
context = make_default_context(_primary)
device = context.get_device()


def _finish() -> None:
    context.detach()
    clear_context_caches()


atexit.register(_finish)
