"""Proof that the judge is right: solutions, right and flawed, are judged, and held against what must come of them."""

from .cases import Case
from .proof import Effort, Proof, prove, read_cases

__all__ = ["Case", "Effort", "Proof", "prove", "read_cases"]
