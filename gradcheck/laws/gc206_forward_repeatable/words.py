"""What `gradcheck explain GC206` says."""

from ..words import Words

WORDS = Words(
    "The forward gives the same value twice, to rounding, at the inputs and at others close by where nothing is zero:"
    " a hazard, since differences of a forward that changes by itself show nothing about its gradient. No law that "
    "compares two calls accuses such an op, and the answer is inconclusive. An output that is what memory held "
    "before, or what a reference left behind, is no hazard but an error.",
    "The gradient belongs to a function that cannot be called again. Nothing can be said about it by differences, "
    "and gradient checkpointing, which calls the forward again, differentiates another function.",
    (
        "a random mask drawn inside, as in dropout",
        "running statistics that the forward updates, as in batch norm",
        "a cache or a counter",
    ),
    "Take the mask, the seed or the statistics as an input or an option. What from_torch makes is held still as it is, "
    "as long as it draws from PyTorch's own generator.",
    asks="What does the forward read beside its inputs that changes from call to call?",
)
