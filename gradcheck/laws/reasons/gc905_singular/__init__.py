"""GC905: a singular point."""

from ..reason import Reason

REASON = Reason("GC905", undecided="singular")
