"""Every text colour of the report can be read on its ground (WCAG AA), in light and in dark."""

import itertools
import re
from importlib.resources import files

import pytest

CSS = files("grader.report").joinpath("templates/report.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#\w{6});", block)) for block in re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
)
GROUNDS = ["ground", "surface", "stripe"]
PAIRS = [
    *itertools.product(["ink", "muted", "accent"], GROUNDS),
    *((tone, f"{tone}-ground") for tone in ("good", "bad", "caution", "neutral")),
    *itertools.product(["ink"], ["bar", "bad-ground", "caution-ground", "neutral-ground"]),
    ("accent", "caution-ground"),
]


def luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_contrast(scheme: dict[str, str], text: str, ground: str) -> None:
    darker, lighter = sorted(luminance(scheme[name]) for name in (text, ground))
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_both_schemes_have_the_same_colours() -> None:
    assert LIGHT.keys() == DARK.keys()
