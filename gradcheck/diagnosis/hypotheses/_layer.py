"""A layer inside the op: what its gradients say of the cotangent of its preactivation ``z = W X``.

The gradients of ``W`` and of ``X`` are ``dz X^T`` and ``W^T dz``, so that ``dz`` can be read off either where the other
factor has enough rows. Claimed and true ``dz`` then differ by what is wrong with the activation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.known.along import aligned
from gradcheck.diagnosis.known.forms import SLOPES, Form
from gradcheck.diagnosis.limits import READ_OFF_LAYER
from gradcheck.diagnosis.view import View, half_digits
from gradcheck.numerics import within
from gradcheck.numerics.tolerance import Array


@dataclass(frozen=True)
class Layer:
    """Two inputs that are multiplied, ``left @ right`` with transposes, and perhaps a bias that is added."""

    left: int
    right: int
    turned: bool
    bias: int | None

    def product(self, view: View) -> tuple[Array, Array] | None:
        """Both factors as matrices ``(a, s)`` and ``(s, b)``."""
        pair = [view.sample.inputs[place] for place in (self.left, self.right)]
        if any(x.ndim != 2 or x.dtype.kind != "f" for x in pair):
            return None
        left, right = (np.asarray(x, np.float64) for x in pair)
        right = right.T if self.turned else right
        return (left, right) if left.shape[1] == right.shape[0] else None

    def preactivation(self, view: View) -> Array | None:
        """``z``, with the bias."""
        pair = self.product(view)
        if pair is None:
            return None
        z = pair[0] @ pair[1]
        if self.bias is None:
            return np.asarray(z)
        labels = self.labels(view)
        laid = aligned(view.sample.inputs[self.bias], view.sample.labels(self.bias), labels, 0, inside=True)
        return None if laid is None else np.asarray(z + laid)

    def labels(self, view: View) -> tuple[str, str]:
        """The names of the axes of ``z``."""
        return view.sample.labels(self.left)[0], view.sample.labels(self.right)[0 if self.turned else 1]

    def cotangent(self, view: View, gradient: Array) -> Array | None:
        """``dz``, read off the gradient of one of the factors; None where it is not determined."""
        pair = self.product(view)
        if pair is None:
            return None
        left, right = pair
        if view.position == self.left:
            if right.shape[1] > right.shape[0]:
                return None
            return np.asarray(gradient @ np.linalg.pinv(right.T))
        if left.shape[0] > left.shape[1]:
            return None
        gradient = gradient.T if self.turned else gradient
        return np.asarray(np.linalg.pinv(left.T) @ gradient)


def layers(view: View) -> Iterator[Layer]:
    """Every product of the argument with another input whose axes fit by name, without and with a bias."""
    sample = view.sample
    for other in range(len(sample.inputs)):
        if other == view.position or view.array.ndim != 2 or sample.inputs[other].ndim != 2:
            continue
        for left, right in ((view.position, other), (other, view.position)):
            a, b = sample.labels(left), sample.labels(right)
            for turned in (False, True):
                if a[1] != (b[1] if turned else b[0]):
                    continue
                yield Layer(left, right, turned, None)
                z = Layer(left, right, turned, None).labels(view)
                for bias, x in enumerate(sample.inputs):
                    labels = [label for label, size in zip(sample.labels(bias), x.shape, strict=True) if size > 1]
                    if bias not in (left, right) and x.dtype.kind == "f" and set(labels) <= set(z):
                        yield Layer(left, right, turned, bias)


def claims(view: View, forms: Sequence[Form], sentence: str) -> Iterator[Claim]:
    """Claims that one of these forms of the preactivation stands where the slope of the activation belongs."""
    for layer in layers(view):
        for right in SLOPES:
            for claimed in forms:
                if claimed is right:
                    continue

                def holds(v: View, layer: Layer = layer, right: Form = right, claimed: Form = claimed) -> bool | None:
                    return swapped(v, layer, right, claimed)

                if holds(view) is False:
                    continue
                names = view.sample.names
                z = f"{names[layer.left]} @ {names[layer.right]}{'.T' if layer.turned else ''}"
                z += f" + {names[layer.bias]}" if layer.bias is not None else ""
                yield Claim(
                    sentence.format(x=view.name, right=right.of("z"), claimed=claimed.of("z"), z=z), costs.PART, holds
                )


@lru_cache(maxsize=256)  # every pair of forms asks for the same few
def _read_off(view: View, layer: Layer) -> tuple[Array, Array, Array] | None:
    """``z``, and ``dz`` as it is claimed and as it is true; None where one of them is not determined."""
    if not view.fits or not view.known.all() or not np.isfinite(view.claimed).all():
        return None
    z = layer.preactivation(view)
    ours, true = (layer.cotangent(view, np.asarray(g, np.float64)) for g in (view.claimed, view.true))
    return None if z is None or ours is None or true is None or z.size < 2 else (z, ours, true)


def swapped(view: View, layer: Layer, right: Form, claimed: Form) -> bool | None:
    """Whether ``dz`` is claimed with one slope in place of the other."""
    read = _read_off(view, layer)
    if read is None:
        return None
    z, of_claim, of_truth = read
    ours, true = of_claim * right.apply(z), of_truth * claimed.apply(z)
    largest = max(float(np.abs(ours).max()), float(np.abs(true).max()))
    return largest > 0 and bool(np.all(within(np.abs(ours - true), READ_OFF_LAYER * half_digits(view) * largest)))
