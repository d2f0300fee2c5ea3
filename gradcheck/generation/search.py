"""Look for a failing example of a case; where there is one, for the smallest."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from gradcheck.laws import LAWS, Law
from gradcheck.protocol import Case
from gradcheck.report import Report

from .answer import Found, answer
from .budget import Budget
from .example import Example
from .hunt import Hunt
from .tally import Tally


def search(
    case: Case,
    examples: int,
    seed: int,
    laws: Sequence[Law] = LAWS,
    on_example: Callable[[], object] = lambda: None,
    *,
    verdict_only: bool = False,
) -> Report:
    """Judge ``examples`` examples and stop at the first wrong one, to shrink it."""
    return find(case, examples, seed, laws, on_example, verdict_only=verdict_only).whole


def find(
    case: Case,
    examples: int,
    seed: int,
    laws: Sequence[Law] = LAWS,
    on_example: Callable[[], object] = lambda: None,
    *,
    verdict_only: bool = False,
    budget: Budget | None = None,
    first: Sequence[Example] = (),
) -> Found:
    """Judge examples up to the first wrong one.

    First what chance would miss, then what Hypothesis draws. ``on_example`` is called after each, for those who
    show progress. With ``verdict_only`` the first error of the first wrong example is the answer. ``first`` are judged
    before all others, and are the answer only where nothing else is wrong: what a seed finds is the same with and
    without them.
    """
    budget = budget or Budget.of(case, examples)
    began = time.monotonic()

    def hunt() -> Hunt:
        tally = Tally(case, seed, examples, budget.least, tuple(laws))
        return Hunt(case, laws, on_example, verdict_only, budget, tally, began)

    replayed, whole = hunt(), hunt()
    failed = bool(first) and replayed.has_failed_at(first)
    whole.run(examples, seed)
    return answer(replayed if failed and not whole.has_failed else whole)
