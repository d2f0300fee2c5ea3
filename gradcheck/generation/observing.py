"""What was judged, example by example, as Hypothesis's observability has it and the Tyche viewer reads it.

Only where ``HYPOTHESIS_EXPERIMENTAL_OBSERVABILITY`` is set, as for every other property: a line of JSON an example, in
the folder ``observed`` of Hypothesis. All examples are there, also the planned ones that Hypothesis does not draw.
"""

from __future__ import annotations

import json
import math
import os
import time
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from gradcheck.protocol import Case
from gradcheck.report import Report, Verdict

from .example import Example

ASKED = "HYPOTHESIS_EXPERIMENTAL_OBSERVABILITY"
_STATUS = {Verdict.CORRECT: "passed", Verdict.WRONG: "failed", Verdict.INCONCLUSIVE: "gave_up"}
_STARTED = time.time()


def is_observed() -> bool:
    """Whether somebody asked for it."""
    return ASKED in os.environ


def observe(case: Case, example: Example, report: Report, seconds: float) -> None:
    """Write the line of one example; a folder that cannot be written to is no fault of the gradients."""
    from hypothesis import configuration

    with suppress(OSError):
        folder = Path(str(getattr(configuration.storage_directory("observed"), "path", None) or _folder()))
        folder.mkdir(parents=True, exist_ok=True)
        line = json.dumps(observation(case, example, report, seconds), default=repr) + "\n"
        with open(folder / f"{date.today().isoformat()}_testcases.jsonl", "a", encoding="utf-8") as file:
            file.write(line)


def _folder() -> Path:
    return Path(".hypothesis") / "observed"


def observation(case: Case, example: Example, report: Report, seconds: float) -> dict[str, Any]:
    """One example as data."""
    errors = [finding.code for finding in report.errors]
    features: dict[str, Any] = {
        **{f"size {name}": size for name, size in example.sizes.items()},
        "largest axis": max([*example.sizes.values(), *(size for loop in example.loops for size in loop)], default=0),
        "plant": example.plant,
        "layout": example.layout,
        "scale": repr(example.scale),
        "verdict": report.verdict.value,
        "floor": _finite(report.worst_floor),
        "codes": ", ".join(dict.fromkeys(finding.code for finding in report.findings)) or "none",
    }
    return {
        "type": "test_case",
        "run_start": _STARTED,
        "property": str(case),
        "status": _STATUS[report.verdict],
        "status_reason": ", ".join(dict.fromkeys(errors)) if errors else report.incomplete,
        "representation": repr(example),
        "arguments": {name: repr(value) for name, value in example.fields().items()},
        "how_generated": "gradcheck: planned or drawn",
        "features": features,
        "timing": {"judging": seconds},
        "metadata": {"forwards": report.forwards, "backwards": report.backwards, "seed": example.seed},
        "coverage": None,
    }


def _finite(value: float) -> float | str:
    return value if math.isfinite(value) else "none"
