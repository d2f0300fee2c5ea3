"""The command ``gradcheck``."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable, Sequence

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gradcheck.check import judge_case
from gradcheck.errors import UsageError
from gradcheck.protocol import Case

from .loading import load_cases
from .table import Row, Table

CORRECT, WRONG, USAGE, INCONCLUSIVE = range(4)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gradcheck")
def main() -> None:
    """Tell whether a backward pass written by hand is right, and if not, what is wrong and where."""


@main.command()
@click.argument("cases", nargs=-1, required=True)
@click.option("--examples", type=click.IntRange(min=1), default=100, show_default=True, help="Examples per case.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of all randomness.")
def run(cases: tuple[str, ...], examples: int, seed: int) -> None:
    """Judge every case in CASES: path.py or package.module, each optionally ::case-name.

    Exit codes: 0 every case correct; 1 a gradient is wrong; 2 usage, import or configuration error;
    3 inconclusive, incomplete or nothing ran.
    """
    try:
        loaded = load_cases(cases)
    except UsageError as error:
        raise click.exceptions.Exit(_refuse(error)) from None
    sys.exit(judge_all(loaded, examples, seed))


def judge_all(cases: Sequence[Case], examples: int, seed: int) -> int:
    """Judge cases one after the other, printing each as it is done; return the exit code."""
    console = Console(soft_wrap=True)
    table = Table(console, cases)
    console.print(f"seed {seed}, {examples} examples a case", highlight=False)
    table.head()
    rows: list[Row] = []
    start = time.monotonic()
    with _progress() as progress:
        bar = progress.add_task("", total=examples)
        try:
            for case in cases:
                progress.reset(bar, total=examples, description=str(case))
                rows.append(_judge(case, examples, seed, lambda: progress.advance(bar)))
                table.row(rows[-1])
        except KeyboardInterrupt:
            console.print("interrupted", highlight=False)
    table.details(rows)
    table.summary(rows, len(cases), time.monotonic() - start)
    return exit_code([row.word for row in rows], len(cases))


def exit_code(words: Sequence[str], asked: int) -> int:
    """The worst that happened: a wrong gradient, then an error, then anything that is not green."""
    if "wrong" in words:
        return WRONG
    if "error" in words:
        return USAGE
    green = words and all(word == "correct" for word in words) and len(words) == asked
    return CORRECT if green else INCONCLUSIVE


def _judge(case: Case, examples: int, seed: int, on_example: Callable[[], None]) -> Row:
    start = time.monotonic()
    try:
        report = judge_case(case, examples, seed, on_example)
    except UsageError as error:
        return Row(case, time.monotonic() - start, error=str(error))
    except SystemExit as error:
        return Row(case, time.monotonic() - start, error=f"the op called exit({error.code})")
    except Exception:  # noqa: BLE001 - a fault of gradcheck must not look like a verdict
        return Row(case, time.monotonic() - start, error=f"a fault in gradcheck itself:\n{traceback.format_exc()}")
    return Row(case, time.monotonic() - start, report)


def _progress() -> Progress:
    """A bar on standard error, for people only: in a log the rows themselves are the progress."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _refuse(error: UsageError) -> int:
    click.echo(f"gradcheck: {error}", err=True)
    return USAGE
