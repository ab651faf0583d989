"""Where the parts of an interleaving go in a picture of it: a lane for each actor, time running downwards."""

from collections.abc import Iterator
from dataclasses import dataclass

from grader.results import Interleaving, Step


@dataclass(frozen=True, slots=True)
class Lane:
    """An actor, known to be there from row `first` to row `last`."""

    name: str
    first: int
    last: int

    def is_alive(self, row: int) -> bool:
        return self.first <= row <= self.last


@dataclass(frozen=True, slots=True)
class LaneRow:
    """A step in its lane; `number` counts from the start of the schedule. `before` is the lane whose turn has ended."""

    number: int
    lane: int
    step: Step
    before: int | None


@dataclass(frozen=True, slots=True)
class LaneDiagram:
    """An interleaving laid out; `waits` says for each lane what its actor waits for at the end, or nothing."""

    lanes: list[Lane]
    rows: list[LaneRow]
    waits: list[str]
    left_out: int

    def marks(self, index: int) -> Iterator[str]:
        """What is drawn in each lane beside a row, as words: CSS classes.

        `alive`: the line of its life; `turn`: the step, and the line of the turn; `begins`, `ends`: that line is not
        drawn above or below the step; `gives`: had the turn until now; `takes`: has got it; `over`: it passes over
        this lane; `left`, `right`: on which side it goes away or comes in.
        """
        row = self.rows[index]
        for number, lane in enumerate(self.lanes):
            if number == row.lane:
                words = ["alive"] if lane.first < index else []
                words += ["turn", *self._edges(index)]
            else:
                words = ["alive"] if lane.is_alive(index) else []
            yield " ".join([*words, *_passing(number, row)])

    def _edges(self, index: int) -> Iterator[str]:
        if index == 0 and not self.left_out:
            yield "begins"
        if index == len(self.rows) - 1 and not self.waits[self.rows[index].lane]:
            yield "ends"


def lay_out(interleaving: Interleaving) -> LaneDiagram:
    """A picture of the actors that do something or wait; the others have no lane."""
    actors = sorted({step.actor for step in interleaving.steps} | {wait.actor for wait in interleaving.waits})
    number_of = {actor: number for number, actor in enumerate(actors)}
    rows: list[LaneRow] = []
    for step in interleaving.steps:
        before = rows[-1].lane if rows and rows[-1].lane != number_of[step.actor] else None
        rows.append(LaneRow(interleaving.left_out + len(rows) + 1, number_of[step.actor], step, before))
    waits = ["; ".join(wait.what for wait in interleaving.waits if wait.actor == actor) for actor in actors]
    return LaneDiagram([_lane(interleaving, actor) for actor in actors], rows, waits, interleaving.left_out)


def _lane(interleaving: Interleaving, actor: int) -> Lane:
    own = [n for n, step in enumerate(interleaving.steps) if step.actor == actor]
    was_there_before = interleaving.left_out or not own
    ends = own and _is_end(interleaving.steps[own[-1]])
    return Lane(
        name=interleaving.actors[actor],
        first=0 if was_there_before else own[0],
        last=own[-1] if ends else len(interleaving.steps),
    )


def _is_end(step: Step) -> bool:
    return not step.line and step.note == "ends"


def _passing(lane: int, row: LaneRow) -> Iterator[str]:
    """How the passing of the turn, if it passes before this row, touches a lane."""
    if row.before is None or not min(row.before, row.lane) <= lane <= max(row.before, row.lane):
        return
    rightwards = row.before < row.lane
    if lane == row.before:
        yield from ("gives", "right" if rightwards else "left")
    elif lane == row.lane:
        yield from ("takes", "left" if rightwards else "right")
    else:
        yield "over"
