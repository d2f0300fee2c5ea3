"""What `gradcheck explain GC203` says."""

from ..words import Words

WORDS = Words(
    "The vjp gives the same answer however often it is asked, also when the op was called elsewhere in between; and "
    "the op answers for what an array holds now, though it was called with that very array when it held something "
    "else.",
    "A layer that is used twice in a network, gradient checkpointing, and two costs on one forward all ask this way. "
    "They get the gradient of another point. Training updates its parameters in place: the array is the same one. "
    "Whether the values are right all the same is asked of a fresh forward for each vjp, and said beside.",
    (
        "saved values in an attribute of a layer or in a global, which the next forward overwrites",
        "a buffer that is reused, so that a gradient returned earlier changes",
        "an array from empty() of which not every entry is written: what it held before is no gradient",
        "gradients that are added to what the last call left (+=) and never set to zero",
        "an iterator or a list that the first call uses up",
        "a cache by id(x), or by ``x is last``: an update in place leaves it stale",
        "a search that begins where the last one ended, so that a kink gets now one slope and now the other",
    ),
    "Keep what the backward needs in the closure (or in ctx, or in what the forward returns), and allocate what is "
    "returned.",
    asks="Call the vjp twice with the same cotangent. What has the first call left behind that the second one finds?",
)
