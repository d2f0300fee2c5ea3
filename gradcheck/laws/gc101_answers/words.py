"""What `gradcheck explain GC101` says."""

from ..words import Words

WORDS = Words(
    "The vjp answers wherever its forward succeeded: where there is a value, there is a gradient to ask for.",
    "Whoever trains with the op crashes at the first shape of this kind. It is the kindest form of a wrong formula: "
    "where the sizes happen to agree, the same line runs and gives a wrong gradient without a word.",
    (
        "a matrix that is not transposed, or not the right matrix: the product fits square shapes only",
        "a bias gradient that is not summed, added to something of another shape",
        "an axis by number (axis=1) where an input may have fewer axes",
        "a size-0 axis or a 0-d scalar that the forward takes and the backward indexes",
    ),
    "Write down the shape of every factor. In dy (o), x (i), w (o,i) only w.T @ dy has the shape of x. Read the line "
    "that the report points at, at the shapes that it names.",
    asks="Write the shapes of everything that the line reads below one another, with sizes that all differ. "
    "Which of them meet there that should not?",
)
