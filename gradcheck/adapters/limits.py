"""What adapters choose, each with its unit and its reason."""

RATE = 2.0**40
"""The learning rate that a backward is told which moves its parameters itself: so large that what the parameter is
afterwards is its update to the last digit, unless the gradient is 1e12 times smaller than the parameter; and a power of
two, so that nothing is rounded in dividing by it."""

PROBES = (2, 3), (3,), (2, 3, 4, 5), (2, 3, 4)
"""Shapes of the arrays of which a layer is made to look at it, where it is made of arrays: small, no size twice, the
most usual number of axes first; the first with which it can be made is taken."""

SAID = 400
"""Bytes of what a process said on standard error that a report shows: the last lines, which say why it ended."""

GUARD = 4096
"""Bytes on either side of an array that a library is given, at least: a page, more than any vector or unrolled loop
reaches; where the array is longer than that as many as it has, which a loop over one row too many stays within."""

ALIGNMENT = 64
"""Bytes, at multiples of which arrays begin that a library is given: a cache line, and the widest vectors."""

PIPE = 4096
"""Bytes that are written to a pipe at once: as much as a pipe takes without waiting, once it takes anything."""

ENDING = 1.0
"""Seconds for a process to end that has closed its output: it is ending already, or else never will."""

LINE = 4096
"""Bytes of a line in which a program answers, at most: a sentence has some hundreds, and junk may never end."""

SHOWN = 60
"""Characters of a line that is no answer that the sentence about it shows: enough to know it again."""

RECOMPILED = 256
"""Times that torch.compile may compile one function anew: more than a case has shapes and options; beyond it eager
code would run in its place (PyTorch's own limit is 8)."""

TWINS = 16
"""References of which the op that was made is kept: a case has one, and a proof goes back and forth among few."""

SIGNATURES = 256
"""Forwards whose parameters are kept: more than a module defines, and each is a few hundred bytes."""
