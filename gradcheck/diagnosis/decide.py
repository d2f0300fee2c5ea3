"""From the claims that hold to the one cause that is said, or to none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gradcheck.protocol import Failure, attempt

from .evidence import Seen
from .hypotheses import HYPOTHESES
from .hypothesis import Cause, Claim, Hypothesis
from .view import View

CONFIRMED = 3  # further examples at which a claim must hold before it is said without doubt
_NUMBERS = 3  # wrong entries, beyond the parameters, that a claim must explain
_MOST_SAID = 3
_NEAR = 0.5  # claims of another name with no more parameters beyond the best make it doubtful


@dataclass(frozen=True)
class Held:
    """A claim that holds; ``further`` counts the examples beside the failing one that bear it out."""

    parameters: float
    name: str
    claim: Claim
    further: int


def decide(seen: Seen, hypotheses: Sequence[Hypothesis] = HYPOTHESES, *, fixed_shapes: bool = False) -> Cause | None:
    """The claim with the fewest parameters that holds at every example where the argument is wrong.

    First over all options, then over those that failed. Where claims of different names hold with as few parameters,
    they are all said, and none is certain. ``fixed_shapes``: the signature leaves no size open.
    """
    groups = [(*seen.wrong, *seen.wrong_at_other_options), seen.wrong]
    for views in groups if seen.wrong_at_other_options else groups[1:]:
        held = _holding(views, seen, hypotheses)
        entries = sum(max(1, int(view.wrong.sum())) for view in views)
        if held and entries > max(1.0, held[0].parameters):  # one wrong number proves nothing
            return _said(held, seen, entries, fixed_shapes)
    return None


def _holding(views: Sequence[View], seen: Seen, hypotheses: Sequence[Hypothesis]) -> list[Held]:
    """Every claim that holds with few more parameters than the best before it, the best first."""
    best = max(views, key=lambda view: (int(view.wrong.sum()), view.array.size))
    order = [best, *(view for view in views if view is not best)]
    held: list[Held] = []
    for hypothesis in hypotheses:
        if seen.late:
            break
        for claim in _proposed(hypothesis, best):
            parameters = claim.parameters - _favour(hypothesis, claim, seen)
            if held and parameters > held[0].parameters + _NEAR:
                continue
            answers = _answers(claim, order)
            if False in answers or answers.count(True) < _least(claim, len(answers)):
                continue
            if claim.everywhere and any(_asked(claim, view) is False for view in seen.right):
                continue
            further = sum(a is True and view.sample is not seen.failing for a, view in zip(answers, order, strict=True))
            held.append(Held(parameters, hypothesis.name, claim, further))
            held.sort(key=lambda one: one.parameters)
    return held


def _favour(hypothesis: Hypothesis, claim: Claim, seen: Seen) -> float:
    """What explains also why the argument is right elsewhere is worth more: a region, or an option."""
    if claim.everywhere and seen.special:
        return 1.5
    if hypothesis.name == "other-option" and seen.right_at_other_options and not seen.wrong_at_other_options:
        return 1.0
    return 0.0


def _proposed(hypothesis: Hypothesis, view: View) -> list[Claim]:
    """What a hypothesis proposes; where the user's op misbehaves on the way, nothing."""
    found = attempt(lambda: list(hypothesis.propose(view)))
    return [] if isinstance(found, Failure) else found


def _asked(claim: Claim, view: View) -> bool | None:
    """What a claim says of one example; what raises there says nothing."""
    found = attempt(claim.holds, view)
    return None if isinstance(found, Failure) else found


def _answers(claim: Claim, views: Sequence[View]) -> list[bool | None]:
    """What a claim says of each example, up to the first that refutes it."""
    answers: list[bool | None] = []
    for view in views:
        answers.append(_asked(claim, view))
        if answers[-1] is False:
            break
    return answers


def _least(claim: Claim, count: int) -> float:
    """At how many examples a claim must hold: at two, and a loose one at three or at half of them."""
    return max(min(2.0, count), min(3.0, count / 2) if claim.loose else 0)


def _said(held: Sequence[Held], seen: Seen, entries: int, fixed_shapes: bool) -> Cause:
    """The best claim in words, with others that are as good."""
    equals: dict[str, Held] = {}
    for one in held:
        if one.parameters == held[0].parameters:
            equals.setdefault(one.name, one)
    near = {one.name for one in held if one.parameters <= held[0].parameters + _NEAR}
    said = dict(list(equals.items())[:_MOST_SAID])
    best = held[0]
    certain = (
        len(near) == 1
        and not seen.late
        and best.further >= CONFIRMED
        and (seen.varied or fixed_shapes)
        and entries >= _NUMBERS + best.parameters
        and not best.claim.loose
        and (best.claim.everywhere or not seen.special)
    )
    sentences = "; or ".join(one.claim.sentence for one in said.values()).replace("?; or", "? Or")
    return Cause(" or ".join(said), sentences + seen.condition, certain)
