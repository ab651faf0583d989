"""A warp's most expensive request as a row of boxes: the sectors of global memory, or the banks of shared memory."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from grader.results import KernelUse

SECTOR, WORD, BANKS = 32, 4, 32  # bytes, bytes, number
BOX, GAP, TOP, HEIGHT = 18.0, 6.0, 4.0, 22.0  # in SVG user units
MOST_BOXES = 64
_EXCESS = 1.3  # times what it would cost side by side: less needs no explanation


@dataclass(frozen=True, slots=True)
class Box:
    """`text` says how many lanes, or how many words, it is about; `full` if it could not hold more."""

    x: float
    text: str
    full: bool


@dataclass(frozen=True, slots=True)
class AccessPicture:
    """The boxes of a picture and what they are."""

    boxes: list[Box]
    caption: str

    @property
    def width(self) -> float:
        return self.boxes[-1].x + BOX + 1 if self.boxes else 0.0


def draw_access(use: KernelUse) -> AccessPicture | None:
    """None where lanes are side by side, so that there is nothing to explain."""
    if use.space == "global" and use.bytes_moved > _EXCESS * use.bytes_needed:
        return _sectors(use.pattern)
    if use.space == "shared" and use.wavefronts > _EXCESS:
        return _banks(use.pattern)
    return None


def _sectors(pattern: list[int]) -> AccessPicture:
    lanes = Counter(offset // SECTOR for offset in pattern)
    boxes, x, before = list[Box](), 0.0, None
    for sector in sorted(lanes)[:MOST_BOXES]:
        x += GAP if before is not None and sector != before + 1 else 0.0
        boxes.append(Box(x, str(lanes[sector]), lanes[sector] * WORD >= SECTOR))
        x, before = x + BOX, sector
    caption = f"{len(lanes)} sectors of 32 bytes for {len(pattern)} lanes; in each, how many lanes use it"
    return AccessPicture(boxes, caption)


def _banks(pattern: list[int]) -> AccessPicture:
    words = defaultdict[int, set[int]](set)
    for offset in pattern:
        words[offset // WORD % BANKS].add(offset // WORD)
    counts = [len(words[bank]) for bank in range(BANKS)]
    boxes = [Box(bank * BOX, str(count or ""), count <= 1) for bank, count in enumerate(counts)]
    return AccessPicture(boxes, f"32 banks; in each, how many words the lanes want at once: {max(counts)} turns")
