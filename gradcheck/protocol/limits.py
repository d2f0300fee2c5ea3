"""How long a call may take and what a case may promise, each limit with its unit and its reason."""

SECONDS = 60.0
"""Seconds that one call of a forward or of a vjp may take: as long as a whole case."""

AGAIN = 1.0
"""Seconds after which the alarm rings again in a call that has swallowed what ended it: soon, and without haste."""

IMPORTING = 20.0
"""Seconds that a call may last beyond its end while it imports something: as long as torch takes from a cold disk. A
module that is left half imported fails ever after; an import that hangs is ended all the same."""

LEAST_ACCURACY = 1e-3
"""Of an accuracy: a check that would have missed a larger relative error has shown nothing (`gradcheck.numerics.SEEN`,
which this package cannot see)."""

FEW = 2**10
"""Entries, of which the sum of squares is the faster way to ask whether all are finite."""

FOLLOWED = 8
"""Names that stand for names: a chain as long is a loop."""

TRANSPOSED, STRIP = 2**16, 64
"""Entries from which an array is copied to another layout strip by strip, and the width of a strip: a cache line of
eight float64 is then used whole."""

GAP = 0.25
"""Between two neighbours of a sorted vector, at scale 1, at least: no step of the ladder makes them change places."""

LONGEST_NAME = 120
"""Characters of the name of a case that are shown: a row of a table is read on one line."""

MOST_K = 16.0
"""Times the error of the yardstick: what is further off than that has lost half of the digits of bfloat16."""

# --- a backward that clips on purpose (clip.py) ----------------------------------------------------------------------

CLIP_SMALLER = 2.0**-4
"""Of the cotangent: how much smaller each next one is, a power of two, which rounds nothing."""

CLIP_STEPS = 12
"""So often it is made smaller: a gradient that is still clipped at 2**-48 of it is clipped to nothing."""
