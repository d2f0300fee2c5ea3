"""How every subcommand ends: with an exit code that is documented, whatever interrupts it and wherever it prints."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

import click

from gradcheck.errors import UsageError, WorkerFault
from gradcheck.foreign import shown
from gradcheck.report.events import INCONCLUSIVE, USAGE

from .streams import PatientGroup


class Command(PatientGroup):
    """The subcommands: what is put wrongly is one sentence and exit code 2, what is interrupted exit code 3."""

    def main(self, *arguments: Any, **keywords: Any) -> Any:
        """Run a subcommand and exit."""
        _open_standard_descriptors()
        _believe_columns()
        with _ended_by_signals():
            return super().main(*arguments, **keywords)

    def make_context(self, *arguments: Any, **keywords: Any) -> click.Context:
        """Read the command line."""
        with _interrupted():
            return super().make_context(*arguments, **keywords)

    def invoke(self, context: click.Context) -> Any:
        """Run a subcommand."""
        try:
            with _interrupted():
                return super().invoke(context)
        except (UsageError, WorkerFault) as error:
            click.echo(f"gradcheck: {error}", err=True)
            raise click.exceptions.Exit(USAGE) from None
        except click.UsageError as error:
            raise click.UsageError(shown(error.format_message()), error.ctx) from None


@contextmanager
def _interrupted() -> Iterator[None]:
    """By click, what is interrupted would have the exit code of a wrong gradient."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo("gradcheck: interrupted before there was an answer", err=True)
        raise click.exceptions.Exit(INCONCLUSIVE) from None


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """SIGTERM and SIGHUP end the command as Ctrl-C does: with what is known by then, and no process left behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = [(number, signal.getsignal(number)) for number in numbers]
    for number, handler in before:
        if handler is signal.SIG_DFL:  # under nohup it is ignored, and stays so
            signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number, handler in before:
            if handler is not None:
                signal.signal(number, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _open_standard_descriptors() -> None:
    """Lead those that are closed nowhere: else the next file that is opened would be standard output."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            with suppress(OSError):
                os.open(os.devnull, os.O_RDWR)


def _believe_columns() -> None:
    """Forget a width of the terminal at which nothing could be printed."""
    width = os.environ.get("COLUMNS", "")
    if not width.isdecimal() or int(width) == 0:
        os.environ.pop("COLUMNS", None)
