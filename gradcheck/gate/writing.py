"""From what the command line says of the output to the writers of a run."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TextIO

import click

from gradcheck.errors import UsageError
from gradcheck.report import Report
from gradcheck.report.events import CORRECT, INCONCLUSIVE, USAGE, Event, RunDone

from .colors import console_on
from .writers import Writer
from .writers.as_json import as_json
from .writers.at_end import AtEnd
from .writers.output import Output
from .writers.terminal import Terminal


@dataclass(frozen=True)
class Writing:
    """What is to be written, and where; a file that nobody asked for is None."""

    json_file: str | None = None
    quiet: bool = False
    verbose: bool = False
    color: str = "auto"

    @property
    def outputs(self) -> list[Output]:
        """Every document that was asked for."""
        named = {"--json": self.json_file}
        return [Output(option, name) for option, name in named.items() if name is not None]

    def check(self) -> None:
        """Raise UsageError where a document could not be written, before anything is judged."""
        outputs = self.outputs
        for number, output in enumerate(outputs):
            output.check()
            for other in outputs[:number]:
                if output.is_same(other):
                    raise UsageError(f"{other.option} and {output.option} would both be written to {output.name}")

    @contextmanager
    def reserved(self) -> Iterator[TextIO | None]:
        """Keep standard output for a document that goes there; what else is printed goes to standard error.

        That holds for what case files and ops print too, by Python or by C. Yields where the document goes.
        """
        if not any(output.is_standard for output in self.outputs):
            yield sys.stdout
            return
        with _standard_output_aside() as stream:
            yield stream

    @contextmanager
    def opened(self, stream: TextIO | None, write: Callable[[Report], str] | None = None) -> Iterator[Several]:
        """The writers of a run; ``stream`` is what `reserved` yields, ``write`` how a report is put into words."""
        terminal = Terminal(console_on(sys.stdout, self.color), write or str)
        writers: list[Writer] = [terminal]
        for output in self.outputs:
            writers.append(AtEnd(as_json, output.to(stream)))
        with ExitStack() as stack:
            yield Several([stack.enter_context(writer) for writer in writers])


@dataclass
class Several:
    """All writers of a run as one; where one fails the others go on."""

    writers: list[Writer]
    failed: bool = field(default=False, init=False)

    def __call__(self, event: Event) -> None:
        """Hand an event to each."""
        for writer in self.writers:
            try:
                writer(event)
            except UsageError as error:
                self.failed = True
                click.echo(f"gradcheck: {error}", err=True)

    def exit_code(self, done: RunDone) -> int:
        """Of the command: what could not be written is no answer, whatever was found."""
        return USAGE if self.failed and done.exit_code in (CORRECT, INCONCLUSIVE) else done.exit_code


@contextmanager
def _standard_output_aside() -> Iterator[TextIO | None]:
    """Let everything that prints write to standard error; yield what was standard output."""
    stream = sys.stdout
    try:
        handle = stream.fileno()
    except (AttributeError, OSError, ValueError):  # closed, or no file of the system's, as in a notebook
        handle = -1
    sys.stdout = sys.stderr
    try:
        if handle < 0 or sys.stderr is None:
            yield stream
            return
        stream.flush()
        kept = os.dup(handle)
        try:
            os.dup2(sys.stderr.fileno(), handle)
            with open(kept, "w", encoding="utf-8", newline="\n", closefd=False) as document:
                yield document
        finally:
            sys.stderr.flush()
            os.dup2(kept, handle)
            os.close(kept)
    finally:
        sys.stdout = stream
