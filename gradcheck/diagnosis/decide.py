"""From the claims that hold to the one cause that is said, or to none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gradcheck.errors import UsageError

from . import costs
from .evidence import Seen
from .hypotheses import HYPOTHESES
from .hypothesis import Cause, Claim, Hypothesis
from .limits import CONFIRMED, MOST_SAID, NUMBERS
from .view import View


@dataclass(frozen=True)
class Held:
    """A claim that holds, with its answer at each example; ``further`` counts those beside the failing one."""

    parameters: float
    name: str
    claim: Claim
    answers: tuple[bool | None, ...]
    further: int


def decide(seen: Seen, hypotheses: Sequence[Hypothesis] = HYPOTHESES, *, fixed_shapes: bool = False) -> Cause | None:
    """The claim with the fewest parameters that holds at every example where the argument is wrong.

    First over all options, then over those that failed. Where claims of different names hold with as few parameters,
    they are all said, and none is certain. Nothing is said of a forward that cannot be trusted, and of a staircase
    nothing that rests on its slopes. ``fixed_shapes``: the signature leaves no size open.
    """
    if seen.trust.nothing:
        return None
    hypotheses = [hypothesis for hypothesis in hypotheses if not (seen.trust.steps and hypothesis.slopes)]
    groups = [(*seen.wrong, *seen.wrong_at_other_options), seen.wrong]
    for views in groups if seen.wrong_at_other_options else groups[1:]:
        order = _telling_first(views)
        held = _holding(order, seen, hypotheses)
        entries = sum(max(1, int(view.wrong.sum())) for view in views)
        if held and entries > max(1.0, held[0].parameters):  # one wrong number proves nothing
            certain = _is_certain(held, seen, entries, fixed_shapes) and not _rivalled(held[0], order, seen, hypotheses)
            return _said(held, seen, certain)
    return None


def _telling_first(views: Sequence[View]) -> list[View]:
    """The example with the most wrong entries first: claims are read off it."""
    best = max(views, key=lambda view: (int(view.wrong.sum()), view.array.size))
    return [best, *(view for view in views if view is not best)]


def _holding(order: Sequence[View], seen: Seen, hypotheses: Sequence[Hypothesis]) -> list[Held]:
    """Every claim that holds with few more parameters than the best before it, the best first."""
    held: list[Held] = []
    for hypothesis in hypotheses:
        if seen.late:
            break
        for claim in _proposed(hypothesis, order[0]):
            parameters = claim.parameters - _favour(hypothesis, claim, seen)
            if held and parameters > held[0].parameters + costs.NEAR:
                continue
            answers = _answers(claim, order)
            if _stands(claim, answers, seen):
                pairs = zip(answers, order, strict=True)
                further = sum(answer is True and view.sample is not seen.failing for answer, view in pairs)
                held.append(Held(parameters, hypothesis.name, claim, tuple(answers), further))
                held.sort(key=lambda one: one.parameters)
    return held


def _stands(claim: Claim, answers: Sequence[bool | None], seen: Seen) -> bool:
    """Whether a claim is borne out by enough examples, and refuted by none."""
    if False in answers or answers.count(True) < _least(claim, len(answers)):
        return False
    return not (claim.everywhere and any(_asked(claim, view) is False for view in seen.right))


def _rivalled(best: Held, order: Sequence[View], seen: Seen, hypotheses: Sequence[Hypothesis]) -> bool:
    """Whether a claim of another name, whatever it costs, explains as much: then neither is certain.

    As much is what holds wherever the best one does and leaves no more open. A gradient that is zero everywhere bears
    no trace of how it was made: whatever predicts zeros explains it, and no better.
    """
    if best.name == "missing":
        return False
    for hypothesis in hypotheses:
        if hypothesis.name == best.name:
            continue
        if seen.late:
            return True
        for claim in _proposed(hypothesis, order[0]):
            if claim.open_ends > best.claim.open_ends:
                continue
            answers = _answers(claim, order)
            as_much = all(other for other, ours in zip(answers, best.answers, strict=False) if ours)
            if as_much and _stands(claim, answers, seen):
                return True
    return False


def _favour(hypothesis: Hypothesis, claim: Claim, seen: Seen) -> float:
    """What explains also why the argument is right elsewhere is worth more: a region, or an option."""
    if claim.everywhere and seen.special:
        return costs.REGION_FAVOUR
    if hypothesis.name == "other-option" and seen.right_at_other_options and not seen.wrong_at_other_options:
        return costs.OPTION_FAVOUR
    return 0.0


def _proposed(hypothesis: Hypothesis, view: View) -> list[Claim]:
    """What a hypothesis proposes; nothing where the user's op breaks the convention on the way."""
    try:
        return list(hypothesis.propose(view))
    except UsageError:
        return []


def _asked(claim: Claim, view: View) -> bool | None:
    """What a claim says of one example; nothing where the user's op breaks the convention there."""
    try:
        return claim.holds(view)
    except UsageError:
        return None


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


def _is_certain(held: Sequence[Held], seen: Seen, entries: int, fixed_shapes: bool) -> bool:
    """Whether the best claim is confirmed by enough numbers at enough examples, of a forward that can be trusted."""
    best = held[0]
    near = {one.name for one in held if one.parameters <= best.parameters + costs.NEAR}
    return (
        len(near) == 1
        and not seen.late
        and seen.trust.certain
        and best.further >= CONFIRMED
        and (seen.varied or fixed_shapes)
        and entries >= NUMBERS + best.parameters
        and not best.claim.loose
        and (best.claim.everywhere or not seen.special)
    )


def _said(held: Sequence[Held], seen: Seen, certain: bool) -> Cause:
    """The best claim in words, with others that are as good."""
    equals: dict[str, Held] = {}
    for one in held:
        if one.parameters == held[0].parameters:
            equals.setdefault(one.name, one)
    said = dict(list(equals.items())[:MOST_SAID])
    sentences = "; or ".join(one.claim.sentence for one in said.values()).replace("?; or", "? Or")
    return Cause(" or ".join(said), sentences + seen.condition, certain, held[0].claim.open_ends)
