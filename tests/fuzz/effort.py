"""How many examples a fuzz test tries: few and always the same, or many and always others under the profile `long`."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

_LONG = (settings.get_current_profile_name() or "").startswith("long")
_LONG_FACTOR = 25


def effort(examples: int) -> settings:
    """The settings of a fuzz test that tries `examples` in a short run."""
    return settings(
        max_examples=examples * (_LONG_FACTOR if _LONG else 1),
        derandomize=not _LONG,
        suppress_health_check=[*settings.get_profile("kit").suppress_health_check, HealthCheck.data_too_large],
    )
