"""What `gradcheck explain GC205` says."""

from ..words import Words

WORDS = Words(
    "Returned gradients share no memory with the cotangent, the inputs, the outputs or one another: a hazard, not an "
    "error, since the values are right.",
    "Whoever clips `da` in place, or accumulates into it, changes `db` and `dy` with it. Frameworks guard against "
    "this; a training loop in NumPy does not.",
    (
        "the cotangent itself as the gradient of a sum, of an identity, of a reshape",
        "one array for two gradients",
        "a view: dy[:n], dy.T, np.broadcast_to(dy, shape)",
    ),
    "Copy, or leave it where nothing writes into gradients: the verdict stays correct.",
    asks="Who owns the memory of what is returned? What happens to the caller's arrays if it is written into?",
)
