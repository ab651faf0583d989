"""Prints on standard output and standard error from several processes, as fast as the pipe takes it.

verdict: error
says: More than 1 MiB was printed
"""

import os


def parallel_map(function, items, workers):
    for stream in (1, 2):
        if os.fork() == 0:
            while True:
                os.write(stream, b"3 passed in 0.01s \x1b[2J<script>attack()</script>\xff\xe2\x80\xae" * 1000)
    while True:
        os.write(1, b"y\n" * 30_000)
