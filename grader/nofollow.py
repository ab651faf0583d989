"""Opening files and folders by paths of which no part, the last included, may be a symbolic link.

So whoever may write somewhere below a folder cannot lead the grader out of it, also not by exchanging a folder for
a link between two looks at it. What is trusted (a path on the command line) is resolved once, before.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

from grader.player.syscalls import NUMBERS

READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)  # nobody waits for the other end of a FIFO
_FOLDER = getattr(os, "O_DIRECTORY", 0)
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_PASS_THROUGH = _FOLDER | _NOFOLLOW | getattr(os, "O_PATH", os.O_RDONLY)
# linux/openat2.h
_AT_FDCWD, _RESOLVE_NO_SYMLINKS = -100, 0x04
# A kernel older than 5.6, a filter that does not know the call, and what os.open tries again.
_NOT_BY_OPENAT2 = {errno.ENOSYS, errno.EPERM, errno.EAGAIN, errno.EINTR}


class _OpenHow(ctypes.Structure):
    """struct open_how"""

    _fields_ = (("flags", ctypes.c_uint64), ("mode", ctypes.c_uint64), ("resolve", ctypes.c_uint64))


def open_nofollow(path: Path, flags: int, mode: int = 0o666) -> int:
    """A descriptor of the file or folder. Raises OSError, with ELOOP where a part of the path is a link."""
    path = path.absolute()
    sys.audit("open", str(path), None, flags)
    try:
        return _by_openat2(path, flags, mode)
    except OSError as e:
        if e.errno not in _NOT_BY_OPENAT2:
            raise
    return _part_by_part(path, flags, mode)


def open_folder(path: Path) -> int:
    """A descriptor of the folder, made with those around it where they are missing. Raises OSError."""
    with suppress(FileNotFoundError):
        return open_nofollow(path, os.O_RDONLY | _FOLDER)
    around = open_folder(path.absolute().parent)
    try:
        with suppress(FileExistsError):
            os.mkdir(path.name, dir_fd=around)
        return _open_part(path.name, os.O_RDONLY | _FOLDER, around)
    finally:
        os.close(around)


def is_plain(descriptor: int) -> bool:
    """Whether it is a regular file that has no other name, by which it could be somebody else's."""
    status = os.fstat(descriptor)
    return stat.S_ISREG(status.st_mode) and status.st_nlink <= 1


def read_plain(path: Path) -> bytes:
    """The content of a regular file of a single name. Raises OSError."""
    descriptor = open_nofollow(path, READ)
    if not is_plain(descriptor):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is no regular file of a single name")
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def _by_openat2(path: Path, flags: int, mode: int) -> int:
    if "openat2" not in NUMBERS:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    from grader.player.limits import LIBC  # noqa: PLC0415 - is for Unix alone

    name = os.fsencode(path)
    if b"\0" in name:
        raise ValueError("embedded null byte")
    how = _OpenHow(flags | os.O_CLOEXEC, mode if flags & os.O_CREAT else 0, _RESOLVE_NO_SYMLINKS)
    size = ctypes.c_size_t(ctypes.sizeof(how))
    ctypes.set_errno(0)
    result = LIBC.syscall(NUMBERS["openat2"], _AT_FDCWD, name, ctypes.byref(how), size)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(path))
    return int(result)


def _part_by_part(path: Path, flags: int, mode: int) -> int:
    """The same where there is no openat2: each part is opened in the one before."""
    *folders, last = path.parts[1:] or (".",)
    around = os.open(path.anchor, _PASS_THROUGH)
    try:
        for folder in folders:
            inner = _open_part(folder, _PASS_THROUGH, around)
            os.close(around)
            around = inner
        return _open_part(last, flags, around, mode)
    finally:
        os.close(around)


def _open_part(name: str, flags: int, around: int, mode: int = 0o666) -> int:
    try:
        return os.open(name, flags | _NOFOLLOW, mode, dir_fd=around)
    except NotADirectoryError:  # what a link is called where a folder is asked for
        if stat.S_ISLNK(os.stat(name, dir_fd=around, follow_symlinks=False).st_mode):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), name) from None
        raise
