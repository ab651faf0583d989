"""Marble diagrams have the same columns on both sides, and fit."""

from __future__ import annotations

from grader.evidence.marbles import side_by_side


def test_each_column_is_a_moment_of_either_side() -> None:
    expected = {"keys": [(0.0, "^"), (1.0, "a")], "results": [(2.5, "1a"), (2.5, "|")]}
    seen = {"keys": [(0.0, "^"), (1.0, "a")], "results": [(1.5, "1a")]}
    wanted, got = side_by_side(expected, seen)
    assert wanted.splitlines() == [
        "seconds  0  1  1.5  2.5",
        "keys     ^--a",
        "results  -----------(1a |)",
    ]
    assert got.splitlines() == [
        "seconds  0  1  1.5  2.5",
        "keys     ^--a",
        "results  ------1a",
    ]


def test_a_stream_in_which_nothing_happens() -> None:
    assert side_by_side({"results": []}, {"results": [(1.0, "x")]}) == (
        "seconds  1\nresults  -",
        "seconds  1\nresults  x",
    )


def test_long_ones_are_cut_around_the_first_difference() -> None:
    long = [(float(moment), f"{moment}a") for moment in range(200)]
    other = [(moment, "no" if moment == 100.0 else mark) for moment, mark in long]
    for text, mark in zip(side_by_side({"results": long}, {"results": other}), ("100a", "no"), strict=True):
        head, row = text.splitlines()
        assert max(len(head), len(row)) <= 100
        assert mark in row
        assert row.startswith("results  …") and row.endswith("…")
