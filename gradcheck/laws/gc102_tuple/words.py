"""What `gradcheck explain GC102` says."""

from ..words import Words

WORDS = Words(
    "The vjp returns a tuple, one entry per input, also where there is a single input.",
    "A bare array unpacks into its rows: `dx, = vjp(dy)` and `for g in vjp(dy)` then take the first row of the "
    "gradient for the gradient, and nothing complains.",
    (
        "a single input, whose gradient is returned bare; the comma is missing",
        "a list, because the gradients were collected in a loop",
        "a path through the backward that ends without a return",
    ),
    "Write `return (dx,)`, or `return tuple(gradients)`. An op in another convention is joined by an adapter of "
    "gradcheck.adapters: from_pair takes a bare gradient of one input.",
    asks="What does whoever calls the vjp do with its answer: how many things does it take out of it, and in "
    "which order?",
)
