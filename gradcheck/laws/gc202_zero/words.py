"""What `gradcheck explain GC202` says."""

from ..words import Words

WORDS = Words(
    "A cotangent of zero gives gradients of zero: what nobody asks about has no influence.",
    "An output that does not reach the cost still moves the weights. Such a term is often too small to see in "
    "a comparison with a tolerance.",
    (
        "weight decay or another regulariser added inside the vjp",
        "dy left out of one term, or of all of them",
        "uninitialised memory (np.empty) where nothing is written when dy is zero",
    ),
    "Multiply every term by dy; add regularisation to the cost, or in the optimiser.",
    asks="Nothing comes in: which term of the gradient is there all the same?",
)
