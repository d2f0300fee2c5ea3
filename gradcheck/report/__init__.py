"""What a check answers: verdict, findings, floors; for people and for programs."""

from .finding import Finding, Severity, Verdict
from .grade import Grade, Part
from .made import Made
from .report import Report

__all__ = ["Finding", "Grade", "Made", "Part", "Report", "Severity", "Verdict"]
