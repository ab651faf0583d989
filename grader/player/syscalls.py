"""The numbers of the system calls that the kit filters, makes or reads of, on the machines that it knows.

They are from the kernel's tables for x86-64 and arm64 (asm/unistd_64.h, asm-generic/unistd.h). Another machine has
other numbers: what is read there with these would be taken for something else. So a machine that is not in the table is
not supported: nothing isolates there, and nobody is said to wait for good.

A Python of 32 bits makes the calls of another machine than the kernel's, and `find_interpreter` refuses it. What else
of 32 bits is started in a player is ended by its seccomp filter. A Python of 64 bits that is told of a machine of 32
(`setarch`) is on a machine that is not in the table.
"""

from __future__ import annotations

import os
import sys

MACHINES = ("x86_64", "aarch64")  # as uname names them
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # linux/audit.h
_NUMBERS: dict[str, tuple[int, int | None]] = {  # in the order of MACHINES; None: that machine lacks the call
    "accept": (43, 202),
    "accept4": (288, 242),
    "acct": (163, 89),
    "add_key": (248, 217),
    "adjtimex": (159, 171),
    "bpf": (321, 280),
    "chmod": (90, None),
    "chown": (92, None),
    "chroot": (161, 51),
    "clock_adjtime": (305, 266),
    "clock_nanosleep": (230, 115),
    "clock_settime": (227, 112),
    "clone": (56, 220),
    "clone3": (435, 435),
    "delete_module": (176, 106),
    "epoll_pwait": (281, 22),
    "epoll_pwait2": (441, 441),
    "epoll_wait": (232, None),
    "fanotify_init": (300, 262),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "fcntl": (72, 25),
    "finit_module": (313, 273),
    "flock": (73, 32),
    "fremovexattr": (199, 16),
    "fsconfig": (431, 431),
    "fsetxattr": (190, 7),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "futex": (202, 98),
    "futimesat": (261, None),
    "init_module": (175, 105),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "ioctl": (16, 29),
    "ioperm": (173, None),
    "iopl": (172, None),
    "ioprio_set": (251, 30),
    "kcmp": (312, 272),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "landlock_add_rule": (445, 445),
    "landlock_create_ruleset": (444, 444),
    "landlock_restrict_self": (446, 446),
    "lchown": (94, None),
    "lookup_dcookie": (212, 18),
    "lremovexattr": (198, 15),
    "lsetxattr": (189, 6),
    "mbind": (237, 235),
    "memfd_create": (319, 279),
    "migrate_pages": (256, 238),
    "modify_ldt": (154, None),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "move_pages": (279, 239),
    "msgget": (68, 186),
    "name_to_handle_at": (303, 264),
    "nanosleep": (35, 101),
    "openat2": (437, 437),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "pause": (34, None),
    "perf_event_open": (298, 241),
    "personality": (135, 92),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "poll": (7, None),
    "ppoll": (271, 73),
    "prlimit64": (302, 261),
    "process_madvise": (440, 440),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pselect6": (270, 72),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "read": (0, 63),
    "reboot": (169, 142),
    "recvfrom": (45, 207),
    "recvmsg": (47, 212),
    "removexattr": (197, 14),
    "request_key": (249, 218),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "select": (23, None),
    "semget": (64, 190),
    "sendto": (44, 206),
    "setdomainname": (171, 162),
    "sethostname": (170, 161),
    "setns": (308, 268),
    "setpriority": (141, 140),
    "setsockopt": (54, 208),
    "settimeofday": (164, 170),
    "setxattr": (188, 5),
    "shmat": (30, 196),
    "shmget": (29, 194),
    "socket": (41, 198),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
    "utime": (132, None),
    "utimensat": (280, 88),
    "utimes": (235, None),
    "vfork": (58, None),
    "vhangup": (153, 58),
    "wait4": (61, 260),
    "waitid": (247, 95),
    "write": (1, 64),
}


def numbers(machine: str) -> dict[str, int]:
    """Name -> number, of the calls that this machine has. Raises ValueError for a machine that is not in the table."""
    column = MACHINES.index(machine)
    return {name: number for name, row in _NUMBERS.items() if (number := row[column]) is not None}


def unknown() -> str:
    """Why this machine is not supported; empty where it is, or where there is no Linux."""
    if sys.platform != "linux" or MACHINE:
        return ""
    bits = "a Python of 32 bits on " if sys.maxsize < 1 << 32 else ""
    return f"the kit knows the system calls of {' and '.join(MACHINES)}, and this is {bits}{os.uname().machine}"


def _this_machine() -> str:
    known = sys.platform == "linux" and sys.maxsize > 1 << 32 and os.uname().machine in MACHINES
    return os.uname().machine if known else ""


MACHINE = _this_machine()  # empty where it is not in the table
NUMBERS = numbers(MACHINE) if MACHINE else {}
