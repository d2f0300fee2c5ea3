"""What `gradcheck explain GC906` says."""

from ...words import Words

WORDS = Words(
    "The op itself raised at inputs that its signature allows. Not a law, but why a point could not decide.",
    "Nothing can be said about a gradient where there is no value. At an ordinary shape the case is inconclusive, "
    "since nobody knows what else was left out, and so it is where every example of one option raised; at a size-0 "
    "axis it is only noted.",
    (
        "a signature that allows more than the op: (m,n) for a square matrix, which is (n,n)",
        "an integer input without domains=, so that an index is out of range",
        "an option whose values do not fit all shapes",
    ),
    "Let the signature, the domains and the options say what the op takes.",
)
