"""The question put to an op whose vjps are asked of a fresh forward each: neither state nor writing spoils them."""

from __future__ import annotations

from dataclasses import replace

from gradcheck.protocol import Failure, stood_for
from gradcheck.trial import Trial


def anew(trial: Trial) -> Trial | Failure:
    """The same question, at the same point and with the same cotangent."""
    case = trial.case
    options = {name: [value] for name, value in trial.options.items()}
    inputs = tuple(trial.inputs_read.pack(trial.inputs))
    once = replace(case, op=stood_for(case.op) or case.op, once=True, inputs=inputs, options=options)
    return Trial.start(once, trial.inputs_read, trial.options, trial.seed)
