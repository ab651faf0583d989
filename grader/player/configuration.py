"""What the judge tells a supervisor of its player."""

from __future__ import annotations

from typing import TypedDict


class Filter(TypedDict):
    """What `seccomp.program` builds."""

    deny_memfd: bool
    only_local: bool


class Reach(TypedDict):
    """Paths that a player may use, and in which way: see `landlock.restrict`."""

    read_only: list[str]
    writable: list[str]
    devices: list[str]
    listable: list[str]
    network: bool


class Root(TypedDict):
    """What a root of its own shows: (source, target) read-only binds, (target, link) symlinks, and paths covered by
    nothing. File systems to write to have these sizes in MiB.
    """

    binds: list[tuple[str, str]]
    symlinks: list[tuple[str, str]]
    masks: list[str]
    tmp_mb: int
    shm_mb: int


class Configuration(TypedDict):
    """How one player is enclosed and limited, and where it finds what: paths are as it sees them.

    At most one of `root` and `bwrap` is there; with neither, the player is on the host.
    """

    rlimits: dict[str, int]  # by the name that follows RLIMIT_
    uid: int | None  # the player's own user, if it has one
    seccomp: Filter
    landlock: Reach | None
    root: Root | None  # built by `namespaces`
    bwrap: list[str] | None  # bubblewrap and its arguments
    listener: str  # the callbacks' socket as the host sees it; empty where it lies in a root of the player's own
    calls: str  # the same as the player sees it
    home: str
    kit: str
    paths: list[str]  # where packages are imported from: ours below `kit`, and folders by themselves
    submission: str
    connections: int  # TCP sockets to make for the judge, see `network`
