"""Keeps every number, after using so much memory during its import that the highest use does not rise any more.

exercise: running_average
verdict: fail
earns: test_mean_after_every_number test_final_count_and_mean test_accuracy_over_many_numbers test_priming test_reset_starts_afresh test_close_is_quiet test_other_exceptions_come_out test_two_averages_are_independent
says: MiB more
"""

kept = bytearray(b"x") * (200 << 20)
del kept


class Reset(Exception):
    pass


def running_average():
    kept, mean = [], 0.0
    while True:
        try:
            number = yield mean if kept else None
        except Reset:
            kept, mean = [], 0.0
            continue
        if number is None:
            return len(kept), mean if kept else None
        kept.append(number)
        mean += (number - mean) / len(kept)
