"""Whether two ops answer alike, by their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from itertools import islice

import numpy as np

from gradcheck.generation import Example, draw_inputs
from gradcheck.generation.borders import find_borders
from gradcheck.generation.layouts import with_layout
from gradcheck.generation.options import nth_options
from gradcheck.generation.planned import planned
from gradcheck.laws.comparing import Gradients, differences, gradient_noise
from gradcheck.numerics.blocks import same
from gradcheck.protocol import Case, Failure, quiet
from gradcheck.trial import Trial

from .limits import EQUIVALENCE_SEEDS


class Kind(StrEnum):
    """In what two answers differ, where all before it is the same."""

    FORM = "form"  # one raises, or the structure, a dtype or a shape differs
    MANNERS = "manners"  # what is written into, or what is said the second time
    NUMBERS = "numbers"
    SHARING = "sharing"  # with what the gradients share memory


@dataclass(frozen=True)
class Difference:
    """An example at which two ops do not answer alike, and in what."""

    example: Example
    kind: Kind


def differing(original: Case, edited: Case, examples: int, seed: int) -> Iterator[Difference]:
    """Where two ops do not give the same gradients to rounding: every planned example, with several seeds.

    The same means: both raise, or both answer with the same structure, dtypes and shapes; share memory with the same
    arrays; write into the same arrays, or none; and say the same again, also after a call at another point.
    """
    before: Trial | None = None
    for example in examples_of(original, examples, seed):
        with quiet():
            left, right = _start(original, example), _start(edited, example)
            kind = _difference(left, right, before)
        if kind is not None:
            yield Difference(example, kind)
        if isinstance(right, Trial) and kind is not Kind.FORM and not isinstance(right.raw, Failure):
            before = right


def _difference(left: Trial | Failure, right: Trial | Failure, before: Trial | None) -> Kind | None:
    """In what two answers at one point differ; ``before`` is an earlier answer of the second op."""
    if isinstance(left, Failure) or isinstance(right, Failure):
        return None if isinstance(left, Failure) and isinstance(right, Failure) else Kind.FORM
    if not _same_form(left, right):
        return Kind.FORM
    if isinstance(left.raw, Failure):
        return None
    if not _same_manners(left, right) or (before is not None and not _says_it_again(before)):
        return Kind.MANNERS
    if not _same_numbers(left, right):
        return Kind.NUMBERS
    return None if set(left.shared) == set(right.shared) else Kind.SHARING


def examples_of(case: Case, examples: int, seed: int) -> Iterator[Example]:
    """An ordinary one first, which tells most ops apart before a scan for borders is paid for."""
    yield from islice(planned(case, {}, examples, seed), 1)
    borders = find_borders(case, nth_options(case, 0), lambda: None)
    for number in range(EQUIVALENCE_SEEDS):
        yield from planned(case, borders, examples, seed + number * examples)


def _start(case: Case, example: Example) -> Trial | Failure:
    inputs = draw_inputs(case, example)
    if example.layout != "C":
        case = replace(case, op=with_layout(case.op, example.layout))
    return Trial.start(case, case.read(inputs, example.options), example.options, example.seed)


def _same_form(left: Trial, right: Trial) -> bool:
    """Both vjps raise, or return one tuple of as many entries, each None or an array of one dtype and shape."""
    if type(left.raw) is not type(right.raw):
        return False
    if isinstance(left.raw, Failure):
        return True
    try:
        pairs = list(zip(left.raw_leaves, right.raw_leaves, strict=True))
    except (TypeError, ValueError):
        return False
    return all(
        _kind(a) is _kind(b) and np.shape(a) == np.shape(b) and np.asarray(a).dtype == np.asarray(b).dtype
        for a, b in pairs
    )


def _kind(leaf: object) -> type:
    """Its type, where a scalar of NumPy is an array without axes: which of both comes back is the same gradient."""
    return np.ndarray if isinstance(leaf, np.generic) else type(leaf)


def _same_numbers(left: Trial, right: Trial) -> bool:
    return _agree(left, left.along(right.gradients), left.along(left.gradients), partial(_rounding, left))


def _agree(trial: Trial, actual: Gradients, expected: Gradients, noise: Callable[[], Gradients] | None = None) -> bool:
    """Whether two answers are the same to rounding; where they are the same numbers, no rounding need be measured."""
    pairs = zip(actual, expected, strict=True)
    alike = all(a is b if a is None or b is None else same(a, b) for a, b in pairs)
    return alike or not any(differences(trial, actual, expected, noise))


def _rounding(trial: Trial) -> Gradients:
    """How much rounding was measured anywhere in each gradient: another formula may round where this one does not."""
    measured = gradient_noise(trial, trial.cotangents, trial.gradients)
    return [None if noise is None else np.full_like(noise, noise.max(initial=0.0)) for noise in measured]


def _same_manners(left: Trial, right: Trial) -> bool:
    """Whether the same is written into, and a second answer is the first."""
    again: Gradients | None = right.ask(right.answer, right.cotangents)
    if again is None or not _agree(left, again, right.gradients):
        return False
    return left.writes == right.writes and left.modified_outputs == right.modified_outputs


def _says_it_again(trial: Trial) -> bool:
    """Whether an earlier vjp still gives its answer after another point has been asked."""
    again = trial.ask(trial.answer, trial.cotangents)
    return again is not None and _agree(trial, again, trial.gradients)
