"""GC906: the op raised."""

from ..reason import Reason

REASON = Reason("GC906", undecided="raised")
