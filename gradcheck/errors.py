"""What gradcheck raises.

::

    GradcheckError
    ├── UsageError (ValueError)       the question was put wrongly: nothing was judged
    │   ├── SignatureError            a signature does not parse, or does not fit the op or its inputs
    │   ├── InputError                an input has the wrong type, dtype, shape or a non-finite value
    │   ├── ConventionError           an op does not follow ``y, vjp = op(*inputs)``
    │   ├── CaseFileError             a case file is missing, broken or empty
    │   └── MissingFrameworkError     (ImportError) the framework of an adapter is not installed
    ├── WorkerFault                   gradcheck itself failed, in the process that it judges in: nothing was judged
    └── GradientError (AssertionError)    the question was answered, and not with "correct"
        ├── WrongGradient
        └── InconclusiveGradient

A ``UsageError`` is one sentence that names the offending thing and says what to do.
A ``GradientError`` carries the whole answer as its attribute ``report``.
"""

from __future__ import annotations

from typing import Any

from gradcheck.foreign import shown
from gradcheck.limits import SENTENCE


class GradcheckError(Exception):
    """Everything gradcheck raises on purpose."""


class UsageError(GradcheckError, ValueError):
    """The question was put wrongly; nothing was judged.

    What it says is one line that a terminal may be given, whatever names and messages of others it repeats.
    """

    def __init__(self, sentence: object = "") -> None:
        super().__init__(shown(sentence, SENTENCE))


class SignatureError(UsageError):
    """A signature does not parse, or does not fit the op or its inputs."""


class InputError(UsageError):
    """An input has the wrong type, dtype, shape, or a value that is not finite."""


class ConventionError(UsageError):
    """An op does not follow ``y, vjp = op(*inputs, **options)``."""


class CaseFileError(UsageError):
    """A case file is missing, cannot be imported, or holds no case."""


class MissingFrameworkError(UsageError, ImportError):
    """The framework that an adapter is for is not installed."""


class WorkerFault(GradcheckError):
    """gradcheck itself failed in a process of its own; the message holds the traceback."""


class GradientError(GradcheckError, AssertionError):
    """A check was made and did not end in ``correct``; ``report`` holds the whole answer."""

    def __init__(self, report: Any) -> None:
        super().__init__(str(report))
        self.report = report

    def __reduce__(self) -> tuple[Any, ...]:
        """Rebuild from the report, so that the error crosses process borders (pytest-xdist)."""
        return type(self), (self.report,)


class WrongGradient(GradientError):
    """At least one law is broken."""


class InconclusiveGradient(GradientError):
    """No law is broken, but the check could not have seen a wrong gradient either."""
