"""right: futures as they complete, in whatever order."""

from concurrent.futures import ThreadPoolExecutor, as_completed, wait


def scenario():
    with ThreadPoolExecutor(2) as executor:
        squares = {executor.submit(pow, n, 2): n for n in range(3)}
        assert {squares[future]: future.result() for future in as_completed(squares)} == {0: 0, 1: 1, 2: 4}
        done, left = wait([executor.submit(len, "abc")])
        assert not left and [future.result() for future in done] == [3]
