"""What a search is told, and what it came to."""

from __future__ import annotations

from dataclasses import dataclass

from gradcheck.protocol.source import relative
from gradcheck.source import Edit, unified_diff


@dataclass(frozen=True)
class Settings:
    """``budget`` in seconds; ``examples`` per seed and ``seed`` as for `gradcheck run`; ``jobs`` processes."""

    budget: float = 60.0
    examples: int = 100
    seed: int = 0
    jobs: int = 1


@dataclass(frozen=True)
class Rewritten:
    """One file of a mend: its text as it is, and as it should be."""

    path: str
    before: str
    after: str


@dataclass(frozen=True)
class Suggestion:
    """A verified mend: one edit or two, the files that they are in, and at how many examples the case was correct."""

    edits: tuple[Edit, ...]
    files: tuple[Rewritten, ...]
    examples: int

    @property
    def diff(self) -> str:
        """A unified diff, file after file."""
        return "".join(unified_diff(file.path, file.before, file.after) for file in self.files)

    @property
    def places(self) -> tuple[str, ...]:
        """``layers.py:12`` of each edit, in the order of the files and their lines."""
        order = [file.path for file in self.files]
        lines = sorted({(order.index(edit.path), edit.line) for edit in self.edits})
        return tuple(f"{relative(order[number])}:{line}" for number, line in lines)


@dataclass(frozen=True)
class Found:
    """What the search came to: suggestions, best first, how many edits were tried, and how long it took."""

    suggestions: tuple[Suggestion, ...]
    singles: int
    pairs: int
    seconds: float
    late: bool = False
