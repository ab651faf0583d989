"""Sets its own limit of descriptors to nothing, and then asks for answers."""

import resource


def parallel_map(function, items, workers):
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    return [function(item) for item in items]
