"""Asking the vjp with other cotangents, of a fresh call of the op each time."""

from __future__ import annotations

import numpy as np

from gradcheck.diagnosis.view import View, half_digits
from gradcheck.numerics import within
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Failure


def ask(view: View, cotangent: Array) -> Array | None:
    """The gradient of the argument, flat and real, by a vjp that was never asked before; None where it fails."""
    answer = view.sample.trial.call()
    if isinstance(answer, Failure):
        return None
    found = view.sample.pull(cotangent, answer)
    return None if found is None else found[view.position]


def close(view: View, left: Array, right: Array) -> bool:
    """Whether two answers are the same to half of their digits."""
    largest = max(float(np.abs(left).max(initial=0.0)), float(np.abs(right).max(initial=0.0)))
    return bool(np.all(within(np.abs(left - right), half_digits(view) * largest)))
