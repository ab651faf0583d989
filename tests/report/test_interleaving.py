"""An interleaving is laid out so that nobody's step is missed, and its text fits any terminal."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from grader.report.interleaving import render
from grader.report.lanes import lay_out
from grader.results import Interleaving, Step, Wait
from tests.class_results import stuck, wrong

LOST_UPDATE = Interleaving(
    file="counter.py",
    actors=["main", "thread 1", "thread 2", "thread 3"],
    steps=[
        Step(0, 10, "self.value = 0", "self.value becomes 0"),
        Step(1, 13, "self.value += n", "self.value is 0"),
        Step(2, 13, "self.value += n", "self.value is 0; self.value becomes 44"),
        Step(2, 0, "", "ends"),
        Step(1, 13, "self.value += n", "self.value becomes 45"),
        Step(1, 0, "", "ends"),
    ],
)
ACTORS = 30
steps = st.builds(
    Step, actor=st.integers(0, ACTORS - 1), line=st.integers(0, 999), code=st.text(), note=st.text() | st.just("ends")
)
waits = st.builds(Wait, actor=st.integers(0, ACTORS - 1), what=st.text())
interleavings = st.builds(
    Interleaving,
    file=st.text(),
    actors=st.lists(st.text(), min_size=ACTORS, max_size=ACTORS),
    steps=st.lists(steps),
    waits=st.lists(waits, max_size=3),
    left_out=st.integers(0, 10**30),
)


def found(exercise: str) -> Interleaving:
    checks = {"deadlock": stuck, "race": wrong}[exercise]("e").checks
    return next(check.interleaving for check in checks if check.interleaving is not None)


# ------------------------------------------------------------------ where things go


def test_actors_that_do_nothing_have_no_lane() -> None:
    assert [lane.name for lane in lay_out(LOST_UPDATE).lanes] == ["main", "thread 1", "thread 2"]


def test_who_only_waits_has_a_lane_and_lives_all_along() -> None:
    picture = lay_out(found("deadlock"))
    assert next((lane.name, lane.first, lane.last) for lane in picture.lanes) == ("main", 0, 4)
    assert picture.waits[0] == "waits for the end of thread 1"


def test_lives_begin_with_the_first_step_and_end_with_the_end() -> None:
    lanes = lay_out(LOST_UPDATE).lanes
    assert [(lane.first, lane.last) for lane in lanes] == [(0, 6), (1, 5), (2, 3)]
    lanes = lay_out(replace(LOST_UPDATE, left_out=1)).lanes
    assert [lane.first for lane in lanes] == [0, 0, 0]


def test_the_turn_passes_from_lane_to_lane() -> None:
    picture = lay_out(LOST_UPDATE)
    assert [(row.lane, row.before) for row in picture.rows] == [(0, None), (1, 0), (2, 1), (2, None), (1, 2), (1, None)]
    assert list(picture.marks(0)) == ["turn begins", "", ""]
    assert list(picture.marks(1)) == ["alive gives right", "turn takes left", ""]
    assert list(picture.marks(4)) == ["alive", "alive turn takes right", "gives left"]
    assert list(picture.marks(5)) == ["alive", "alive turn ends", ""]


def test_the_turn_passes_over_the_lanes_between() -> None:
    picture = lay_out(replace(LOST_UPDATE, steps=[Step(0, 1, "a"), Step(1, 1, "a"), Step(2, 1, "a"), Step(0, 1, "a")]))
    assert list(picture.marks(3)) == ["alive turn ends takes right", "alive over", "alive gives left"]


@given(interleavings)
def test_every_row_has_one_step_and_the_turn_is_given_by_who_had_it(interleaving: Interleaving) -> None:
    picture = lay_out(interleaving)
    had_it = None
    for index, row in enumerate(picture.rows):
        words = [marks.split() for marks in picture.marks(index)]
        assert [n for n, found in enumerate(words) if "turn" in found] == [row.lane]
        gave = [n for n, found in enumerate(words) if "gives" in found]
        assert gave == ([] if had_it in (None, row.lane) else [had_it])
        had_it = row.lane


# ------------------------------------------------------------------ as text


def test_a_race_as_text() -> None:
    assert list(render(LOST_UPDATE, 72)) == [
        "main                    thread 1                 thread 2",
        "┃ 10 self.value = 0",
        "┃    → self.value",
        "┃      becomes 0",
        "├───────────────────────▼",
        "│                       ┃ 13 self.value += n",
        "│                       ┃    → self.value is 0",
        "│                       ├────────────────────────▼",
        "│                       │                        ┃ 13 self.value += n",
        "│                       │                        ┃    → self.value is 0",
        "│                       │                        ┃    → self.value",
        "│                       │                        ┃      becomes 44",
        "│                       │                        ┃ ends",
        "│                       ▼────────────────────────┘",
        "│                       ┃ 13 self.value += n",
        "│                       ┃    → self.value",
        "│                       ┃      becomes 45",
        "│                       ┃ ends",
    ]


def test_what_was_left_out_and_who_waits_is_said() -> None:
    lines = list(render(found("deadlock"), 100))
    assert lines[0] == "12 earlier steps not shown."
    assert lines[-4:] == [
        "At the end:",
        "  main waits for the end of thread 1",
        "  thread 1 waits for self.locks[1], held by thread 2 at line 16",
        "  thread 2 waits for self.locks[0], held by thread 1 at line 16",
    ]


@pytest.mark.parametrize("width", [0, 20, 30, 50])
def test_too_narrow_for_columns_they_come_below_each_other(width: int) -> None:
    lines = list(render(LOST_UPDATE, width))
    assert [line for line in lines if line.startswith("▼")] == ["▼ main", "▼ thread 1", "▼ thread 2", "▼ thread 1"]
    assert max(map(cell_len, lines)) <= max(width, 20)


NAMELESS = Interleaving("", ["", ""], [Step(0, 19, "a code of 20 letters", "ends")], [Wait(1, "the end")])


@given(interleavings, st.integers(20, 200))
@example(NAMELESS, 27)
def test_it_fits_and_is_plain(interleaving: Interleaving, width: int) -> None:
    for line in render(interleaving, width):
        assert cell_len(line) <= width
        assert "\n" not in line and "\x1b" not in line and "\u202e" not in line


def test_characters_as_wide_as_two_are_counted_so() -> None:
    wide = replace(LOST_UPDATE, steps=[Step(n, 1, "刘" * 50, "최수빈" * 200) for n in range(3)])
    lines = list(render(wide, 90))
    assert max(map(cell_len, lines)) <= 90
    assert any("…" in line for line in lines)


def test_nothing_is_no_trouble() -> None:
    assert list(render(Interleaving("f.py"), 80)) == []
