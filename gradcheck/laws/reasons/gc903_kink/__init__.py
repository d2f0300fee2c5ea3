"""GC903: a kink."""

from ...excuse import Excuse
from ..reason import Reason

REASON = Reason("GC903", excuse=Excuse("numbers", "other numbers at kinks only, where both are subgradients"))
