"""GC301: the vjp is the derivative of the forward."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from gradcheck.numerics import (
    QUICK,
    SEEN,
    Contest,
    Direction,
    Judgement,
    Line,
    Outcome,
    Point,
    contest,
    draw_direction,
    impossible_together,
    judge,
    sharpened,
    within,
)
from gradcheck.numerics.blocks import any_nonzero
from gradcheck.numerics.locate import Search
from gradcheck.numerics.lost_digits import lost_digits
from gradcheck.numerics.one_stair import agrees_on_one_stair
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..clipped import clipped
from ..gc203_repeatable.beside import beside_a_kink
from ..learned import NOTHING, Found, Learned, gathered, of_coarseness
from ..limits import BLUNT, DROWNED
from ..low import in_double, no_slopes, undecidable
from ..reasons import NOISE
from ..still import still_beside
from .findings import UNSEEN, evidence, native_index, note, unsettled, vacuous, wrong

_ONLY_TOGETHER = "all inputs together disagree with finite differences although none does alone"
_UNMOVED = "it is claimed to be zero, and the forward does not move with it"
_STILL = "it is claimed to be zero to rounding, and the forward moves with it by rounding only"


def check(trial: Trial, learned: Learned) -> Iterator[Found]:
    """All arguments in one direction first; only where that disagrees, by halves, then one by one, then by entries.

    Of few digits it is asked in float64; the rounding of the narrow backward is held against the stick (GC601).
    """
    yield from clipped(trial)
    if trial.golden is not None:
        yield from in_double(check, trial, learned)
        return
    if no_slopes(trial):
        yield from undecidable(trial)
        return
    if not trial.finite:
        yield note(Outcome.DOMAIN, None, "the forward is not finite at this very point")
        return
    gradients = trial.gradients
    claimed = [position for position, g in enumerate(gradients) if g is not None and any_nonzero(g)]
    at = At(trial, learned.point(trial))
    joint, at = _judge_together(at, claimed)
    if not _sharp(joint):
        coarser = of_coarseness(trial, learned)
        yield coarser
        point = (learned | coarser).point(trial)
        if point.coarse:
            joint, at = _judge_together(At(trial, point), claimed)
    suspects, seen = _suspects(at, claimed, joint.direction, joint) if claimed else ([], NOTHING)
    asked = chain(_contested(at, suspects, claimed, joint.direction), _zero_claims(at, claimed, joint.direction))
    found, more = gathered([*(_up_to_an_error(asked) if trial.verdict_only else asked)])
    if any(finding.code == "GC903" for finding in found) and all(f.severity is Severity.NOTE for f in found):
        found += [*_together(at)] or [*beside_a_kink(trial)]
    proved = not suspects and not found
    rough = not proved and all(finding.severity is Severity.NOTE for finding in found)
    seen = seen | more
    yield seen | Learned(proved=proved, rough=rough)
    yield from found
    yield from _lost_digits(at)
    explained = {finding.argument for finding in found}
    is_wrong = any(finding.severity is Severity.ERROR for finding in found)
    for name in trial.differentiable:
        if not within(seen.floor.get(name, math.inf), SEEN) and not {name, None} & explained:
            # why another argument is not seen is not worth a search beside one that is wrong
            yield note(Outcome.NOISE, name, UNSEEN) if is_wrong else unsettled(trial, name)


def _up_to_an_error(asked: Iterable[Found]) -> Iterator[Found]:
    """Where only the verdict is asked for, what else is wrong is not located."""
    for found in asked:
        yield found
        if isinstance(found, Finding) and found.severity is Severity.ERROR:
            return


@dataclass(frozen=True)
class At:
    """Where it is asked: the trial, its point as the numerics are to see it, and whether exact zeros are held still."""

    trial: Trial
    point: Point
    frozen: bool = False

    def draw(self, positions: Sequence[int]) -> Direction:
        """A direction in which these arguments move."""
        inputs, gradients = self.point.inputs, self.trial.probe.gradients
        return draw_direction(self.trial.rng, inputs, gradients, only=positions, freeze_zeros=self.frozen)

    def judge(self, direction: Direction) -> Judgement:
        """The claim along a direction, by a few steps."""
        return judge(self.point, self.trial.probe, direction, QUICK)

    def is_shown(self, judgement: Judgement) -> bool:
        """Whether claim and measurement agree, a wrong claim would have been seen, and not on one stair alone."""
        return _sharp(judgement) and not agrees_on_one_stair(self.point, self.trial.probe, judgement)

    def contest(self, positions: Sequence[int]) -> Contest:
        """The claim about these arguments, before every doubt."""
        return contest(self.point, self.trial.probe, self.trial.rng, only=positions, freeze_zeros=self.frozen)

    def floors(self, judgement: Judgement) -> Learned:
        """The floor of each argument that moved."""
        triples = zip(self.trial.arguments, judgement.tangents, judgement.floors, strict=True)
        return Learned(floor={argument.name: floor for argument, tangent, floor in triples if tangent is not None})

    def unseen(self, *positions: int) -> Learned:
        """That nothing was seen of these arguments."""
        return Learned(floor={self.trial.arguments[position].name: math.inf for position in positions})


def _lost_digits(at: At) -> Iterator[Learned]:
    """Say where a narrow gradient has lost its digits; that is no verdict."""
    lost = lost_digits(at.point, at.trial.probe, at.trial.rng)
    if lost is not None:
        index, part = native_index(at.trial, lost.position, lost.index)
        argument = at.trial.arguments[lost.position]
        remark = (
            f"in {argument.array.dtype} {part}the gradient of `{argument.name}` loses its digits by cancellation where "
            f"it is small: at {list(index or ())} it is {lost.claimed:.3g}, and {lost.wide:.3g} where the same "
            "backward computes in float64"
        )
        yield Learned(remarks=(remark,))


def _judge_together(at: At, claimed: list[int]) -> tuple[Judgement, At]:
    """Judge one direction of all arguments; where that leaves the domain, again with exact zeros held still."""
    joint = at.judge(at.draw(claimed))
    if joint.seen:
        return joint, at
    frozen = replace(at, frozen=True)
    return frozen.judge(frozen.draw(claimed)), frozen


def _suspects(
    at: At, positions: list[int], direction: Direction, judgement: Judgement | None = None, *, certain: bool = False
) -> tuple[list[int], Learned]:
    """The arguments with which finite differences disagree, found by halving, and the floors of the others.

    ``certain``: there is one among these. Those that contribute too little to be seen beside the others are judged
    again by themselves.
    """
    if len(positions) == 1 and certain:
        return positions, NOTHING
    if not certain:
        judgement = judgement or at.judge(direction.part(positions))
        if judgement.agrees and not within(judgement.tolerance, BLUNT * judgement.size):
            judgement = sharpened(Line(at.point, at.trial.probe.cotangents, judgement.tangents), judgement)
        if at.is_shown(judgement):
            seen = at.floors(judgement)
            unseen = [p for p in positions if not within(seen.floor[at.trial.arguments[p].name], DROWNED)]
            if not 0 < len(unseen) < len(positions):
                return [], seen
            suspects, again = _suspects(at, unseen, at.draw(unseen))
            return suspects, seen | again
        if len(positions) == 1:
            return positions, NOTHING
    middle = len(positions) // 2
    left, of_left = _suspects(at, positions[:middle], direction)
    right, of_right = _suspects(at, positions[middle:], direction, certain=not left)
    return left + right, of_left | of_right


def _sharp(judgement: Judgement) -> bool:
    """Whether claim and measurement agree, and a wrong claim would have been seen."""
    return judgement.agrees and bool(within(judgement.tolerance, SEEN * judgement.size))


def _contested(at: At, suspects: list[int], claimed: list[int], together: Direction) -> Iterator[Found]:
    """Contest each suspect by itself; where all of them hold, everything together."""
    trial, suspicions = at.trial, 0
    for position in suspects:
        contested = at.contest((position,))
        judgement = contested.judgement
        yield at.floors(judgement)
        if contested.outcome is not Outcome.AGREES or not within(judgement.tolerance, SEEN * judgement.size):
            suspicions += 1
            still = None
            if contested.outcome in (Outcome.AGREES, Outcome.NOISE):
                still = still_beside(trial, position, judgement, together)
            if still is not None:
                yield still | at.unseen(position)
                yield vacuous(trial.arguments[position].name, _STILL)
                continue
            yield from _suspect(at, position, contested)
    if suspects and not suspicions and len(claimed) > 1:
        contested = at.contest(claimed)
        if contested.outcome is not Outcome.AGREES:
            yield Learned(floor=dict.fromkeys(trial.differentiable, math.inf))
            yield note(Outcome.NOISE, None, _ONLY_TOGETHER)


def _zero_claims(at: At, others: list[int], direction: Direction) -> Iterator[Found]:
    """Arguments whose gradient is claimed to be zero, by themselves: nothing else may drown the truth.

    ``others`` are those of which more is claimed, and which moved along this direction.
    """
    trial, positions = at.trial, []
    for position, (argument, gradient) in enumerate(zip(trial.arguments, trial.gradients, strict=True)):
        if gradient is not None and gradient.size == 0:
            yield vacuous(argument.name, "it is empty, so there is nothing to see")
        elif gradient is not None and position not in others:
            positions.append(position)
    together = _unmoved(at, positions) if positions else None
    for position in positions:
        yield at.unseen(position)
        unmoved = together or (_unmoved(at, [position]) if len(positions) > 1 else None)
        if unmoved is not None:
            yield still_beside(trial, position, unmoved, direction) or NOTHING
            yield vacuous(trial.arguments[position].name, _UNMOVED)
            continue
        found = list(_suspect(at, position, None))
        yield from found
        if not any(isinstance(one, Finding) and one.severity is Severity.ERROR for one in found):
            yield from _together(at)


def _unmoved(at: At, positions: list[int]) -> Judgement | None:
    """That the forward does not move with these arguments, as claimed: not at random, and not all one way.

    None where it does; else the blunter of the two.
    """
    direction = at.draw(positions)
    one_way = replace(direction, tangents=tuple(None if v is None else np.abs(v) for v in direction.tangents))
    blunter = at.judge(direction)
    if not blunter.agrees:
        return None
    other = at.judge(one_way)
    if not other.agrees:
        return None
    return blunter if within(other.estimate.error, blunter.estimate.error) else other


def _together(at: At) -> Iterator[Finding]:
    """Claims that each lie between the slopes of a kink, and together belong to no subgradient."""
    found = impossible_together(at.point, at.trial.rng)
    if found is not None:
        yield Finding(
            "GC301",
            Severity.ERROR,
            "at a kink of the forward the gradients of its tied or zero entries are together no subgradient: along one "
            f"direction the one-sided slopes of an output are {found.low:.6g} and {found.high:.6g}, and the vjp "
            f"claims {found.claim:.6g}",
            claimed=found.claim,
            likely_cause="several entries each get the whole gradient, or none gets any",
        )


def _suspect(at: At, position: int, contested: Contest | None) -> Iterator[Found]:
    """Locate what is wrong with one argument; where no entry holds up as wrong, say what excuses it.

    ``contested``: how the whole argument was judged, where it was.
    """
    trial = at.trial
    name = trial.arguments[position].name
    kinked = contested is not None and contested.bends_here
    suspected = contested is None or contested.outcome is Outcome.WRONG
    search = Search(at.point, trial.probe, position, trial.rng, kinked, suspected)
    place = search.run()
    if place is not None:
        yield wrong(trial, position, place)
        return
    yield at.unseen(position)
    if search.rest is not None and not search.noisy:
        yield at.floors(search.rest)
    if search.noisy or (contested is not None and contested.outcome is Outcome.NOISE):
        yield Learned(narrow=trial.narrow)
    if search.excused or contested is None or contested.outcome not in (Outcome.AGREES, Outcome.WRONG):
        said = evidence(search.excuse if search.excused else contested, name)
        yield unsettled(trial, name, said) if said.code == NOISE.code else said
