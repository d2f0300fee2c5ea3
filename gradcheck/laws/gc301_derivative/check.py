"""GC301: the vjp is the derivative of the forward."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from gradcheck.numerics import (
    DOUBTS,
    QUICK,
    SEEN,
    Contest,
    Direction,
    Judgement,
    Line,
    Outcome,
    as_real,
    contest,
    draw_direction,
    impossible_together,
    judge,
    sharpened,
    within,
)
from gradcheck.numerics.blocks import any_nonzero
from gradcheck.numerics.locate import Location, Search
from gradcheck.numerics.lost_digits import lost_digits
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial, Twin

from ..learned import Learned
from ..still import note_still

_CODES = {Outcome.KINK: "GC903", Outcome.SINGULAR: "GC905", Outcome.DOMAIN: "GC904", Outcome.NOISE: "GC902"}
BLUNT = 1e-10  # a tolerance beyond this fraction of the claim is worth a complex step
DROWNED = 1e-6  # an argument seen no sharper than this beside the others is judged again by itself
_UNSEEN = "finite differences do not settle here, so the gradient could not be judged"
_ONLY_TOGETHER = "all inputs together disagree with finite differences although none does alone"
_UNMOVED = "it is claimed to be zero, and the forward does not move with it"
_STILL = "it is claimed to be zero to rounding, and the forward moves with it by rounding only"


def check(trial: Trial, learned: Learned) -> Iterator[Finding]:
    """All arguments in one direction first; only where that disagrees, by halves, then one by one, then by entries."""
    if not trial.finite:
        yield _note(Outcome.DOMAIN, None, "the forward is not finite at this very point")
        return
    gradients = trial.gradients
    claimed = [position for position, g in enumerate(gradients) if g is not None and any_nonzero(g)]
    joint, frozen = _judge_together(trial, claimed)
    if not _sharp(joint) and trial.coarse:
        joint, frozen = _judge_together(trial, claimed)
    suspects = _suspects(trial, learned, claimed, joint.direction, frozen, joint) if claimed else []
    found = [*_contested(trial, learned, suspects, claimed, frozen), *_zero_claims(trial, learned, frozen)]
    if any(finding.code == "GC903" for finding in found) and all(f.severity is Severity.NOTE for f in found):
        found += _together(trial)
    learned.proved = not suspects and not found
    learned.rough = not learned.proved and all(finding.severity is Severity.NOTE for finding in found)
    yield from found
    _remark_lost_digits(trial, learned)
    explained = {finding.argument for finding in found}
    for name in trial.differentiable:
        if not _seen(trial, learned, name) and not {name, None} & explained:
            yield _note(Outcome.NOISE, name, _UNSEEN)


def _remark_lost_digits(trial: Trial, learned: Learned) -> None:
    """Say where a narrow gradient has lost its digits; that is no verdict."""
    lost = lost_digits(trial.point, trial.probe, trial.rng)
    if lost is not None:
        index, part = _native_index(trial, lost.position, lost.index)
        argument = trial.arguments[lost.position]
        learned.remarks.append(
            f"in {argument.array.dtype} {part}the gradient of `{argument.name}` loses its digits by cancellation where "
            f"it is small: at {list(index or ())} it is {lost.claimed:.3g}, and {lost.wide:.3g} where the same "
            "backward computes in float64"
        )


def _judge_together(trial: Trial, claimed: list[int]) -> tuple[Judgement, bool]:
    """Judge one direction of all arguments; where that leaves the domain, again with exact zeros held still."""
    for frozen in (False, True):
        joint = judge(trial.point, trial.probe, _draw(trial, claimed, frozen), QUICK)
        if joint.seen:
            break
    return joint, frozen


def _suspects(
    trial: Trial,
    learned: Learned,
    positions: list[int],
    direction: Direction,
    frozen: bool,
    judgement: Judgement | None = None,
    *,
    certain: bool = False,
) -> list[int]:
    """The arguments with which finite differences disagree, found by halving; ``certain``: there is one among these.

    Those that contribute too little to be seen beside the others are judged again by themselves.
    """
    if len(positions) == 1 and certain:
        return positions
    if not certain:
        judgement = judgement or judge(trial.point, trial.probe, direction.part(positions), QUICK)
        if judgement.agrees and not within(judgement.tolerance, BLUNT * judgement.size):
            judgement = sharpened(Line(trial.point, trial.probe.cotangents, judgement.tangents), judgement)
        if _sharp(judgement):
            _record_floors(trial, learned, judgement)
            unseen = [p for p in positions if not within(learned.floor[trial.arguments[p].name], DROWNED)]
            again = 0 < len(unseen) < len(positions)
            return _suspects(trial, learned, unseen, _draw(trial, unseen, frozen), frozen) if again else []
        if len(positions) == 1:
            return positions
    middle = len(positions) // 2
    left = _suspects(trial, learned, positions[:middle], direction, frozen)
    return left + _suspects(trial, learned, positions[middle:], direction, frozen, certain=not left)


def _draw(trial: Trial, positions: list[int], frozen: bool) -> Direction:
    inputs, gradients = trial.point.inputs, trial.probe.gradients
    return draw_direction(trial.rng, inputs, gradients, only=positions, freeze_zeros=frozen)


def _seen(trial: Trial, learned: Learned, name: str) -> bool:
    return bool(within(learned.floor.get(name, math.inf), SEEN))


def _sharp(judgement: Judgement) -> bool:
    """Whether claim and measurement agree, and a wrong claim would have been seen."""
    return judgement.agrees and bool(within(judgement.tolerance, SEEN * judgement.size))


def _record_floors(trial: Trial, learned: Learned, judgement: Judgement) -> None:
    """The floor of each argument that moved."""
    for argument, tangent, floor in zip(trial.arguments, judgement.tangents, judgement.floors, strict=True):
        if tangent is not None:
            learned.floor[argument.name] = floor


def _contested(
    trial: Trial, learned: Learned, suspects: list[int], claimed: list[int], frozen: bool
) -> Iterator[Finding]:
    """Contest each suspect by itself; where all of them hold, everything together."""
    suspicions = 0
    for position in suspects:
        contested = contest(trial.point, trial.probe, trial.rng, only=(position,), freeze_zeros=frozen)
        judgement = contested.judgement
        _record_floors(trial, learned, judgement)
        if contested.outcome is not Outcome.AGREES or not within(judgement.tolerance, SEEN * judgement.size):
            suspicions += 1
            if contested.outcome in (Outcome.AGREES, Outcome.NOISE) and note_still(trial, learned, position, judgement):
                learned.floor[trial.arguments[position].name] = math.inf
                yield _vacuous(trial.arguments[position].name, _STILL)
                continue
            yield from _suspect(trial, learned, position, contested)
    if suspects and not suspicions and len(claimed) > 1:
        contested = contest(trial.point, trial.probe, trial.rng, only=claimed, freeze_zeros=frozen)
        if contested.outcome is not Outcome.AGREES:
            learned.floor.update(dict.fromkeys(trial.differentiable, math.inf))
            yield _note(Outcome.NOISE, None, _ONLY_TOGETHER)


def _zero_claims(trial: Trial, learned: Learned, frozen: bool) -> Iterator[Finding]:
    """Arguments whose gradient is claimed to be zero, by themselves: nothing else may drown the truth."""
    positions = []
    for position, (argument, gradient) in enumerate(zip(trial.arguments, trial.gradients, strict=True)):
        if gradient is not None and gradient.size == 0:
            yield _vacuous(argument.name, "it is empty, so there is nothing to see")
        elif gradient is not None and not any_nonzero(gradient):
            positions.append(position)
    together = bool(positions) and _unmoved(trial, positions, frozen)
    for position in positions:
        name = trial.arguments[position].name
        learned.floor[name] = math.inf
        if together or (len(positions) > 1 and _unmoved(trial, [position], frozen)):
            note_still(trial, learned, position)
            yield _vacuous(name, _UNMOVED)
            continue
        found = list(_suspect(trial, learned, position, None))
        yield from found
        if all(finding.severity is not Severity.ERROR for finding in found):
            yield from _together(trial)


def _unmoved(trial: Trial, positions: list[int], frozen: bool) -> bool:
    """Whether the forward does not move with these arguments, as claimed: not at random, and not all one way."""
    direction = _draw(trial, positions, frozen)
    one_way = replace(direction, tangents=tuple(None if v is None else np.abs(v) for v in direction.tangents))
    return all(judge(trial.point, trial.probe, moves, QUICK).agrees for moves in (direction, one_way))


def _together(trial: Trial) -> Iterator[Finding]:
    """Claims that each lie between the slopes of a kink, and together belong to no subgradient."""
    found = impossible_together(trial.point, trial.rng)
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


def _suspect(trial: Trial, learned: Learned, position: int, contested: Contest | None) -> Iterator[Finding]:
    """Locate what is wrong with one argument; where no entry holds up as wrong, say what excuses it.

    ``contested``: how the whole argument was judged, where it was.
    """
    name = trial.arguments[position].name
    search = Search(trial.point, trial.probe, position, trial.rng, contested is not None and contested.bends_here)
    place = search.run()
    if place is not None:
        yield _wrong(trial, position, place)
        return
    learned.floor[name] = math.inf
    if search.rest is not None and not search.noisy:
        _record_floors(trial, learned, search.rest)
    if search.excused or contested is None or contested.outcome not in (Outcome.AGREES, Outcome.WRONG):
        yield _evidence(search.excuse if search.excused else contested, name)


def _wrong(trial: Trial, position: int, place: Location) -> Finding:
    name = trial.arguments[position].name
    index, part = _native_index(trial, position, place.index)
    spot = f"`{name}` at {list(index)}" if index else f"`{name}`"
    spot = part + spot if index is not None else f"{spot} along a random direction"
    within = trial.arguments[position].within
    spot += f", along {within.words} only," if within is not None else ""
    many = f" ({place.wrong} of {place.looked} entries differ)" if place.looked and place.wrong else ""
    return Finding(
        "GC301",
        Severity.ERROR,
        f"the gradient of {spot} is {place.claimed:.8g}, but {_measured(place)}{many}"
        f"{_autograd(trial, position, place)}",
        argument=name,
        index=index,
        claimed=place.claimed,
        expected=place.expected,
        error=place.error,
        survived=tuple(doubt.name for doubt in DOUBTS),
    )


def _measured(place: Location) -> str:
    """What finite differences say: a number with its error, or the two slopes of a kink."""
    if place.slopes is not None:
        low, high = sorted(place.slopes)
        return f"the one-sided slopes of the forward there are {low:.8g} and {high:.8g}, and it lies outside them"
    text = f"finite differences of the forward give {place.expected:.8g} ± {place.error:.0e}"
    if not place.expected:
        return text
    ratio = place.claimed / place.expected
    if within(abs(ratio - 1), SEEN):
        return f"{text}, a relative difference of {abs(ratio - 1):.0e}"
    return f"{text}, ratio {ratio:.6g}"


def _autograd(trial: Trial, position: int, place: Location) -> str:
    """What the twin says at the same entry."""
    if not isinstance(trial.twin, Twin) or place.index is None:
        return ""
    gradient = trial.twin.gradients[position]
    return "" if gradient is None else f"; the twin gives {float(as_real(gradient)[place.index]):.8g}"


def _native_index(trial: Trial, position: int, index: tuple[int, ...] | None) -> tuple[tuple[int, ...] | None, str]:
    """An index of the real arrays as one of the argument itself, and which part of a complex number is meant."""
    if index is None or trial.inputs[position].dtype.kind != "c":
        return index, ""
    return index[: trial.inputs[position].ndim], ("the imaginary part of " if index[-1] else "the real part of ")


def _evidence(contested: Contest | None, argument: str | None) -> Finding:
    """Why an argument could not decide: the doubt that excused it, and what the user can do."""
    if contested is None or contested.doubt is None:
        return _note(Outcome.NOISE, argument, _UNSEEN)
    doubt = contested.doubt
    words = f"{doubt.sentence}; {doubt.advice}" if doubt.advice else doubt.sentence
    return _note(contested.outcome, argument, words)


def _note(outcome: Outcome, argument: str | None, words: str) -> Finding:
    about = f"`{argument}`: " if argument else ""
    return Finding(_CODES[outcome], Severity.NOTE, f"{about}{words}", argument=argument)


def _vacuous(argument: str, why: str) -> Finding:
    return Finding(
        "GC901", Severity.NOTE, f"nothing was seen of the gradient of `{argument}`: {why}", argument=argument
    )
