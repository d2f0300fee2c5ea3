"""What a worker may take before it is ended, and how much is held ready for it, each with its unit and its reason."""

MEMORY = 2 << 30
"""Bytes beyond what the fork server uses. The largest arrays that an example is judged at, with copies for every law,
are some tens of megabytes; torch's own working memory is some hundreds."""

LOADING = 300.0
"""Seconds in which the cases must be loaded: a case file may import torch from a cold disk, or make data of its own."""

GRACE = 10.0
"""Seconds beyond the limit of its task after which a fork server is taken for dead: it ends a late child by itself,
within milliseconds where the machine is not overloaded."""

AHEAD = 16
"""Tasks per process that are made before they are needed: each holds the text of a whole file, and carrying one out
takes far longer than making it."""

SETTLED = 5
"""Children in a row that imported nothing new, after which nobody looks any more: the branches of an op that import
something are reached by the first few mutants or never."""

CHUNK = 1 << 16
"""Bytes that are read at once: as much as a pipe holds."""

FAREWELL = 5.0
"""Seconds that a worker may take to end: what the user's code has to do at the end of its process, such as deleting
temporary files, and no longer than somebody likes to wait."""

LOOK = 0.002
"""Seconds between two looks at whether a process has ended: far less than it takes to start one."""

OUT_OF_THE_WAY = 200
"""The lowest number of a worker's own descriptors: those who close descriptors by number begin at 3, and a process may
have 256 of them at least."""

GLANCE = 0.5
"""Seconds between two glances at whether a call should have ended: soon beside the seconds that a call may take."""

OVERDUE = 5.0
"""Seconds that a call may last beyond its end before its process is ended from outside: inside it rings every second
(`protocol.limits.AGAIN`), and a call in C that is about to return should be waited for."""

LINE = 64 << 20
"""Bytes of one answer: a report has some thousand, the proof of a long file some million."""

PRINTED = 4096
"""Bytes that are kept of what the user's code prints, the last ones: a traceback, or what C says before it aborts."""

READY = 60.0
"""Seconds within which the clean process forks: it must have imported gradcheck first, which takes one, and more where
the machine is overloaded. It is taken for dead afterwards."""

GONE = FAREWELL + GRACE
"""Seconds within which it has ended a worker, which it gives FAREWELL for that."""
