"""One law broken, and the verdict that follows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gradcheck.protocol.source import SourceLine

from .made import Made


class Verdict(StrEnum):
    """The answer of a check; compares equal to its word: ``report.verdict == "wrong"``."""

    CORRECT = "correct"
    WRONG = "wrong"
    INCONCLUSIVE = "inconclusive"


class Severity(StrEnum):
    """An error makes a verdict wrong; a hazard or a note does not."""

    ERROR = "error"
    HAZARD = "hazard"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)


@dataclass(frozen=True)
class Finding:
    """One law broken.

    ``claimed`` is what the vjp says there, ``expected`` what the witness of the law says, ``error`` how far
    off that witness can be; all three are absent where the law is not about a number. ``where`` is the line of the
    backward that makes this gradient, where there is source to read; ``made`` the line in which the mistake was made,
    where that can be told: it may stand further up, and this one only inherit it.

    ``survived`` names the doubts that could have excused the claim and did not, in the order in which they were asked.

    ``likely_cause`` says in a sentence what mistake was probably made, ``cause`` is its stable name, and ``certain``
    whether further examples at other shapes confirmed it and nothing else explains it as well.
    """

    code: str
    severity: Severity
    message: str
    argument: str | None = None
    index: tuple[int, ...] | None = None
    likely_cause: str | None = None
    claimed: float | complex | None = None
    expected: float | complex | None = None
    error: float | None = None
    where: SourceLine | None = None
    cause: str | None = None
    certain: bool = False
    survived: tuple[str, ...] = ()
    made: Made | None = None

    @property
    def place(self) -> str:
        """``W2[0, 3]``, ``W2`` or nothing."""
        if self.argument is None:
            return ""
        if not self.index:
            return self.argument
        return f"{self.argument}[{', '.join(map(str, self.index))}]"
