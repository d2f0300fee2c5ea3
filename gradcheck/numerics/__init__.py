"""How a number is judged: a projected derivative that carries its own measured error."""

from .complex_step import sharpened
from .contest import Contest, contest
from .direction import Direction, draw_direction
from .doubts import DOUBTS
from .kink import kink_interval
from .ladder import LADDER, QUICK, Estimate, Ladder, Rung
from .limits import SEEN
from .line import Line, Point
from .noise import Coarseness, measured_coarseness
from .outcome import Outcome
from .perturbed import perturbed
from .probe import Probe, draw_cotangents, noise_elsewhere, probe_at
from .projection import Judgement, judge
from .real import as_native, as_real
from .subgradient import Impossible, impossible_together
from .tolerance import differs_at, spacing, tiniest, within

__all__ = [
    "DOUBTS",
    "LADDER",
    "QUICK",
    "SEEN",
    "Coarseness",
    "Contest",
    "Direction",
    "Estimate",
    "Impossible",
    "Judgement",
    "Ladder",
    "Line",
    "Outcome",
    "Point",
    "Probe",
    "Rung",
    "as_native",
    "as_real",
    "contest",
    "differs_at",
    "draw_cotangents",
    "draw_direction",
    "impossible_together",
    "judge",
    "kink_interval",
    "measured_coarseness",
    "noise_elsewhere",
    "perturbed",
    "probe_at",
    "sharpened",
    "spacing",
    "tiniest",
    "within",
]
