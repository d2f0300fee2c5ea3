"""Before anything is called wrong: every doubt is asked, in one order, by one loop."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from .direction import Direction, draw_direction
from .doubts import DOUBTS, Doubt, irregular_steps
from .ladder import is_bent_throughout
from .line import Point
from .one_stair import agrees_on_one_stair
from .outcome import Outcome
from .probe import Probe
from .projection import Judgement
from .record import Record
from .tolerance import Array


@dataclass(frozen=True)
class Contest:
    """How a suspicion ended, by which comparison, and the doubt that excused it (None where none did)."""

    outcome: Outcome
    judgement: Judgement
    doubt: Doubt | None = None

    @property
    def bends_here(self) -> bool:
        """Whether a kink excused the claim that is the same at large steps and at tiny ones."""
        estimate = self.judgement.estimate
        return self.outcome is Outcome.KINK and is_bent_throughout(estimate.rungs, estimate.noise)


def contest(
    point: Point,
    probe: Probe,
    rng: np.random.Generator,
    *,
    only: Collection[int] | None = None,
    chosen: Array | None = None,
    freeze_zeros: bool = False,
) -> Contest:
    """Judge one direction of the inputs ``only``, of those the flat indices ``chosen``; where it disagrees, ask.

    Wrong means that the claim is refuted and that it survived every doubt.
    """

    def draw(of: Probe) -> Direction:
        return draw_direction(rng, point.inputs, of.gradients, only=only, chosen=chosen, freeze_zeros=freeze_zeros)

    record = Record(point, probe, draw(probe), rng, draw)
    if record.plain.agrees:
        return _unless_on_one_stair(record, Contest(Outcome.AGREES, record.plain))
    for doubt in DOUBTS:
        excuse = doubt.examine(record)
        if excuse is not None:
            return _unless_on_one_stair(record, Contest(excuse.outcome, excuse.judgement, doubt))
    return Contest(Outcome.WRONG, record.believed)


def _unless_on_one_stair(record: Record, found: Contest) -> Contest:
    """An agreement decides nothing where the steps that agree do not see what has lost its digits."""
    if found.outcome is not Outcome.AGREES:
        return found
    if agrees_on_one_stair(record.point, record.probe, found.judgement, record.plain.estimate.rungs):
        return Contest(Outcome.NOISE, found.judgement, irregular_steps.DOUBT)
    return found
