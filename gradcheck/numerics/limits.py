"""The thresholds of the numerics, each with its unit and its reason; `python -m benchmarks limits` moves each of them.

Numbers of a formula and widths of a format stand beside their code (`tests/repository/test_constants.py`). A row that
is named in a comment is one of that table, whose verdict changes when the limit is moved fourfold. Where none is named
the reason is a derivation, and the near rows of the table have not shown one; where a number of calls is, what it
bounds is work. `benchmarks/README.md` says how far the table was run.
"""

from __future__ import annotations

# --- what counts as shown, and how far two sides may be apart --------------------------------------------------------

SEEN = 1e-3
"""Relative error: a check that would have missed a larger one has shown nothing. A wrong formula is off by more. At a
quarter `softmax in float32 right` is no longer decided, at four times `large output that stays right` is."""

FEW_UNITS = 16.0
"""Units in the last place that are as much as a check in few digits may miss: an eighth in bfloat16, where a yardstick
that is off by a tenth decides nothing any more."""

ESTIMATE_FACTOR = 4.0
"""Errors of an estimate: they are estimated from two neighbours of the tableau, and so may be off themselves. At a
quarter `softmax in float16 doubled` is called wrong, beyond the digits that are left; at four times `softmax in float32
right` is no longer decided."""

ROUNDING_FACTOR = 16.0
"""Units in the last place of ``sum |g v|`` that a backward may be off by: a few roundings an entry that all go one
way. At four times `unsettled wrong` is inconclusive instead of wrong."""

GOES_AWAY = 64.0
"""By how much a gap must shrink under some change to be due to what was changed: by accident it does once in 64
times."""

EVERY_ENTRY = 64
"""Entries of an input up to which each is looked at by itself: as dear as six halvings of a large one."""

ATTEMPTS = 12
"""Entries that are looked at in a large input before nothing is found."""

BLUNT_ATTEMPTS = 3
"""Of these, that are off by rounding alone: what disagrees most is looked at first, so others are off by less."""

# --- steps of the ladder ---------------------------------------------------------------------------------------------

FIRST_STEP = 2.0**-3
"""The largest step, relative to each entry: of entries that move by 1.5 times their size at most it leaves the sign. At
a quarter `softmax in float32 right` is decided at one of two seeds, at four times `hidden: yn` no longer."""

RUNGS = 44
"""Steps at most, each half of the last: down to 2**-46, where float64 has six bits left of a change. At a quarter `two
scales right` is correct instead of inconclusive."""

DEPTH = 6
"""Columns of the tableau: the sixth has an error of order 14, and beyond it weights only carry rounding. No verdict
moves, but 1.6 % more calls at a quarter."""

QUICK_FIRST = 2.0**-9
"""The largest step but one of a quick ladder: two extrapolations leave an error like the sixth power, 2**-54. At a
quarter `softmax in float32 right`, at four times `float32 third at 0 right` is no longer decided."""

QUICK_RUNGS = 20
"""Steps of a quick ladder at most, down to 2**-27, about the root of the spacing of float64: smaller ones lose more
than they gain. At a quarter `sawteeth: tan at (4,)` is inconclusive instead of correct; at four times `edge of the
domain right` is correct instead of inconclusive."""

QUICK_ENOUGH = 2.0**-42
"""Relative truncation error that suffices a quick ladder: a thousand spacings of float64, far below what a wrong
formula is off by."""

COARSER_STEPS = 8.0
"""By how much larger the first step of a quick ladder is for coarser numbers at most: from 2**-9 to 2**-6. At a quarter
`softmax in float32 right` is no longer decided at every seed."""

FEWEST_APART, MOST_APART = -12.0, 6.0
"""Powers of two by which the first step of a quick ladder makes up for the size of the slope. Moved, `softmax in
float32 right` and `float32 third at 0 right` change."""

SMALLEST_STEP = 2.0**-40
"""No step is smaller, where nothing else ends the search: what is left of it in float64 has three digits. No verdict
moves, but 0.7 % more calls at a quarter."""

NEXT_RUNG = 0.75
"""Of the step above, the least that the next rung times the ratio of the ladder is: all steps of a ladder are 1, all
after a leap 2**-5 or less. Beyond 1 no row is extrapolated and nothing is decided. At four times `kink wrong` is
inconclusive instead of wrong."""

FAR_BELOW = 6
"""Rungs: a leap that saves less is not worth its own. No verdict moves, but 2.0 % more calls at four times."""

LEAPS_TO = 2.0**24
"""Units of the noise by which a bend stands out at the smallest step at which it is looked for: half of the digits of
float64 for the bend, half for what curvature leaves of it."""

DRIFTS = 3
"""Slopes in a row that walk away from an estimate, after which it is given up; two do by accident one time in four.
With one instead of three nothing is decided, with twelve `log(1 - p) at 34 right` is not."""

DRIFT_GROWS = 1.5
"""By how much each of them is further than the last: between 1, where they settle, and 2, where the slope is that of
another region. At a quarter `expm1 by exp right` is no longer decided, either way `log(1 - p) at 34 right` is not."""

LEAVES = 16.0
"""Units of the rounding of a slope by which it leaves an estimate: twice `VISIBLE`, since both have rounding."""

COEFFICIENTS_GROW = 32.0
"""By so much coefficients of a Taylor series are seen to grow beyond the powers of the first one."""

# --- bends, kinks and poles ------------------------------------------------------------------------------------------

VISIBLE = 8.0
"""Units of its noise from which a difference is seen: sixteen roundings add up to less, all but certainly."""

STAYS = 0.8
"""Of the jump of slopes at twice the step, what is left of it at a kink; where the forward is smooth it is a half. At a
quarter errors of 1e-9 in smooth ops are not seen, at four times `descent: nuclear norm` is not decided."""

FEWEST_BENT = 3
"""Rungs in a row whose jump stays: two may by accident, where the third derivative is large. With one `largest of ties
right` is no longer decided."""

BENT_WIDTH = 2.0**-6
"""Of a kink's width: a claim that changes by more under a jitter has crossed the kink, and that is no rounding."""

SINGULAR_GROWS = 0.25
"""Powers of two by which a slope without bound grows for each halving of the step: half of that of the root, 1/2."""

SINGULAR_RUN = 5
"""Rungs in a row over which it does. With one there is no growth to read: `hidden: yn` raises."""

# --- smaller steps ---------------------------------------------------------------------------------------------------

FINER = 2.0**-6
"""Of the step that was believed: where the ladder of smaller steps begins, and by how much each look down goes. At a
quarter `log(1 - p) at 15 right` is decided at one of two seeds."""

FINE_RUNGS = 12
"""Steps of the ladder of smaller steps: as far as two looks down."""

FLAT = 2.0**-10
"""Step from which a forward that does not move at all looks flat: what absorbs that is 2**42 times as large."""

TINY_STEPS = (2.0**-22, 2.0**-40)
"""Where the ladders for finer structure begin: below the ladder of smaller steps, and next to the smallest step."""

TINIEST_STEPS = (2.0**-60, 2.0**-80)
"""The same where an exact zero moves, which has room below."""

HIDES = 1.0
"""Roundings of the forward beyond which noise may hide a structure: they are an upper bound, and what is left beside a
fit of a forward that only rounds is less. At four, the spring of tests/doubts/test_oscillation.py is
wrong at one of six seeds."""

TELLS = 8.0
"""An agreement counts where it would have shown the gap, with so much to spare: its own error is estimated."""

UNSETTLED = 16.0
"""Tolerances that a gap is wide beside a slope whose truncation never met rounding: four times `ESTIMATE_FACTOR`."""

DIRECTIONS = 3
"""Other directions along which a claim must be refuted too."""

LARGE = 2**22
"""Entries of all inputs, 32 MiB in float64, beyond the cache: doubts that copy them several times are left out."""

# --- irregular steps (fit.py) ----------------------------------------------------------------------------------------

NEAREST = 0.1
"""Of a scale: the smallest irregular step; one next to 0 weighs nothing in a slope."""

SCALE_RATIO = 8.0
"""Between scales: what is proportional to the step falls so much, noise stays; the two are told apart half way. At a
quarter `log(1 - p) at 34 right` changes."""

HALVINGS = 12
"""Of a distance between two irregular steps: what closes in is then 2**-12 of what it was."""

CLOSES_IN = 0.25
"""Of the noise, what is left of a jump at least: that is a spacing, of which the noise is a third."""

OUT_OF_NOISE = 16.0
"""Units of the noise that a slope must move by at some step to be believed beside teeth of a saw. At a quarter `sine
of 1e6 doubled` changes."""

NO_ROUNDING = 2.0**20
"""Units of the rounding of the outputs: noise beyond is structure. Such a forward has 32 bits left, and a saw
none."""

# --- rounding, measured ----------------------------------------------------------------------------------------------

JITTERS = 2
"""Times that last bits are moved, and larger moves are made, to see the rounding of a backward. At a quarter `expm1 by
exp doubled` changes; at four times `log(1 - p) at 34 right` changes."""

BEYOND_BITS = 2.0**-30
"""Relative move that shows what last bits do not: 2**22 spacings of float64, and its square is below one."""

NARROW_GAP = 2.0**10
"""Units of the assumed rounding beyond which a gap of a narrow backward is none: ten of the 24 bits of float32."""

STAIRS = 2.0**-20
"""Step of the difference table for a float32 inside: sixteen of its spacings, 2**-24. At a quarter `log(1 + a @ a) at
1e-3 right` changes; at four times `log(1 + a @ a) at 1e-3 right` changes."""

COARSEST_BIT = 2.0**-10
"""The largest relative last bit that a jitter moves: bfloat16 has 2**-8, and to move all its digits shows nothing.
Without it `unsettled wrong` is excused."""

QUANTA = 64.0
"""Quanta that a flat stretch moves by at most where it begins to move: more are a slope. Without it the planted
`staircase of x` is excused as rounding."""

WHOLE = 2.0**-20
"""Relative distance from a whole number up to which a change counts as whole quanta."""

ABSORBED = 28
"""Doublings of the largest step after which a flat forward must move: a square that 1 absorbs is that of a number below
2**-26."""

BELOW_ROUNDING = 8.0
"""Units in the last place of the largest cotangent below which claim and measurement are both rounding. At a quarter
`below rounding right` is wrong instead of inconclusive."""

PLACES = 8
"""Places beside the point at which rounding is looked for: it is next to nothing at one by accident."""

NEARBY = 2.0**-4
"""Relative distance of such places along a line, or of cotangents: far enough to round anew, as near as the same op."""

BROKEN_TIES = 2.0**-20
"""Relative distance at which float32 is asked: eight of its spacings, so that no two entries tie."""

STEPS_HERE = (0.25, -0.25, 1.0, -1.0)
"""Steps, relative to each entry, by which terms that cancel here are looked for elsewhere. At a quarter `outputs that
stay wrong` is inconclusive instead of wrong."""

STEPS_FAR = (0.25, -0.25, 1.0, -1.0, -2.0, 4.0, -4.0)
"""The same for a forward that looks flat, and so may have lost all its digits, and for laws, which ask once a case."""

BESIDE_POINT = 2.0**-10
"""Relative move after which outputs are read for zero bits: short decimals end in zeros too."""

FEWEST_ZEROS = 14
"""Zero bits beyond those of the dtype from which a forward is narrow: twice in a row by accident once in 2**28."""

MOST_ZEROS = 45
"""Zero bits of a number in bfloat16, the narrowest dtype that is read."""

FEW_DIGITS = 2.0**-8
"""Relative to the largest entry, up to which a float32 twin gives the same outputs: the digits of bfloat16. No verdict
moves, but 1.1 % more calls at a quarter; 0.7 % more calls at four times."""

# --- points beside a kink (clarke) -----------------------------------------------------------------------------------

APART = 2.0**-22
"""Relative distance of a perturbed point: so small that only a kink makes a difference, and thirty bits above the
spacing of float64. No verdict moves, but 0.9 % fewer calls at a quarter; 1.6 % more calls at four times."""

LEAST_ULPS = 64.0
"""Units in the last place of the gradients that perturbed points are apart at least."""

FAR_TO_MOVE = 2.0**-4
"""Step at which it is seen which outputs move along a direction."""

FEW, MANY = 6, 64
"""Perturbed points: a few find the two ends of a kink of two branches, many those of eight."""

OWN = 4
"""One perturbed point along the gradients of the backward itself, in a random order, for so many others."""

CORNERS = 24
"""Powers of two between the largest move of an entry and the smallest: a few entries then stand out by some bits."""

DRIFT = 2.0**-12
"""Relative difference that curvature may make between claims, or slopes, at points or steps up to 2**-14 apart. No
verdict moves, but 2.1 % more calls at a quarter; 0.9 % fewer calls at four times."""

NEARER = 2.0**-4
"""By how much nearer points are asked again: what is smooth then differs by as much less."""

CLOSER = 0.25
"""Leeway of that comparison on either side; a kink stays 16 times outside of it. At four times `kink nearby right` is
wrong instead of inconclusive."""

CHECKED = 3
"""Perturbed points at which the backward must answer."""

MOST_OUTPUTS = 24
"""Outputs that move up to which each is asked by itself, a few backwards for each."""

TINY_FIRST, TINY_RUNGS = 2.0**-27, 6
"""The ladder that bears out a claim at a perturbed point: 2**-5 of its distance, so that no step crosses back. No
verdict moves, but 0.8 % fewer calls at a quarter."""

HULL_STEP = 2.0**-20
"""Step of one-sided slopes: curvature leaves 2**-20 of them and rounding 2**-32, both far below `DRIFT`."""

HULL_MOVES = 8
"""Random moves along which the claim of one output is compared with its one-sided slopes."""

HULL_OUTPUTS = 3
"""Outputs that are looked at: those that bend most."""

HULL_MARGIN = 0.25
"""Of the width of the claims nearby, by which a sample of them may miss the ends of their hull."""

MET = 1 / 16
"""Of the claims nearby, those that come to a corner of their hull at least: half of what comes to each of eight."""

# --- all slopes of an input (jacobian.py) ----------------------------------------------------------------------------

ENTRY_RUNGS = 14
"""Steps at most for each entry: down to 2**-16."""

ENTRY_DEPTH = 5
"""Columns of the tableau of each entry."""

ENTRY_LEAST = 4
"""Steps at least, so that agreement is no accident."""

ENTRY_STAYS = 0.7
"""As `STAYS`, over two halvings of the step instead of one: what is smooth leaves a quarter."""

ENTRY_VISIBLE = 16.0
"""As `VISIBLE`, in units of the rounding of single entries, which nothing averages."""

ENTRY_BENT = 2.0**-20
"""Of the larger slope: a jump of slopes below it is curvature at the smallest step."""

ENTRY_SMALL = 2.0**-20
"""The one much smaller step at which slopes are asked again, for structure at a smaller scale only."""

ENTRY_ROUGHLY = 2.0**-10
"""Relative difference there from which the slope is another one."""

ENTRY_ENOUGH = 2.0**-34
"""Of the largest slope of a column, the error that suffices: patterns are told apart to half of the digits."""

# --- how inputs and cotangents are drawn -----------------------------------------------------------------------------

LEAST_OF_ENTRY = 2.0**-6
"""By so much the entry that contributes most is scaled down, at most: six of its bits no longer show in the outputs.
At a quarter `softmax in float32 right`, at four times `log(1 - p) at 34 right` is no longer decided."""

LEAST_OF_ARGUMENT = 2.0**-3
"""The same of an argument: all are judged together, and where one drowns by itself."""

COTANGENT_SCALES = (32.0, 1 / 32)
"""Sizes of a cotangent: far from 1 on either side, where what forgets it or squares it shows."""

# --- one step into the complex plane ---------------------------------------------------------------------------------

COMPLEX_STEP = 2.0**-100
"""A step whose square, 2**-200, no rounding shows, and whose cube is still a normal number."""

COMPLEX_ULPS = 8.0
"""Units in the last place that its slope is off by: nothing cancels, so those of a few operations."""

# --- how arrays are passed over --------------------------------------------------------------------------------------

SMALL = 2**10
"""Entries below which a call of NumPy costs more than what it does."""

BLOCK = 2**15
"""Entries of a block, 256 KiB in float64: what several passes over one block need stays in cache."""

# --- digits of a function, and lost ones (digits.py, lost_digits.py) --------------------------------------------------

SCALES = (2.0**-5, 2.0**-7, 2.0**-8, 2.0**-10, 2.0**-20, 2.0**-22)
"""Relative scales of steps, two for each of bfloat16, float16 and float32, whose spacings lie between 2**-9 and 2**-8,
2**-12 and 2**-11, 2**-25 and 2**-24: the smaller one still crosses two of them on either side, so that the noise of a
single entry stands."""

GENERIC = (0.5, 1.5)
"""Of its size, to which an entry is moved at a generic place."""

ENTRIES = 32
"""Of each input, looked at in all: what shows at a fifth of all places only then goes unseen once in a thousand."""

GENERIC_PLACES = 8
"""At most so many for that, of 72 calls each: a scalar that shows at half of them goes unseen once in 256 points."""

DROWNED = 2.0**-12
"""Of the largest entry: what is smaller is not seen beside it to three digits."""

LOST = 2.0**-5
"""Of an entry: a gap that leaves it less than two decimal digits."""

CONDITIONED = 0.125
"""Of the gap: what one unit in the last place of the inputs may change."""

NORMAL = 2.0**10
"""Units of the smallest number of the dtype: below that digits are lost to its range."""

SMALLEST_SQUARE = 2.0**-1000
"""A sum of squares below which some may have left the range of floats, whose smallest number is 2**-1074."""

# --- fits and difference tables (fit.py, noise.py) --------------------------------------------------------------------

DEGREE = 5
"""Of the fit of both sides."""

SIDE_DEGREE = 3
"""Of the fit of either side by itself: a kink is no noise."""

SIDE_STEPS = SIDE_DEGREE + 3
"""Steps on each side: two more than parameters."""

TABLE_POINTS = 8
"""Neighbouring points of a difference table: Moré and Wild find six to eight to suffice."""

TABLE_ORDER = 5
"""Of the differences that are read: three are left of the fifth."""
