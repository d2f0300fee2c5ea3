"""What `gradcheck explain GC105` says."""

from ..words import Words

WORDS = Words(
    "The raw gradient of each input has the shape of that input, before anything broadcasts or sums it.",
    "`b -= rate * db` with a db of shape (n,o) raises at best. With a db of shape (1,o), (o,1) or () it broadcasts, "
    "runs, and trains something else. PyTorch sums such a gradient for you, NumPy and JAX do not.",
    (
        "an input that the forward broadcast, whose gradient is not summed over the axes that it was repeated along",
        "a sum without keepdims=True where the input keeps an axis of size 1, or with it where it does not",
        "a product of matrices in the wrong order, so that the gradient is transposed",
        "a scalar where the forward took a mean or a sum",
    ),
    "Sum over every axis along which the input was repeated: axis=0 for a bias (o) added to rows (n,o), "
    "axis=1 with keepdims=True for a bias (o,1) added to columns.",
    asks="How often does one entry of this input occur in the forward? Then how many terms has its gradient, "
    "and which shape is left?",
)
