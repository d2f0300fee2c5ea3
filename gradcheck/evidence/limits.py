"""How much is gathered to be drawn, each with its unit and its reason."""

from __future__ import annotations

SECONDS = 5.0
"""Seconds for all pictures of a case; what is not had by then is left out. The verdict has taken as long already."""

ARGUMENTS = 4
"""Arguments of which pictures are drawn: nobody compares more of them, and the first is the worst."""

CURVE_STEPS = 28
"""Steps of a curve, from the largest of a ladder down to about 1e-12, where rounding has taken over."""

CURVE_RATIO = 2.5
"""Between two steps of a curve: not 2, since a staircase of powers of two looks smooth at such steps."""

SIDE = 32
"""Cells of a heat map along a side: as many as can be told apart in a third of a page. What is larger is averaged."""

LEAST_SIDE = 4
"""Cells of a side, of however large a gradient: fewer show no place."""

MOVED = 4_000_000
"""Numbers that go through the op for one map, times the few steps that a cell takes: about a second of NumPy."""

ORDINARY = 2
"""Examples of ordinary sizes at which a mistake is looked for: what fails only at a plant fails at none of them."""
