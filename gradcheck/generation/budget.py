"""How long a case may take."""

from __future__ import annotations

from dataclasses import dataclass

from gradcheck.errors import UsageError
from gradcheck.foreign import repeated
from gradcheck.protocol import Case
from gradcheck.protocol.deadline import check_seconds
from gradcheck.protocol.numbers import is_whole

from .limits import SECONDS


@dataclass(frozen=True)
class Budget:
    """How long a case may take, and how many of its examples are enough where that does not suffice for all."""

    seconds: float
    least: int | None = None

    @staticmethod
    def of(case: Case, examples: int, seconds: float | None = None, least: int | None = None) -> Budget:
        """What was asked for, else what the case says; UsageError where that makes no sense."""
        if not is_whole(examples, 1):
            raise UsageError(f"examples is {repeated(examples)}: at least one example must be judged")
        least = case.least_examples if least is None else least
        if least is not None and not is_whole(least, 1):
            raise UsageError(f"least_examples is {repeated(least)}: it is a whole number, 1 or larger")
        return Budget(SECONDS if seconds is None else check_seconds(seconds), least)
