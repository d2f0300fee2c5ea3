"""Planted mistakes for every law, with their correct twins: the example in its folder, and others of other kinds."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradcheck import Case
from gradcheck.explanations import explanation
from gradcheck.generation import search
from gradcheck.laws import LAWS, Law, law_of
from gradcheck.point import judge_point
from gradcheck.report import Report

EXAMPLES, USUAL = 25, 100


@dataclass(frozen=True)
class Planted:
    """A wrong op, the law that must name it, its correct twin, and the point at which to look."""

    code: str
    name: str
    wrong: Callable[..., Any]
    right: Callable[..., Any]
    inputs: Sequence[Any]
    order: int = 1
    options: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def judge_wrong(self, laws: Sequence[Law] = LAWS) -> Report:
        return self._judge(self.wrong, laws)

    def judge_right(self, laws: Sequence[Law] = LAWS) -> Report:
        return self._judge(self.right, laws)

    def _judge(self, op: Callable[..., Any], laws: Sequence[Law]) -> Report:
        options = {name: [value] for name, value in self.options.items()}
        case = Case(op, inputs=self.inputs, order=self.order, options=options)
        return judge_point(case, self.inputs, self.options, self.seed, laws)


@dataclass(frozen=True)
class Shown:
    """The wrong and the right example in the folder of a law, which `gradcheck explain` shows."""

    code: str

    def __str__(self) -> str:
        return f"{self.code} as explained"

    @property
    def examples(self) -> int:
        """What shows over many examples only takes the usual hundred."""
        law = law_of(self.code)
        return USUAL if law is not None and law.over_examples is not None else EXAMPLES

    def judge_wrong(self, laws: Sequence[Law] = LAWS) -> Report:
        return search(explanation(self.code).wrong(), self.examples, 0, laws)

    def judge_right(self, laws: Sequence[Law] = LAWS) -> Report:
        return search(explanation(self.code).right(), self.examples, 0, laws)


X = np.array([[0.5, -1.25, 2.0], [1.5, 0.75, -0.25]])
W = np.array([[0.25, -0.5, 1.0]])
LABELS = np.array([0, 2])


def square(x, gradient=lambda x, dy: (2 * x * dy,)):
    """x * x with any backward."""

    def square_vjp(dy):
        return gradient(x, dy)

    return x * x, square_vjp


def with_backward(gradient):
    """`square` with another backward."""

    def squared(x):
        return square(x, gradient)

    return squared


def product(x, w, gradient=lambda x, w, dy: (dy * w, (dy * x).sum(axis=0, keepdims=True))):
    """x * w with w broadcast over rows."""

    def product_vjp(dy):
        return gradient(x, w, dy)

    return x * w, product_vjp


def product_with(gradient):
    def multiplied(x, w):
        return product(x, w, gradient)

    return multiplied


def picked(x, labels, label_gradient=None):
    """One entry of each row."""

    def picked_vjp(dy):
        dx = np.zeros_like(x)
        dx[np.arange(len(x)), labels] = dy
        return dx, label_gradient

    return x[np.arange(len(x)), labels], picked_vjp


def raises(x, dy):
    raise ValueError("operands could not be broadcast together")


def root(x):
    """sqrt(1 + x)."""
    y = np.sqrt(1 + x)

    def root_vjp(dy):
        return (dy / (2 * y),)

    return y, root_vjp


def root_zero_over_zero(x):
    """The same with a factor x / x, which is 1 except at 0."""
    y = np.sqrt(1 + x)

    def root_vjp(dy):
        return (dy / (2 * y) * (x / x),)

    return y, root_vjp


def with_lost_state():
    """A vjp that empties what its forward saved, so the second call differs."""

    def squared(x):
        saved = [2 * x]

        def squared_vjp(dy):
            factor = saved[0]
            saved[0] = np.zeros_like(factor)
            return (factor * dy,)

        return x * x, squared_vjp

    return squared


def forward_in_place(x):
    def in_place_vjp(dy):
        return (dy * 2,)

    y = 2 * x
    x *= 2
    return y, in_place_vjp


def doubled(x):
    def doubled_vjp(dy):
        return (dy * 2,)

    return 2 * x, doubled_vjp


def overwrites_cotangent(x, dy):
    dy *= 2 * x
    return (dy.copy(),)


def overwrites_input(x):
    y = x * x

    def overwriting_vjp(dy):
        x[...] = 2 * x * dy
        return (x.copy(),)

    return y, overwriting_vjp


def overwrites_output(x):
    y = np.exp(x)

    def overwriting_vjp(dy):
        y[...] = y * dy
        return (y.copy(),)

    return y, overwriting_vjp


def masks_in_place(x, *, mask):
    """Doubles the user's mask at each call, on its own copy of which the values are right."""
    twice = mask.copy()
    mask *= 2

    def masked_vjp(dy):
        return (2 * x * twice * dy,)

    return x * x * twice, masked_vjp


def masks(x, *, mask):
    def masked_vjp(dy):
        return (2 * x * mask * dy,)

    return x * x * mask, masked_vjp


def counts_calls(x, *, settings):
    """Keeps a counter among the user's settings, which its vjp advances."""

    def counting_vjp(dy):
        settings["calls"] = settings.get("calls", 0) + 1
        return (2 * x * dy,)

    return x * x, counting_vjp


def reads_settings(x, *, settings):
    power = settings["powers"][0]

    def power_vjp(dy):
        return (power * x ** (power - 1) * dy,)

    return x**power, power_vjp


def exponential(x):
    y = np.exp(x)

    def exponential_vjp(dy):
        return (dy * y,)

    return y, exponential_vjp


def identity(x, copy=False):
    def identity_vjp(dy):
        return (dy.copy() if copy else dy,)

    return x.copy(), identity_vjp


def identity_copied(x):
    return identity(x, copy=True)


def reads_cotangent_raw(x, dy):
    """As a kernel does that walks memory from the first address on."""
    flat = np.lib.stride_tricks.as_strided(dy, (dy.size,), (dy.itemsize,))
    return (2 * x * flat.reshape(x.shape),)


def reads_inputs_raw(x):
    flat = np.lib.stride_tricks.as_strided(x, (x.size,), (x.itemsize,)).reshape(x.shape)

    def raw_vjp(dy):
        return (2 * flat * dy,)

    return x * x, raw_vjp


def fast_path(special):
    """`square` whose backward takes a short cut, which is wrong, for a special cotangent."""
    return with_backward(lambda x, dy: ((3 if special(dy) else 2) * x * dy,))


def adds_up_since_the_forward():
    """A vjp that adds to what it left, which each forward sets to zero."""
    total = {}

    def squared(x):
        total[x.shape] = np.zeros_like(x)

        def squared_vjp(dy):
            total[x.shape] = total[x.shape] + 2 * x * dy
            return (total[x.shape].copy(),)

        return x * x, squared_vjp

    return squared


def kept_by_identity():
    """The slope is kept under the id of the input, which stays alive, so that no id comes twice."""
    kept = {}

    def sine(x):
        if id(x) not in kept:
            kept[id(x)] = x, np.cos(x)
        slope = kept[id(x)][1]

        def sine_vjp(dy):
            return (slope * dy,)

        return np.sin(x), sine_vjp

    return sine


def sine(x):
    def sine_vjp(dy):
        return (np.cos(x) * dy,)

    return np.sin(x), sine_vjp


def writes_into_the_layer():
    """A vjp that updates the weight of its layer, which the next forward reads."""
    layer = {"weight": 2.0}

    def scaled(x):
        weight = layer["weight"]

        def scaled_vjp(dy):
            layer["weight"] = weight * 0.5
            return (weight * dy,)

        return weight * x, scaled_vjp

    return scaled


def masked():
    """A forward with a mask of its own at every call, which its backward keeps."""
    rng = np.random.default_rng(0)

    def drop(x):
        mask = rng.random(x.shape) < 0.5

        def drop_vjp(dy):
            return (dy * mask,)

        return x * mask, drop_vjp

    return drop


def noisy():
    """A forward with a hidden random number."""
    rng = np.random.default_rng(0)

    def scaled(x):
        factor = 1 + 0.1 * rng.random()

        def scaled_vjp(dy):
            return (dy * factor,)

        return x * factor, scaled_vjp

    return scaled


def cost(x, sign=1.0):
    """Half the sum of squares."""

    def cost_vjp(dy):
        return (sign * x * dy,)

    return 0.5 * np.sum(x * x), cost_vjp


def cost_squared(x):
    def cost_vjp(dy):
        return (x * dy * dy,)

    return 0.5 * np.sum(x * x), cost_vjp


def cost_fast_path(x):
    def cost_vjp(dy):
        return (x * dy if dy != 1 else 1.5 * x,)

    return 0.5 * np.sum(x * x), cost_vjp


def one_entry_off(x, dy):
    dx = 2 * x * dy
    dx[617] *= 1 + 1e-7
    return (dx,)


def special_value(x):
    return square(x, lambda x, dy: (np.where(x == 2.0, 7.0, 2 * x) * dy,))


def tiny(x, factor=1.0):
    """1e-7 sin(x)."""

    def tiny_vjp(dy):
        return (factor * 1e-7 * np.cos(x) * dy,)

    return 1e-7 * np.sin(x), tiny_vjp


def tiny_doubled(x):
    return tiny(x, factor=2.0)


def absolute(x, at_zero=0.5):
    """abs(x) with any slope at 0."""

    def absolute_vjp(dy):
        return (dy * np.where(x == 0, at_zero, np.sign(x)),)

    return np.abs(x), absolute_vjp


def abs_too_steep(x):
    return absolute(x, at_zero=1.5)


def bare(x, dy):
    return 2 * x * dy


def zero_over_zero(x, v):
    return 2 * x * v * (x / x)


def offering(op, **attributes):
    """A copy of an op with other optional attributes."""

    def offered(*inputs):
        return op(*inputs)

    offered.__signature__ = inspect.signature(op)
    offered.__dict__.update(attributes)
    return offered


def product_wanting(gradient):
    """`product`, also for those who want only some of the gradients, which ``gradient(wanted)`` computes."""
    return offering(product, wanting=lambda wanted: product_with(gradient(wanted)))


def only_wanted(wanted):
    def gradient(x, w, dy):
        return dy * w if wanted[0] else None, (dy * x).sum(axis=0, keepdims=True) if wanted[1] else None

    return gradient


def shortcut_for_one(wanted):
    """Where only x is wanted another formula runs, and that one is wrong."""

    def gradient(x, w, dy):
        alone = wanted == (True, False)
        dx, dw = only_wanted(wanted)(x, w, dy)
        return (dx * 2 if alone else dx), dw

    return gradient


def ignores_the_wish(wanted):
    return only_wanted((True, True))


def three(x, w, b, left_out=None):
    """x * w + b; the gradient of x is wrong where one input is left out."""

    def three_vjp(dy):
        dx = dy * w * (2.0 if left_out else 1.0)
        return dx, (dy * x).sum(axis=0, keepdims=True), dy.sum(axis=0, keepdims=True)

    return x * w + b, three_vjp


def three_wanting(factor):
    def wanting(wanted):
        def some(x, w, b):
            y, vjp = three(x, w, b, left_out=factor * (wanted == (True, False, True)))

            def some_vjp(dy):
                return tuple(g if want else None for g, want in zip(vjp(dy), wanted, strict=True))

            return y, some_vjp

        return some

    return offering(three, wanting=wanting)


def square_second(factor):
    """`square` with its backward as an op of (x, dy)."""

    def second(x, dy):
        def second_vjp(du):
            return factor * dy * du, 2 * x * du

        return 2 * x * dy, second_vjp

    return offering(square, second=second)


def other_second():
    def second(x, dy):
        def second_vjp(du):
            return 3 * dy * du, 3 * x * du

        return 3 * x * dy, second_vjp

    return offering(square, second=second)


def short_second():
    def second(x, dy):
        def second_vjp(du):
            return (2 * dy * du,)

        return 2 * x * dy, second_vjp

    return offering(square, second=second)


def product_second(factor=1.0):
    """`product` with its backward as an op of (x, w, dy), whose value is the tuple of both gradients."""

    def second(x, w, dy):
        def second_vjp(du):
            dx, dw = du
            return dw * dy, (dx * dy).sum(axis=0, keepdims=True) * factor, dx * w + dw * x

        return (dy * w, (dy * x).sum(axis=0, keepdims=True)), second_vjp

    return offering(product, second=second)


def square_jvp(tangent):
    """`square` with forward mode."""

    def jvp(inputs, tangents):
        (x,), (v,) = inputs, tangents
        return x * x, tangent(x, v)

    return offering(square, jvp=jvp)


def cube_root(x):
    """Infinite at 0, where the product of the jvp with a tangent of 0 is NaN."""
    y = np.cbrt(x)

    def cube_root_vjp(dy):
        return (dy / (3 * y * y),)

    return y, cube_root_vjp


def cube_root_jvp(factor):
    def jvp(inputs, tangents):
        (x,), (v,) = inputs, tangents
        return np.cbrt(x), factor * v / (3 * np.cbrt(x) ** 2)

    return offering(cube_root, jvp=jvp)


def mean_second(guard):
    """`mean_of_parts` with a backward as an op, in which an empty part is 0 / 0 unless it is guarded."""

    def second(x, dy):
        def second_vjp(du):
            return 0 * x, np.array([du.sum(), 0.0]) / np.maximum(COUNTS, guard)

        return np.array([dy[0], dy[0], dy[0]]) / COUNTS[0], second_vjp

    return offering(mean_of_parts, second=second)


COUNTS = np.array([3.0, 0.0])


def mean_of_parts(x):
    """The mean of the first part, which has all entries, and of the second, which has none and is 0."""

    def mean_vjp(dy):
        return (np.full(3, dy[0] / 3),)

    return np.array([x.mean(), 0.0]), mean_vjp


def jvp_of_another(inputs, tangents):
    return inputs[0] ** 3, 2 * inputs[0] * tangents[0]


def picked_jvp(factor):
    def jvp(inputs, tangents):
        (x, labels), (v, none) = inputs, tangents
        assert none is None
        rows = np.arange(len(x))
        return x[rows, labels], factor * v[rows, labels]

    return offering(picked, jvp=jvp)


PLANTED = [
    *(Shown(law.code) for law in LAWS),
    Planted("GC101", "raises", with_backward(raises), square, (X,)),
    Planted("GC102", "returns a bare array", with_backward(bare), square, (X,)),
    Planted("GC102", "returns a list", with_backward(lambda x, dy: [2 * x * dy]), square, (X,)),
    Planted("GC102", "returns nothing", with_backward(lambda x, dy: None), square, (X,)),
    Planted(
        "GC103",
        "returns one too many",
        with_backward(lambda x, dy: (2 * x * dy, None)),
        square,
        (X,),
    ),
    Planted("GC104", "None for floats", product_with(lambda x, w, dy: (dy * w, None)), product, (X, W)),
    Planted("GC105", "transposed", with_backward(lambda x, dy: ((2 * x * dy).T,)), square, (X,)),
    Planted(
        "GC105",
        "axis dropped",
        product_with(lambda x, w, dy: (dy * w, (dy * x).sum(axis=0))),
        product,
        (X, W),
    ),
    Planted(
        "GC106",
        "promotes",
        with_backward(lambda x, dy: (2 * x.astype(np.float64) * dy,)),
        square,
        (X.astype(np.float32),),
    ),
    Planted("GC106", "a mask instead of the masked cotangent", with_backward(lambda x, dy: (x > 0,)), square, (X,)),
    Planted("GC106", "integers", with_backward(lambda x, dy: (np.full(x.shape, 2),)), square, (X,)),
    Planted("GC106", "complex", with_backward(lambda x, dy: (2 * x * dy + 0j,)), square, (X,)),
    Planted("GC107", "0/0 at a smooth point", root_zero_over_zero, root, (np.array([0.0, 2.0]),)),
    Planted("GC201", "absolute value", with_backward(lambda x, dy: (2 * x * abs(dy),)), square, (X,)),
    Planted("GC201", "clipped", with_backward(lambda x, dy: (2 * x * np.clip(dy, -1, 1),)), square, (X,)),
    Planted("GC201", "normalised", with_backward(lambda x, dy: (2 * x * dy / abs(dy).max(),)), square, (X,)),
    Planted(
        "GC201", "small cotangents dropped", with_backward(lambda x, dy: (2 * x * dy * (abs(dy) > 1e-4),)), square, (X,)
    ),
    Planted("GC201", "squared, scalar output", cost_squared, cost, (X,)),
    Planted("GC201", "a fast path for dy = 1, of a cost", cost_fast_path, cost, (X,)),
    Planted("GC201", "a fast path for ones", fast_path(lambda dy: (dy == 1).all()), square, (X,)),
    Planted("GC201", "a fast path for equal entries", fast_path(lambda dy: np.ptp(dy) == 0), square, (X,)),
    Planted("GC201", "a fast path for one row", fast_path(lambda dy: (dy != 0).sum() == 1), square, (X,), seed=1),
    Planted("GC202", "adds a constant", with_backward(lambda x, dy: (2 * x * dy + 1e-9,)), square, (X,)),
    Planted("GC202", "ignores the cotangent", with_backward(lambda x, dy: (2 * x,)), square, (X,)),
    Planted("GC203", "wears out", with_lost_state(), square, (X,)),
    Planted("GC203", "adds up since the last forward", adds_up_since_the_forward(), square, (X,), seed=14),
    Planted("GC203", "keeps slopes by id", kept_by_identity(), sine, (X,)),
    Planted("GC203", "the vjp changes the forward", writes_into_the_layer(), doubled, (X,)),
    Planted("GC204", "forward in place", forward_in_place, doubled, (X,)),
    Planted("GC204", "overwrites the cotangent", with_backward(overwrites_cotangent), square, (X,)),
    Planted("GC204", "overwrites the input", overwrites_input, square, (X,)),
    Planted("GC204", "overwrites the output", overwrites_output, exponential, (X,)),
    Planted("GC204", "writes into an option", masks_in_place, masks, (X,), options={"mask": np.ones(3)}),
    Planted(
        "GC204",
        "keeps a counter in an option",
        counts_calls,
        reads_settings,
        (X,),
        options={"settings": {"powers": [2, np.ones(2)]}},
    ),
    Planted("GC205", "returns the cotangent itself", identity, identity_copied, (X,)),
    Planted("GC206", "hidden random number", noisy(), square, (X,)),
    Planted("GC206", "a mask on zeros", masked(), doubled, (0 * X,)),
    Planted("GC207", "walks the cotangent's memory", with_backward(reads_cotangent_raw), square, (X,)),
    Planted("GC207", "walks the inputs' memory", reads_inputs_raw, square, (X,)),
    Planted("GC207", "walks a vector's memory", reads_inputs_raw, square, (X[0],)),
    Planted("GC208", "wrong alone", product_wanting(shortcut_for_one), product_wanting(only_wanted), (X, W)),
    Planted("GC208", "ignores the wish", product_wanting(ignores_the_wish), product_wanting(only_wanted), (X, W)),
    Planted("GC208", "wrong with one left out", three_wanting(True), three_wanting(False), (X, W, W)),
    Planted(
        "GC209",
        "another function",
        offering(square, forward=lambda x: x * x * (1 + 1e-12)),
        offering(square, forward=lambda x: x * x),
        (X,),
    ),
    Planted(
        "GC209",
        "another shape",
        offering(square, forward=lambda x: (x * x)[None]),
        offering(square, forward=lambda x: x**2),
        (X,),
    ),
    Planted("GC301", "factor 2 missing", with_backward(lambda x, dy: (x * dy,)), square, (X,)),
    Planted("GC301", "off by 1e-7 in one entry", with_backward(one_entry_off), square, (np.linspace(0.5, 2.5, 1000),)),
    Planted("GC301", "wrong at one special value", special_value, square, (np.array([2.0, 3.0]),)),
    Planted("GC301", "zeros", with_backward(lambda x, dy: (0 * x * dy,)), square, (X,)),
    Planted("GC301", "doubled where gradients are 1e-7", tiny_doubled, tiny, (X,)),
    Planted("GC301", "outside the slopes of a kink", abs_too_steep, absolute, (np.array([0.0, -1.0, 2.0]),)),
    Planted("GC401", "factor 2 missing", square_second(1.0), square_second(2.0), (X,), order=2),
    Planted("GC401", "another gradient", other_second(), square_second(2.0), (X,), order=2),
    Planted("GC401", "no gradient of dy", short_second(), square_second(2.0), (X,), order=2),
    Planted("GC401", "one of two wrong", product_second(3.0), product_second(), (X, W), order=2),
    Planted("GC402", "factor 2 missing", square_jvp(lambda x, v: x * v), square_jvp(lambda x, v: 2 * x * v), (X,)),
    Planted(
        "GC402",
        "broadcast away",
        square_jvp(lambda x, v: (2 * x * v).sum(axis=0, keepdims=True)),
        square_jvp(lambda x, v: v * x + x * v),
        (X,),
    ),
    Planted("GC401", "NaN where the gradient is smooth", mean_second(0.0), mean_second(1.0), (X[0],), order=2),
    Planted("GC402", "NaN where the forward is smooth", square_jvp(zero_over_zero), square, (np.array([0.0, 2.0]),)),
    Planted("GC402", "wrong beside an infinite slope", cube_root_jvp(3.0), cube_root_jvp(1.0), (np.array([0.0, 2.0]),)),
    Planted("GC402", "of another function", offering(square, jvp=jvp_of_another), square, (X,)),
    Planted("GC402", "beside integers", picked_jvp(-1.0), picked_jvp(1.0), (X, LABELS)),
]
