"""Third-party packages that an exercise may ask for. (How they come into the sandbox: `provision`.)"""

from __future__ import annotations

from dataclasses import dataclass

_OF_NUMPY = ("ctypeslib", "fft", "lib", "linalg", "ma", "polynomial", "random", "testing", "typing")
_OF_CELERY = (
    *("celery.app.*", "celery.apps.*", "celery.backends.filesystem", "celery.events.*", "celery.fixups.*"),
    *("celery.loaders.*", "celery.utils.*", "celery.worker.*", "celery.worker.consumer.*"),
    *(f"celery.concurrency.{pool}" for pool in ("prefork", "solo", "thread")),
)
_OF_KOMBU = (
    *("kombu.*", "kombu.asynchronous.*", "kombu.transport.filesystem", "kombu.transport.memory"),
    *("kombu.transport.virtual.*", "kombu.utils.*"),
)
_OF_GEVENT = (
    *("_patcher", "_threading", "builtins", "contextvars", "core", "event", "events", "exceptions", "fileobject"),
    *("greenlet", "hub", "local", "lock", "monkey", "monkey.*", "os", "pool", "queue", "resolver.blocking"),
    *("resolver.thread", "select", "selectors", "server", "signal", "socket", "ssl", "subprocess", "thread"),
    *("threading", "threadpool", "time", "timeout", "util"),
)
_OF_REACTIVEX = (
    *("abc.*", "disposable.*", "internal.*", "notification", "observable.*", "observer.*", "operators.*"),
    *("operators.connectable.*", "scheduler.*", "scheduler.eventloop", "subject.*", "testing.*", "typing"),
)
_OF_PYCUDA = ("ctypes", "hashlib", "importlib.util", "inspect", "platform", "random", "subprocess", "tempfile", "zlib")


class PackageMissingError(Exception):
    """What is missing, and the command that would fix it."""


@dataclass(frozen=True, slots=True)
class Package:
    """`imported` by the zygote (`name.*`: what is in there for its Python), what it needs of the standard library, and
    what of `ours` makes it ready for players; `path`: below the kit's folder, on the player's sys.path; `extra`: of the
    kit's own, by which it is installed; `environment`: variables that are set for it.
    """

    needs: tuple[str, ...] = ()
    imported: tuple[str, ...] = ()
    standard: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()
    path: str = ""
    extra: str = ""
    environment: tuple[tuple[str, str], ...] = ()


PACKAGES = {
    "celery": Package(
        imported=("celery", *_OF_CELERY, "kombu", *_OF_KOMBU, "billiard", "billiard.*", "vine.*"), extra="celery"
    ),
    "gevent": Package(
        imported=("greenlet", "gevent", *(f"gevent.{part}" for part in _OF_GEVENT)),
        ours=("grader.player.greenlets",),
        extra="gevent",
        # It would start threads to look up a host, even one that is a number, and keep frames.
        environment=(("GEVENT_RESOLVER", "block"), ("GEVENT_TRACK_GREENLET_TREE", "0")),
    ),
    "numpy": Package(imported=("numpy", *(f"numpy.{part}" for part in _OF_NUMPY))),
    "pycuda": Package(needs=("numpy",), standard=_OF_PYCUDA, path="grader/cuda/dropin"),
    "reactivex": Package(
        imported=("typing_extensions", "reactivex", *(f"reactivex.{part}" for part in _OF_REACTIVEX)), extra="reactive"
    ),
}


def all_needed(names: frozenset[str]) -> list[Package]:
    """Those packages and what they need, each behind what it needs."""
    found: dict[str, Package] = {}
    for name in sorted(names):
        found |= {needed: PACKAGES[needed] for needed in PACKAGES[name].needs} | {name: PACKAGES[name]}
    return list(found.values())
