"""How often the op is asked which of its code runs, with unit and reason."""

from __future__ import annotations

OPTIONS_TRIED = 12
"""Combinations of options for which it is seen what runs of the backward: as many as are all tried in a case
(`gradcheck.generation.limits.ALL_COMBINATIONS`)."""

MOST_WRAPPED = 16
"""Partials and wrappers around one another: nobody wraps as often, and a circle ends."""

FILES = 16
"""Files whose trees are kept: a backward is spread over a few, and the cases of one file share them. A tree of a
thousand lines takes some ten megabytes, and a tenth of a second to make."""
