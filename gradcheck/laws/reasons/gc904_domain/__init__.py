"""GC904: the edge of the domain."""

from ..reason import Reason

REASON = Reason("GC904", undecided="domain")
