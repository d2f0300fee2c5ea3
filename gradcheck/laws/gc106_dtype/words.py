"""What `gradcheck explain GC106` says."""

from ..words import Words

WORDS = Words(
    "The raw gradient of each input has the dtype of that input.",
    "A float64 gradient of float32 weights doubles the memory and turns the weights into float64 at the first "
    "update. An integer gradient loses its fraction, a complex one of a real input cannot be added to it.",
    (
        "np.zeros(shape), np.ones(shape), np.eye(n) inside the backward: they are float64 (zeros_like is not)",
        "a boolean mask, x > 0, returned instead of the cotangent times the mask",
        "an integer array made by arange or full that is never multiplied by a float",
        "a complex input in between, whose imaginary part is not dropped for a real input",
    ),
    "Make arrays like the input (np.zeros_like(x), np.zeros(shape, x.dtype)), or cast at the end: dx.astype(x.dtype).",
    asks="In which dtype does the input come, and where on the way does the gradient become another one?",
)
