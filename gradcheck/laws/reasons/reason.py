"""One reason why a point could not decide."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """A stable code; its words and examples are in its folder, as those of a law are."""

    code: str
