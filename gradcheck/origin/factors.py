"""A factor of the wrong line that stands nowhere on the way through the forward."""

from __future__ import annotations

from .history import Version
from .states import Run


def stray_factor(run: Run, version: Version) -> str | None:
    """What multiplies in a wrong line and has no business there, in a sentence."""
    return None
