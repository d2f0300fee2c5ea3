"""The thresholds of the diagnosis, each with its unit and its reason."""

from __future__ import annotations

# --- how long and how much -------------------------------------------------------------------------------------------

SECONDS = 3.0
"""Seconds of the processor after which what was seen so far has to do: a diagnosis is asked for while somebody waits
for a verdict."""

BUSY = 8.0
"""Times as many seconds by the clock: a machine with so many processes a core is busy, with more it is out of order."""

LARGEST = 400
"""Entries of all inputs, and of all outputs, up to which every slope is measured: two forwards a step and entry."""

FORMULAS = 20000
"""Formulas of known arrays that are tried for one gradient: half a second, of the three that a diagnosis has."""

CONFIRMED = 3
"""Further examples at which a claim must hold before it is said without doubt."""

NUMBERS = 3
"""Wrong entries, beyond the cost of a claim, that it must explain to be certain: each choice costs one number."""

MOST_SAID = 3
"""Claims of different names that are said together: nobody reads on."""

MOST_CAUSES = 6
"""Causes that are looked for in one report, in seconds each at worst."""

# --- whether a forward can be diagnosed (trust.py) -------------------------------------------------------------------

KEPT = 2.0**-30
"""Relative noise of a forward up to which a cause may be certain: 1e-9, that of float64 with seven digits cancelled,
and 64 times below that of float32. Beyond it the dtype promises more than the forward keeps, or it is itself narrow."""

NARROW = 2.0**-20
"""Relative noise beyond which nothing is said: patterns are told apart to half of the digits, and half of these is
1e-3, the size of error that a check must be able to see at all (`gradcheck.numerics.tolerance.SEEN`)."""

ROUNDED = 8.0
"""Units in the last place of the dtype that rounding alone leaves of a smooth fit."""

# --- what counts as a plain number -----------------------------------------------------------------------------------

LARGEST_DENOMINATOR = 16
"""Of a fraction that somebody may have written into a formula: 5/2, 25/16. Beyond it every number is near to one."""

# --- when two numbers are the same -----------------------------------------------------------------------------------
# Explanations are held against the claim to half of the digits of the dtype (`gradcheck.diagnosis.view.half_digits`);
# what follows are factors of that, and relative sizes below and above it.

MEASURED = 4.0
"""Errors of finite differences that a slope may be off by: the error is estimated, and so may be off itself."""

SUMMED_OFF = 8.0
"""Times half of the digits by which two sums of a few dozen numbers may differ that were added in another order."""

NUMBER_OFF = 16.0
"""Times half of the digits by which a factor that was fitted to a gradient may differ from the number that it is."""

SLOPES_OFF = 4.0
"""Times half of the digits, and twice the error, by which claim and truth differ where they are compared entrywise."""

READ_OFF = 100.0
"""By how much what is read off a product is less exact than the product: the condition number that is allowed."""

CONDITION = READ_OFF
"""Condition number of a known factor beyond which the other one is not read off their product."""

READ_OFF_LAYER = 1000.0
"""The same in units of half of the digits, for the cotangent of a layer, which is multiplied by a slope besides."""

COARSEST = 1e-2
"""Relative slack beyond which nothing is compared: two forms of one array differ by less, somewhere."""

UNCHANGED = 1e-6
"""Relative change of an answer up to which two calls gave the same: sums in another order move float32 by less, and
what an earlier call leaves behind, or a number drawn again, moves it by far more."""

NOTICED = 1e-6
"""Relative to the largest entry, from which something is there: between what a narrow float rounds a factor by (6e-8)
and what a formula gets wrong (a thousandth at least, in the near misses of the tests)."""

NEGLIGIBLE = 1e-9
"""Relative to the largest entry, up to which nothing is there: measured slopes are good to 1e-10 of the largest."""

GONE = 1e-12
"""Relative to the largest entry, up to which a claim is zero: claims are no measurements, only rounded."""

SAME_ARRAY = 1e-12
"""Relative difference of two known arrays up to which they are one under two names: rounding of a few operations."""

ZERO = 1e-3
"""Of half of the digits of the right gradient, up to which a claim counts as zero: a third of the digits more than an
explanation needs, since zeros explain whatever is small."""

CANDIDATE = 1e-5
"""Relative, at one entry: how near a known array must come to be tried on all. One in 10,000 wrong ones does by chance,
and a slope that is right to its own error always."""

CANDIDATE_RATIO = 1e-3
"""The same for a ratio of claim and truth, both of which have errors."""

SUMMED = 4.0
"""Roundings of a narrow float in the sum that an entry is made of."""

ERRATIC = 0.1
"""Of the error that a narrow float would leave, from which third differences show that the answer is rounded: those of
a smooth one fall with the cube of the step, by far more."""

# --- how far a cotangent is scaled -----------------------------------------------------------------------------------

TINY = 1e-9
"""A cotangent so small that nothing clips it, and, as its inverse, so large that everything does."""

FAR = 1e3
"""A cotangent large enough that what is clipped at any usual size no longer grows, and whose part beside it still shows
in half of the digits."""

# --- how many further examples (fresh.py) -----------------------------------------------------------------------------

FEW = 4
"""Further examples of a kind: in one of four no size is like another by accident."""

MOST_ENTRIES = 72
"""Entries of all inputs of an ordinary example: every slope of each is measured."""

ORDINARY_SIZE = 4
"""Size beyond which one in a shrunk example means something: it was not made smaller."""

FRESH_SEED = 1000
"""Where the seeds of further examples begin: beyond those of any search, each kind 50 or 100 further."""

WOBBLE = 0.2
"""Of each entry, by which values are moved: enough that no two stay in one ratio, too little to change a sign."""

# --- what is asked for one hypothesis (hypotheses, kept.py) -----------------------------------------------------------

FEWEST_RATIOS = 3
"""Entries from which a ratio is read: two may have one by accident."""

FEWEST_TERMS = 4
"""Entries in which a term is recognised: three may be a sum of two known arrays by accident."""

MOST_TERMS = 40
"""Known arrays of which pairs are tried: 800 of them, in some hundredths of a second."""

DRAWS = 6
"""Calls of a backward that may draw: twice as many as the ways in which they must differ."""

WAYS = 3
"""Ways in which they must: a counter, or a sum that grows, makes answers of two at most, one that stays and one that
is added."""

MOST_PARTS = 16
"""Parts of one container that are looked at: a list of more is data, not what somebody kept by name."""

CALLED = 2
"""Functions of a module, one calling the other, whose constants count: a gradient, and the slope that it calls."""

FEWEST_ENTRIES = 3
"""Entries in which a formula is recognised: its factor is fitted, and two must be left; one more where a share of the
argument is fitted too."""

DEEP = 3
"""Closures inside one another: a vjp inside the one of an adapter, which may stand inside another."""

# --- how much a smooth fit leaves of a forward (trust.py) -------------------------------------------------------------

WINDOWS = (2.0**-12, 2.0**-20)
"""Widths, relative to each entry, over which a smooth forward is a polynomial to rounding, if not in one then in the
other."""

WINDOW_POINTS = 16
"""Places in a window: twice as many as coefficients, so that what is left shows the rounding."""

WINDOW_ORDER = 7
"""Coefficients of the fit: over a factor of two even a root is a polynomial of so many to rounding."""
