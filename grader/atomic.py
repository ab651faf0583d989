"""Writing a file so that readers find its old content or the new, never a part, even if it is killed."""

import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path

from grader.errors import InfrastructureError
from grader.nofollow import open_folder

_REMEDIES = {
    errno.ENOSPC: "free some disk space, then run again with --resume",
    errno.EDQUOT: "free some of your disk quota, then run again with --resume",
    errno.EROFS: "choose a folder on a writable disk with --out",
    errno.EACCES: "make the folder writable for you, or choose another one with --out",
    errno.EPERM: "make the folder writable for you, or choose another one with --out",
    errno.ENOTDIR: "a file is in the way of a folder: move it, or choose another folder with --out",
    errno.EEXIST: "a file is in the way of a folder: move it, or choose another folder with --out",
    errno.ENXIO: "a special file is in the way: remove it, or choose another folder with --out",
    errno.EISDIR: "a folder is in the way of a file: move it, or choose another folder with --out",
    errno.ENAMETOOLONG: "choose a folder with a shorter path with --out",
    errno.ELOOP: "a symbolic link is in the way of a folder: remove it, or choose another folder with --out",
}


def write_atomically(path: Path, text: str) -> None:
    """Write `text` as UTF-8 to `path`, making missing folders, and put it on disk before returning.

    No part of the path may be a link: what is trusted is resolved before. Raises InfrastructureError when the machine
    does not let us; nothing of a failed write remains.
    """
    try:
        folder = open_folder(path.parent)
        try:
            _replace(path.name, text.encode(), folder)
        finally:
            os.close(folder)
    except OSError as e:
        raise InfrastructureError(f"{path} could not be written ({e.strerror or e}): {remedy_for(e)}.") from e


def remedy_for(trouble: OSError) -> str:
    """What to do about it, as the end of a sentence."""
    return _REMEDIES.get(trouble.errno or 0, "check the disk, or choose another folder with --out")


def _replace(name: str, content: bytes, folder: int) -> None:
    temporary = f".{secrets.token_hex(8)}.tmp"
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666, dir_fd=folder)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=folder)
        raise
    os.fsync(folder)
