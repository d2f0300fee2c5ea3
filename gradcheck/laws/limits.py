"""How far two right answers of one op may be apart, and how often it is asked; each limit with unit and reason."""

from __future__ import annotations

# --- rounding of an answer, as assumed and as measured ---------------------------------------------------------------

ULPS = 64.0
"""Units in the last place of the largest entry by which two right answers may differ: sums of some thousand terms, in
another order."""

ROUNDINGS = 8.0
"""Spacings of a narrower dtype inside, relative to the largest entry: three answers of a few roundings each."""

MEASURED_FACTOR = 16.0
"""Times the rounding that was measured: the largest of a few draws, each of which may have come out small."""

CANCELLED = 8.0
"""Units in the last place of the cotangent below which a gradient is what is left of terms that cancel."""

JITTERS = 4
"""Times that last bits are moved to see what rounding changes: by accident one draw changes nothing, four hardly."""

OWN_ROUNDING = 4.0
"""Times what an op of few digits is off by at the point: the largest of a few answers, of which each rounds anew."""

UNITS = 2.0
"""Units in the last place of the largest entry beside it: an op may be right to the last bit by accident."""

# --- the joint equation ----------------------------------------------------------------------------------------------

STRONG = (-(2.0**10), 2.0**-40)
"""Weights of the cotangents: so large and so small that what is clipped, or absorbed by 1, shows."""

GENTLE = (-1.0, 2.0**-3)
"""The same where a dtype is as narrow as float16, which holds 2**-24 to 2**16, with what the backward makes of it."""

TINY_OF_LARGE = 2.0**-34
"""A tiny entry beside large ones: 2**12 above the 64 roundings that the equation may be off by."""

SELDOM = 4
"""One seed of so many asks twice in a row; the others ask after the op has run elsewhere, which shows more."""

ELSEWHERE = 0.75
"""Of the size of each entry: another point in the same domain, which shrinks towards 0."""

LARGE = 2**16
"""Entries of an input, beyond which it is not handed over once more: that would cost more than the call."""

SUMMED, SUMMED_WITH = 64, (0.5, 1.5)
"""Entries of a large gradient that are compared as one sum, and the weights in it: one that is off by 1e-9 stands out
of the rounding of 64."""

# --- what training asks with (GC201) ---------------------------------------------------------------------------------

SAMPLES = 8
"""Pairs of cotangents to either side of one, and walks from one: fewer do not show what the worst rounding is."""

BESIDE = 0.25
"""How far they are from a cotangent of ones: far enough for nothing to take it for one, and of the same rounding."""

WALK = 0.03
"""Length of a walk along the cotangent: too short for a vjp that is not linear to excuse itself."""

MOST_ROUNDING = 2.0**24
"""Units in the last place of a gradient: more is no rounding, unless it is that of another dtype."""

# --- how often an op is called again ---------------------------------------------------------------------------------

CALLS = 3
"""Forwards at one point, to see whether they repeat: a small mask may come out the same twice."""

IDENTITIES = 2048
"""Arrays that are made and held before an op is asked again whose outputs have a shape that was not promised: those of
earlier calls have left some hundreds of identities free, which a cache by `id` still knows."""

CLOSE_BY = (2.0**-3, 2.0**-12)
"""Distances, relative to each entry: far enough for any dtype, and near where a domain ends."""

SAME_ANSWER, OTHER_ANSWER = 2.0, 16.0
"""Units in the last place of the largest entry: an answer that was converted from another dtype is off by no more than
the first, and two answers that are further apart than the second are not one."""

NO_ACCIDENT = 12
"""Times that the op answers what it answered elsewhere. One that draws one of two answers does so by chance once in
eight times, and twelve times running once in 10**10."""

EACH = 3
"""Inputs up to which each is wanted alone, and left out: of more, one of either kind."""

# --- whether a slope is finite (GC107, GC402) ------------------------------------------------------------------------

SETTLED = 1e-3
"""Relative error of a slope that shows that there is one: as much as a check must have seen at least."""

SETTLED_ROUNDINGS = 16.0
"""Units of the rounding of the first step by which such a slope may be off besides: it may be 0."""

NEIGHBOURS = 4
"""Points at each distance at which the vjp is asked."""

NEAR, NEARER = 2.0**-10, 2.0**-20
"""Distances of these points, relative to each entry: towards a pole like the inverse root a gradient grows 32 times."""

TORN = 3
"""Other lines along which slopes do not add up where there is no derivative: along each of them."""

FIRST_RANDOM = 4
"""Perturbed points before those at random, of which every second moves all entries by about their size."""

STAYS_TORN = 16.0
"""Times that what does not add up falls from the one distance to the other at most: with a second derivative it falls a
thousand times, beside a root 32 times."""

GROWS = 8.0
"""By how much a gradient grows from the one to the other towards a pole at least: half of the digits of that."""

# --- whose gradient it is (GC301, GC303) -----------------------------------------------------------------------------

BLUNT = 1e-10
"""Relative: a tolerance beyond this fraction of the claim is worth a complex step."""

DROWNED = 1e-6
"""Relative error: an argument seen no sharper than this beside the others is judged again by itself."""

TWIN_SLACK = 64.0
"""Units of the rounding of the claim by which the twin may differ where finite differences side with the vjp."""

# --- whether a cost falls (GC501 to GC503) ---------------------------------------------------------------------------

FIRST_RATE = 0.125
"""Of the cost that the first step should take off, and of the size of the inputs that it should move them by."""

RATE_RATIO = 4.0
"""Between a rate and the next."""

RATES = 14
"""Rates that are tried at most: down to 4**-13 of the first, half of the digits of float64."""

VISIBLE_FALL = 64.0
"""Units of the rounding of the cost, beyond which a step should show in it."""

FALL = 4.0
"""Units of the rounding of the cost by which it must fall, and may rise from one step of training to the next."""

SMALLER_COTANGENT = 2.0**-12
"""Of the cotangent: brings what is up to 2**12 times the largest number of float16 back into its range."""

# --- what clips on purpose (GC301) ------------------------------------------------------------------------------------

LARGER = (1.0, -(2.0**3), 2.0**6, -(2.0**12), 2.0**20)
"""Times a cotangent, of either sign: gradients lie within a few orders of ten of one, and a bound is reached by one."""

# --- memory that nobody writes (GC203, GC206) ------------------------------------------------------------------------

MARKS = (1.40625 * 2.0**100, -1.71875 * 2.0**101)
"""What is left in memory for the next call to find: six digits, which float32 and bfloat16 hold too, and so large that
what is added to one of them leaves it as it is."""

MARKS_OF_FEW = (1.40625 * 2.0**14, -1.71875 * 2.0**14)
"""The same where float16 is in play, whose largest number is 2**16."""

BLOCKS = 4
"""Arrays of one size that are let go of: a call makes a few temporary ones of that size before the one it returns."""

ROUNDS = 2
"""Times that it is tried: what is let go of may go to somebody else."""

# --- questions that cost far more than a call (GC403, GC404) ----------------------------------------------------------

BATCHED_SELDOM = 4
"""One seed of so many is asked of a batch: of two inputs three times three calls; what is wrong shows everywhere."""

DERIVED_SELDOM = 4
"""One seed of so many is asked for a forward mode that a framework derived: in a cheap op its calls take longer than
all others together, and it is not on trial."""

COMPILED_SELDOM = 8
"""One seed of so many is compiled for, which takes as long as some hundred calls: a case still meets a dozen shapes."""

# --- what is said of a small gap (GC301) -----------------------------------------------------------------------------

OF_SOLVERS = 2.0**-30
"""Relative error below which the sentence names `accuracy=`: a formula is not off by so little, nor a constant that was
rounded to float32, but a solver of ill-conditioned equations often is."""
