"""How many examples of which kind are drawn, how long that may take, how much must be seen; unit and reason of each."""

from __future__ import annotations

# --- how long a case may take ----------------------------------------------------------------------------------------

SECONDS = 60.0
"""Seconds that a case may take, the scan for borders included, where nobody says otherwise: as long as people wait."""

OVERTIME = 1.0
"""Times that of the case, at least as many seconds: what an example begun in time may take beyond it, since a wrong one
is contested and located by hundreds of calls where a right one takes ten."""

SCAN_SHARE = 0.25
"""Of the time of a case, for the scan for borders: what it finds serves all that follows, but shows nothing itself."""

LARGE_SHARE = 0.25
"""Of the time of a case, for the examples of large sizes: a few of them are worth as much as many small ones."""

SHRINK_SECONDS = 20.0
"""Seconds for a smaller example: the verdict stands already, and somebody waits for it."""

SHRINK_ATTEMPTS = 200
"""Examples tried on the way to a smaller one: some ten sizes, plants and layouts, each several times."""

# --- how many examples of a kind -------------------------------------------------------------------------------------

REGROWN = 3
"""Other values at which a failure at an edge is looked for where the axis has two entries."""

REDRAWN = 2
"""Times that an ordinary example at which the forward raises is drawn again with other values."""

AT_FIXED_INPUTS = 3
"""Examples at inputs that the case gives: only cotangents and directions differ among them."""

ALL_PLANNED = 20
"""Examples up to which all may be planned."""

PLANNED_SHARE = 0.6
"""Of the examples, at most, that are planned; the rest is left to chance, which nobody has planned for."""

SHORT_TO_LONG = 7
"""Examples of small sizes for each that has a long axis, which costs as much as they do together."""

ALL_COMBINATIONS = 12
"""Combinations of options up to which all are tried."""

UNROLLED = 8
"""The longest unrolled loop whose left-over part is kept while an axis gets shorter."""

# --- sizes and values ------------------------------------------------------------------------------------------------

LARGEST_SIZE = 6
"""Of the sizes of ordinary examples: small enough for a person to read, and for all sizes of three axes to differ."""

ENTRIES = 2**13
"""Entries of an input or an output where all axes are long at once: 64 KiB in float64, a check of some milliseconds."""

SPREAD_ENTRIES = 2**10
"""The same where they hold values that are spread over up to three decades: then one lies every percent or so."""

COPIES = 16
"""Of inputs and outputs that a check holds at once at most, with the steps of a line."""

MEMORY = 2.0**32
"""Bytes, where the system does not say how much memory it has."""

SHORT = 2
"""Decimals of values that a person may read."""

LONG = 6
"""Decimals where there are so many values that short ones would meet zeros, ties and borders by the dozen."""

ORDINARY_SCALES = (1.0, 0.25, 4.0)
"""Sizes of ordinary values: around 1, where most functions do what they are written for."""

EXTREME_SCALES = (1e4, 1e-4, 1e8, 1e-8)
"""Sizes at which squares and exponentials lose digits (1e8 is the root of what float64 holds beside 1) or overflow."""

MIXED_SCALE = 1e6
"""Between one input and the others."""

SPREAD = {"spread": 1000.0, "spread to 100": 100.0, "spread to 30": 30.0}
"""The largest magnitude of values that are spread by logarithm: where most functions have long saturated, and on the
way there."""

SATURATED = (20.0, 40.0, 800.0)
"""Where a sigmoid has few digits left of 1 (20), none (40), and exp overflows (800)."""

TINY = 1e-300
"""Of ordinary values, to fill an input with numbers whose squares are 0, and 1 over which is infinite: where a guard of
1e-12 beside them is all that is left. In float64 alone: no narrower dtype holds it."""

ENDS = (1e-3, 1e-6, 1e-9)
"""Distances from the end of a domain, in parts of its width."""

GAPS = (-3.0, -0.3)
"""Powers of ten, in parts of a border: the distances from it at which values beside it are drawn."""

PLANTED_SHARE = 0.3
"""Of the entries, that are planted where several are."""

# --- what a case must have seen --------------------------------------------------------------------------------------

CASE_LIMIT = 1e-6
"""Relative error that a tenth of the ordinary examples must have seen, where inputs are float64: a thousand times
sharper than what a single point may show (`gradcheck.numerics.SEEN`), and far blunter than most do show."""

SHARE = 10
"""One in so many examples must have seen that."""

DECIDED = 1e-2
"""Relative error that half of the ordinary examples must have seen: a wrong formula is rarely off by less."""

NEVER = 10
"""Ordinary examples of a part (one value of an option, one dtype, one size) of which none decided anything, to say that
none can: of examples of which half decide something, ten in a row do not by chance once in a thousand."""

SOUGHT = 40
"""Further seeds at which such a part is looked for, where a function draws the inputs: one in four may belong to it."""

NAMED = 3
"""Parts that a report names: who reads it mends the first."""

# --- the scan for borders --------------------------------------------------------------------------------------------

FORWARDS = 320
"""Forwards of a scan, of all lines together: a tenth of what the examples of a case take."""

FOUND = 4
"""Borders per input: with more a function is a staircase, and chance meets them."""

PAIRS = 2
"""Pairs of inputs whose difference is followed."""

SINGLES = 4
"""Inputs that are followed."""

TRIES = 4
"""Candidates that are followed per line and order, and short decimals per candidate."""

FINE = {2: 2.0**-20, 3: 2.0**-10}
"""Steps at which a difference of this order is read at a border: its rounding, over the step once less, is 2**-32."""

COARSE = 0.25
"""Step up to which a bend may still grow as it is followed: several may lie in one interval."""

BEND_STAYS = 0.7
"""Of a bend at steps 16 times as large, what is left at a border: all of it, and a sixteenth where all is smooth."""

BEND_LEFT = 0.4
"""Of a bend after two halvings: at least a half at a kink, a quarter where the forward is smooth."""

BEND_VISIBLE = 1e3
"""Spacings of float64, relative to the largest output: less is rounding."""

CLOSEST = 1e-10
"""Interval at which a place is as near as it can be told."""

DIGITS = 7
"""Decimals of a border at most: somebody wrote it down."""

SURPRISING = 20
"""Times the interval that a decimal is apart from the next of its length, to lie in it not by chance."""

# --- lengths and places that are tried --------------------------------------------------------------------------------

LENGTHS = (131, 37, 66, 389, 13, 128, 9, 65)
"""Lengths of an axis that reach what tiles and unrolled loops do with their last part; the most telling first.

131 leaves 3 over by 4, 8, 16, 32, 64 and 128, is odd, and has an index above 100; 37 and 389 leave 1 by 4 and 5 by 8,
66 leaves 2, 128 nothing."""

REDUCTIONS, SHORT_SIDES = (16, 1024, 128, 512), (3, 5)
"""Lengths of an axis in few digits, each twice, with others short: beyond 256 ones an accumulator in bfloat16 no longer
moves. The longest stands second, where there is little room."""

RUNGS = (16, 128, 1024, 4096)
"""Lengths of the ladder on which an error is watched growing: an accumulator in bfloat16 absorbs ones from 256 on, one
in float16 from 2,048 on."""

RUNG_SIDE = 3
"""Length of the other axes there: three sums that err apart from one another."""

RUNG_ENTRIES = 2**14
"""Of an input or an output there at most: a rung is to cost no more than an ordinary example."""

GLANCES, TURNS = 2, 6
"""Times that the longest rung is looked at before the ladder is climbed, and that each is asked then, with other
values: sixteen errors and more of each tensor."""

LOOPS = ((2, 3), (3, 3), (1, 1))
"""Loop axes of ordinary examples, of different lengths and alike, and of size 1."""

DIGITS_DRAWN = 3
"""Sizes that are read off one number: Hypothesis prefers small ones in larger ranges."""

FAR_SEEDS = 8
"""Seeds with which a far value is tried: it is one of several, up or down, and one in four meets what matters."""

GRID = tuple(-8.37 + 0.81 * number for number in range(21))
"""Places between which a border of ordinary size is looked for: no whole numbers, and no short decimals."""

FAR = tuple(7.83 * 2.0**number for number in range(8))
"""Places beyond, up to 1,000: each interval is twice the last."""

SINGLE_BORDERS = 4
"""Borders that are planted each by itself in a run of the usual length: the two of a clip in two inputs."""
