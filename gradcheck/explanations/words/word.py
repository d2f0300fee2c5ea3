"""One word that reports use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """A word, other spellings of it, two or three sentences, and an example that runs, as one would type it."""

    name: str
    means: str
    example: str
    also: tuple[str, ...] = ()
