"""The thresholds of the diagnosis, each with its unit and its reason."""

from __future__ import annotations

# --- how long and how much -------------------------------------------------------------------------------------------

SECONDS = 3.0
"""Seconds after which what was seen so far has to do: a diagnosis is asked for while somebody waits for a verdict."""

LARGEST = 400
"""Entries of all inputs, and of all outputs, up to which every slope is measured: two forwards a step and entry."""

CONFIRMED = 3
"""Further examples at which a claim must hold before it is said without doubt."""

# --- whether a forward can be diagnosed (trust.py) -------------------------------------------------------------------

KEPT = 2.0**-30
"""Relative noise of a forward up to which a cause may be certain: 1e-9, that of float64 with seven digits cancelled,
and 64 times below that of float32. Beyond it the dtype promises more than the forward keeps, or it is itself narrow."""

NARROW = 2.0**-20
"""Relative noise beyond which nothing is said: patterns are told apart to half of the digits, and half of these is
1e-3, the size of error that a check must be able to see at all (`gradcheck.numerics.tolerance.SEEN`)."""

JUMP = 2.0**-16
"""Change of an output over an interval as short as float64 has, beside the largest output, from which it is a jump:
beyond what a root or a cube root, whose slope is infinite, changes by there (1e-8 and 5e-6), and below the rounding of
float16 (2**-11). That of float32 shows as noise."""

NARROW_STEP = 2.0**-6
"""Jump of an output, beside the largest one, up to which it may be the rounding of a narrow float: bfloat16, the
narrowest, keeps 8 bits, so that neighbours are up to 2**-7 apart, and one sum of two such numbers twice that. A larger
jump is a step of the op's own."""

# --- what counts as a plain number -----------------------------------------------------------------------------------

LARGEST_DENOMINATOR = 16
"""Of a fraction that somebody may have written into a formula: 5/2, 25/16. Beyond it every number is near to one."""

# --- when two numbers are the same -----------------------------------------------------------------------------------

UNCHANGED = 1e-6
"""Relative change of an answer up to which two calls gave the same: sums in another order move float32 by less, and
what an earlier call leaves behind, or a number drawn again, moves it by far more."""
