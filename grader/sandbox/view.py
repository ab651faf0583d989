"""What of the machine a player is shown, in the words of each rung."""

from __future__ import annotations

import os
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from grader.player.configuration import Reach, Root

from .interpreter import Interpreter, installed_packages
from .limits import MB, Limits

PATH = "/usr/bin:/bin"  # of every player
BOX_KIT, BOX_SUBMISSION, BOX_RUN, BOX_TOOLS = "/box/kit", "/box/submission", "/box/run", "/box/tools"
BOX_PACKAGES = "/box/packages"
DEVICES = tuple(f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom"))
_SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32"),
    *("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime"),
)
_ABOUT_PROCESSORS = ("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/sys/devices/system/cpu")


Binds = list[tuple[str, str]]  # folders of the machine, and where they are shown


@dataclass(frozen=True, slots=True)
class View:
    """The system's programs and libraries and the interpreter (`shown`), but for what is masked; all read-only."""

    shown: list[str]
    symlinks: list[tuple[str, str]]
    masks: list[str]


def view_for(interpreter: Interpreter) -> View:
    shown = [path for path in _SYSTEM if os.path.exists(path) and not os.path.islink(path)]
    shown += [prefix for prefix in interpreter.prefixes if not _is_below(prefix, shown)]
    links = [(os.readlink(path), path) for path in _SYSTEM if os.path.islink(path)]
    return View(shown, links, _masks(interpreter, shown))


def _masks(interpreter: Interpreter, shown: list[str]) -> list[str]:
    """Folders below what is shown that student code has no business in: installed packages, and the kit's own tree."""
    prefixes = dict.fromkeys((*interpreter.prefixes, "/usr", "/usr/local"))
    packages = [folder for prefix in prefixes for folder in installed_packages(prefix)]
    packages += [str(path) for path in Path("/usr/lib").glob("python3*/dist-packages")]
    own = [str(Path(__file__).resolve().parents[2]), sysconfig.get_path("purelib")]
    masks = sorted({path for path in (*packages, *own) if _is_below(path, shown) and os.path.isdir(path)})
    return [path for path in masks if not _is_below(path, [other for other in masks if other != path])]


def _is_below(path: str, folders: list[str]) -> bool:
    return any(Path(path).is_relative_to(folder) for folder in folders)


def as_root(view: View, own: Binds, limits: Limits) -> Root:
    """`own`: what the player is shown besides the system."""
    binds = [*((path, path) for path in view.shown), *own]
    size = limits.disk_mb
    return {"binds": binds, "symlinks": view.symlinks, "masks": view.masks, "tmp_mb": size, "shm_mb": size}


def as_bwrap_arguments(view: View, own: Binds, limits: Limits) -> list[str]:
    """What bwrap builds; its descriptors 3 and 4 are for its report and for the seccomp filter."""
    words = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    words += ["--die-with-parent", "--new-session", "--clearenv", "--hostname", "sandbox", "--cap-drop", "ALL"]
    words += ["--info-fd", "3", "--seccomp", "4"]
    binds = [*zip(view.shown, view.shown, strict=True), *own]
    targets = [*(target for _, target in binds), *DEVICES]
    for folder in sorted({str(parent) for target in targets for parent in Path(target).parents} - {"/"}):
        words += ["--perms", "0755", "--dir", folder]
    for source, target in binds:
        words += ["--ro-bind", source, target]
    for target, link in view.symlinks:
        words += ["--symlink", target, link]
    for mask in view.masks:
        words += ["--tmpfs", mask, "--remount-ro", mask]
    for device in DEVICES:
        words += ["--dev-bind", device, device]
    size = str(limits.disk_mb * MB)
    for folder in ("/tmp", "/dev/shm"):
        words += ["--size", size, "--perms", "1777", "--tmpfs", folder]
    words += ["--proc", "/proc", "--symlink", "/proc/self/fd", "/dev/fd", "--remount-ro", "/"]
    return [*words, "--", "/usr/bin/cat"]


# Where the judge is not root, and so cannot make the player another user, bwrap maps it to nobody.
AS_NOBODY = ("--unshare-user", "--uid", "65534", "--gid", "65534")


IN_A_BOX: Reach = {
    "read_only": ["/"],
    "writable": ["/tmp", "/dev/shm"],
    "devices": [*DEVICES],
    "listable": [],
    "network": True,  # it has one of its own
}


def as_landlock(view: View, own: list[str], home: Path, listed: list[str]) -> Reach:
    """Landlock knows no masks: what is around them is allowed instead. `listed`: folders that hold some of our `own`.

    Folders with a mask in them can be listed, as imports need that, and so can what is masked; it cannot be read.
    """
    masks = [Path(mask) for mask in view.masks]
    around = [path for shown in view.shown for path in _around(Path(shown), masks)]
    parents = {str(parent) for mask in masks for parent in mask.parents if _is_below(str(parent), view.shown)}
    return {
        "read_only": [*map(str, around), *own, *_ABOUT_PROCESSORS],
        "writable": [str(home), "/dev/shm"],
        "devices": [*DEVICES],
        "listable": sorted(parents.union(listed)),
        "network": False,
    }


def _around(folder: Path, masks: list[Path]) -> list[Path]:
    """`folder` as the fewest paths that leave the masks out."""
    inside = [mask for mask in masks if mask.is_relative_to(folder)]
    if not inside:
        return [folder]
    if folder in inside:
        return []
    return [path for child in sorted(folder.iterdir()) if not child.is_symlink() for path in _around(child, inside)]
