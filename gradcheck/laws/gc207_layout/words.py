"""What `gradcheck explain GC207` says."""

from ..words import Words

WORDS = Words(
    "The answer does not depend on the memory layout of inputs or cotangent: transposed, strided, reversed, "
    "broadcast or read-only arrays of the same values give the same gradients.",
    "The cotangent that a chain hands over is often a transpose, or a number broadcast by a sum (stride 0). A kernel "
    "that walks memory reads other values, and every test with fresh arrays passes.",
    (
        "C, CUDA or Triton code that gets a pointer and assumes row order",
        "ravel('K'), a view with as_strided, np.frombuffer",
        "writing into dx through reshape(-1), which may be a copy",
        "results cached by the address of an array",
    ),
    "Start with np.ascontiguousarray(dy) (or dy.contiguous()), or use the strides.",
    asks="What does the backward assume of how its arrays lie in memory? Which of them may be transposed, or a slice?",
)
