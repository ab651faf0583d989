"""The map of the exercises, drawn and written: both agree with the catalogue."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from grader.authoring.map import draw
from grader.catalogue import Catalogue, load_catalogue
from tests.conftest import CHECKOUT

CATALOGUE = load_catalogue(CHECKOUT)
EXERCISES = CHECKOUT / "exercises"
TOPICS = sorted({exercise.topic for exercise in CATALOGUE.exercises})
SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_is_that_of_the_catalogue() -> None:
    drawn = (EXERCISES / "map.svg").read_text("utf-8")
    assert drawn == draw(CATALOGUE), "draw it anew: python -m grader.authoring.map"


def test_each_exercise_and_what_comes_before_it_is_in_the_picture() -> None:
    picture = ElementTree.fromstring(draw(CATALOGUE))
    names = [str(text.text) for text in picture.iter(f"{SVG}text") if text.get("class") == "name"]
    assert sorted(names) == sorted(exercise.name for exercise in CATALOGUE.exercises)
    lines = [str(line.findtext(f"{SVG}title")) for line in picture.iter(f"{SVG}g")]
    assert sorted(lines) == sorted(
        f"{before} before {exercise.name}" for exercise in CATALOGUE.exercises for before in exercise.prerequisites
    )


def test_boxes_do_not_cover_each_other() -> None:
    corners = re.findall(r'class="box" x="(\d+)" y="(\d+)"', draw(CATALOGUE))
    assert len(set(corners)) == len(corners) == len(CATALOGUE.exercises)


def test_lines_of_different_exercises_do_not_run_into_one_another() -> None:
    """Each comes down on the left of a column at a place of its own."""
    some = CATALOGUE.exercises[0]
    before = [replace(some, name=f"a{n}", topic="01_before", prerequisites=[]) for n in range(5)]
    after = [replace(some, name=f"b{n}", topic="02_after", prerequisites=[f"a{n}"]) for n in range(5)]
    down = re.findall(r'class="far"[^>]*d="M\d+ \d+H(\d+)V', draw(Catalogue([*before, *after])))
    assert len(set(down)) == 5


@pytest.mark.parametrize("topic", TOPICS)
def test_each_topic_has_a_page_that_leads_to_its_exercises(topic: str) -> None:
    page = (EXERCISES / topic / "README.md").read_text("utf-8")
    for exercise in CATALOGUE.select([topic]):
        assert f"]({exercise.name}/README.md)" in page


def test_the_first_page_leads_to_all_of_them_and_adds_up_the_hours() -> None:
    page = (EXERCISES / "README.md").read_text("utf-8")
    rows = {row.split("](")[1].partition("/")[0]: row for row in page.splitlines() if row.startswith("| [")}
    for exercise in CATALOGUE.exercises:
        assert f"]({exercise.topic}/{exercise.name}/README.md)" in rows[exercise.topic]
    for row in rows.values():
        hours = [int(number) for number in re.findall(r"README\.md\) (\d+)", row)]
        assert sum(hours) == int(row.strip("| ").rpartition(" ")[2])


@pytest.mark.parametrize("page", ["README.md", *(f"{topic}/README.md" for topic in TOPICS)])
def test_what_a_page_leads_to_is_there(page: str) -> None:
    """But for topics that nobody has written yet."""
    file = EXERCISES / page
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", file.read_text("utf-8")):
        unwritten = (name for name in target.split("/") if re.match("[0-9]{2}_", name) and name not in TOPICS)
        assert (file.parent / target).is_file() or next(unwritten, ""), target
