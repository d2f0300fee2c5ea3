"""What `gradcheck explain GC901` says."""

from ...words import Words

WORDS = Words(
    "Vacuous: the claimed gradient is zero and so is the measured one, so that nothing was seen of it. Not a law, but "
    "why a point could not decide.",
    "At such a point every formula that happens to vanish passes; the one in the example is wrong. A check that could "
    "not have failed is no evidence, and the verdict is inconclusive, not correct.",
    (
        "inputs of zeros or ones, saturated units, a ReLU that is off everywhere",
        "a cost of sum(y) after a softmax or a normalisation, which is constant",
        "an input that the forward does not use",
        "a size-0 input",
    ),
    "Judge at values that the function moves with: give a signature, so that random ones are drawn, or other inputs.",
)
