"""What a check answers: verdict, findings, floors; for people and for programs."""

from .finding import Finding, Severity, Verdict
from .report import Report

__all__ = ["Finding", "Report", "Severity", "Verdict"]
