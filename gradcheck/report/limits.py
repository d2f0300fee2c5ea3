"""How much of a report is printed, each with its unit and its reason."""

from __future__ import annotations

WIDTH = 110
"""Characters of a line: a report is read in a terminal, and in a log beside line numbers."""

MOST = 12
"""Findings, and floors, that are printed: nobody reads on, and all are in the report."""

NEAR = 3
"""Codes that are named where an unknown one was asked for: the nearest."""

PASTED = 2000
"""Entries of an array up to which it is written out: somebody would still paste it."""
