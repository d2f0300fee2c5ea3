"""What `gradcheck explain GC601` says."""

from ..words import Words

WORDS = Words(
    "At low precision (float32, float16, bfloat16) the error of every output and gradient is at most k times (2) the "
    "error that PyTorch's own autograd makes through the twin at the same dtype and inputs, and the rounding to the "
    "dtype. Both are measured against the derivative in float64, by worst entry and by the root of the mean square.",
    "A tolerance picked by hand is too loose for one tensor and too tight for the next: zeros pass, and one unit in "
    "the last place fails. What PyTorch loses at the same inputs says how much may be lost; where it loses a tenth of "
    "the tensor itself, the point decides nothing.",
    (
        "an accumulator in bfloat16, where PyTorch adds up in float32",
        "a statistic that is saved in the low dtype and used again in the backward",
        "large terms that cancel: 1 - y near 1, exp(x) as expm1(x) + 1, a variance as E[x^2] - E[x]^2",
        "a wrong formula that float64 was never asked about: a missing term, one tile, one row, a mask",
        "NaN or infinity where a squared or exponentiated number leaves the range",
    ),
    "Read the row of the tensor: error, yardstick, ratio. Accumulate in float32, subtract the maximum first, and save "
    "what the backward needs in float32. A twin that computes in float32 inside demands the same of the kernel.",
    asks="Which intermediate result of this gradient is rounded, and what is left of its digits where terms cancel?",
)
