"""What `gradcheck explain GC301` says."""

from ..words import Words

WORDS = Words(
    "The vjp is the derivative of the forward: <vjp(u), v> equals the slope of <u, F(x + t v)> at t = 0, as finite "
    "differences measure it, within their own measured error.",
    "This is what a backward is for. A gradient that is off by a factor still trains, only slower or less "
    "stably; one that points elsewhere trains something else. Nothing raises.",
    (
        "a factor: the 2 of a square, the 1/M of a mean, a sign",
        "the wrong matrix, or one that is not transposed, at shapes that agree",
        "a derivative taken at the output where it is a function of the input, or the other way round",
        "an axis that is averaged instead of summed; the mean that a normalisation subtracts",
        "a zero, a tie, a border, the last block: right nearly everywhere",
    ),
    "Look at the line that the report points at, and at the ratio: a plain number is a factor, and if it moves with "
    "a size, a mean is missing. `again:` makes the smallest example once more; "
    "`gradcheck fix` searches the edit.",
    asks="How does the output change when one entry of that quantity moves a little? Go through every place of"
    " the forward that reads it, and compare with what the backward multiplies by.",
)
