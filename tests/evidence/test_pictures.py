"""Pictures: when one is as expected, what is said of one that is not, and both of them in the report."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from grader.evidence.feedback import Feedback
from grader.evidence.pictures import expect_picture, pixels, show_picture
from grader.report.html import write_report
from grader.results import Check, ExerciseResult, Kind, Picture, SubmissionResult, Verdict
from tests.class_results import sample_class

GREY = np.linspace(0, 1, 12).reshape(3, 4)
COLOURS = np.dstack([GREY, GREY / 2, 1 - GREY])


def fault(got: np.ndarray, wanted: np.ndarray) -> Feedback:
    with pytest.raises(AssertionError) as caught:
        expect_picture(got, wanted, 0.01, "the picture")
    said = caught.value.args[0]
    assert isinstance(said, Feedback)
    return said


@pytest.mark.parametrize("picture", [GREY, COLOURS], ids=["grey", "colours"])
def test_a_picture_may_be_off_by_that_much(picture: np.ndarray) -> None:
    expect_picture(picture + 0.009, picture, 0.01, "the picture")


def test_of_a_wrong_one_the_worst_pixel_is_told() -> None:
    wrong = COLOURS.copy()
    wrong[0, 0, 1] += 0.02
    wrong[2, 1, 2] -= 0.25
    said = fault(wrong, COLOURS)
    assert said.seen == "2 of 12 pixels are further off, most of all the one in row 2 and column 1, by 0.25"


@pytest.mark.parametrize("strange", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_wrong(strange: float) -> None:
    wrong = GREY.copy()
    wrong[1, 3] = strange
    assert "1 of 12 pixels" in fault(wrong, GREY).seen


@pytest.mark.parametrize("told", [None, "pixels", b"", bytes(47), [0.0] * 12])
def test_what_is_no_picture_of_that_shape_fails(told: object) -> None:
    with pytest.raises(AssertionError):
        pixels(told, (3, 4), "the picture")
    assert pixels(np.float32(GREY).tobytes(), (3, 4), "the picture").tolist() == np.float32(GREY).tolist()


def shown(got: np.ndarray, wanted: np.ndarray) -> Picture:
    student = SimpleNamespace(pictures=[])
    show_picture(student, "the cloud", got, wanted)
    picture = student.pictures[0]
    assert isinstance(picture, Picture)
    return picture


def decoded(png: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(png))))


def test_it_is_shown_with_what_was_expected_and_the_difference() -> None:
    wrong = COLOURS.copy()
    wrong[1, 1] = np.nan
    picture = shown(wrong, COLOURS)
    assert (picture.width, picture.height) == (4, 3)
    assert decoded(picture.expected).tolist() == np.rint(255 * COLOURS).astype(int).tolist()
    assert np.flatnonzero(decoded(picture.difference)).tolist() == [5]
    assert decoded(picture.seen).shape == (3, 4, 3)


def test_the_page_holds_the_pictures_and_nothing_else(tmp_path: Path) -> None:
    picture = replace(shown(GREY, GREY), title="<b>cloud", seen='AAAA" onload="alert(1)')
    check = Check("test_x", "The cloud", Kind.CORRECTNESS, Verdict.PASS, 1, 1, pictures=[picture])
    exercise = ExerciseResult("volume_render", Verdict.PASS, 1, 1, [check])
    results = replace(sample_class([]), submissions=[SubmissionResult("ada", [exercise])])
    write_report(results, tmp_path, {"ada": "ada"})
    page = (tmp_path / "students/ada.html").read_text()
    assert "onload" not in page and "<b>cloud" not in page
    assert f'src="data:image/png;base64,{picture.expected}"' in page
