"""What `gradcheck explain GC902` says."""

from ...words import Words

WORDS = Words(
    "Noise: finite differences of the forward do not settle at any step, so that no slope could be measured. Not a "
    "law, but why a point could not decide.",
    "The tolerance here is the measured error of the measurement. Where that is as large as the gradient, nothing is "
    "called wrong and nothing is vouched for.",
    (
        "a forward that rounds, quantises, or iterates to a loose tolerance",
        "random numbers inside the forward (GC206)",
        "values so large that the differences drown in rounding: 1e16 + x",
        "a function that oscillates faster than any step that rounding allows",
    ),
    "Tighten the tolerance of inner iterations, fix random numbers by an option, judge at a moderate scale, or name "
    "a twin.",
)
