"""How verdicts, points and numbers are worded, the same in HTML and in the terminal."""

from dataclasses import dataclass

from grader.results import Verdict


@dataclass(frozen=True, slots=True)
class Wording:
    """A verdict for people: never by colour (`tone`) alone, always with a symbol and a word."""

    symbol: str
    word: str
    tone: str
    meaning: str


VERDICTS = {
    Verdict.PASS: Wording("✓", "passed", "good", "What was promised was seen."),
    Verdict.FAIL: Wording("✗", "failed", "bad", "The code ran to its end, but did something else than promised."),
    Verdict.ERROR: Wording("✗", "error", "bad", "The code raised an exception where none was expected."),
    Verdict.TIMEOUT: Wording("✗", "timeout", "bad", "The code was not done when its time was used up."),
    Verdict.MEMORY: Wording("✗", "memory", "bad", "The code asked for more memory than the exercise allows."),
    Verdict.CRASH: Wording("✗", "crash", "bad", "The Python process died without raising an exception."),
    Verdict.DEADLOCK: Wording("✗", "deadlock", "bad", "All that was left waited for each other, or for nothing."),
    Verdict.RACE: Wording(
        "✗", "race", "bad", "In some order of steps the result is wrong, even if it is right in most."
    ),
    Verdict.LEAK: Wording("✗", "leak", "bad", "Something outlived the call: a thread, process, file or shared memory."),
    Verdict.SKIPPED: Wording("–", "skipped", "neutral", "Not judged; the message says why."),
    Verdict.NOT_MEASURABLE: Wording(
        "?", "not measurable", "caution", "This machine cannot measure it. It costs no points."
    ),
    Verdict.INFRA: Wording("!", "grader trouble", "caution", "The grading machine had trouble. It costs no points."),
}


def points(value: float) -> str:
    """A score with no more digits than it needs: 10, 2.5, 3.33."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def percent(share: float | None) -> str:
    """A share from 0 to 1 as whole percent; a dash when there is nothing to have a share of."""
    return "–" if share is None else f"{share:.0%}".replace("%", " %")


def number(value: float) -> str:
    """A measured number: whole ones in full with thousands separated, others to four digits."""
    whole = float(value).is_integer() and abs(value) < 1e15
    return f"{value:,.0f}" if whole else f"{value:.4g}"


def count(amount: int, thing: str) -> str:
    """`1 student`, `2 students`."""
    return f"{amount} {thing}" if amount == 1 else f"{amount} {thing}s"
