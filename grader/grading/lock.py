"""One grader at a time for each folder of results."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from grader.atomic import remedy_for
from grader.errors import InfrastructureError, InputError
from grader.nofollow import is_plain, open_folder, open_nofollow

_LOCK = ".lock"


@contextmanager
def held(out: Path, since: str) -> Iterator[None]:
    """`out`, made if it is missing, for us alone until the end, or until we die: the kernel holds the lock.

    Raises InputError telling who holds it, and InfrastructureError where the folder cannot be written.
    """
    with _open(out) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as e:
            if e.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise InfrastructureError(f"{out} cannot be locked ({e.strerror}); choose another --out.") from e
            raise InputError(f"{_owner(file)} is grading into {out}: wait for it, or choose another --out.") from e
        _write(file, {"pid": os.getpid(), "host": socket.gethostname(), "since": since})
        try:
            yield
        finally:
            _write(file, {})


def is_somebody_elses(out: Path) -> bool:
    """Whether something is there, and no grader was ever at work."""
    try:
        names = {path.name for path in out.iterdir()}
    except OSError:
        return False  # who writes there says what is the matter
    return bool(names) and _LOCK not in names


def _open(out: Path) -> IO[str]:
    """The lock's file. It stays when it is free: who deletes a lock may delete the next one's."""
    try:
        os.close(open_folder(out))
        descriptor = open_nofollow(out / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK)
        if is_plain(descriptor):
            return os.fdopen(descriptor, "r+", encoding="utf-8")
        os.close(descriptor)
        raise OSError(errno.EEXIST, f"{_LOCK} is no regular file of a single name")
    except OSError as e:
        raise InfrastructureError(f"{out} cannot be written ({e.strerror}): {remedy_for(e)}.") from e


def _write(file: IO[str], owner: dict[str, object]) -> None:
    """Who holds it, for others to be told; on a full disk they are told less."""
    with suppress(OSError):
        file.seek(0)
        file.truncate()
        file.write(json.dumps(owner))
        file.flush()


def _owner(file: IO[str]) -> str:
    try:
        file.seek(0)
        owner = json.load(file)
        return f"Another grader (process {owner['pid']} on {owner['host']}, since {owner['since']})"
    except (OSError, ValueError, LookupError, TypeError):
        return "Another grader"
