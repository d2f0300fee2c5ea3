"""How a number is judged: a projected derivative that carries its own measured error."""

from .contest import Outcome, contest
from .ladder import LADDER, Estimate, Ladder, Rung
from .line import Line, Point
from .probe import Probe, draw_cotangents, draw_tangents, noise_elsewhere, probe_at, wiggle
from .projection import Judgement, judge
from .tolerance import SEEN, differs_at, spacing, within

__all__ = [
    "LADDER",
    "SEEN",
    "Estimate",
    "Judgement",
    "Ladder",
    "Line",
    "Outcome",
    "Point",
    "Probe",
    "Rung",
    "contest",
    "differs_at",
    "draw_cotangents",
    "draw_tangents",
    "judge",
    "noise_elsewhere",
    "probe_at",
    "spacing",
    "wiggle",
    "within",
]
