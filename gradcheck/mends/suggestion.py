"""What a search is told, and what it came to."""

from __future__ import annotations

from dataclasses import dataclass

from gradcheck.source import Edit, unified_diff


@dataclass(frozen=True)
class Settings:
    """``budget`` in seconds; ``examples`` per seed and ``seed`` as for `gradcheck run`; ``jobs`` processes."""

    budget: float = 60.0
    examples: int = 100
    seed: int = 0
    jobs: int = 1


@dataclass(frozen=True)
class Suggestion:
    """A verified mend: one edit or two, the new text of the file, and at how many examples the case was correct."""

    edits: tuple[Edit, ...]
    path: str
    before: str
    after: str
    examples: int

    @property
    def diff(self) -> str:
        """A unified diff."""
        return unified_diff(self.path, self.before, self.after)


@dataclass(frozen=True)
class Found:
    """What the search came to: suggestions, best first, how many edits were tried, and how long it took."""

    suggestions: tuple[Suggestion, ...]
    singles: int
    pairs: int
    seconds: float
    late: bool = False
