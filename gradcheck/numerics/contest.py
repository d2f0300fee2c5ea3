"""Before anything is called wrong: every doubt is asked, in one order, by one loop."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from .direction import Direction, draw_direction
from .doubts import DOUBTS, Doubt
from .ladder import is_bent_throughout
from .line import Point
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
        return Contest(Outcome.AGREES, record.plain)
    for doubt in DOUBTS:
        excuse = doubt.examine(record)
        if excuse is not None:
            return Contest(excuse.outcome, excuse.judgement, doubt)
    return Contest(Outcome.WRONG, record.believed)
