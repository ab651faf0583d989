"""Names that are equal to a reader or to a file system, and are not the same student's: each gets one of its own.

What a name becomes rests on the names alone, not on the order in which they were read. Nobody can choose a name that
takes away another's: where what tells two apart is a name again, more is added to both.
"""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from grader.intake.names import result_folder

_FEWEST_DIGITS, _MOST_DIGITS = 8, 64  # of a SHA-256


def result_folders(students: Iterable[str]) -> dict[str, str]:
    """Student -> directory name. No two are the same where case or the Unicode form of letters makes no difference."""
    return _distinct(students, result_folder, _folded)


def distinct_students(students: Mapping[str, str]) -> dict[str, str]:
    """The same, name as it was found -> student, with what tells those apart who would be called the same.

    Whoever is called so to the letter keeps the name, or somebody else could take it from him.
    """

    def name(found: str, digits: int) -> str:
        if found == students[found]:
            return found
        digest = hashlib.sha256(found.encode(errors="surrogatepass")).hexdigest()
        return f"{students[found]} ({digest[:digits]})" if digits else students[found]

    return _distinct(students, name, str)


def _distinct(keys: Iterable[str], name: Callable[[str, int], str], look: Callable[[str], str]) -> dict[str, str]:
    """Key -> name of it, with so many digits of its digest that no two look the same."""
    digits = dict.fromkeys(keys, 0)
    while True:
        names = {key: name(key, count) for key, count in digits.items()}
        looks = Counter(map(look, names.values()))
        clashing = [key for key in names if looks[look(names[key])] > 1 and digits[key] < _MOST_DIGITS]
        if not clashing:
            return names
        digits |= {key: max(_FEWEST_DIGITS, 2 * digits[key]) for key in clashing}


def _folded(name: str) -> str:
    """What is left of a name on file systems that ignore case and the form of letters, or even the kind."""
    composed = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", composed).casefold()
