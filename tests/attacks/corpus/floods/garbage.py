"""Makes cycles of objects whose finalizers bring them back and make two more each.

verdict: memory timeout
"""

import gc

kept = []


class Hydra:
    def __init__(self):
        self.me = self
        self.body = bytearray(b"x") * (1 << 18)

    def __del__(self):
        kept.append(Hydra())
        kept.append(Hydra())


def parallel_map(function, items, workers):
    while True:
        Hydra()
        gc.collect()
