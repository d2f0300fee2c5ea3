"""A run as a page: one HTML file."""

from __future__ import annotations

from gradcheck.report.events import RunDone, RunStarted


def as_html(started: RunStarted, done: RunDone) -> str:
    """The page; its templates are read only where one is asked for."""
    from gradcheck.report.page import run_page

    return run_page(started, done)
