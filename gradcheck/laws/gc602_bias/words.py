"""What `gradcheck explain GC602` says."""

from ..words import Words

WORDS = Words(
    "At low precision the errors of a tensor average out over the examples. The mean of each example counts once, in "
    "units of the last place and in the direction of the true value.",
    "An error of half a unit is no larger than rounding, and passes every comparison of entries. If it always goes one "
    "way, a sum over many steps of training moves by it: weights shrink, a running mean is never reached.",
    (
        "a conversion to bfloat16 that cuts off the lower half instead of rounding to the nearest",
        "a correction factor such as n / (n - 1), or a scale in few digits, that is a little off",
        "a small term left out, which always has the same sign",
    ),
    "Round to the nearest even number where the result is written, and keep factors in float32.",
    asks="Where is a number made shorter here, and which way does it go when it lies in the middle?",
)
