"""The same question at another point, and whether a question that costs much is asked at this one."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Case, Failure, offered
from gradcheck.trial import Trial

from .limits import BATCHED_SELDOM, COMPILED_SELDOM

_SELDOM = {
    "batched": BATCHED_SELDOM,
    "per_example": BATCHED_SELDOM,
    "compiled": COMPILED_SELDOM,
    "opcheck": COMPILED_SELDOM,
}


def is_asked(trial: Trial, one_in: int) -> bool:
    """Whether it is asked here: always at inputs of the user's own, else at one seed of so many."""
    return is_alone(trial) or _falls_to(trial.seed, one_in)


def is_alone(trial: Trial) -> bool:
    """Whether these are inputs of the user's own, and not one example of many."""
    return trial.case.inputs is not None and not callable(trial.case.inputs)


def seed_of_all(case: Case, seed: int) -> int:
    """The first seed from this one on at which all that costs much is asked; the seed itself where an op has none.

    So one example of every case is asked it, whichever seed the case has.
    """
    rates = {rate for offer, rate in _SELDOM.items() if offered(case.op, offer) is not None}
    return next(one for one in itertools.count(seed) if all(_falls_to(one, rate) for rate in rates))


def _falls_to(seed: int, one_in: int) -> bool:
    return int(np.random.default_rng((seed, one_in)).integers(one_in)) == 0


def trial_at(trial: Trial, arrays: Sequence[Array]) -> Trial | None:
    """A trial at other inputs of the same shapes; None where the op has no answer there to compare with."""
    pairs = zip(trial.arguments, trial.held(arrays), strict=True)
    leaves = tuple(replace(leaf, array=np.asarray(x, leaf.array.dtype)) for leaf, x in pairs)
    found = Trial.start(
        trial.case, replace(trial.inputs_read, leaves=leaves), trial.options, trial.seed + 1
    )  # other cotangents
    if isinstance(found, Failure) or [y.shape for y in found.outputs] != [y.shape for y in trial.outputs]:
        return None
    well_formed = found.finite and found.ask(found.answer, found.cotangents) is not None
    trial.forwards += found.forwards
    trial.backwards += found.backwards
    return found if well_formed else None
