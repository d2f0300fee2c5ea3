"""One report as a part of a page: what a notebook shows."""

from __future__ import annotations

from ..events import CaseDone, CaseName
from ..report import Report
from .environment import own_file, render
from .view import View


def report_fragment(report: Report) -> str:
    """The report with its pictures and its own style, which touches nothing around it. No script."""
    view = View(0, CaseDone(CaseName("", report.name), 0.0, report))
    return render("fragment.html", view=view, style=own_file("page.css"))
