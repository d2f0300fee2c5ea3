"""A run as JSON, in the form that `gradcheck/report/schema.json` describes."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from gradcheck.report import Verdict
from gradcheck.report.events import ERROR, KNOWN, CaseDone, CaseName, RunDone, RunStarted

VERSION = 1
"""Of the schema. It grows when a field changes its meaning or goes away; new fields may come without."""

WORDS = (*(verdict.value for verdict in Verdict), KNOWN, ERROR)
"""How a case can end."""


def as_json(started: RunStarted, done: RunDone) -> str:
    """The whole run, one document; no NaN and no infinity, since JSON has none."""
    return json.dumps(run_data(started, done), indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def run_data(started: RunStarted, done: RunDone) -> dict[str, Any]:
    """The same as plain data."""
    words = [case.word for case in done.cases]
    reached = {case.case for case in done.cases}
    return {
        "format": "gradcheck run",
        "version": VERSION,
        "gradcheck": own_version(),
        "seed": started.seed,
        "examples": started.examples,
        "exit_code": done.exit_code,
        "interrupted": done.interrupted,
        "seconds": round(done.seconds, 6),
        "counts": {word: words.count(word) for word in WORDS} | {"not_run": done.asked - len(words)},
        "cases": [_case(case) for case in done.cases],
        "left_out": [asdict(name) for name in started.left_out],
        "since": started.since or None,
        "baseline": list(done.problems),
        "not_run": [asdict(name) for name in started.cases if name not in reached],
    }


def _case(done: CaseDone) -> dict[str, Any]:
    return _name(done.case) | {
        "verdict": done.word,
        "seconds": round(done.seconds, 6),
        "error": done.error,
        "known": done.known or None,
        "printed": done.printed,
        "report": None if done.report is None else done.report.to_dict(),
    }


def _name(name: CaseName) -> dict[str, Any]:
    return asdict(name)


def own_version() -> str:
    """Of this package; empty where it is not installed."""
    try:
        return version("gradcheck")
    except PackageNotFoundError:
        return ""
