"""GC301: the vjp is the derivative of the forward."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from gradcheck.diagnosis import Location, Search
from gradcheck.numerics import SEEN, Judgement, Outcome, contest, draw_tangents, judge, within
from gradcheck.numerics.projection import contributions
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial, Twin

from .law import Law

_EVIDENCE = {
    Outcome.KINK: ("GC903", "a kink: the claim lies between the one-sided slopes (a subgradient)"),
    Outcome.SINGULAR: ("GC905", "a singular point: the slope grows without bound as the step falls"),
    Outcome.DOMAIN: ("GC904", "the forward is not finite on both sides of this point"),
    Outcome.NOISE: ("GC902", "finite differences do not settle here, so the gradient could not be judged"),
}
_UNMOVED = "it is claimed to be zero, and the forward does not move with it"


def check(trial: Trial) -> Iterator[Finding]:
    """All arguments in one direction first; only where that disagrees, one at a time, then entry by entry."""
    if not all(np.isfinite(y).all() for y in trial.outputs):
        yield _evidence(Outcome.DOMAIN, None, "the forward is not finite at this very point")
        return
    joint, frozen = _judge_together(trial)
    if joint.agrees and within(joint.tolerance, SEEN * joint.size):
        _record_floors(trial, joint)
        found = list(_zero_claims(trial, frozen))
    else:
        found = list(_one_at_a_time(trial, frozen))
    yield from found
    explained = {finding.argument for finding in found}
    for name in trial.differentiable:
        if not within(trial.floor.get(name, math.inf), SEEN) and not {name, None} & explained:
            yield _evidence(Outcome.NOISE, name)


def _judge_together(trial: Trial) -> tuple[Judgement, bool]:
    """Judge one direction of all arguments; where that leaves the domain, again with exact zeros held still."""
    for frozen in (False, True):
        tangents = draw_tangents(trial.rng, trial.point.inputs, trial.gradients, freeze_zeros=frozen)
        joint = judge(trial.point, trial.probe, tangents)
        if joint.seen:
            break
    return joint, frozen


def _record_floors(trial: Trial, judgement: Judgement) -> None:
    """The floor of each argument that moved: the tolerance over what this argument contributed."""
    for argument, gradient, tangent in zip(trial.arguments, trial.gradients, judgement.tangents, strict=True):
        if gradient is not None and tangent is not None:
            share = sum(contributions([gradient], [tangent], magnitude=True))
            floor = judgement.tolerance / share if share > 0 else math.inf
            trial.floor[argument.name] = floor if math.isfinite(floor) else math.inf


def _zero_claims(trial: Trial, frozen: bool) -> Iterator[Finding]:
    """Arguments whose gradient is claimed to be zero, each by itself: nothing else may drown the truth."""
    for position, argument in enumerate(trial.arguments):
        gradient = trial.gradients[position]
        if gradient is None or not math.isinf(trial.floor.get(argument.name, math.inf)):
            continue
        if gradient.size == 0:
            yield _vacuous(argument.name, "it is empty, so there is nothing to see")
            continue
        tangents = draw_tangents(trial.rng, trial.point.inputs, trial.gradients, only=position, freeze_zeros=frozen)
        alone = judge(trial.point, trial.probe, tangents)
        if alone.agrees:
            yield _vacuous(argument.name, _UNMOVED)
        else:
            yield from _suspect(trial, position, Outcome.NOISE)


def _one_at_a_time(trial: Trial, frozen: bool) -> Iterator[Finding]:
    """Judge each argument by itself and report every one that is wrong."""
    suspicions = 0
    for position, argument in enumerate(trial.arguments):
        if trial.gradients[position] is None or not argument.array.size:
            continue
        outcome, judgement = contest(trial.point, trial.probe, trial.rng, only=position, freeze_zeros=frozen)
        _record_floors(trial, judgement)
        if outcome is Outcome.AGREES and not judgement.size:
            yield _vacuous(argument.name, _UNMOVED)
        elif outcome is not Outcome.AGREES or not within(judgement.tolerance, SEEN * judgement.size):
            suspicions += 1
            yield from _suspect(trial, position, outcome)
    if not suspicions and len(trial.differentiable) > 1:
        outcome, _ = contest(trial.point, trial.probe, trial.rng, freeze_zeros=frozen)
        if outcome is not Outcome.AGREES:
            trial.floor.update(dict.fromkeys(trial.differentiable, math.inf))
            why = "all inputs together disagree with finite differences although none does alone"
            yield _evidence(Outcome.NOISE, None, why)


def _suspect(trial: Trial, position: int, outcome: Outcome) -> Iterator[Finding]:
    """Locate what is wrong with one argument; where no entry holds up as wrong, say what excuses it."""
    name = trial.arguments[position].name
    search = Search(trial.point, trial.probe, position, trial.rng)
    place = search.run()
    if place is not None:
        yield _wrong(trial, position, place)
        return
    trial.floor[name] = math.inf
    if search.rest is not None and Outcome.NOISE not in search.excused.values():
        _record_floors(trial, search.rest)
    if search.excused or outcome not in (Outcome.AGREES, Outcome.WRONG):
        yield _evidence(search.excuse if search.excused else outcome, name)


def _wrong(trial: Trial, position: int, place: Location) -> Finding:
    name = trial.arguments[position].name
    spot = f"`{name}` at {list(place.index)}" if place.index else f"`{name}`"
    if place.index is None:
        spot += " along a random direction"
    many = f" ({place.wrong} of {place.looked} entries differ)" if place.looked and place.wrong else ""
    return Finding(
        "GC301",
        Severity.ERROR,
        f"the gradient of {spot} is {place.claimed:.8g}, but {_measured(place)}{many}"
        f"{_autograd(trial, position, place)}",
        argument=name,
        index=place.index,
        claimed=place.claimed,
        expected=place.expected,
        error=place.error,
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
    if abs(ratio - 1) < 1e-3:
        return f"{text}, a relative difference of {abs(ratio - 1):.0e}"
    return f"{text}, ratio {ratio:.6g}"


def _autograd(trial: Trial, position: int, place: Location) -> str:
    """What the twin says at the same entry."""
    if not isinstance(trial.twin, Twin) or place.index is None:
        return ""
    gradient = trial.twin.gradients[position]
    return "" if gradient is None else f"; the twin gives {float(gradient[place.index]):.8g}"


def _evidence(outcome: Outcome, argument: str | None, more: str = "") -> Finding:
    code, words = _EVIDENCE[outcome]
    about = f"`{argument}`: " if argument else ""
    return Finding(code, Severity.NOTE, f"{about}{more or words}", argument=argument)


def _vacuous(argument: str, why: str) -> Finding:
    return Finding(
        "GC901", Severity.NOTE, f"nothing was seen of the gradient of `{argument}`: {why}", argument=argument
    )


LAW = Law("GC301", "The vjp is the derivative of the forward: <vjp(u), v> = d/dt <u, F(x + t v)> at 0.", check)
