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

ALIKE, SPELT_ALIKE = 0.5, 0.6
"""Of 1: how alike a code, or a word, must be to what was asked for to be named: one digit off, or two letters."""

LINES = 4
"""Lines one of which made a mistake that are printed: of more nobody learns anything."""

NAMES = 6
"""Names of a list in a hint: what is right is an encouragement, no inventory."""

LONGEST_NAME = 200
"""Characters of a name in a table: one that is longer was made by a program."""

NARROWEST = 40
"""Characters of a line below which a report is not folded more finely: a number and its error take as many."""

DIGITS = 6
"""Digits of a number in a heat map: a colour shows two of them, and the text beside it the others."""

INCHES = (10.0, 3.2)
"""Inches of a figure: its width, and the height of each of its rows, as a notebook shows them without scrolling."""
