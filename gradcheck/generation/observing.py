"""What was judged, example by example, as Hypothesis's observability has it and the Tyche viewer reads it.

Only where ``HYPOTHESIS_EXPERIMENTAL_OBSERVABILITY`` is set, as for every other property: a line of JSON an example, in
the folder ``observed`` of Hypothesis. All examples are there, also the planned ones that Hypothesis does not draw.

An example that Hypothesis draws has one line and not two: Hypothesis's own, which knows nothing of verdicts, is put
into ours instead of the file. Whoever else listens to Hypothesis hears what it says, with our features among its own.
"""

from __future__ import annotations

import json
import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, cast

from gradcheck.protocol import Case
from gradcheck.report import Report, Verdict

from .example import Example

ASKED = ("HYPOTHESIS_EXPERIMENTAL_OBSERVABILITY", "HYPOTHESIS_EXPERIMENTAL_OBSERVABILITY_NOCOVER")
"""Each of them lets Hypothesis write its lines."""
_STATUS = {Verdict.CORRECT: "passed", Verdict.WRONG: "failed", Verdict.INCONCLUSIVE: "gave_up"}
_STARTED = time.time()


def is_observed() -> bool:
    """Whether somebody asked for it."""
    return any(name in os.environ for name in ASKED)


@dataclass
class Observer:
    """Writes the lines of one case. What Hypothesis draws waits for what Hypothesis has to say of it.

    ``judging`` is true while an op is asked: what is observed then is a property of the user's own, within the op.
    """

    case: Case
    judging: bool = False
    drawing: bool = False
    waiting: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def asking(self) -> Iterator[None]:
        """While the op of the case is called."""
        self.judging = True
        try:
            yield
        finally:
            self.judging = False

    def tell(self, example: Example, report: Report, seconds: float) -> None:
        """The line of one example that has been judged, and its features to whoever listens to Hypothesis."""
        if self.drawing:
            self._flush()
            self._tell_listeners(features(example, report))
        if is_observed():
            self.waiting = observation(self.case, example, report, seconds)
            if not self.drawing:
                self._flush()

    @contextmanager
    def drawn(self) -> Iterator[None]:
        """While Hypothesis draws: what it has to say goes into our lines."""
        self.drawing = True
        try:
            with _heard(self._hear) if is_observed() else nullcontext():
                yield
        finally:
            self._flush()
            self.drawing = False

    def _hear(self, said: Any) -> Any:
        """Take what Hypothesis says of an example of ours; what is left of it for Hypothesis to write, or None."""
        if self.judging:
            return said
        if said.type != "test_case":
            return replace(said, property=str(self.case))
        theirs = _as_data(said)
        if self.waiting:
            for name in ("timing", "metadata"):
                self.waiting[name] = {**theirs[name], **self.waiting[name]}
            self.waiting["how_generated"] = f"gradcheck: {theirs['how_generated']}"
            self._flush()
        elif theirs["status"] == "gave_up":  # nothing was judged; what passes or fails without was judged before
            reason = theirs["status_reason"]
            reason = "no op can be asked at these sizes" if reason.startswith("reject()") else reason
            _write({**theirs, "property": str(self.case), "status_reason": reason, "coverage": None})
        return None

    def _flush(self) -> None:
        if self.waiting:
            waiting, self.waiting = self.waiting, {}
            _write(waiting)

    @staticmethod
    def _tell_listeners(told: dict[str, Any]) -> None:
        from hypothesis import event
        from hypothesis.internal import observability

        if getattr(observability, "observability_enabled", is_observed)():
            for name, value in told.items():
                event(f"gradcheck {name}", value)


@contextmanager
def _heard(hear: Callable[[Any], Any]) -> Iterator[None]:
    """Let Hypothesis say to us what it would write into its file; of other threads it goes on to write.

    It does not trace our lines meanwhile, of which nobody asked which are covered: that takes ten times as long.
    A release of Hypothesis that has no such listeners writes lines of its own beside ours.
    """
    from hypothesis.internal import observability

    add = getattr(observability, "add_observability_callback", None)
    remove = getattr(observability, "remove_observability_callback", None)
    write = getattr(observability, "_deliver_to_file", None)
    if add is None or remove is None or write is None:
        yield
        return
    writes = write in getattr(observability, "_callbacks_all_threads", ())
    ours = threading.get_ident()

    def listener(said: Any, thread: int) -> None:
        left = hear(said) if thread == ours else said
        if left is not None and writes:
            write(left, thread)

    traced = getattr(observability, "OBSERVABILITY_COLLECT_COVERAGE", False)
    remove(write)
    add(listener, all_threads=True)
    observability.OBSERVABILITY_COLLECT_COVERAGE = False
    try:
        yield
    finally:
        observability.OBSERVABILITY_COLLECT_COVERAGE = traced
        remove(listener)
        if writes:
            add(write, all_threads=True)


def _as_data(said: Any) -> dict[str, Any]:
    """What Hypothesis says of a test case, as its own writer has it."""
    from hypothesis.strategies._internal.utils import to_jsonable

    return cast(dict[str, Any], to_jsonable(said, avoid_realization=False))


def _write(line: dict[str, Any]) -> None:
    """Append one line, whole, though other workers write to the same file.

    A folder that cannot be written to is no fault of the gradients.
    """
    from hypothesis import configuration

    with suppress(OSError):
        folder = Path(str(getattr(configuration.storage_directory("observed"), "path", None) or _folder()))
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / f"{date.today().isoformat()}_testcases.jsonl", "ab", buffering=0) as file:
            file.write(f"{json.dumps(line, default=repr)}\n".encode())


def _folder() -> Path:
    return Path(".hypothesis") / "observed"


def observation(case: Case, example: Example, report: Report, seconds: float) -> dict[str, Any]:
    """One example as data."""
    errors = [finding.code for finding in report.errors]
    return {
        "type": "test_case",
        "run_start": _STARTED,
        "property": str(case),
        "status": _STATUS[report.verdict],
        "status_reason": ", ".join(dict.fromkeys(errors)) if errors else report.incomplete,
        "representation": repr(example),
        "arguments": {name: repr(value) for name, value in example.fields().items()},
        "how_generated": "gradcheck: planned",
        "features": features(example, report),
        "timing": {"judging": seconds},
        "metadata": {"forwards": report.forwards, "backwards": report.backwards, "seed": example.seed},
        "coverage": None,
    }


def features(example: Example, report: Report) -> dict[str, Any]:
    """What a viewer may sort examples by."""
    return {
        **{f"size {name}": size for name, size in example.sizes.items()},
        "largest axis": max([*example.sizes.values(), *(size for loop in example.loops for size in loop)], default=0),
        "plant": example.plant,
        "layout": example.layout,
        "scale": repr(example.scale),
        "verdict": report.verdict.value,
        "floor": _finite(report.worst_floor),
        "codes": ", ".join(dict.fromkeys(finding.code for finding in report.findings)) or "none",
    }


def _finite(value: float) -> float | str:
    return value if math.isfinite(value) else "none"
