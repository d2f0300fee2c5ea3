"""What `gradcheck explain GC303` says."""

from ..words import Words

WORDS = Words(
    "The gradient equals the twin's; where they differ, finite differences name the odd one out.",
    "Three witnesses instead of two: a wrong twin is not blamed on the backward, and a backward that is wrong by less "
    "than differences can see is still seen.",
    (
        "a wrong backward: finite differences side with the twin, and GC301 says so too",
        "a wrong twin, or another function (GC302): then it is the odd one out, and only a hazard",
        "a kink, at which both may choose; that is no finding",
    ),
    "Mend the side that the report calls the odd one out.",
    asks="At one small input, compute this gradient by hand. With which of the two functions does it agree?",
)
