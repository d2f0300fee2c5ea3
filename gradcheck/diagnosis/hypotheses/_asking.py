"""Asking the vjp with other cotangents, of a fresh call of the op each time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gradcheck.diagnosis.view import View, half_digits
from gradcheck.numerics import within
from gradcheck.numerics.jacobian import flat
from gradcheck.numerics.real import as_real
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Failure, call_vjp
from gradcheck.protocol.dtypes import as_numbers


def ask(view: View, cotangent: Array) -> Array | None:
    """The gradient of the argument, flat and real, by a vjp that was never asked before; None where it fails.

    Of whatever shape: what is wrong with how the cotangent enters shows in an array of another shape too.
    """
    gradient = ask_raw(view, view.sample.split(cotangent))
    return None if gradient is None or gradient.dtype.kind not in "fc" else flat([as_real(gradient)])


def ask_raw(view: View, cotangents: Sequence[Array]) -> Array | None:
    """A copy of what such a vjp returns for the argument."""
    trial = view.sample.trial
    answer = trial.call()
    if isinstance(answer, Failure):
        return None
    raw = trial.inputs_read.settled(call_vjp(answer.vjp, answer.pack(cotangents)))
    if isinstance(raw, Failure) or not isinstance(raw, tuple):
        return None
    try:
        leaf = trial.inputs_read.unpack(raw)[view.position]
    except (ValueError, IndexError):
        return None
    numbers = None if leaf is None else as_numbers(leaf)
    return None if numbers is None else numbers.copy()


def close(view: View, left: Array, right: Array) -> bool:
    """Whether two answers are the same to half of their digits."""
    if left.shape != right.shape:
        return False
    largest = max(float(np.abs(left).max(initial=0.0)), float(np.abs(right).max(initial=0.0)))
    return bool(np.all(within(np.abs(left - right), half_digits(view) * largest)))
