"""From what the command line says of the output to the writers of a run."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import click

from gradcheck.diagnosis.diagnose import FAULTS
from gradcheck.errors import UsageError
from gradcheck.foreign import message_of
from gradcheck.report import Report
from gradcheck.report.events import CORRECT, INCONCLUSIVE, USAGE, Event, RunDone
from gradcheck.report.limits import WIDTH
from gradcheck.report.text import write_text

from .colors import columns, console_on
from .streams import Document, standard_output_for_a_document
from .writers import Writer
from .writers.as_html import as_html
from .writers.as_json import as_json
from .writers.as_junit import as_junit
from .writers.at_end import AtEnd, Render
from .writers.github import GitHub, is_on_github
from .writers.output import Output
from .writers.terminal import Terminal


@dataclass(frozen=True)
class Writing:
    """What is to be written, and where; a file that nobody asked for is None.

    ``github`` is whether annotations are, by default where the run is a step of a workflow.
    """

    json_file: str | None = None
    junit_file: str | None = None
    html_file: str | None = None
    github: bool | None = None
    quiet: bool = False
    verbose: bool = False
    color: str = "auto"

    @property
    def outputs(self) -> list[Output]:
        """Every document that was asked for."""
        return [output for output, _ in self._documents()]

    def _documents(self) -> Iterator[tuple[Output, Render]]:
        asked = (
            ("--json", self.json_file, as_json),
            ("--junit", self.junit_file, as_junit),
            ("--html", self.html_file, as_html),
        )
        for option, name, render in asked:
            if name is not None:
                yield Output(option, name), render

    def check(self) -> None:
        """Raise UsageError where a document could not be written, before anything is judged."""
        if self.html_file is not None:
            import gradcheck.report.page  # noqa: F401 - before a folder of the user's is searched, with a jinja2.py in it
        outputs = self.outputs
        for number, output in enumerate(outputs):
            output.check()
            for other in outputs[:number]:
                if output.is_same(other):
                    raise UsageError(f"{other.option} and {output.option} would both be written to {output.name}")

    @contextmanager
    def reserved(self) -> Iterator[Document]:
        """Keep standard output for a document that goes there; what else is printed goes to standard error.

        That holds for what case files and ops print too. Yields where the document goes.
        """
        if not any(output.is_standard for output in self.outputs):
            yield Document(sys.stdout)
            return
        with standard_output_for_a_document() as document:
            yield document

    @contextmanager
    def opened(self, document: Document, write: Callable[[Report], str] | None = None) -> Iterator[Several]:
        """The writers of a run; ``document`` is what `reserved` yields, ``write`` how a report is put into words."""
        width = columns(sys.stdout)
        words = write or partial(write_text, width=min(width or WIDTH, WIDTH), whole=self.verbose)
        console = console_on(sys.stdout, self.color)
        writers: list[Writer] = [Terminal(console, words, width, self.quiet, self.verbose)]
        writers += [AtEnd(render, output.to(document)) for output, render in self._documents()]
        if is_on_github() if self.github is None else self.github:
            writers.append(GitHub())
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
            except Exception as fault:  # ours; what the others write, and the verdict, must not be lost with it
                if os.environ.get(FAULTS) == "raise":
                    raise
                self.failed = True
                place = traceback.extract_tb(fault.__traceback__)[-1]
                said = f"{message_of(fault)} ({Path(place.filename).name}:{place.lineno})"
                click.echo(f"gradcheck: a fault of its own in writing, please report it: {said}", err=True)

    def exit_code(self, done: RunDone) -> int:
        """Of the command: what could not be written is no answer, whatever was found."""
        return USAGE if self.failed and done.exit_code in (CORRECT, INCONCLUSIVE) else done.exit_code
