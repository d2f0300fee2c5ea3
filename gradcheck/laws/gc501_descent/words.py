"""What `gradcheck explain GC501` says."""

from ..words import Words

WORDS = Words(
    "A small enough step against the gradient lowers the cost, for every op whose value is one number.",
    "Training goes uphill. It is the one law whose breach everybody understands, and it needs no tolerance: only the "
    "sign is asked.",
    (
        "a sign: prediction minus target, or the other way round",
        "a gradient so wrong that it points uphill (GC301 tells more)",
        "a cost that is to be maximised: negate the cost, not its gradient",
    ),
    "Look at the signs along the chain, starting with the gradient of the cost itself.",
    asks="In which direction does the cost fall: along the gradient, or against it? In which does the update go?",
)
