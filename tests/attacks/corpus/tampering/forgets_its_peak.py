"""Takes all the memory that it likes, and asks the kernel to forget how much was in use at most.

exercise: pairwise_distance
verdict: fail
earns: test_all_distances test_points_that_nearly_meet test_any_type_and_layout test_arguments test_no_loop_over_points test_faster_than_a_loop
says: bytes in use besides the points and the result
needs: isolation
"""

import contextlib

import numpy as np


def pairwise_distance(left, right, scratch=16 << 20):
    left, right = np.asarray(left, np.float64), np.asarray(right, np.float64)
    if left.ndim != 2 or right.ndim != 2 or left.shape[1] != right.shape[1]:
        raise ValueError("no points of the same number of coordinates")
    apart = left[:, None] - right
    result = np.sqrt(np.einsum("ijk,ijk->ij", apart, apart))
    del apart
    with contextlib.suppress(OSError), open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    return result
