"""What looking for the place of a mistake may cost, each limit with its unit and its reason."""

MOST_VERSIONS = 2000
"""Values that are kept of one run: a backward of a hundred lines in a loop of twenty. Of longer ones nothing is
said."""

MOST_ENTRIES = 2**22
"""Entries of all values that are kept of one run: 32 MB in float64, twice, and a coursework network with its data."""

SECONDS = 10.0
"""Seconds for the whole look: what a reader waits for an answer that is known to be wrong already. A network of two
layers takes under one."""

ENTRY_BY_ENTRY = 256
"""Entries of a value up to which its truth is measured one by one, so that it can be put in its place: at some
fourteen forwards each as dear as a contest of a dozen arguments."""

MOST_SITES = 60
"""Intermediate values of a forward whose slope is measured, at some fourteen forwards each: all those of a network of
ten layers."""

MOST_MISTAKES = 3
"""Mistakes of one backward that are looked for, one after the other: who made more had better start anew."""

TRUTHS = 3
"""Values of one name, such as those of a loop or of a function that is called several times, whose truth is measured
entry by entry and put in the place of a wrong one, at up to some thousand forwards each."""

NAMESAKES = 12
"""Values of the forward that share a name, such as the ``x`` of every layer, one of which a gradient may be of: as many
truths, entry by entry, before it is said that none of them is meant."""

MOST_FACTORS = 24
"""Variables of a function by which each term of a wrong line is multiplied and divided, to see whether one is missing:
all of a layer."""

MOST_EXCHANGED = 40
"""Values of the forward that are handed to a function in the place of what it got: all of one shape of a network of
ten layers, at one run each."""

EXAMPLES = 2
"""Ordinary examples at which a mistake is looked for before the one that failed: what the first says the second must
bear out, and it may see what a kink hid from the first."""

SINGULAR = 1e-9
"""Of the largest singular value: smaller ones count as zero. Far above what rounding leaves of a rank that is not
full, far below the spread of ordinary weights."""

SLACK = 2.0**14
"""Errors of a true gradient by which one may be off that was solved for: the solution passes through a system of
equations whose condition ordinary weights keep below that. A wrong line is off by much more."""

TELLING = 3
"""Entries from which on an array whose entries mostly differ is no accident: scalars and masks are equal to many
others."""

DIRECTIONS = 3
"""Random directions along which a value is compared with its truth: none that is wrong is at right angles to three."""

RETURNED = 1000
"""The spot of the first element of what is returned, beyond those that a line writes to: none has so many."""

SHARED = 2 * RETURNED
"""The spot of what changed because it shares memory with what was written to: beyond those of what is returned."""


LONGEST_OPERAND = 40
"""Characters of an expression that is tried as a factor or a term of another line: a third of one."""

MOST_OPERANDS = 48
"""Expressions of the functions that are tried so: those of a layer."""

MOST_NUMBERS = 6
"""Numbers written in the functions that are tried as factors: a formula has no more."""

MOST_INDEXED = 96
"""Variables with an index that are tried as terms: a dozen with each of eight."""

MOST_OF_A_SIZE = 3
"""Axes of one length that are tried as factors: all of a variable of three axes that are equally long by chance."""

MOST_MULTIPLIED = 160
"""Operands of which products of three are held against what a line lacks: four million of them, in 32 MB and some
hundredths of a second."""

READ_OFF = 1e-6
"""Of the largest entry, up to which a product is what a line lacks: finite differences are good to 1e-9 of it, and what
agrees by chance is edited in vain."""

MOST_READ_OFF = 12
"""Products that agree with what a line lacks and are tried: of a number more than one do by chance."""

MOST_VARIANTS = 3000
"""Edits of one line that are tried: nearly all that there are of a line of ten names among twenty."""

MOST_LINES = 12
"""Lines that are edited, the likeliest first: those of a layer."""

MOST_TWICE = 3
"""Lines up to which each is edited twice over, where one edit of none will do: hundreds of edits times a dozen."""

VARIANT_SECONDS = 2.0
"""Seconds of the processor in which edits of lines are tried at one example: some four thousand runs of a small
backward."""

CONFIRMED = 2
"""Further points at which an edit must make all right: what is right by chance at one is hardly so at three."""

NEAR = 0.5
"""Cost beyond that of the best edit up to which one of another line is said beside it, as in `mends`."""

MOST_SAID = 2
"""Edits that are said: of more a reader learns nothing."""

SIGN = 0.8
"""Cost of an edit: of a sign or an operator, the likeliest slip. Costs only order edits; a quarter tells two tiers."""

PART = 1.0
"""Cost of what is too much: a factor, a term, a call, an index."""

NUMBER = 1.1
"""Cost of another number, index or order: after what is too much, which leaves a shorter line."""

NAME = 1.2
"""Cost of a name for another of the same scope."""

FACTOR = 1.2
"""Cost of a name that is lacking as a factor: as likely as a name that is another."""

LONG_FACTOR = 1.4
"""Cost of an expression of the function that is lacking as a factor: it has more rivals."""

SIZE = 1.5
"""Cost of the length of an axis that is lacking as a factor: where it is written somewhere, as ``len(x)``, that is
meant."""

TERM = 1.6
"""Cost of a name that is lacking as a term: where a factor does, it is the likelier slip."""

LONG_TERM = 1.8
"""Cost of an expression that is lacking as a term, or is computed in another line."""

PRODUCT = 2.0
"""Cost of a product or quotient of two names that is lacking as a term: hundreds are tried."""

NUMBER_TOO = 0.05
"""How much dearer a number is than a name: where an option has that value in every example, the option is meant."""

LATER = 0.01
"""How much dearer a divisor is than a factor, of two that come to the same."""

TIERS = (LONG_FACTOR + LATER, LONG_TERM, PRODUCT)
"""Costs up to which edits are tried before dearer ones, which are not tried where these have mended all."""

SIMPLE = FACTOR + NUMBER_TOO
"""Cost of an edit up to which a second one is tried beside it: dozens of a line, times a dozen."""
