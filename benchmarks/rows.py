"""Twenty-one backward passes at one point each: fourteen bugs, seven correct functions at awkward places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradcheck import Case, Reals
from gradcheck.generation import Example, draw_inputs

from .measuring import Op
from .smooth import Array, entrywise


@dataclass(frozen=True)
class Row:
    """A case, whether its backward is wrong, and the point if the awkward place is one that must be aimed at."""

    name: str
    wrong: bool
    case: Case
    at: Callable[[np.random.Generator], tuple[Array, ...]] | None = None

    def point(self, seed: int) -> tuple[Array, ...]:
        """The inputs at which every checker is asked: drawn by our generator unless the row names them."""
        return self.at(np.random.default_rng(seed)) if self.at else drawn(self.case, seed)


def drawn(case: Case, seed: int) -> tuple[Array, ...]:
    """Inputs of a case at distinct sizes 2, 3, 4, and so on."""
    names = case.parsed.names if case.parsed else ()
    return draw_inputs(case, Example({name: 2 + place for place, name in enumerate(names)}, seed))


def through(op: Op, bend: Callable[[Array], Array]) -> Op:
    """The same op with a vjp that first does something to its cotangent."""

    def bent(x: Array) -> tuple[Array, Op]:
        y, vjp = op(x)

        def bent_vjp(dy: Array) -> Any:
            return vjp(bend(dy))

        return y, bent_vjp

    return bent


tanh = entrywise("tanh", np.tanh, lambda x: 1 - np.tanh(x) ** 2)


def c_ordered(x: Array) -> tuple[Array, Op]:
    """tanh whose backward walks through memory, as a kernel does, and takes the cotangent to be C-ordered."""
    y = np.tanh(x)

    def c_ordered_vjp(dy: Array) -> tuple[Array]:
        return ((np.ravel(dy, order="K") * np.ravel(1 - y**2)).reshape(x.shape),)

    return y, c_ordered_vjp


def linear(
    gradient_of_x: Callable[[Array, Array], Array],
    gradient_of_w: Callable[[Array, Array], Array],
) -> Op:
    """x @ w with any backward, made of the cotangent and the other operand."""

    def product(x: Array, w: Array) -> tuple[Array, Op]:
        def product_vjp(dy: Array) -> tuple[Array, Array]:
            return gradient_of_x(dy, w), gradient_of_w(dy, x)

        return x @ w, product_vjp

    return product


def one_entry_off(dy: Array, x: Array) -> Array:
    """The gradient of the weight with its first entry off by a thousandth."""
    dw = x.T @ dy
    dw[0, 0] *= 1.001
    return dw


def mse_without_mean(x: Array, target: Array) -> tuple[Array, Op]:
    """mean (x - target)^2 whose backward forgets to divide by the number of entries."""

    def mse_vjp(dy: Array) -> tuple[Array, Array]:
        dx = dy * 2 * (x - target)
        return dx, -dx

    return np.mean((x - target) ** 2), mse_vjp


def norm_without_mean(x: Array) -> tuple[Array, Op]:
    """Layer norm whose backward forgets that the mean depends on x."""
    deviation = np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
    y = (x - x.mean(axis=1, keepdims=True)) / deviation

    def norm_vjp(dy: Array) -> tuple[Array]:
        return ((dy - y * (dy * y).mean(axis=1, keepdims=True)) / deviation,)

    return y, norm_vjp


def softmax_diagonal(x: Array) -> tuple[Array, Op]:
    """Softmax whose backward has only the diagonal of the Jacobian."""
    e = np.exp(x - x.max(axis=1, keepdims=True))
    y = e / e.sum(axis=1, keepdims=True)

    def softmax_vjp(dy: Array) -> tuple[Array]:
        return (dy * y * (1 - y),)

    return y, softmax_vjp


def network(first_for_second: bool) -> Op:
    """Two layers of sigmoids; the article's bug is W1.T where W2.T belongs."""

    def two_layer(W1: Array, W2: Array, X: Array) -> tuple[Array, Op]:
        A1 = logistic(W1 @ X)
        A2 = logistic(W2 @ A1)

        def two_layer_vjp(dA2: Array) -> tuple[Array, Array, Array]:
            dZ2 = dA2 * A2 * (1 - A2)
            dA1 = (W1 if first_for_second else W2).T @ dZ2
            dZ1 = dA1 * A1 * (1 - A1)
            return dZ1 @ X.T, dZ2 @ A1.T, W1.T @ dZ1

        return A2, two_layer_vjp

    return two_layer


def logistic(x: Array) -> Array:
    """1 / (1 + exp(-x))."""
    return 1 / (1 + np.exp(-x))


def logistic_slope(x: Array) -> Array:
    """Through the output, as everybody writes it."""
    return logistic(x) * (1 - logistic(x))


def float32_tanh(x: Array) -> Array:
    """A forward that works in float32 inside and returns float64."""
    return np.tanh(x.astype(np.float32)).astype(np.float64)


def _case(op: Op, signature: str = "(m,n)->(m,n)", domains: Mapping[str, Reals] | None = None) -> Case:
    return Case(op, signature, domains=domains)


def _with_zeros(rng: np.random.Generator) -> tuple[Array, ...]:
    x = np.round(rng.normal(size=(3, 4)), 2)
    x[0, 1] = x[2, 3] = 0.0
    return (x,)


def _saturated(rng: np.random.Generator) -> tuple[Array, ...]:
    return (np.where(rng.integers(0, 2, size=(3, 4)) == 1, 1, -1) * rng.uniform(25, 35, size=(3, 4)),)


SQUARE_NETWORK = "(h,h),(h,h),(h,m)->(h,m)"
ROWS = (
    Row("cotangent taken to be C-ordered", True, _case(c_ordered)),
    Row("factor 2 where gradients are 1e-7", True, _case(
        entrywise("tiny", lambda x: 1e-7 * np.sin(x), lambda x: 2e-7 * np.cos(x)))),
    Row("doubled slope of sqrt at 1e12", True, _case(
        entrywise("sqrt", np.sqrt, lambda x: 1 / np.sqrt(x)), domains={"x": Reals(1e12, 2e12)})),
    Row("uses |g|", True, _case(through(tanh, np.abs))),
    Row("uses clip(g, -1, 1)", True, _case(through(tanh, lambda g: np.clip(g, -1, 1)))),
    Row("uses g / |g|", True, _case(through(tanh, lambda g: g / (np.linalg.norm(g) or 1.0)))),
    Row("W1.T for W2.T", True, _case(network(first_for_second=True), SQUARE_NETWORK)),
    Row("layer norm without the mean", True, _case(norm_without_mean)),
    Row("mean square without 1/M", True, _case(mse_without_mean, "(m,n),(m,n)->()")),
    Row("dW transposed", True, _case(
        linear(lambda dy, w: dy @ w.T, lambda dy, x: dy.T @ x), "(n,n),(n,n)->(n,n)")),
    Row("w for w.T in dx", True, _case(
        linear(lambda dy, w: dy @ w, lambda dy, x: x.T @ dy), "(m,n),(n,n)->(m,n)")),
    Row("one entry off by 1e-3", True, _case(
        linear(lambda dy, w: dy @ w.T, one_entry_off), "(m,k),(k,n)->(m,n)")),
    Row("slope of the sigmoid at its input", True, _case(
        entrywise("sigmoid", logistic, lambda x: x * (1 - x)))),
    Row("softmax with the diagonal only", True, _case(softmax_diagonal)),
    Row("relu, some inputs exactly 0", False, _case(
        entrywise("relu", lambda x: np.maximum(x, 0), lambda x: (x > 0) * 1.0)), _with_zeros),
    Row("log near 0", False, _case(entrywise("log", np.log, lambda x: 1 / x), domains={"x": Reals(0, 1e-5)})),
    Row("float32 inside the forward", False, _case(
        entrywise("tanh32", float32_tanh, lambda x: 1 - np.tanh(x) ** 2))),
    Row("sqrt near 0", False, _case(
        entrywise("sqrt", np.sqrt, lambda x: 0.5 / np.sqrt(x)), domains={"x": Reals(0, 1e-5)})),
    Row("square at 1e8", False, _case(
        entrywise("square", np.square, lambda x: 2 * x), domains={"x": Reals(1e8, 2e8)})),
    Row("saturated sigmoid", False, _case(entrywise("sigmoid", logistic, logistic_slope)), _saturated),
    Row("two layers", False, _case(network(first_for_second=False), SQUARE_NETWORK)),
)  # fmt: skip
