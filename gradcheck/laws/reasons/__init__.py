"""Why a point could not decide: GC9xx, which are no laws. A new one is a new folder and its row here."""

from .gc901_vacuous import REASON as VACUOUS
from .gc902_noise import REASON as NOISE
from .gc903_kink import REASON as KINK
from .gc904_domain import REASON as DOMAIN
from .gc905_singular import REASON as SINGULAR
from .gc906_raised import REASON as RAISED
from .reason import Reason

REASONS = (VACUOUS, NOISE, KINK, DOMAIN, SINGULAR, RAISED)

__all__ = ["DOMAIN", "KINK", "NOISE", "RAISED", "REASONS", "SINGULAR", "VACUOUS", "Reason"]
