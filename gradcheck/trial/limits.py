"""When an op counts as narrow inside, each limit with its unit and its reason."""

ORDINARY = 2.0**12
"""Spacings of the dtype's own: a forward that keeps more digits is not narrow inside. Between one that cancels a few
bits in float64 and float32, 2**29."""

COARSEST = 2.0**-5
"""Relative spacing: a few roundings in bfloat16, 2**-8 each, make no more."""

LEEWAY = 64.0
"""So much coarser than its forward a backward may be: a sum of 64 terms that round alike."""

SAME_FUNCTION = 2.0**-33
"""Of the largest entry, by which an op in float64 and its twin may differ: half of the way from float32's rounding to
that of float64. What differs by more computes in fewer digits inside, or is another function."""

ROUNDED = 4.0
"""Units in the last place of a narrow dtype: a gradient of float64 that is off by less was rounded to it inside."""

COMPUTED = 64.0
"""Units in the last place of float32: a gradient of float64 that is off by less was computed in float32 inside, as
kernels of every narrow dtype do: a dozen operations, of which some multiply what was rounded before."""

REPEATS = 8
"""Calls at one point, where a second one has shown that answers differ: the range of nine draws is three times their
scatter, and one more adds little to it."""
