"""Does not define what is asked for, but tens of thousands of names that are nearly it, in case the judge compares all.

verdict: error
says: does not define parallel_map
"""

import itertools

for letters in itertools.islice(itertools.permutations("parallel_map"), 50_000):
    globals()["".join(letters[::-1])] = None
globals().pop("parallel_map", None)
