"""What looking for the place of a mistake may cost, each limit with its unit and its reason."""

MOST_VERSIONS = 2000
"""Values that are kept of one run: a backward of a hundred lines in a loop of twenty. Of longer ones nothing is said."""

MOST_ENTRIES = 2**22
"""Entries of all values that are kept of one run: 32 MB in float64, twice, and a coursework network with its data."""

SECONDS = 10.0
"""Seconds for the whole look: what a reader waits for an answer that is known to be wrong already. A network of two
layers takes under one."""

ENTRY_BY_ENTRY = 256
"""Entries of a value up to which its truth is measured one by one, so that it can be put in its place: at some fourteen
forwards each as dear as a contest of a dozen arguments."""

MOST_SITES = 60
"""Intermediate values of a forward whose slope is measured, at some fourteen forwards each: all those of a network of
ten layers."""

MOST_MISTAKES = 3
"""Mistakes of one backward that are looked for, one after the other: who made more had better start anew."""

TRUTHS = 3
"""Values of one name, such as those of a loop or of a function that is called several times, whose truth is measured entry
by entry and put in the place of a wrong one, at up to some thousand forwards each."""

MOST_EXCHANGED = 40
"""Values of the forward that are handed to a function in the place of what it got: all of one shape of a network of ten
layers, at one run each."""
