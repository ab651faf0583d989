"""Writing a file so that readers find its old content or the new, never a part, even if it is killed."""

import errno
import os
import secrets
from pathlib import Path

from grader.errors import InfrastructureError

_REMEDIES = {
    errno.ENOSPC: "free some disk space, then run again with --resume",
    errno.EDQUOT: "free some of your disk quota, then run again with --resume",
    errno.EROFS: "choose a folder on a writable disk with --out",
    errno.EACCES: "make the folder writable for you, or choose another one with --out",
    errno.EPERM: "make the folder writable for you, or choose another one with --out",
    errno.ENOTDIR: "a file is in the way of a folder: move it, or choose another folder with --out",
    errno.EEXIST: "a file is in the way of a folder: move it, or choose another folder with --out",
}


def write_atomically(path: Path, text: str) -> None:
    """Write `text` as UTF-8 to `path`, making missing folders, and put it on disk before returning.

    Raises InfrastructureError when the machine does not let us; nothing of a failed write remains.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, text.encode())
    except OSError as e:
        raise InfrastructureError(f"{path} could not be written ({e.strerror or e}): {remedy_for(e)}.") from e


def remedy_for(trouble: OSError) -> str:
    """What to do about it, as the end of a sentence."""
    return _REMEDIES.get(trouble.errno or 0, "check the disk, or choose another folder with --out")


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # elsewhere a folder cannot be opened, and the rename is durable by itself
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
