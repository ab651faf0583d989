"""livelock: spins on a flag that nobody sets."""


def scenario():
    ready = [False]
    while not ready[0]:
        pass
