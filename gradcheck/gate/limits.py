"""What the command reads at most, with unit and reason."""

from __future__ import annotations

LONGEST = 1 << 20
"""Bytes of an example in a token: none is that long, and what is longer was made to fill the memory."""
