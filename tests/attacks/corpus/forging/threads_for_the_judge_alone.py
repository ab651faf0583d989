"""Gives threads to functions that ask the judge, and calls all others one after another.

exercise: run_all
verdict: fail deadlock error
earns: test_results_in_the_order_of_the_list test_each_function_is_called_once test_first_exception_is_raised
"""

import threading

from grader.player.callbacks import Callback


def asks_the_judge(thunk):
    cells = getattr(getattr(thunk, "func", thunk), "__closure__", None) or ()
    return any(isinstance(cell.cell_contents, Callback) for cell in cells)


def run_all(thunks):
    thunks = list(thunks)
    outcomes = [None] * len(thunks)

    def call(place):
        try:
            outcomes[place] = thunks[place](), None
        except BaseException as error:
            outcomes[place] = None, error

    if any(map(asks_the_judge, thunks)):
        threads = [threading.Thread(target=call, args=(place,)) for place in range(len(thunks))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    else:
        for place in range(len(thunks)):
            call(place)
    for _, error in outcomes:
        if error is not None:
            raise error
    return [result for result, _ in outcomes]
