"""One op at one point: what the laws look at, what the numerics see of it, and what an independent witness says."""

from .real_op import Gradients
from .trial import Trial
from .twin import Twin

__all__ = ["Gradients", "Trial", "Twin"]
