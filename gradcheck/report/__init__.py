"""What a check answers: verdict, findings, floors; for people and for programs."""

from .evidence import AskedLaw, Curve, Evidence, Heat, State
from .finding import Finding, Severity, Verdict
from .grade import Grade, Part
from .made import Made
from .report import Report
from .row import Lean, Row

__all__ = [
    "AskedLaw",
    "Curve",
    "Evidence",
    "Finding",
    "Grade",
    "Heat",
    "Lean",
    "Made",
    "Part",
    "Report",
    "Row",
    "Severity",
    "State",
    "Verdict",
]
