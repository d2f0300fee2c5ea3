"""What `gradcheck explain GC904` says."""

from ...words import Words

WORDS = Words(
    "Domain: the forward is not finite at this point, or not on both sides of it, so that it has no slope there. Not a "
    "law, but why a point could not decide.",
    "Inputs are drawn from all real numbers unless the case says otherwise, and log, sqrt or arcsin have no value at "
    "most of them.",
    (
        "no domains= for an input that must be positive, or lie in [0, 1]",
        "exp that overflows at large inputs: those examples are only counted",
        "fixed inputs on the edge: log(0), arcsin(1)",
    ),
    "Say where the values lie: domains={'x': Reals(0, None)} for positive ones, Reals(-1, 1) for an interval.",
)
