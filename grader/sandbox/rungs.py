"""The rungs of the ladder: the ways to isolate a player, strongest first."""

from __future__ import annotations

from dataclasses import dataclass

BWRAP, NAMESPACES, LANDLOCK, RLIMITS = "bwrap", "own-namespaces", "landlock", "rlimits-only"
RUNGS = (BWRAP, NAMESPACES, LANDLOCK, RLIMITS)


@dataclass(frozen=True, slots=True)
class Rung:
    """One way to isolate a player. `unavailable` is empty, or the reason why it cannot be used here."""

    name: str
    description: str = ""
    unavailable: str = ""

    @property
    def isolates(self) -> bool:
        """Whether student code is kept from files, processes and network (and may be run without being asked twice)."""
        return self.name != RLIMITS
