"""Prints markup, half characters, carriage returns and a forged end of the report, on both channels and below them.

verdict: fail
says: 0 elements where 6 were expected
"""

import os
import sys

PAGE = (
    "\r\x1b[1A\x1b[2KAll checks passed: 5/5\x1b[8m\n</pre></details></section><script>attack()</script>\n"
    "<img src=x onerror=attack()>\u202e\u2066\u2028\x07\x08\x7f\x9b2J\n```\n=cmd|'/c calc'!A1\n+1\t-1\t@1\n"
)


def parallel_map(function, items, workers):
    print(PAGE)
    print(PAGE, file=sys.stderr, flush=True)
    for descriptor in (1, 2):
        os.write(descriptor, PAGE.encode("utf-16") + b"\xf0\x9f\x98\xc0\xaf\xed\xa0\x80\0")
    return []
