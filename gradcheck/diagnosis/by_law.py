"""What a law's own finding already says about the cause, by name."""

from __future__ import annotations

from gradcheck.report import Finding

from .hypothesis import Cause

_NAMES = {
    "GC101": "raises",
    "GC102": "no-tuple",
    "GC103": "wrong-count",
    "GC106": "dtype",
    "GC107": "not-finite",
    "GC203": "stale",
    "GC204": "in-place",
    "GC207": "layout",
    "GC208": "subset",
    "GC209": "forward-alone",
    "GC302": "other-forward",
    "GC402": "forward-mode",
    "GC501": "ascent",
    "GC502": "update",
    "GC503": "training",
}
_SENTENCES = {
    "raises": "the backward fails where its forward succeeds: a shape or an index that it does not allow for",
    "no-tuple": "the backward does not return a tuple with one entry per input",
    "wrong-count": "an input has no entry in what the backward returns",
    "dtype": "a constant or a cast inside the backward changes the dtype",
    "in-place": "an in-place operation (+=, *=, out=, a write into a view)",
    "layout": "memory is read without regard to strides",
    "stale": "state is kept from one call to the next",
}


def cause_of(finding: Finding) -> Cause | None:
    """The cause that a finding names by its code alone; None where the numbers have to be asked."""
    if finding.code == "GC104":
        if finding.claimed is None and "None" in finding.message.partition(", but")[0]:
            return Cause("missing", finding.likely_cause or f"the gradient of `{finding.argument}` is missing", True)
        return Cause("gradient-of-integers", finding.likely_cause or "", True)
    name = _NAMES.get(finding.code)
    if name is None:
        return None
    return Cause(name, finding.likely_cause or _SENTENCES.get(name, ""), bool(finding.likely_cause))
