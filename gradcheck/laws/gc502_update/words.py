"""What `gradcheck explain GC502` says."""

from ..words import Words

WORDS = Words(
    "A small enough step of the case's own update rule (descent=) lowers the cost. A descent that cannot be watched, "
    "of what is no single number, or of what has no gradient, is refused in a sentence.",
    "The gradient is right and training still goes uphill: the mistake is in the three lines that nobody tests.",
    (
        "plus for minus",
        "gradients in another order than the parameters",
        "an update that modifies its parameters in place and returns the old ones",
        "a step that does not grow with the learning rate",
    ),
    "Subtract the learning rate times the gradient, parameter by parameter, and return the new values.",
    asks="What should the parameters be after one step, written as a formula? Compare it term by term.",
)
