"""Makes the judge slow rather than dead: its priority, its processors, its scheduler and its limits.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
needs: isolation
"""

import os
import resource
from concurrent.futures import ThreadPoolExecutor

JUDGE = int("@JUDGE@")


def parallel_map(function, items, workers):
    for pid in {JUDGE, os.getppid(), 1} - {0}:
        for harm in (
            lambda: os.setpriority(os.PRIO_PROCESS, pid, 19),  # noqa: B023 - called at once
            lambda: os.setpriority(os.PRIO_PGRP, pid, 19),  # noqa: B023
            lambda: os.sched_setaffinity(pid, {0}),  # noqa: B023
            lambda: os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0)),  # noqa: B023
            lambda: resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, 3)),  # noqa: B023
            lambda: resource.prlimit(pid, resource.RLIMIT_CPU, (1, 1)),  # noqa: B023
        ):
            try:
                harm()
            except OSError:
                continue
    for uid in (0, os.getuid()):
        try:
            os.setpriority(os.PRIO_USER, uid, 19)
        except OSError:
            continue
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
