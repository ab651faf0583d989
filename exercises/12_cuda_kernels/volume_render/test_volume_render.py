"""Public tests: run `pytest` in this folder. The last one draws `volume_render.png`, for you to look at."""

from pathlib import Path

import numpy as np
import pytest
import volume_render
from cloud import camera, cloud
from PIL import Image
from volume_render import composite, maximum

LIGHT = 1 / 256  # less than that need not be followed
DOWN_X = np.float32([[-3.25, 2, 1], [1, 0, 0], [0, 0.2, 0], [0, 0, 0.2]])  # samples lie at x = -3, -2.5, -2, …


def look(value):
    strength = min(max((value - 0.12) / 0.6, 0), 1)
    return np.array([strength, 0.25 + 0.5 * strength, 1 - 0.7 * strength]), 0.5 * strength**2


def values(*shape):
    return (np.arange(np.prod(shape)) * 7919 % 251 / 250).astype(np.float32).reshape(shape)


def on_the_way(row):
    """A row of the volume, sampled twice for each of its elements."""
    return np.interp(np.arange(-2, len(row) + 1, 0.5), np.arange(-1, len(row) + 1), [0, *row, 0])


def test_the_maximum_along_a_row():
    volume = values(3, 4, 9)
    assert maximum(volume, DOWN_X, 1, 1) == pytest.approx(volume[1, 2].max(), abs=0.005)


def test_compositing_along_a_row():
    volume = values(3, 4, 9)
    colour, light = np.zeros(3), 1.0
    for value in on_the_way(volume[1, 2]):
        shines, opacity = look(value)
        colour, light = colour + light * opacity * shines, light * (1 - opacity)
    seen = composite(volume, DOWN_X, 1, 1)
    assert (seen.dtype, seen.shape) == (np.float32, (1, 1, 3))
    assert seen[0, 0] == pytest.approx(colour, abs=0.005)


def test_right_is_right_and_down_is_down():
    volume = np.zeros((5, 7, 9), np.float32)
    volume[4, 1, 8] = 1
    toward = np.float32([[4, 3, -20], [0, 0, 1], [0.3, 0, 0], [0, 0.3, 0]])
    picture = maximum(volume, toward, 40, 60)
    assert (picture.dtype, picture.shape) == (np.float32, (40, 60))
    row, column = np.unravel_index(picture.argmax(), picture.shape)
    assert (row, column) in {(14, 46), (14, 45), (15, 46), (15, 45), (14, 47), (15, 47)}


def test_behind_the_eye_there_is_nothing_to_see():
    away = np.float32([[4, 3, -20], [0, 0, -1], [0.3, 0, 0], [0, 0.3, 0]])
    assert not maximum(values(5, 7, 9), away, 17, 19).any()
    assert not composite(values(5, 7, 9), away, 17, 19).any()


def test_the_cloud_from_three_sides():
    volume, height, width = cloud(), 144, 192
    rows = []
    for longitude, latitude, distance in [(30, 25, 75), (90, 70, 75), (15, 5, 40)]:
        view = camera(volume, longitude, latitude, distance, width / height)
        brightness = maximum(volume, view, height, width)
        rows.append(np.hstack([np.dstack([brightness] * 3), composite(volume, view, height, width)]))
    picture = np.vstack(rows)
    assert picture.min() >= 0 and 0.7 < picture.max() <= 1
    levels = np.rint(255 * picture).astype(np.uint8)
    Image.fromarray(levels).save(Path(volume_render.__file__).with_name("volume_render.png"))
