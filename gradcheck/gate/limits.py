"""What the command reads at most, with unit and reason."""

from __future__ import annotations

LONGEST = 1 << 20
"""Bytes of an example in a token: none is that long, and what is longer was made to fill the memory."""

BASELINE_LONGEST = 1 << 26
"""Bytes of a baseline: a hundred thousand known failures take less, and a file of more is another one."""

LASTING = 90
"""Days for which a new entry of a baseline lasts where nobody says otherwise: until the next quarter is planned."""
