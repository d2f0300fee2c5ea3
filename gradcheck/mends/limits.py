"""How far and how long a mend is searched for, each with its unit and its reason."""

# --- where candidates are tried (slopes.py) --------------------------------------------------------------------------

DIRECTIONS = 3
"""Tangents per argument: no wrong gradient is at right angles to three random ones."""

ENTRIES = 4
"""Entries of an argument up to which each has a slope of its own: about as many as `DIRECTIONS`, so hardly dearer."""

ORDINARY = 4
"""Ordinary examples beside the failing one: of four the sizes differ, so that a factor is no size by chance."""

MOST = 8
"""Examples in all, when every value of every option has to be among them: each costs every candidate a call."""

SETTLED = 1e-3
"""Relative error up to which a slope is used: a screen needs no more, and a slope less certain tells nothing apart."""

ROOM = 16.0
"""Times the error of a slope that a candidate may be off. A screen may let too much through and nothing that is right:
the law that judges afterwards is far narrower."""

ROUNDING = 1e5
"""Times the rounding of the dtype that a candidate may be off: seven digits lost in float64 pass the screen."""

# --- how candidates are tried (batches.py, screen.py) ----------------------------------------------------------------

BATCH = 600
"""Candidates for one process: as many as are tried in half a second, so that starting it, a tenth, is a small part."""

ROUND = 6.0
"""Seconds after which a process begins no further candidate: the budget is looked at between rounds."""

STARTING = 20.0
"""Seconds in which a process must have loaded the case and measured its slopes, on a busy machine."""

SLOWER = 50.0
"""Times as long as the original that a candidate may take: a broadcast to one more axis is slow, an endless loop is not
worth waiting for."""

LEAST = 1.0
"""Seconds that a candidate may take at least."""

DIGITS = 6
"""Digits of a claim by which two candidates count as one backward: fewer than half of those of float64."""

# --- what is tried (vocabulary.py, inserting.py, replacing.py) -------------------------------------------------------

LONGEST_EXPRESSION = 60
"""Characters of an expression that is worth repeating: half of a line."""

LONGEST_TWICE = 40
"""Characters of an expression that is said twice in one edit: it has to fit a line."""

SHORT = 16
"""Characters of an operand of a gradient that is missing: a name, or a name with an index."""

MOST_NUMBERS = 6
"""Numbers written in a function that are tried as weights of a term: a formula has no more."""

SIZED = 8
"""Names whose sizes are tried as factors, nearest first: two or three sizes each, or the list outgrows the budget."""

PROBED = 2
"""Points at which it is tried what each line touches: a line that matters at neither matters at few."""

NEAR = 0.3
"""Cost beyond that of a verified edit up to which others are still looked for: a rival that is as likely."""

FIRST_ROUND = 100
"""Candidates for one process in the first round: the likeliest ones are known to be wrong or right in a second."""

MADE_HERE = 1.0
"""By how much less an edit costs on the line that computes the first wrong value: as a line does that has a hand in all
wrong gradients and in no right one."""

MADE_NEAR = 0.5
"""The same where it is one of several lines."""

BENDING = 1.5
"""Cost of bending a call of a function whose own code is searched too: behind every conventional edit of that code."""

REPEATED = 0.2
"""Cost of the same edit at several places beyond that of one: less than two edits, more than the one that may do."""

HANDED_ON = 0.6
"""Cost of an edit to a value that is only put away or returned: behind the same edit where the value is made."""

DEEPEST_VALUE = 2
"""Levels below a name at which an operand is looked for: ``self.grads["W1"]``, ``caches[0][1]``."""

MOST_KEYS = 16
"""Entries of a container that count as operands: a network of eight layers has so many parameters."""

MOST_OPERANDS = 64
"""Values of one function in all: each is tried in every place, and more would outgrow the budget."""

OTHER_SHAPE = 0.6
"""Cost of a name for one of another shape: half of what the likeliest edits cost, so that these come first."""

DEEPEST = 4
"""Levels below an expression from which a part may take its place."""

# --- the search (search.py, verify.py) -------------------------------------------------------------------------------

SHOWN = 3
"""Suggestions that are printed."""

VERIFIED = 24
"""Candidates that are judged in full at most: each takes as long as three runs of the gate."""

BASES = 16
"""First edits of two from which a second is searched: each costs a whole round of singles."""

EARLY_BASES = 4
"""First edits of two that are tried with the likeliest second ones before far-fetched singles: what has made a gradient
right is mostly the mend of one mistake, and the first few of them hold it."""

EARLY_SECONDS = 400
"""Second edits of each that are tried then, the likeliest: about two seconds for each base."""

FAR_FETCHED = 1000
"""Edits of the lines that made what is wrong, tried whatever they cost before other lines' far-fetched ones: about a
second, and nearly all there are of one line."""

TIERS = (0.0, 1.9, 2.4, 99.0)
"""Borders between costs: when a tier has mended it the next, more far-fetched one is not tried."""

PAIRED = 2.1
"""Cost up to which an edit may be the second of two: a conventional one."""

BETTER = 0.9
"""Share of its error to which a first edit must bring some gradient to be worth a second."""

TOLD = 6
"""Edits that the look for the line has found that are judged where no other mends: each takes as long as three runs."""

LATE = 1.5
"""Times the seconds of a search after which what has passed the screen is no longer judged: it may take half of them
more."""

LONGEST = 240.0
"""Seconds in which a candidate must be judged in full."""

OTHER_VALUES = 5
"""Times that fixed inputs are changed before a mend of a case with such counts: it may fit the one point by chance."""

SPREAD = 0.1
"""By which part of themselves fixed inputs are changed: enough for other numbers, and seldom across a border."""
