"""GC902: noise, finite differences do not settle."""

from ..reason import Reason

REASON = Reason("GC902", undecided="noise")
