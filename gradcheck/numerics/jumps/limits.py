"""Where jumps of a forward are looked for, and what counts as one."""

from __future__ import annotations

# --- where jumps of a forward are looked for (look.py) ----------------------------------------------------------------
# Along a line, in units of the typical size of the argument, and at irregular places: steps that share a structure with
# the op (powers of two, whole numbers) see a staircase as flat or as regular.

REACH = 3.0
"""Times each entry: far enough that the sign changes, and that a step of the size of the values themselves is met."""

PLACES = 24
"""Places within the reach: a quantiser of up to as many levels over it shows most of them."""

BESIDE = (2.0**-20 * 1.13, -(2.0**-20) * 0.71)
"""Distances to either side of a place, about 1e-6: below the steps of bfloat16 and float16, above those of float32."""

HALVINGS = 44
"""Halvings of an interval of the reach, after which it is as short as the spacing of float64."""

SUSPECTS = 3
"""Intervals in which a jump is looked for, by absolute and by relative change: each costs 44 forwards."""

JUMP = 2.0**-16
"""Change of an output over an interval as short as float64 has, beside the largest output, from which it is a jump:
beyond what a root or a cube root, whose slope is infinite, changes by there (1e-8 and 5e-6), and below the rounding of
float16 (2**-11). That of float32 shows as noise."""

NARROW_STEP = 2.0**-6
"""Jump of an output, beside the largest one, up to which it may be the rounding of a narrow float: bfloat16, the
narrowest, keeps 8 bits, so that neighbours are up to 2**-7 apart, and one sum of two such numbers twice that. A larger
jump is a step of the op's own."""

POLE = 8.0
"""Times the largest output seen elsewhere: where what lies beside a jump is larger still, it is a pole, not a jump."""
