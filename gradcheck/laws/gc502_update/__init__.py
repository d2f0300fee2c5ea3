"""GC502: the case's own update rule lowers the cost."""

from ..law import Law
from . import check

LAW = Law("GC502", "The update rule of the case lowers the cost for every small enough learning rate.", check.check)
