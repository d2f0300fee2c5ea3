"""What `gradcheck explain GC903` says."""

from ...words import Words

WORDS = Words(
    "A kink: the slopes from the two sides differ, and the claim lies between them, a subgradient. Not a law, but why "
    "a point says less than others.",
    "Between the slopes every value is as good as any other, so that a kink can convict (GC301, when the claim lies "
    "outside them) but hardly ever acquit.",
    (
        "relu, abs, max, clip, sorting, pooling at an exact zero or tie",
        "inputs made of whole numbers, which tie all the time",
        "padding with zeros",
    ),
    "Nothing is to be mended. Judge at other values too: with a signature, kinks are planted among ordinary values.",
)
