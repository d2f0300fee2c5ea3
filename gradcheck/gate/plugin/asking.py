"""What the fixture ``gradcheck`` hands to a test."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from gradcheck.check import report_case, report_vjp
from gradcheck.protocol import Case
from gradcheck.protocol.arguments import op_name
from gradcheck.report import Report
from gradcheck.report.events import CaseDone, CaseName
from gradcheck.workers.in_use import InUse

from .items import demand_correct
from .settings import Settings


class Asker:
    """Judges a case, or an op at one point, with the settings of the session; raises unless it is correct."""

    def __init__(self, settings: Settings, test: str, note: Callable[[CaseDone], None], in_use: InUse) -> None:
        self.settings = settings
        self.test = test
        self.note = note
        self.in_use = in_use

    def __call__(self, question: Any, *inputs: Any, **more: Any) -> Report:
        """``gradcheck(case)``, or ``gradcheck(op, *inputs, options=..., reference=...)`` as `check_vjp` takes them."""
        __tracebackhide__ = True
        start = time.monotonic()
        if isinstance(question, Case) and not inputs:
            settings = {"examples": self.settings.examples, "timeout": self.settings.timeout}
            report = report_case(question, **{"seed": self.settings.seed, **settings, **more})
        else:
            report = report_vjp(question, *inputs, **{"seed": self.settings.seed, **more})
        name = str(question) if isinstance(question, Case) else op_name(question)
        done = CaseDone(CaseName(self.test, name), time.monotonic() - start, report)
        if breach := self.in_use.breach():
            done = replace(done, report=None, error=f"no verdict: it {breach}")
        self.note(done)
        demand_correct(done)
        return report
