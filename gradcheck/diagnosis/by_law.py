"""What a law's own finding already says about the cause, by name."""

from __future__ import annotations

from gradcheck.laws import Law, law_of
from gradcheck.report import Finding

from .hypothesis import Cause


def law_broken(error: Finding) -> Law:
    """The law that an error breaks: reasons (GC9xx) are never errors."""
    law = law_of(error.code)
    assert law is not None, error
    return law


def cause_of(finding: Finding) -> Cause | None:
    """The cause that a finding names by its law alone; None where the numbers have to be asked."""
    clues = law_broken(finding).clues
    if not clues.name:
        return None
    return Cause(clues.name, finding.likely_cause or clues.sentence, bool(finding.likely_cause))


def missing_or_not(finding: Finding) -> Cause:
    """Of a gradient that is None where there is one, or that is something where there is none."""
    if finding.claimed is None and "None" in finding.message.partition(", but")[0]:
        return Cause("missing", finding.likely_cause or f"the gradient of `{finding.argument}` is missing", True)
    return Cause("gradient-of-integers", finding.likely_cause or "", True)
