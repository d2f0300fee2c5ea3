"""0/0, 0 * inf and log 0 where the forward is harmless."""

import numpy as np

from gradcheck import Integers, Reals

from .exhibit import two_backwards


def norm(x):
    """The length of each row."""
    n = np.sqrt((x * x).sum(axis=1))
    return n, (x, n)


def norm_backward_divided(saved, dy):
    x, n = saved
    return (dy[:, None] * x / n[:, None],)


def norm_backward(saved, dy):
    x, n = saved
    return (dy[:, None] * x / np.where(n > 0, n, 1)[:, None],)


def cubic_norm(x):
    """(sum |x|^3)^(1/3) of each row."""
    n = np.cbrt((np.abs(x) ** 3).sum(axis=1, keepdims=True))
    return n[:, 0], (x, n)


def cubic_norm_backward_unguarded(saved, dy):
    x, n = saved
    inverse = 1 / n**2
    return (dy[:, None] * x * np.abs(x) * inverse,)


def cubic_norm_backward(saved, dy):
    x, n = saved
    inverse = 1 / np.where(n > 0, n, 1) ** 2
    return (dy[:, None] * x * np.abs(x) * inverse,)


def root_of_bell(x):
    """sqrt(exp(-x^2)), link by link: the bell underflows to an exact 0."""
    bell = np.exp(-x * x)
    y = np.sqrt(bell)
    return y, (x, bell, y)


def root_of_bell_backward_unguarded(saved, dy):
    x, bell, y = saved
    dbell = dy / (2 * y)
    return (dbell * bell * -2 * x,)


def root_of_bell_backward(saved, dy):
    x, bell, y = saved
    dbell = np.where(y > 0, dy / (2 * y), 0)
    return (dbell * bell * -2 * x,)


def running_product(x):
    y = np.cumprod(x)
    return y, (x, y)


def running_product_backward_zero_over_zero(saved, dy):
    x, y = saved
    tail = np.cumsum((dy * y)[::-1])[::-1]
    return (np.where(x == 0, 0, tail / x),)


def running_product_backward_divided(saved, dy):
    x, y = saved
    tail = np.cumsum((dy * y)[::-1])[::-1]
    return (tail / x,)


def running_product_backward(saved, dy):
    x, y = saved
    dx = np.zeros_like(x)
    left = 1.0
    for i in range(len(x)):
        dx[i] = left * np.sum(dy[i:] * np.cumprod(np.append(1.0, x[i + 1 :])))
        left = left * x[i]
    return (dx,)


def power(x, *, exponent=2):
    y = x**exponent
    return y, (x, y, exponent)


def power_backward_by_output(saved, dy):
    x, y, exponent = saved
    return (dy * y * exponent / x,)


def power_backward_of_exponent_zero(saved, dy):
    x, y, exponent = saved
    return (dy * exponent * x ** (exponent - 1.0),)


def power_backward_positive_base(saved, dy):
    x, y, exponent = saved
    dx = exponent * x ** max(exponent - 1.0, 0.0)
    return (dy * np.where(x <= 0, np.inf, dx),)


def power_backward(saved, dy):
    x, y, exponent = saved
    return (dy * exponent * x ** max(exponent - 1.0, 0.0),)


def exponential(n, *, base=2.0):
    """base**n, with n > 0 so that base may be 0."""
    y = base**n
    return y, (y, base)


def exponential_backward_unguarded(saved, dy):
    y, base = saved
    return (dy * y * np.log(base),)


def exponential_backward(saved, dy):
    y, base = saved
    return (dy * y * (np.log(base) if base > 0 else 0.0),)


def positive_part_cubed_root(x):
    """where(x > 0, sqrt(x)^3, 0)."""
    return np.where(x > 0, np.sqrt(np.abs(x)) ** 3, 0), x


def positive_part_cubed_root_backward_both_branches(x, dy):
    return (np.where(x > 0, dy, 0) * 1.5 * np.sqrt(x),)


def positive_part_cubed_root_backward(x, dy):
    return (np.where(x > 0, dy, 0) * 1.5 * np.sqrt(np.where(x > 0, x, 0)),)


def masked_logsumexp(x, last):
    """Over the entries up to last of each row; others may hold anything."""
    mask = np.arange(x.shape[1]) <= last[:, None]
    kept = np.where(mask, x, -np.inf)
    top = kept.max(axis=1)
    return top + np.log(np.exp(kept - top[:, None]).sum(axis=1)), (x, mask, kept, top)


def masked_logsumexp_backward_unmasked(saved, dy):
    x, mask, kept, top = saved
    e = np.exp(x - top[:, None]) * mask
    return dy[:, None] * e / e.sum(axis=1, keepdims=True), None


def masked_logsumexp_backward(saved, dy):
    x, mask, kept, top = saved
    e = np.exp(kept - top[:, None]) * mask
    return dy[:, None] * e / e.sum(axis=1, keepdims=True), None


def absolute(x):
    return np.abs(x), x


def absolute_backward_divided(x, dy):
    return (dy * x / np.abs(x),)


def absolute_backward(x, dy):
    return (dy * np.sign(x),)


EXHIBITS = [
    two_backwards(
        "B148",
        "norm divides 0 by 0",
        "(m,n)->(m)",
        cause="not-finite",
        forward=norm,
        wrong=norm_backward_divided,
        right=norm_backward,
        law="GC107",
    ),
    two_backwards(
        "B149",
        "p-norm of a zero slice is 0 * inf",
        "(m,n)->(m)",
        cause="not-finite",
        forward=cubic_norm,
        wrong=cubic_norm_backward_unguarded,
        right=cubic_norm_backward,
        law="GC107",
    ),
    two_backwards(
        "B150",
        "root of an underflowed zero",
        "(n)->(n)",
        cause="not-finite",
        forward=root_of_bell,
        wrong=root_of_bell_backward_unguarded,
        right=root_of_bell_backward,
        law="GC107",
    ),
    two_backwards(
        "B151",
        "running product loses the gradient at a zero",
        "(n)->(n)",
        cause="at-zeros",
        forward=running_product,
        wrong=running_product_backward_zero_over_zero,
        right=running_product_backward,
    ),
    two_backwards(
        "B153",
        "running product divides by a zero",
        "(n)->(n)",
        cause="not-finite",
        forward=running_product,
        wrong=running_product_backward_divided,
        right=running_product_backward,
        law="GC107",
    ),
    two_backwards(
        "B155",
        "power divides its output by a zero base",
        "(n)->(n)",
        cause="not-finite",
        forward=power,
        wrong=power_backward_by_output,
        right=power_backward,
        law="GC107",
        options={"exponent": [2, 3]},
    ),
    two_backwards(
        "B157",
        "power with exponent 0 at base 0 is 0 * inf",
        "(n)->(n)",
        cause="not-finite",
        forward=power,
        wrong=power_backward_of_exponent_zero,
        right=power_backward,
        law="GC107",
        options={"exponent": [2, 0]},
    ),
    two_backwards(
        "B157b",
        "exponential of base 0 is 0 * log 0",
        "(n)->(n)",
        cause="not-finite",
        forward=exponential,
        wrong=exponential_backward_unguarded,
        right=exponential_backward,
        law="GC107",
        options={"base": [2.0, 0.0]},
        domains={"n": Reals(0, None)},
    ),
    two_backwards(
        "B158",
        "power forces a non-positive base to infinity",
        "(n)->(n)",
        cause="not-finite",
        forward=power,
        wrong=power_backward_positive_base,
        right=power_backward,
        law="GC107",
        options={"exponent": [2, 3]},
    ),
    two_backwards(
        "B159",
        "the branch not taken gives 0 * NaN",
        "(n)->(n)",
        cause="not-finite",
        forward=positive_part_cubed_root,
        wrong=positive_part_cubed_root_backward_both_branches,
        right=positive_part_cubed_root_backward,
        law="GC107",
    ),
    two_backwards(
        "B160",
        "a masked large entry overflows, inf * 0",
        "(m,n),(m)->(m)",
        cause="not-finite",
        forward=masked_logsumexp,
        wrong=masked_logsumexp_backward_unmasked,
        right=masked_logsumexp_backward,
        law="GC107",
        domains={"last": Integers(0, "n")},
    ),
    two_backwards(
        "B162",
        "absolute value divides 0 by 0",
        "(n)->(n)",
        cause="not-finite",
        forward=absolute,
        wrong=absolute_backward_divided,
        right=absolute_backward,
        law="GC107",
    ),
]
