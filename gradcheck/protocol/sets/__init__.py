"""What an array is as a whole: a symmetric matrix, a point on the simplex, a sorted vector.

Where such a set is thin (symmetric, positive definite, orthogonal, simplex), a derivative exists along it only. The op
is then asked at the nearest element of the set, and a gradient is compared along the set: what it says of directions
that lead out of it, or which of two equal entries it is written to, is nobody's business.
"""

from .array_set import ArraySet
from .matrices import Invertible, Orthogonal, PositiveDefinite, Symmetric
from .vectors import EntryOf, OneHot, Simplex, Sorted

__all__ = [
    "ArraySet",
    "EntryOf",
    "Invertible",
    "OneHot",
    "Orthogonal",
    "PositiveDefinite",
    "Simplex",
    "Sorted",
    "Symmetric",
]
