"""What `gradcheck explain GC107` says."""

from ..words import Words

WORDS = Words(
    "A gradient is finite wherever the forward has finite slopes.",
    "One NaN in one entry is in every parameter after one step, and the point at which it appears (an exact zero, "
    "a padded row) may come once in a million.",
    (
        "a quotient 0/0 whose limit is fine: x/x, (y**2 - 1)/x, sin(x)/x",
        "np.where that selects the good branch after both were computed: 0 * inf is NaN",
        "a norm, whose gradient x / norm(x) is 0/0 at a row of zeros",
        "exp that overflows in the backward where the forward subtracted the maximum",
    ),
    "Rewrite the formula so that nothing is divided by what may vanish, or guard the divisor before dividing: "
    "x / np.where(n > 0, n, 1).",
    asks="At which value of the forward does this expression divide by zero, or overflow? Is the derivative "
    "itself infinite there, or only the way it is written?",
)
