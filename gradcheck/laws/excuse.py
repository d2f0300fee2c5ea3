"""Why two right backwards may answer differently, where a law or a reason says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Excuse:
    """In what two backwards may differ that are both called correct (in "sharing": of memory), and why."""

    difference: Literal["numbers", "sharing"]
    sentence: str
