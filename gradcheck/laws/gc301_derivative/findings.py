"""What GC301 says: where a gradient is wrong, or why it could not be judged."""

from __future__ import annotations

import math

from gradcheck.numerics import DOUBTS, SEEN, Contest, Outcome, as_real, within
from gradcheck.numerics.jumps import is_staircase
from gradcheck.numerics.locate import Location
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial, Twin

from ..limits import OF_SOLVERS

CODES = {Outcome.KINK: "GC903", Outcome.SINGULAR: "GC905", Outcome.DOMAIN: "GC904", Outcome.NOISE: "GC902"}
STAIRCASE = (
    "the forward is a staircase, whose derivative is 0 almost everywhere, and the gradient is not zero; where it is "
    "that of another function on purpose (a straight-through estimator), name that one: surrogate="
)
STAIRCASE_TOO = (
    "the surrogate is a staircase too, whose derivative is 0 almost everywhere; it is judged by its values, in which "
    "detach() and stop_gradient() do not show"
)
UNSEEN = "finite differences do not settle here, so the gradient could not be judged"


def wrong(trial: Trial, position: int, place: Location) -> Finding:
    """The gradient is wrong, at this place where there is one."""
    name = trial.arguments[position].name
    index, part = native_index(trial, position, place.index)
    spot = f"`{name}` at {list(index)}" if index else f"`{name}`"
    spot = part + spot if index is not None else f"{spot} along a random direction"
    within_set = trial.arguments[position].within
    spot += f", along {within_set.words} only," if within_set is not None else ""
    of = "forward" if trial.case.another is None else "surrogate"
    many = f" ({place.wrong} of {place.looked} entries differ)" if place.looked and place.wrong else ""
    return Finding(
        "GC301",
        Severity.ERROR,
        f"the gradient of {spot} is {place.claimed:.8g}, but {_measured(place, of)}{many}"
        f"{_autograd(trial, position, place)}",
        argument=name,
        index=index,
        claimed=place.claimed,
        expected=place.expected,
        error=place.error,
        survived=tuple(doubt.name for doubt in DOUBTS),
    )


def _measured(place: Location, of: str) -> str:
    """What finite differences say: a number with its error, or the two slopes of a kink."""
    if place.slopes is not None:
        low, high = sorted(place.slopes)
        return f"the one-sided slopes of the {of} there are {low:.8g} and {high:.8g}, and it lies outside them"
    text = f"finite differences of the {of} give {place.expected:.8g} ± {place.error:.0e}"
    if not place.expected:
        return text
    ratio = place.claimed / place.expected
    if within(abs(ratio - 1), SEEN):
        off = abs(ratio - 1)
        promised = 10.0 ** math.ceil(math.log10(off)) if off and within(off, OF_SOLVERS) else 0.0
        hint = f"; if the op promises no more, as a solver, its case says accuracy={promised:.0e}" if promised else ""
        return f"{text}, a relative difference of {off:.0e}{hint}"
    return f"{text}, ratio {ratio:.6g}"


def _autograd(trial: Trial, position: int, place: Location) -> str:
    """What the twin says at the same entry."""
    if not isinstance(trial.twin, Twin) or place.index is None:
        return ""
    gradient = trial.twin.gradients[position]
    return "" if gradient is None else f"; the twin gives {float(as_real(gradient)[place.index]):.8g}"


def native_index(trial: Trial, position: int, index: tuple[int, ...] | None) -> tuple[tuple[int, ...] | None, str]:
    """An index of the real arrays as one of the argument itself, and which part of a complex number is meant."""
    if index is None or trial.inputs[position].dtype.kind != "c":
        return index, ""
    return index[: trial.inputs[position].ndim], ("the imaginary part of " if index[-1] else "the real part of ")


def evidence(contested: Contest | None, argument: str | None) -> Finding:
    """Why an argument could not decide: the doubt that excused it, and what the user can do."""
    if contested is None or contested.doubt is None:
        return note(Outcome.NOISE, argument, UNSEEN)
    doubt = contested.doubt
    words = f"{doubt.sentence}; {doubt.advice}" if doubt.advice else doubt.sentence
    return note(contested.outcome, argument, words)


def note(outcome: Outcome, argument: str | None, words: str) -> Finding:
    """Why something could not be judged."""
    about = f"`{argument}`: " if argument else ""
    return Finding(CODES[outcome], Severity.NOTE, f"{about}{words}", argument=argument)


def unsettled(trial: Trial, name: str, said: Finding | None = None) -> Finding:
    """That finite differences do not settle, or ``said``; of a staircase that it is one, which is why they do not.

    Whether it is one is asked where no other example has told why, since of what they tell the first is kept.
    """
    if name in trial.told:
        return said or note(Outcome.NOISE, name, UNSEEN)
    position = next(number for number, argument in enumerate(trial.arguments) if argument.name == name)
    gradient = trial.gradients[position]
    if gradient is not None and gradient.any() and is_staircase(trial.forward, trial.inputs, position):
        return note(Outcome.NOISE, name, STAIRCASE if trial.case.another is None else STAIRCASE_TOO)
    return said or note(Outcome.NOISE, name, UNSEEN)


def vacuous(argument: str, why: str) -> Finding:
    """There was nothing to see."""
    return Finding(
        "GC901", Severity.NOTE, f"nothing was seen of the gradient of `{argument}`: {why}", argument=argument
    )
