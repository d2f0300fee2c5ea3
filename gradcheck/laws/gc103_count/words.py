"""What `gradcheck explain GC103` says."""

from ..words import Words

WORDS = Words(
    "The vjp returns one entry per positional input, in their order, and each has the structure of its input.",
    "Gradients are told apart by their place alone. One that is missing shifts all that follow, and zip() over "
    "parameters and gradients stops early: the last parameter is never trained.",
    (
        "an input that was added to the forward later, such as a bias",
        "an integer input that was left out instead of getting None",
        "a gradient for an option, which gets none",
        "a nested input whose gradient is a list of leaves, or a dict without one key",
    ),
    "Return one entry per positional input of the forward: None for one that is not differentiable, and for a "
    "dict of arrays a dict with the same keys.",
    asks="How many positional inputs does the forward have? Name the gradient that belongs to each, in their order.",
)
