"""Wrong backwards of every convention; the line that makes the wrong gradient ends in its number: `# HERE`."""

import numpy as np

from gradcheck.adapters import from_pair, from_value_and_grad


def closure(x, w):
    def closure_vjp(dy):
        dx = dy * w
        dw = dy
        dw = dw * x * 2  # HERE
        return dx, dw

    return x * w, closure_vjp


def by_branch(x, w):
    def by_branch_vjp(dy):
        if x.size > 1000:
            dw = dy * x
        else:
            dw = dy * x * 2  # HERE
        return dy * w, dw

    return x * w, by_branch_vjp


def in_place(x, w):
    def in_place_vjp(dy):
        dw = np.zeros_like(w)
        for n in range(len(w)):
            dw[n] += 2 * dy[n] * x[n]  # HERE
        return dy * w, dw

    return x * w, in_place_vjp


def inline(x, w):
    def inline_vjp(dy):
        return (
            dy * w,
            2 * dy * x,  # HERE
        )

    return x * w, inline_vjp


def named_tuple(x, w):
    def named_tuple_vjp(dy):
        gradients = dy * w, 2 * dy * x  # HERE
        return gradients

    return x * w, named_tuple_vjp


def _helper(x, w, dy):
    dw = 2 * dy * x  # HERE
    return dy * w, dw


def through_a_helper(x, w):
    def through_a_helper_vjp(dy):
        return _helper(x, w, dy)

    return x * w, through_a_helper_vjp


def computed(x, w):
    def computed_vjp(dy):
        return tuple([dy * w, 2 * dy * x])  # HERE

    return x * w, computed_vjp


def _forward(x, w):
    return x * w, (x, w)


def _backward(saved, dy):
    x, w = saved
    dw = 2 * dy * x  # HERE
    return dy * w, dw


pair = from_pair(_forward, _backward)
pair_of_lambdas = from_pair(
    lambda x, w: (x * w, (x, w)),
    lambda saved, dy: (dy * saved[1], 2 * dy * saved[0]),  # HERE
)
bare = from_value_and_grad(
    lambda w: float(w @ w),
    lambda w: 3 * w,  # HERE
)


def _both(w):
    gradient = 3 * w  # HERE
    return float(w @ w), gradient


value_and_gradient = from_value_and_grad(_both, True)


def nested(x, w):
    def nested_vjp(dy):
        db = 2 * dy  # HERE
        return dy * w["a"], {"a": dy * x, "b": db}

    return x * w["a"] + w["b"], nested_vjp


def raising(x, w):
    def raising_vjp(dy):
        raise ValueError("no such shape")  # HERE

    return x * w, raising_vjp
