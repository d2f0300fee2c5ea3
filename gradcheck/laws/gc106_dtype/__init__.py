"""GC106: each raw gradient has the dtype of its input."""

from ..law import Law
from . import check

LAW = Law("GC106", "The raw gradient of each input has the dtype of that input.", check.check, blocks=True)
