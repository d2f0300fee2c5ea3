"""What a claim costs: of two that hold, the one that costs less is believed.

A cost counts what had to be chosen to make a claim hold, so that a coincidence is the dearer the more was tried. The
unit is one choice from a short list. How to set that of a new claim:

1. Start from what is chosen. Nothing, where there is one way to read it off (minus the right one, all zeros):
   `NOTHING`. One of a few things (an operand, an axis, an option): `ONE`. One of many arrays: `ONE` and what
   the array costs. A number fitted to all examples together is one choice more, and one fitted to each line
   another.
2. Put it beside its rivals. A claim that holds whenever another one does must cost more than that one, or the other is
   never said; a quarter suffices, and quarters are what orders the claims of one tier. What is seen without the slopes
   of the forward (another shape, another cotangent) costs less than what rests on them.
3. A region costs more than a formula that explains the same numbers, since a formula says what is wrong there as well;
   where the argument is right at other examples, a region is preferred by `REGION_FAVOUR`.
4. `python -m benchmarks diagnosis` before and after: no planted cause may be lost, and none said for certain be false.
"""

from __future__ import annotations

# --- tiers: by what is chosen ----------------------------------------------------------------------------------------

NOTHING = 0.0  # one reading: the sign, zeros, a transpose, an array too small
ASKED = 0.25  # one reading of how the vjp behaves when it is asked again: its power, its sign, its size
ASKED_PART = 0.5  # the same of one term of it, or of one of several outputs
ONE = 1.0  # an operand, an option, an axis, an order, a simple number
ONE_ODD = 1.25  # the same in a form that is met less often, and holds where the usual one does at square shapes
PART = 1.5  # a term, a layer inside the op, contributions that are lost
SORT = 2.0  # that something leaks or is mixed along an axis, and not what: many mistakes do that
MANY = 2.5  # one of all known arrays, in one of all forms
FITTED = 3.0  # a number fitted to each example, or to each line

# --- claims between tiers, each beside the rival that it must not hide -----------------------------------------------

REDRAWN = 0.1  # below `HISTORY`: what differs after one and the same history is no trace of another
HISTORY = 0.25  # above `NOTHING`: what is kept within one vjp also depends on what ran before
FOR_ONES = 0.4  # above `ASKED`: what ignores the cotangent is the answer for ones too, if that was the first
ROUNDED_TO_ZERO = 0.5  # zeros to rounding only: something was computed
CLIPPED = 0.5  # above the powers: each of them is clipped too at some scale
CLIPPED_PART = 0.75
RAGGED_SUM = 0.25  # of what is returned, whatever it is a sum of: above the axes of the output
SAME_TOTAL = 0.5  # one number, the total, has to agree: above what every entry has to
DIAGONAL_ALONG = 0.5  # beyond the whole diagonal: an axis is chosen
KEPT_ITSELF = 0.3  # an array that the backward keeps, returned as it is: above inputs and outputs
COTANGENT_ITSELF = 1.5  # returned as it is: above a missing factor, which says which one
CHANGED = 0.25  # an array that is returned transposed, or with the opposite sign
RIGHT_NUMBERS = 2.0  # to wrong entries: above every order that has a name
FROM_ZEROS = 3.0  # an operand as if it were 0, which leaves most gradients zero: above what says why
BY_ACCIDENT = 3.0  # a sum in another shape: with few entries many sums agree
LIKE_AN_OUTPUT = 1.5  # made with the shape of an output; any cause that accounts for the numbers too is preferred,
LIKE_AN_INPUT = 3.0  # more so for the shape of an input,
LIKE_KEPT = 4.0  # and most for that of something kept
FRACTION = 2.0  # a simple fraction as a factor; 2, 4 and 1/2 are met everywhere and cost `ONE`
ANY_NUMBER = 3.0  # a number that is no simple fraction
LINE = 3.25  # a factor of each line: above one of the whole example
OTHER_MASK = 4.5  # above everything that says which mask
PRECISION = 4.0  # above all: a wrong formula whose error is small enough is no lost precision
PROJECTION_OFFSET = 1.0  # beside a multiple of an array, a constant is fitted to each line
PROJECTION_SCALED = 1.5  # or a factor, which explains more than a projection
OTHER_TERM = 2.25  # a multiple of a known array, of any weight in each example

# --- known arrays and numbers: what naming one adds ------------------------------------------------------------------

AS_IT_IS = 0.0
USUAL = 0.25  # the forms in which derivatives of usual activations are written, from their value
RARE = 0.5  # other functions of an array
RARER = 0.75
OUTPUT = 0.1  # an output, or what is kept: a claim about an input is preferred
OUTPUT_MASK = 0.5  # an output as a mask: a region may explain it better
KEPT_SLOPE = 0.5  # as the slope of another function, whatever the backward happens to keep
WELL_KNOWN = 0.75  # less where the slope is that of a function that is well known
DIFFERENCE = 0.2  # of two arrays: it is how targets enter
SUM = 0.4  # or product
SECOND_ARRAY = 0.5  # another one multiplied in
CONSTANT = 0.5  # a plain number beside an array
SIZE_BESIDE = 0.75  # a size beside an array
FLIPPED = 1.0  # the opposite sign besides a number
INSIDE = 0.25  # in the cotangent of a product inside the op, not in the gradient itself
IN_PLACE_OF = 0.75  # one factor where another belongs: two arrays are chosen,
IN_GRADIENT = 0.75  # more in the gradient itself than inside, where such factors stand,
UNLIKE = 0.5  # more where they have another form, or share an array and so are rather one term
PRODUCT_OF_SIZES = 0.5  # beyond the first, each
ALL_ENTRIES = 1.5  # the number of entries: above the sizes, of which it is the product
UNNAMED_PRODUCT = 1.25  # of sizes that no signature names,
UNNAMED_SIZE = 0.125  # and for each of them
TWICE_CHANGED = 1.0  # a size over itself minus 1, or the square of half of it

# --- regions ---------------------------------------------------------------------------------------------------------

BY_SIGN = 1.25
AT_ZEROS = 1.5
BY_INDEX = 1.5  # an index that is named more than once
BESIDE_INDEX = 1.6  # the same of an entry that stands beside the index; or a mask or label of one value
SLICE = 1.75  # the first or last index, a tie, a border, zeros of another input, a triangle, indices read off
ENDS = 1.9  # both ends, or all but the first: above one of the two, which holds too where there are few places
OFF_DIAGONAL = 2.0  # above either triangle
TAIL = 2.25  # of an axis, from some place on: above the last index
FLAT_TAIL = 2.4  # read row by row, or where an output is 0
HEAD = 2.5
BEYOND = 2.5  # a threshold on the size; on the value it is one sort more
BEYOND_SIGNED = 2.75
REGION_FAVOUR = 1.5  # less for what explains also why the argument is right elsewhere
OPTION_FAVOUR = 1.0  # the same for an option at whose other values it is right

# --- how costs are compared ------------------------------------------------------------------------------------------

NEAR = 0.5  # claims of another name that cost no more than this beyond the best make it doubtful
