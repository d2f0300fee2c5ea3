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
