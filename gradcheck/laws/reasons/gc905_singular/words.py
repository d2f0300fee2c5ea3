"""What `gradcheck explain GC905` says."""

from ...words import Words

WORDS = Words(
    "Singular: the slope grows without bound as the step falls, so that there is no finite gradient to compare with. "
    "Not a law, but why a point could not decide.",
    "Infinity or NaN is no mistake there, and no finite value is right either.",
    (
        "roots and fractional powers at 0, norms of a zero vector raised to a power below 1",
        "arccos, arcsin at the ends of their interval",
        "a jump: floor, sign, argmax, whose value changes at once",
    ),
    "Judge elsewhere. If the op should be usable there, change the forward (sqrt(x + eps)), and its gradient with it.",
)
