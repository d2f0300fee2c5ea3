"""gradcheck: is a hand-written backward pass right, and if not, what is wrong and where?"""

from .check import check_case, check_vjp, report_case, report_vjp
from .errors import (
    CaseFileError,
    ConventionError,
    GradcheckError,
    GradientError,
    InconclusiveGradient,
    InputError,
    MissingFrameworkError,
    SignatureError,
    UsageError,
    WrongGradient,
)
from .generation import Example, judge_example
from .protocol import Case, Descent, Integers, Reals
from .report import Finding, Report, Severity, Verdict

__all__ = [
    "Case",
    "CaseFileError",
    "ConventionError",
    "Descent",
    "Example",
    "Finding",
    "GradcheckError",
    "GradientError",
    "InconclusiveGradient",
    "InputError",
    "Integers",
    "MissingFrameworkError",
    "Reals",
    "Report",
    "Severity",
    "SignatureError",
    "UsageError",
    "Verdict",
    "WrongGradient",
    "check_case",
    "check_vjp",
    "judge_example",
    "report_case",
    "report_vjp",
]
