"""GC503: training at the case's own data and learning rate lowers the cost at every step."""

from ..law import Law
from . import check

LAW = Law("GC503", "Training at the case's own data and learning rate raises the cost at no step.", check.check)
