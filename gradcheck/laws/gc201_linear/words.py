"""What `gradcheck explain GC201` says."""

from ..words import Words

WORDS = Words(
    "The vjp is linear in the cotangent: twice dy gives twice the gradient, and a sum gives the sum.",
    "A vjp multiplies by a matrix that depends on the inputs only. One that does not is right for the cotangents that "
    "it was tried with, mostly dy = 1, and wrong in a chain, with another loss scale or another batch size. Or it is "
    "right in a chain and wrong at dy = 1, at all ones or at a single one, with which training and Jacobians ask.",
    (
        "clipping, normalising or rounding of gradients inside the vjp: that belongs to the optimiser",
        "abs(dy), dy**2, sign(dy), or dy used twice as a factor",
        "a test on dy, such as skipping a block whose dy is small",
        "dy left out, so that the gradient is that for dy = 1",
        "a fast path for dy = 1 or for a single row, which computes something else",
    ),
    "Let dy enter each term exactly once, as a factor.",
    asks="Double the cotangent by hand: which term of the gradient does not double, and why does it not?",
)
