"""What `gradcheck explain GC603` says."""

from ..words import Words

WORDS = Words(
    "At low precision the error of a tensor grows no faster with the length of a reduction than rounding does: noise "
    "grows with the root of the length, and what is rounded once not at all.",
    "Tests are run at lengths of a few dozen, training at thousands. An error that grows straight is within every "
    "tolerance at the one and the size of the gradient at the other.",
    (
        "an accumulator in bfloat16 or float16: beyond 256 ones it no longer moves",
        "a running sum over tokens or tiles that is written back in the low dtype each time",
        "a correction per element that is off by a constant, so that the offsets add up",
    ),
    "Add up in float32 (or float64 for float32), or pairwise; round once, at the end.",
    asks="In which dtype is this sum kept between one element and the next?",
)
