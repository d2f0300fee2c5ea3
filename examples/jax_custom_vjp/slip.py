"""The same function with one slip: the forward keeps its output, and the derivative is taken there."""

import jax
from softplus import softplus as right

from gradcheck import Case
from gradcheck.adapters import from_jax


@jax.custom_vjp
def softplus(x):
    return right(x)


def softplus_forward(x):
    y = right(x)
    return y, y


def softplus_backward(y, dy):
    return (dy * jax.nn.sigmoid(y),)


softplus.defvjp(softplus_forward, softplus_backward)
CASES = [Case(from_jax(softplus), "(n)->(n)", name="softplus", sizes={"n": (0, 8)})]
