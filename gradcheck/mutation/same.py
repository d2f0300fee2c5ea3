"""Whether two ops answer alike, by their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from gradcheck.generation import Example, draw_inputs
from gradcheck.generation.borders import find_borders
from gradcheck.generation.layouts import with_layout
from gradcheck.generation.options import nth_options
from gradcheck.generation.planned import planned
from gradcheck.laws.comparing import Gradients, differences, gradient_noise
from gradcheck.protocol import Case, Failure, quiet, read_inputs
from gradcheck.trial import Trial

SEEDS = 3  # how many times the planned examples are asked, each time with other values


def same_everywhere(original: Case, edited: Case, examples: int, seed: int) -> bool:
    """Whether both ops give the same gradients, to rounding, at every planned example, with several seeds.

    The same means: both raise, or both answer with the same structure, dtypes and shapes; share memory with the same
    arrays; write into the same arrays, or none; and say the same again, also after a call at another point.
    """
    before: Trial | None = None
    with quiet():
        for example in _examples(original, examples, seed):
            left, right = _start(original, example), _start(edited, example)
            if isinstance(left, Failure) or isinstance(right, Failure):
                if isinstance(left, Failure) is not isinstance(right, Failure):
                    return False
                continue
            if not _same_form(left, right):
                return False
            if isinstance(left.raw, Failure):
                continue
            if not _same_numbers(left, right) or not _same_manners(left, right):
                return False
            if before is not None and not _says_it_again(before):
                return False
            before = right
    return True


def _examples(case: Case, examples: int, seed: int) -> Iterator[Example]:
    borders = find_borders(case, nth_options(case, 0), lambda: None)
    for number in range(SEEDS):
        yield from planned(case, borders, examples, seed + number * examples)


def _start(case: Case, example: Example) -> Trial | Failure:
    inputs = draw_inputs(case, example)
    if example.layout != "C":
        case = replace(case, op=with_layout(case.op, example.layout))
    return Trial.start(case, read_inputs(case.op, inputs, example.options), example.options, example.seed)


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
        type(a) is type(b) and np.shape(a) == np.shape(b) and np.asarray(a).dtype == np.asarray(b).dtype
        for a, b in pairs
    )


def _same_numbers(left: Trial, right: Trial) -> bool:
    noise = partial(gradient_noise, left, left.cotangents, left.gradients)
    return not any(differences(left, right.gradients, left.gradients, noise))


def _same_manners(left: Trial, right: Trial) -> bool:
    """What is shared, what is written into, and whether a second answer is the first."""
    if set(left.shared) != set(right.shared):
        return False
    again: Gradients | None = right.ask(right.answer, right.cotangents)
    if again is None or any(differences(left, again, right.gradients)):
        return False
    return left.writes == right.writes and left.modified_outputs == right.modified_outputs


def _says_it_again(trial: Trial) -> bool:
    """Whether an earlier vjp still gives its answer after another point has been asked."""
    again = trial.ask(trial.answer, trial.cotangents)
    return again is not None and not any(differences(trial, again, trial.gradients))
