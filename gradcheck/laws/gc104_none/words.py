"""What `gradcheck explain GC104` says."""

from ..words import Words

WORDS = Words(
    "A gradient is None exactly where none exists: for integer and boolean inputs, and for no floating one.",
    "None for a floating input means a weight that is never updated, and frameworks take None for zeros without a "
    "word; such a weight stayed frozen for years in a library that many use. Zeros for an integer input "
    "claim that a derivative exists and vanishes.",
    (
        "a gradient that was never written, with None as a placeholder",
        "a branch (needs_input_grad, training=False) that returns None where zeros, or the gradient, were meant",
        "zeros for labels or indices, so that all entries look alike",
    ),
    "Return the gradient of every floating input, np.zeros_like(x) where it really is zero, and None for integers.",
    asks="Which inputs can be moved by a little at all? What is the difference between `it has no gradient` "
    "and `its gradient is zero`?",
)
