"""Where a mistake was made: the first line of a backward whose value is wrong while all that it reads is right."""

from .attach import attached, origins_in, origins_of_case, with_origins, with_origins_at
from .origin import Origin, origin_of, origins_of

__all__ = [
    "Origin",
    "attached",
    "origin_of",
    "origins_in",
    "origins_of",
    "origins_of_case",
    "with_origins",
    "with_origins_at",
]
