"""A proof as its page shows it: the source line by line, with what became of the mutants of each line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gradcheck.mutants.judging import Fate
from gradcheck.mutants.proof import Mutant, Proof
from gradcheck.protocol.source import relative

ORDER = (Fate.SURVIVED, Fate.UNREACHED, Fate.UNDECIDED, Fate.STOPPED, Fate.KILLED, Fate.EQUIVALENT)
"""What needs reading first."""


@dataclass(frozen=True)
class LineView:
    """One line of source and the mutants that were planted in it; ``code`` says whether there could have been some."""

    number: int
    text: str
    mutants: Sequence[Mutant]
    code: bool

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many met which fate, the worst first."""
        found = Counter(mutant.judged.fate for mutant in self.mutants)
        return {fate.value: found[fate] for fate in ORDER if found[fate]}

    @property
    def word(self) -> str:
        """The worst of them; ``bare`` for a line of code in which nothing was planted, and nothing for others."""
        return next(iter(self.counts), "bare" if self.code else "")

    @property
    def holes(self) -> Sequence[Mutant]:
        """What was let pass although it ran, each shown with its diff."""
        return [mutant for mutant in self.mutants if _is_hole(mutant)]

    @property
    def unreached(self) -> bool:
        """Whether no example runs the line."""
        return any(mutant.judged.fate is Fate.UNREACHED for mutant in self.mutants)

    @property
    def others(self) -> Sequence[Mutant]:
        """The rest, in a list."""
        rest = [mutant for mutant in self.mutants if not _is_hole(mutant)]
        return sorted(rest, key=lambda mutant: ORDER.index(mutant.judged.fate))


@dataclass(frozen=True)
class Listing:
    """The lines of one file that a proof is about; None stands between two parts of it."""

    path: str
    lines: Sequence[LineView | None]


@dataclass(frozen=True)
class ProofView:
    """One backward."""

    proof: Proof

    @property
    def title(self) -> str:
        """The cases that judge it, or the helpers that it is."""
        return self.proof.name or ", ".join(self.proof.cases)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many mutants met which fate."""
        return {fate.value: self.proof.count(fate) for fate in ORDER if self.proof.count(fate)}

    @property
    def score(self) -> str:
        """In percent; 100 only where it is."""
        return percent(self.proof.score)

    @cached_property
    def listings(self) -> Sequence[Listing]:
        """File by file."""
        paths = dict.fromkeys([mutant.edit.path for mutant in self.proof.mutants])
        return [Listing(relative(path), list(self._lines(path))) for path in paths]

    def _lines(self, path: str) -> Iterator[LineView | None]:
        mutants = [mutant for mutant in self.proof.mutants if mutant.edit.path == path]
        code = {line for where, line in self.proof.lines if where == path}
        text = mutants[0].text.replace("\r\n", "\n").split("\n")  # as Python counts lines: a form feed ends none
        numbers = sorted({*code, *(mutant.edit.line for mutant in mutants)})
        before = 0
        for number in _with_neighbours(numbers, len(text)):
            if before and number > before + 1:
                yield None
            before = number
            mine = [mutant for mutant in mutants if mutant.edit.line == number]
            yield LineView(number, text[number - 1], mine, number in code)


def percent(score: float | None) -> str:
    """``99.6%``; 100 only where it is."""
    return "none" if score is None else "100%" if score == 100 else f"{min(score, 99.9):.1f}%"


def _with_neighbours(numbers: Sequence[int], last: int) -> list[int]:
    """The lines between and around others, as far as they are near: a ``def``, a closing bracket."""
    near = {number + away for number in numbers for away in (-2, -1, 0, 1)}
    return sorted(number for number in near if 1 <= number <= last)


def _is_hole(mutant: Mutant) -> bool:
    return mutant.judged.fate in (Fate.SURVIVED, Fate.UNDECIDED)
