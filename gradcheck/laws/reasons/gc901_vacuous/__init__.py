"""GC901: vacuous, nothing was seen."""

from ..reason import Reason

REASON = Reason("GC901")
