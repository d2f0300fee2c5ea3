"""What `gradcheck explain GC204` says."""

from ..words import Words

WORDS = Words(
    "Inputs, options, outputs and cotangents are not modified, neither by the forward nor by the vjp.",
    "The caller still needs them: dy is shared by all ops that the output went to (a residual connection adds them "
    "up), and x may be the saved value of the op before. An array or a dict among the options is the caller's too: "
    "the op gets copies here, and elsewhere it does not. Whether the values are right all the same is asked of a "
    "fresh forward for each vjp, and said beside.",
    (
        "in-place arithmetic on an argument: dy *= y, dy[mask] = 0, x -= x.max()",
        "out=dy to save memory",
        "running statistics, a counter or a cache kept in an option",
        "a reshape or a slice of an argument, which is a view, written into",
    ),
    "Write dy * y instead of dy *= y; copy before writing into a view.",
    asks="Which array does this line write into, and who else still holds it?",
)
