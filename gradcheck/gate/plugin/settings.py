"""With what settings pytest judges: what its options and its ini say, checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from gradcheck.errors import UsageError
from gradcheck.gate.revision import Revision
from gradcheck.gate.writers.as_html import as_html
from gradcheck.gate.writers.as_json import as_json
from gradcheck.gate.writers.at_end import Render
from gradcheck.gate.writers.output import Output
from gradcheck.generation.limits import SECONDS
from gradcheck.protocol.deadline import check_seconds
from gradcheck.report.events import RunDone, RunStarted


@dataclass(frozen=True)
class Settings:
    """Of every case of a session."""

    examples: int = 100
    seed: int = 0
    timeout: float = SECONDS
    json: str | None = None
    html: str | None = None
    baseline: str | None = None
    changed: str | None = None
    github: str = "auto"

    @staticmethod
    def of(said: Mapping[str, str | None]) -> Settings:
        """What was said, by name; pytest.UsageError with one sentence where that makes no sense."""
        known = {name: value for name, value in said.items() if value is not None}
        numbers = {name: _whole(name, known.pop(name), least) for name, least in _LEAST.items() if name in known}
        try:
            seconds = {"timeout": check_seconds(float(known.pop("timeout")))} if "timeout" in known else {}
        except ValueError as error:
            said_so = error if isinstance(error, UsageError) else "it is a number of seconds, larger than 0"
            raise pytest.UsageError(f"--gradcheck-timeout is {said['timeout']}: {said_so}") from None
        if known.get("github", "auto") not in ("auto", "never"):
            raise pytest.UsageError(f"--gradcheck-github is {known['github']}: it is auto or never")
        return Settings(**numbers, **seconds, **known)  # type: ignore[arg-type]

    def check(self, root: Path) -> None:
        """Raise pytest.UsageError where a document could not be written, or git knows no such revision."""
        try:
            for output, _ in self._documents():
                output.check()
            if self.changed is not None:
                Revision(self.changed, root)
        except UsageError as error:
            raise pytest.UsageError(str(error).replace("--changed", "--gradcheck-changed")) from None

    def writers(self) -> Iterator[Callable[[RunStarted, RunDone], None]]:
        """What writes each of the documents that were asked for."""
        for output, render in self._documents():
            yield partial(_write, output, render)

    def _documents(self) -> Iterator[tuple[Output, Render]]:
        for option, name, render in (("json", self.json, as_json), ("html", self.html, as_html)):
            if name is not None:
                yield Output(f"--gradcheck-{option}", name), render

    def __str__(self) -> str:
        parts = [f"{self.examples} examples a case", f"seed {self.seed}", f"at most {self.timeout:g} s each"]
        parts += [f"baseline {self.baseline}"] if self.baseline else []
        parts += [f"changed since {self.changed}"] if self.changed else []
        return f"gradcheck: {', '.join(parts)}"


def _write(output: Output, render: Render, started: RunStarted, done: RunDone) -> None:
    output.write(render(started, done))


_LEAST = {"examples": 1, "seed": 0}


def _whole(name: str, value: str, least: int) -> int:
    try:
        number = int(value)
    except ValueError:
        number = least - 1
    if number < least:
        raise pytest.UsageError(f"--gradcheck-{name} is {value}: it is a whole number, {least} or larger")
    return number
