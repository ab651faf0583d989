"""Returns lone surrogates, NULs, unassigned and noncharacters, which cannot be encoded or written to every file.

verdict: fail
says: element 0 is
"""

BROKEN = "\ud800\udfff\udc80\0\uffff\U0010ffff\u0300\x7f\x85"


def parallel_map(function, items, workers):
    print(ascii(BROKEN), flush=True)
    return [BROKEN * 1000, {BROKEN: BROKEN}, BROKEN.encode("utf-8", "surrogatepass"), BROKEN[:1], BROKEN[3], "\0"]
