"""One thing that must hold of a correct backward."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gradcheck.report import Finding
from gradcheck.trial import Trial


@dataclass(frozen=True)
class Law:
    """A stable code, its sentence, and the function that finds where it is broken.

    ``blocks``: once it has a finding, later laws have nothing well-formed to look at.
    """

    code: str
    sentence: str
    check: Callable[[Trial], Iterable[Finding]]
    blocks: bool = False
