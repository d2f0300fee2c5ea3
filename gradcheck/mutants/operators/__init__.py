"""The edit operators: slips that people make in a backward, one family a file."""

from .activations import ACTIVATIONS
from .constants import CONSTANTS
from .cotangents import COTANGENTS
from .indexing import INDEXING
from .masks import MASKS
from .names import NAMES
from .operator import Operator, Place
from .precision import PRECISION
from .products import PRODUCTS
from .reductions import ALL_REDUCTIONS
from .returned import RETURNED
from .statements import STATEMENTS
from .sums import SUMS
from .transposes import TRANSPOSES

OPERATORS: tuple[Operator, ...] = (
    *PRODUCTS,
    *TRANSPOSES,
    *SUMS,
    *ALL_REDUCTIONS,
    *ACTIVATIONS,
    *NAMES,
    *COTANGENTS,
    *RETURNED,
    *STATEMENTS,
    *CONSTANTS,
    *MASKS,
    *INDEXING,
    *PRECISION,
)

__all__ = ["OPERATORS", "Operator", "Place"]
