"""When a low-precision result counts as off, each limit with its unit and its reason."""

from __future__ import annotations

# --- the gate --------------------------------------------------------------------------------------------------------

ILL_CONDITIONED = 0.1
"""Of the scale of a tensor: where the yardstick is off by more, or last bits move the golden by as much, nothing can be
told from rounding (PyTorch's kernel verifier draws the line at the same place)."""

SAMPLES = 8
"""Neighbouring points at which the yardstick is asked again before it accuses: an error of few entries may be small by
accident, eight such accidents in a row are one in 10**5."""

SINGLE_ENTRY = 4
"""Times as many before a single entry is said to have lost its digits: 1 + erf(x) keeps those of 0 by accident at three
points in four, and at 32 of them in one of 10**4."""

LAST_BITS = 1.0
"""Units in the last place by which inputs and cotangents are moved at most: what rounding them would do."""

NEARBY = 2.0**-5
"""Of each entry: how far these points are away, beyond the unit in the last place of any of these dtypes, where what a
function keeps of its digits is still the same."""

ANOTHER_LIBRARY = 2.0
"""Times the error of the yardstick around the point, in float32: an elementary function may be off by two units in the
last place in one library and by one in the other, and what cancels later shows it. Below that dtype all compute with
digits to spare."""

STAND_IN = 4.0
"""Times what last bits of inputs and cotangent change: as much as the stand-in for a yardstick allows. Each of a few
intermediate results is rounded once more, and of those only the inputs are jittered."""

CANCELLED = 8.0
"""Units in the last place of the cotangent, without a yardstick: a gradient of that size is what is left of terms that
cancel, as of 1 - y where y has come to 1."""

SYSTEMATIC = 1.5
"""Of its scatter over nine points: as large as the mean error of what is rounded anew at each may come out; a third is
usual, and that of one entry is four times that in one of 2,000."""

# --- entries beside larger ones --------------------------------------------------------------------------------------

SMALL_OFF = 32.0
"""Units in its own last place by which a small entry may be off before it is looked at by itself."""

NEGLIGIBLE = 2.0**-10
"""Units in the last place of the cotangent, or of the largest output: an entry of less may be lost by any formula, as
that of PyTorch's own gelu below -7."""

LOST = 0.25
"""Of an entry: an error from which on it has lost its digits; below, its rounding may be that of larger neighbours."""

APART = 16.0
"""Times the error of the yardstick at the same entry, of the worst of some samples: more is another formula."""

# --- what must be exact ----------------------------------------------------------------------------------------------

NOTHING = 2.0**-40
"""Of the largest entry of the golden, which is computed in float64: less is its own rounding, and 0 may be meant."""

RANGE = 0.5
"""Of the largest number of a dtype: what is closer may overflow in one way of computing it and not in another."""

# --- over many entries and examples ----------------------------------------------------------------------------------

FEWEST_POINTS = 16
"""Examples from which on a mean of errors says something: it then averages to a quarter of their scatter."""

BIASED = 6.0
"""Standard errors of a mean: by chance that is one in 10**9."""

DRIFT = 0.25
"""Of the unit in the last place: a mean error of less is what any way of rounding may have where values cluster."""

LENGTHS = 3
"""Rungs of the ladder of lengths that make a line."""

ROUNDED_ONCE = 0.5
"""Units in the last place: what a single rounding may be off by, whatever the yardstick had the luck to be."""

FURTHER_OFF = 4.0
"""Times the error of the yardstick at the longest rung: in less the two differ by chance."""

VISIBLE = 4.0
"""Between the error at the longest and at the shortest rung: less is the rounding of the result, or an error that does
not come of the length."""
