"""The measuring stick: what a result of few digits may be off by, read off what PyTorch makes of the same inputs.

    err(op) <= k err(yardstick) + rounding of the golden to the dtype

for every output and every gradient, in the worst entry and in the root of the mean square. Everything here looks at
arrays of float64 and calls nothing: who is called, and where, is the business of `gradcheck.trial`.
"""

from .errors import Error, error_of, rounding_of, size_of, units_of
from .gate import Gate, Place, judged
from .over_examples import Seen, grows, is_left_behind, leans
from .sides import Near, Sides
from .spread import spread_of

__all__ = [
    "Error",
    "Gate",
    "Near",
    "Place",
    "Seen",
    "Sides",
    "error_of",
    "grows",
    "is_left_behind",
    "judged",
    "leans",
    "rounding_of",
    "size_of",
    "spread_of",
    "units_of",
]
