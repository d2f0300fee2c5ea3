"""From the claims that hold to the one cause that is said, or to none."""

from __future__ import annotations

from collections.abc import Sequence

from gradcheck.protocol import Failure, attempt

from .evidence import Seen
from .hypotheses import HYPOTHESES
from .hypothesis import Cause, Claim, Hypothesis
from .view import View

CONFIRMED = 3  # further examples at which a claim must hold before it is said without doubt
_NUMBERS = 3  # wrong entries, beyond the parameters, that a claim must explain


def decide(seen: Seen, hypotheses: Sequence[Hypothesis] = HYPOTHESES, *, fixed_shapes: bool = False) -> Cause | None:
    """The claim with the fewest parameters that holds at every example where the argument is wrong.

    First over all options, then over those that failed. Where claims of different names hold with as few parameters,
    they are all said, and none is certain. ``fixed_shapes``: the signature leaves no size open.
    """
    groups = [(*seen.wrong, *seen.wrong_at_other_options), seen.wrong]
    for views in groups if seen.wrong_at_other_options else groups[1:]:
        found = _holding(views, seen, hypotheses)
        if found and _enough(found, views):
            return _said(found, seen, views, fixed_shapes)
    return None


def _enough(found: list[tuple[float, Hypothesis, Claim, int]], views: Sequence[View]) -> bool:
    """Whether there is more to explain than what was chosen to explain it: one wrong number proves nothing."""
    return sum(max(1, int(view.wrong.sum())) for view in views) > max(1.0, found[0][0])


def _favour(hypothesis: Hypothesis, claim: Claim, seen: Seen) -> float:
    """What explains also why the argument is right elsewhere is worth more: a region, or an option."""
    if claim.everywhere and seen.special:
        return 1.5
    if hypothesis.name == "other-option" and seen.right_at_other_options and not seen.wrong_at_other_options:
        return 1.0
    return 0.0


def _holding(
    views: Sequence[View], seen: Seen, hypotheses: Sequence[Hypothesis]
) -> list[tuple[float, Hypothesis, Claim, int]]:
    """Every claim that holds, with its parameters and the number of further examples that bear it out."""
    best = max(views, key=lambda view: (int(view.wrong.sum()), view.array.size))
    order = [best, *(view for view in views if view is not best)]
    found: list[tuple[float, Hypothesis, Claim, int]] = []
    for hypothesis in hypotheses:
        if seen.late:
            break
        proposed = attempt(list, _safely(hypothesis, best))
        for claim in () if isinstance(proposed, Failure) else proposed:
            parameters = claim.parameters - _favour(hypothesis, claim, seen)
            if found and parameters > found[0][0]:
                continue
            answers = _answers(claim, order)
            if False in answers or answers.count(True) < _least(claim, len(answers)):
                continue
            if claim.everywhere and any(_asked(claim, view) is False for view in seen.right):
                continue
            further = sum(a is True and view.sample is not seen.failing for a, view in zip(answers, order, strict=True))
            found.append((parameters, hypothesis, claim, further))
            found.sort(key=lambda entry: entry[0])
    return found


def _safely(hypothesis: Hypothesis, view: View) -> list[Claim]:
    proposed = attempt(lambda: list(hypothesis.propose(view)))
    return [] if isinstance(proposed, Failure) else proposed


def _least(claim: Claim, count: int) -> float:
    """At how many examples a claim must hold: at two, and a loose one at half of them."""
    return max(min(2.0, count), count / 2 if claim.loose else 0)


def _answers(claim: Claim, views: Sequence[View]) -> list[bool | None]:
    """What a claim says of each example, up to the first that refutes it."""
    answers: list[bool | None] = []
    for view in views:
        answers.append(_asked(claim, view))
        if answers[-1] is False:
            break
    return answers


def _asked(claim: Claim, view: View) -> bool | None:
    """What a claim says of one example; what raises there says nothing."""
    found = attempt(claim.holds, view)
    return None if isinstance(found, Failure) else found


def _said(
    found: list[tuple[float, Hypothesis, Claim, int]], seen: Seen, views: Sequence[View], fixed_shapes: bool
) -> Cause:
    fewest = found[0][0]
    best: dict[str, tuple[Claim, int]] = {}
    for parameters, hypothesis, claim, count in found:
        if parameters == fewest:
            best.setdefault(hypothesis.name, (claim, count))
    names = list(best)
    entries = sum(max(1, int(view.wrong.sum())) for view in views)
    further = min(count for _, count in best.values())
    certain = (
        len(best) == 1
        and not seen.late
        and further >= CONFIRMED
        and (seen.varied or fixed_shapes)
        and entries >= _NUMBERS + fewest
        and (not seen.special or all(claim.everywhere and not claim.loose for claim, _ in best.values()))
        and not any(claim.loose for claim, _ in best.values())
    )
    sentences = "; or ".join(claim.sentence for claim, _ in best.values())
    return Cause(" or ".join(names), sentences + seen.condition, certain)
