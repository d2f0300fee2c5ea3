"""How large a page and its pictures are, each with its unit and its reason."""

from __future__ import annotations

BYTES = 4_500_000
"""Bytes of a page: it opens at once, and passes where five megabytes do. Failures beyond it are rows, no pictures."""

WIDTH, HEIGHT = 440, 250
"""Of the picture of a curve, in pixels: two of them stand side by side on a laptop."""

LEFT, RIGHT, TOP, BOTTOM = 52, 12, 10, 40
"""Pixels of its margins, which hold the numbers of the axes."""

DECADES = 6
"""Labels of an axis at most: powers of ten in between are left out."""

LEAST_POWER = -17
"""Power of ten of a gap, relative to the slope: below it float64 shows nothing, and the axis ends."""

LEVELS = 5
"""Colours to either side of zero in a heat map: as many as an eye tells apart in neighbouring cells."""

NUMBERS = 8
"""Cells of a side up to which their numbers are written into them: there is room for as many."""

CELL_WIDTH, CELL_HEIGHT = 52, 28
"""Pixels of a cell with a number in it: seven characters, such as ``-123.45``."""

LARGEST_POWER = 300
"""Power of ten up to which numbers are written, and where an axis ends: a float64 has hardly more."""

SMALL_CELL = 7
"""Pixels of a cell without one, at least: 32 of them are a third of a page."""

MAP = 220
"""Pixels of the longer side of a map of such cells, where they are few: it is looked at beside two others."""

SHOWN = 3
"""Digits of a number in a cell."""
