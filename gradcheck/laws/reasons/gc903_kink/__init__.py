"""GC903: a kink."""

from ..reason import Reason

REASON = Reason("GC903")
