"""Pictures that students' code has drawn, held against the expected ones, and shown beside them in the report.

A picture is a float array of brightnesses from 0 to 1: (height, width), or (height, width, 3) for red, green and blue.
"""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from grader.results import Picture

from .feedback import Feedback

_GAIN = 50  # makes visible what is only just too much

Pixels = NDArray[np.floating[Any]]


def pixels(told: Any, shape: tuple[int, ...], what: str) -> Pixels:
    """The picture whose bytes, as float32, a scenario has brought out. Fails the check if they are not as many."""
    if type(told) is not bytes or len(told) != 4 * int(np.prod(shape)):
        raise AssertionError(Feedback(f"{what}: a float32 array of shape {shape}", "something else"))
    return np.frombuffer(told, np.float32).reshape(shape)


def expect_picture(got: Pixels, wanted: Pixels, within: float, what: str, look_at: str = "") -> None:
    """Fails the check if a pixel of `got` is further than `within` from what was wanted, or no number."""
    apart = _apart(got, wanted)
    wrong = int((apart > within).sum())
    if not wrong:
        return
    row, column = (int(n) for n in np.unravel_index(apart.argmax(), apart.shape))
    seen = f"{wrong:,} of {apart.size:,} pixels are further off, most of all the one in row {row} and column {column}"
    seen += f", by {apart[row, column]:.3g}"
    raise AssertionError(Feedback(f"{what}, each pixel within {within:g}", seen, look_at))


def show_picture(student: Any, title: str, got: Pixels, wanted: Pixels) -> None:
    """In the report, whatever becomes of the check: the picture, the expected one, and their difference."""
    height, width = got.shape[:2]
    difference = np.minimum(_apart(got, wanted) * _GAIN, 1)
    picture = Picture(title, width, height, _png(got), _png(wanted), _png(difference), _GAIN)
    student.pictures.append(picture)


def _apart(got: Pixels, wanted: Pixels) -> Pixels:
    """For each pixel how far it is off, in the colour that is off most; infinite where it is no number."""
    with np.errstate(invalid="ignore"):
        apart = np.abs(got.astype(np.float64) - wanted)
    apart = np.where(np.isnan(apart), np.inf, apart)
    return apart if apart.ndim == 2 else apart.max(axis=-1)


def _png(picture: Pixels) -> str:
    levels = np.clip(np.nan_to_num(picture), 0, 1) * 255
    file = io.BytesIO()
    Image.fromarray(np.rint(levels).astype(np.uint8)).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()
