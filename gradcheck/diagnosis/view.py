"""One argument at one example: the claimed and the true gradient, and where they part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gradcheck.numerics import as_native, spacing, within
from gradcheck.numerics.jacobian import Pulled, flat
from gradcheck.numerics.limits import SEEN
from gradcheck.numerics.real import as_real
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Failure, attempt

from .limits import GONE, MEASURED, SUMMED_OFF
from .sample import Labels, Sample


@dataclass(frozen=True, eq=False)
class View:
    """One argument of one `Sample`.

    An explanation must reproduce what is claimed to half of the digits of the dtype, beyond the measured error of
    finite differences: far coarser than rounding, far finer than any accident.
    """

    sample: Sample
    position: int

    @property
    def name(self) -> str:
        """The name of the argument."""
        return self.sample.names[self.position]

    @property
    def array(self) -> Array:
        """The argument itself."""
        return self.sample.inputs[self.position]

    @property
    def labels(self) -> Labels:
        """The size of each of its axes, by name."""
        return self.sample.labels(self.position)

    @cached_property
    def raw(self) -> Array | None:
        """The claimed gradient, of whatever shape; None where there is none."""
        answers = self.sample.answers
        if not answers or answers[self.position] is None:
            return None
        raw = attempt(np.asarray, answers[self.position])  # the user's object: it may refuse to become an array
        return None if isinstance(raw, Failure) or raw.dtype.kind not in "fciub" else raw

    @property
    def fits(self) -> bool:
        """Whether the claimed gradient has the shape of the argument."""
        return self.raw is not None and self.raw.shape == self.array.shape

    @property
    def claims_something(self) -> bool:
        """Whether the claimed gradient has the right shape and is not zero."""
        return self.fits and bool(np.any(self.claimed))

    @property
    def claimed(self) -> Array:
        """The claimed gradient, where it has the right shape."""
        assert self.raw is not None
        return self.raw

    @cached_property
    def _pulled(self) -> Pulled | None:
        slopes = self.sample.jacobian(self.position)
        return None if slopes is None else slopes.pull(self.sample.cotangent)

    @property
    def measured(self) -> bool:
        """Whether finite differences say anything here."""
        return self._pulled is not None and self.array.size > 0 and bool(self.known.any())

    @cached_property
    def true(self) -> Array:
        """The gradient by finite differences; at a kink, some value between the slopes."""
        assert self._pulled is not None
        return self._native(self._pulled.value)

    @cached_property
    def error(self) -> Array:
        """How far each entry of it can be off; infinite where it is not known."""
        assert self._pulled is not None
        error = as_real(self.array)
        found = np.where(np.isfinite(self._pulled.value), self._pulled.error, np.inf).reshape(error.shape)
        return np.asarray(found.max(axis=-1) if self.array.dtype.kind == "c" else found)

    @cached_property
    def known(self) -> Array:
        """Where the true gradient is one number, with an error that leaves something to see: not at a kink."""
        assert self._pulled is not None
        smooth = (self._pulled.low == self._pulled.high).reshape(as_real(self.array).shape)
        if self.array.dtype.kind == "c":
            smooth = smooth.all(axis=-1)
        largest = float(np.abs(np.where(np.isfinite(self.true), self.true, 0)).max(initial=0.0))
        return np.asarray(smooth & np.asarray(within(self.error, SEEN * largest + GONE)))

    @cached_property
    def wrong(self) -> Array:
        """Where the claim is not what finite differences give; at a kink, where it lies outside of the slopes."""
        if not (self.fits and self.measured):
            return np.zeros(self.array.shape, bool)
        apart = ~self.close(self.claimed, self.true)
        assert self._pulled is not None
        if self.array.dtype.kind != "c":
            low, high = (end.reshape(self.array.shape) for end in (self._pulled.low, self._pulled.high))
            slack = self._slack(self.claimed, self.true)
            bent = np.isfinite(low) & (low < high)
            outside = ~(within(low - slack, self.claimed) & within(self.claimed, high + slack))
            return np.asarray(np.where(bent, outside, apart & self.known))
        return np.asarray(apart & self.known)

    @property
    def is_wrong(self) -> bool:
        """Whether the argument is wrong at this example."""
        return bool(self.wrong.any())

    def _slack(self, left: Array, right: Array) -> Array:
        largest = max(
            float(np.abs(np.where(self.known & np.isfinite(a), a, 0)).max(initial=0.0)) for a in (left, right)
        )
        error = np.where(np.isfinite(self.error), self.error, 0.0)
        true = float(np.abs(np.where(self.known, self.true, 0)).max(initial=0.0))
        gain = max(1.0, largest / true) if true > 0 else 1.0
        return np.asarray(half_digits(self) * largest + MEASURED * gain * error)

    def close(self, left: Array, right: Array) -> Array:
        """Entry by entry, whether two gradients are the same as far as can be known."""
        with np.errstate(all="ignore"):
            return np.asarray(within(np.abs(left - right), self._slack(left, right)))

    def explained(self, prediction: Array, where: Array | None = None) -> bool:
        """Whether a prediction is what is claimed, wherever the truth is known (or only ``where``)."""
        if not self.fits or np.shape(prediction) != self.array.shape:
            return False
        looked = self.known if where is None else self.known & where
        return bool(looked.any()) and bool(self.close(self.claimed, prediction)[looked].all())

    def gives(self, prediction: Array) -> bool:
        """Whether what was returned, of whatever shape, is this very array, to half of the digits.

        Where shapes are wrong anyway, axes of size 1 do not count.
        """
        raw = self.raw
        if raw is None or not raw.size or not np.isfinite(prediction).all():
            return False
        if raw.shape != np.shape(prediction):
            if self.fits or np.squeeze(raw).shape != np.squeeze(prediction).shape:
                return False
            prediction = prediction.reshape(raw.shape)
        largest = max(float(np.abs(raw).max()), float(np.abs(prediction).max()))
        error = np.where(np.isfinite(self.error), self.error, 0.0).max(initial=0.0)
        slack = half_digits(self) * largest + MEASURED * float(error) * max(1, raw.size)
        return bool(np.all(within(np.abs(raw - prediction), slack)))

    def matches_elsewhere(self, inputs: Sequence[Array], options: Mapping[str, Any] | None = None) -> bool | None:
        """Whether the claim is the derivative of the forward at other inputs, or under other options.

        Along two random directions; None where the forward says nothing there.
        """
        found = self.sample.elsewhere(self.position, inputs, options)
        if not found:
            return None
        digits = half_digits(self)
        return all(
            bool(within(abs(slope - claim), MEASURED * error + digits * size)) for slope, error, claim, size in found
        )

    @cached_property
    def residual(self) -> Array:
        """The claim minus the truth; 0 where the truth is not known."""
        return np.where(self.known & np.isfinite(self.claimed), self.claimed - np.where(self.known, self.true, 0), 0)

    def _native(self, row: Array) -> Array:
        real = np.asarray(row).reshape(as_real(self.array).shape)
        return np.asarray(as_native(real, self.array.dtype))

    # The map from cotangents to this gradient, one row per entry of the outputs.

    @cached_property
    def claim_rows(self) -> Array | None:
        """``C[o, i]``, what is claimed of the slope of output ``o`` along entry ``i``; None where it is not had."""
        claims = self.sample.claims
        rows = None if claims is None else claims[self.position]
        if rows is None or not self.fits:
            return None
        # a vjp that is not linear has no such map: its rows do not add up to its answer
        total, whole = self.sample.cotangent @ rows, flat([as_real(self.claimed)])
        finite = np.isfinite(whole)
        if not np.isfinite(total[finite]).all():
            return None
        size = float(
            np.abs(self.sample.cotangent) @ np.abs(np.where(np.isfinite(rows), rows, 0)).max(axis=1, initial=0.0)
        )
        linear = within(np.abs(total - whole)[finite], SUMMED_OFF * half_digits(self) * size)
        return rows if bool(np.all(linear)) else None

    @cached_property
    def true_rows(self) -> Array | None:
        """``J[o, i]``, the slopes themselves."""
        slopes = self.sample.jacobian(self.position)
        return None if slopes is None else slopes.value

    @cached_property
    def known_rows(self) -> Array:
        """Where the slopes are known to half of their digits."""
        slopes = self.sample.jacobian(self.position)
        assert slopes is not None
        return np.asarray(np.isfinite(slopes.value) & (slopes.low == slopes.high) & np.isfinite(slopes.error))

    def rows_close(self, left: Array, right: Array) -> Array:
        """Entry by entry, whether two such maps are the same as far as can be known."""
        slopes = self.sample.jacobian(self.position)
        assert slopes is not None
        pairs = [np.where(self.known_rows & np.isfinite(a), a, 0) for a in (left, right)]
        largest = max(float(np.abs(a).max(initial=0.0)) for a in pairs)
        true = float(np.abs(np.where(self.known_rows, slopes.value, 0)).max(initial=0.0))
        gain = max(1.0, largest / true) if true > 0 else 1.0
        error = np.where(np.isfinite(slopes.error), slopes.error, 0.0)
        with np.errstate(all="ignore"):
            apart = np.abs(left - right)
            near = np.asarray(within(apart, half_digits(self) * largest + MEASURED * gain * error))
            return np.asarray(near | ~self.known_rows)


def half_digits(view: View) -> float:
    """Half of the digits of the dtype, or of those that the forward keeps: the root of their spacing."""
    raw = view.raw
    dtypes = [view.array.dtype, *(y.dtype for y in view.sample.outputs)]
    if raw is not None and raw.dtype.kind in "fc":
        dtypes.append(raw.dtype)
    return float(np.sqrt(max([spacing(dtype) for dtype in dtypes] + [view.sample.noise])))
