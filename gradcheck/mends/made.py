"""Which line the mistake was made on, as far as finite differences of the values between show it."""

from __future__ import annotations

from gradcheck.errors import UsageError
from gradcheck.generation import Example, draw_inputs
from gradcheck.origin import origins_of
from gradcheck.protocol import Case

from .influence import Line
from .limits import MADE_HERE, MADE_NEAR


def made_in(case: Case, example: Example) -> dict[Line, float]:
    """How much less an edit costs on the lines on which a mistake was made; empty where none is told."""
    try:
        origins = origins_of(case, draw_inputs(case, example), example.options, example.seed)
    except UsageError:
        return {}
    found: dict[Line, float] = {}
    for origin in origins:
        for line in origin.among:
            found.setdefault((origin.file, line.line), MADE_NEAR)
        found[origin.file, origin.line] = MADE_HERE if origin.told else MADE_NEAR
    return found
