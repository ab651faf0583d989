"""Takes memory in pieces that are touched, so that every page is really there.

verdict: memory
says: memory
"""


def parallel_map(function, items, workers):
    kept = []
    while True:
        kept.append(bytearray(b"x") * (4 << 20))
