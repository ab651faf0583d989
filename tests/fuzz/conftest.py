"""Registers the profile `long`, which pytest's `--hypothesis-profile` then finds; `effort.py` says what it changes."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("long", deadline=None, print_blob=True)
