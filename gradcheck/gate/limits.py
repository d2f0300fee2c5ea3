"""What the command reads at most, with unit and reason."""

from __future__ import annotations

LONGEST = 1 << 20
"""Bytes of an example in a token: none is that long, and what is longer was made to fill the memory."""

LEAST_NAME = 16
"""Cells that the name of a case gets before columns of numbers do, where a terminal is narrow: it tells the case."""

ANNOTATIONS = 10
"""Annotations of a step: GitHub shows no more of a kind, and drops the others without a word."""

SUMMARY = 900_000
"""Bytes of a job summary: GitHub refuses one of more than a mebibyte, and other steps may have written before."""
