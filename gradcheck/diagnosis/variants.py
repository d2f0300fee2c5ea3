"""Whether a backward is right for another function that its adapter knows of, such as a cost without its ``1/M``."""

from __future__ import annotations

from dataclasses import replace

from gradcheck.laws import LAWS
from gradcheck.point import judge_point
from gradcheck.protocol import adapted
from gradcheck.report import Verdict

from .evidence import Evidence
from .hypothesis import Cause

_NAME = "scale of the cost"


def right_for_another(evidence: Evidence) -> Cause | None:
    """The first variant of the op whose gradients hold at the failing point, all of them."""
    variants = adapted(evidence.case.op, "variants")
    sample = evidence.failing if variants is not None else None
    if sample is None:
        return None
    trial = sample.trial
    inputs = tuple(trial.inputs_read.pack(trial.inputs))
    laws = [law for law in LAWS if law.blocks or law.values]
    for sentence, op in variants(*inputs):
        case = replace(evidence.case, op=op, reference=None, descent=None)
        report = judge_point(case, inputs, trial.options, trial.seed, laws, verdict_only=True)
        if report.verdict is Verdict.CORRECT:
            return Cause(_NAME, sentence, True)
    return None
